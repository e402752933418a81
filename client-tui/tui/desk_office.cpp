#include "client-tui/tui/desk_office.hpp"

#include <algorithm>
#include <iterator>

#include "client-tui/desk/incidents.hpp"
#include "client-tui/desk/recall.hpp"
#include "client-tui/desk/sync.hpp"
#include "client-tui/paper/html_page.hpp"
#include "client-tui/paper/sheets.hpp"
#include "client-tui/position/gpsd.hpp"
#include "client-tui/words/text.hpp"
#include "keys/files.hpp"

namespace noroshi::tui {
namespace {

namespace control = proto::control;

/// The lists of the store as they were when the facts were made.
class DeskShelf final : public Shelf {
 public:
  DeskShelf(desk::Desk& desk, desk::Overview& overview, const desk::StoreView& view,
            const desk::BoardQuery& query)
      : desk_(desk), overview_(overview), query_(query), side_{query.incident, query.exercise} {
    const desk::IndexView index = desk.index(view);
    received_ = index.size(desk::IndexView::List::inbox);
    own_ = index.size(desk::IndexView::List::outbox);
    unread_ = index.size(desk::IndexView::List::unread);
    events_ = index.events(side_);
    for (const MsgId& id : view.waiting()) {
      const auto entry = view.entry(id);
      const auto ctype = static_cast<proto::Ctype>(entry ? entry->ctype : 0);
      not_handed_over_ += entry && (ctype == proto::Ctype::report || ctype == proto::Ctype::directive ||
                                    ctype == proto::Ctype::attachment);
    }
  }

  [[nodiscard]] std::size_t size(List list) const override { return list == List::own ? own_ : received_; }
  [[nodiscard]] std::size_t unread() const override { return unread_; }
  [[nodiscard]] std::size_t not_handed_over() const override { return not_handed_over_; }
  [[nodiscard]] std::size_t events() const override { return events_; }

  [[nodiscard]] std::vector<Item> window(List list, std::size_t from, std::size_t max) const override {
    return ask<std::vector<Item>>([&](const desk::StoreView& view, const desk::IndexView& index) {
      const auto kind = list == List::own ? desk::IndexView::List::outbox : desk::IndexView::List::inbox;
      return items(view, index, index.window(kind, from + since(index.size(kind), size(list)), max));
    });
  }
  [[nodiscard]] std::size_t events_before(WallTime time) const override {
    return ask<std::size_t>([&](const desk::StoreView&, const desk::IndexView& index) {
      return std::min<std::size_t>(index.events_before(side_, time), events_);
    });
  }
  [[nodiscard]] std::vector<Item> events(std::size_t from, std::size_t max) const override {
    return ask<std::vector<Item>>([&](const desk::StoreView& view, const desk::IndexView& index) {
      // The index counts from the newest.
      const std::size_t end = std::min(from + max, events_);
      if (from >= end) return std::vector<Item>{};
      const std::size_t newest = events_ - end + since(index.events(side_), events_);
      std::vector<Item> out = items(view, index, index.events(side_, newest, end - from));
      std::ranges::reverse(out);
      return out;
    });
  }
  [[nodiscard]] std::shared_ptr<const desk::Rolled> board(forms::FormNo form) const override {
    using Found = std::shared_ptr<const desk::Rolled>;
    return ask<Found>([&](const desk::StoreView& view, const desk::IndexView&) {
      desk::BoardQuery query = query_;
      query.form = form;
      return overview_.board(view, query);
    });
  }
  [[nodiscard]] std::optional<Item> find(const ReportId& id) const override {
    using Found = std::optional<Item>;
    return ask<Found>([&](const desk::StoreView& view, const desk::IndexView& index) -> Found {
      const auto place = index.find(id);
      if (!place) return std::nullopt;
      auto found = items(view, index, {desk::Listed{place->msg, place->index, 0}});
      return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    });
  }

 private:
  /// How many have come since these sizes were taken: they are newer than what is asked for.
  static std::size_t since(std::size_t now, std::size_t then) { return now > then ? now - then : 0; }

  /// One snapshot for each question; where the store cannot be read, there is nothing to show.
  template <typename Answer, typename Question>
  Answer ask(Question question) const {
    const auto view = desk_.store().read();
    return view.ok() ? question(*view, desk_.index(*view)) : Answer{};
  }
  [[nodiscard]] std::vector<Item> items(const desk::StoreView& view, const desk::IndexView& index,
                                        const std::vector<desk::Listed>& lines) const {
    std::vector<Item> out;
    for (const desk::Listed& line : lines) {
      Item item;
      auto letter = desk_.letters(view).read(line.msg);
      // Until a catalogue that has come is indexed with, a line may name a report that no longer holds.
      if (!letter || (line.index && *line.index >= letter->reports.size())) continue;
      item.letter = *std::move(letter);
      item.index = line.index.value_or(0);
      if (!item.closed()) {
        describe(item, view, index);
        item.files = desk_.files(view).of(item.reading().report, desk_.catalogue());
      }
      out.push_back(std::move(item));
    }
    return out;
  }
  static void describe(Item& item, const desk::StoreView& view, const desk::IndexView& index) {
    constexpr forms::FormNo kTalk = 9;  // F9: nothing takes the place of what was asked or answered
    const desk::Facts& facts = item.reading().facts;
    if (facts.form != kTalk) {
      const auto entry = index.outcome({facts.msg, static_cast<std::uint8_t>(item.index)});
      if (entry) item.fold = *entry;
    }
    item.verdict = index.verdict(facts.id);
    if (!item.letter.own()) return;
    item.deliveries = desk::deliveries(view, item.letter.entry.id, item.letter.recipients);
    item.state = desk::overall(item.deliveries);
  }

  desk::Desk& desk_;
  desk::Overview& overview_;
  desk::BoardQuery query_;
  desk::Side side_;
  std::size_t received_ = 0, own_ = 0, unread_ = 0, not_handed_over_ = 0, events_ = 0;
};

}  // namespace

DeskOffice::DeskOffice(desk::Desk& desk, desk::Settings settings, Clock clock, Connect connect)
    : desk_(desk),
      settings_(std::move(settings)),
      clock_(std::move(clock)),
      connect_(std::move(connect)),
      overview_(desk),
      owner_(desk.rng().u64()) {}

Now DeskOffice::now() {
  const Now by_clock = clock_();
  return relay_info_ ? desk::judged(by_clock, *relay_info_) : by_clock;
}

bool DeskOffice::connected() {
  if (relay_) return true;
  auto relay = connect_();
  if (!relay.ok()) {
    relay_trouble_ = relay.error().text;
    relay_info_.reset();
    return false;
  }
  relay_ = *std::move(relay);
  relay_trouble_.clear();
  return true;
}

bool DeskOffice::contact() {
  const bool had = relay_ != nullptr;
  if (!connected()) return had;
  const auto info = desk::ask<control::Info>(*relay_, control::InfoRequest{});
  if (info.ok()) relay_info_ = *info;
  if (const auto done = exchange(); !done.ok()) {
    relay_trouble_ = done.error().text;
    relay_.reset();
  }
  return true;
}

/// What goes and what comes, then where the own messages stand.
Result<void> DeskOffice::exchange() {
  TRY([[maybe_unused]] const desk::Synced synced, desk::synchronize(desk_, *relay_, now()));
  // Forms that have come ask for another index; until it is complete the one before answers.
  constexpr std::size_t kIndexedAtOnce = 2'000;
  TRY(const desk::Desk::Indexing indexing, desk_.indexing());
  if (!indexing.complete()) {
    TRY([[maybe_unused]] const desk::Desk::Indexing left, desk_.index_some(kIndexedAtOnce));
  }
  std::vector<MsgId> ids;
  {
    TRY(const desk::StoreRead view, desk_.store().read());
    ids = view.unsettled();
  }
  return ids.empty() ? Result<void>() : desk::follow(desk_, *relay_, ids);
}

void DeskOffice::ask_status(Facts& facts) {
  facts.relay_trouble = relay_trouble_;
  if (!relay_) return;
  auto status = desk::ask<control::Status>(*relay_, control::StatusRequest{});
  if (status.ok()) {
    facts.relay = *std::move(status);
  } else {
    facts.relay_trouble = status.error().text;
  }
}

Result<FactsPtr> DeskOffice::facts() {
  auto out = std::make_shared<Facts>();
  out->now = now();
  out->self = desk_.self();
  out->trust = desk_.trust_ptr();
  out->catalogue = &desk_.catalogue();
  out->node = settings_.name.empty() ? to_string(out->self) : settings_.name;
  if (const keys::Certificate* certificate = out->trust->certificate(desk_.author().key)) {
    out->roles = certificate->roles;
    out->unit = certificate->default_unit;
  }
  for (const bool exercise : {false, true})
    std::ranges::copy(desk::open_incidents(*out->trust, exercise, out->now.wall),
                      std::back_inserter(out->open));
  const bool over = chosen_ && *chosen_ != IncidentId{} &&
                    std::ranges::find(out->open, *chosen_, &keys::Incident::id) == out->open.end();
  if (over) chosen_.reset();
  out->incident = chosen_.value_or(desk::incident_to_show(*out->trust, out->now.wall));
  TRY(out->drafts, desk::drafts(desk_));
  std::ranges::reverse(out->drafts);
  {
    TRY(const desk::StoreRead view, desk_.store().read());
    const desk::BoardQuery query = desk::board_query(*out->trust, out->incident);
    out->shelf = std::make_shared<DeskShelf>(desk_, overview_, view, query);
    out->rolled = overview_.board(view, query);
    out->lined = overview_.line(view, out->incident, out->now.wall);
    std::vector<desk::Side> sides{{query.incident, query.exercise}};
    if (query.incident != IncidentId{}) sides.push_back({IncidentId{}, query.exercise});
    out->support = overview_.support(view, sides, out->now.wall);
    TRY_VOID(view.check());
  }
  ask_status(*out);
  out->battery = read_battery();
  return FactsPtr(std::move(out));
}

Result<desk::Prepared> DeskOffice::prepare(const desk::Message& message) {
  return desk_.prepare(message, now());
}

Result<desk::Sent> DeskOffice::send(const desk::Message& message, std::optional<std::uint64_t> draft) {
  TRY(desk::Sent sent, desk_.send(message, now()));
  // The report is safe; a draft that cannot be taken away is only seen again.
  if (draft) static_cast<void>(desk::drop(desk_, *draft));
  return sent;
}

desk::Delivery DeskOffice::reached(const desk::Sent& sent) {
  const auto view = desk_.store().read();
  return view.ok() ? desk::overall(desk::deliveries(*view, sent.msg_id, sent.recipients))
                   : desk::Delivery::signed_here;
}

Result<std::uint64_t> DeskOffice::keep(const desk::Draft& draft, bool take_over) {
  desk::Draft mine = draft;
  mine.owner = owner_;
  mine.kept = now().wall;
  return desk::keep(desk_, mine, take_over);
}

Result<void> DeskOffice::drop(std::uint64_t draft) {
  return desk::drop(desk_, draft);
}

Result<void> DeskOffice::acknowledge(const MsgId& id, proto::ReceiptKind kind) {
  return desk_.acknowledge(id, kind, now());
}

Result<desk::Draft> DeskOffice::recall(const MsgId& id) {
  if (!connected()) return Error{Code::unavailable, relay_trouble_};
  return desk::recall(desk_, *relay_, id, owner_, now());
}

Result<std::string> DeskOffice::print(const Item& item) {
  TRY(const desk::StoreRead view, desk_.store().read());
  std::string name = to_string(item.reading().facts.id);
  const auto envelope = view.envelope(item.letter.entry.id);
  if (!envelope) return words::no(Code::usage, words::Text::no_such_report, name);
  const paper::Sheet sheet = paper::report_sheet(item.letter, item.index, *envelope, item.fold,
                                                 {desk_.trust(), desk_.catalogue(), clock_().wall});
  std::ranges::replace(name, '/', '-');
  const std::filesystem::path folder = desk_.home() / "print", file = folder / (name + ".html");
  TRY_VOID(keys::make_private_directory(folder));
  TRY_VOID(keys::write_atomically(file, view_of(paper::as_html(sheet))));
  return file.string();
}

std::vector<attach::Found> DeskOffice::pictures() {
  constexpr std::size_t kShown = 500;
  return attach::pictures_in(folders_, kShown);
}

Result<Enclosed> DeskOffice::enclose(const std::filesystem::path& picture) {
  TRY(const attach::Prepared prepared, attach::prepare(picture));
  TRY(const forms::Attachment described, desk::describe(prepared.file, prepared.media, {}, desk::files_max(desk_.author())));
  TRY_VOID(desk::keep_file(desk_, prepared.file, described));
  return Enclosed{described, prepared.was, prepared.position};
}

Result<forms::Point> DeskOffice::position() {
  if (gpsd_port_ == 0) return words::no(Code::config, words::Text::no_receiver);
  return position::ask_gpsd(gpsd_port_);
}

Result<std::string> DeskOffice::save_files(const Item& item) {
  TRY(const desk::StoreRead view, desk_.store().read());
  const desk::Files files = desk_.files(view);
  const std::filesystem::path folder = desk_.home() / "files";
  TRY_VOID(keys::make_private_directory(folder));
  std::optional<Error> missing;
  for (std::size_t i = 0; i < item.files.size(); ++i) {
    const auto bytes = files.whole(item.files[i].file);
    if (!bytes) {
      if (!missing) missing = words::no(Code::unavailable, words::Text::file_not_here, i + 1);
      continue;
    }
    const std::string name = attach::outside_name(item.reading().facts.id, i + 1, item.files[i].file.media);
    TRY_VOID(keys::write_atomically(folder / name, *bytes));
  }
  if (missing) return *std::move(missing);
  return folder.string();
}

std::optional<control::EnvelopeProgress> DeskOffice::progress(const MsgId& id) {
  return relay_ ? desk::progress_now(*relay_, id) : std::nullopt;
}

std::optional<desk::Reading> DeskOffice::own_answer(const desk::Reading& request) {
  const forms::Catalogue& catalogue = desk_.catalogue();
  const forms::FormInfo* form = catalogue.form("F5");
  const auto view = desk_.store().read();
  if (form == nullptr || !view.ok()) return std::nullopt;
  std::optional<desk::Reading> newest;
  const desk::Side side{request.facts.incident, request.facts.exercise};
  for (const desk::Kept& kept : desk_.index(*view).standing(side, form->number)) {
    const auto entry = view->entry(kept.place.msg);
    if (kept.beside || !entry || entry->state != desk::ReadState::own) continue;
    auto letter = desk_.letters(*view).read(kept.place.msg);
    if (!letter || kept.place.index >= letter->reports.size()) continue;
    desk::Reading& own = letter->reports[kept.place.index];
    if (!desk::answers_to(own.report, request, catalogue)) continue;
    if (!newest || newest->facts.id < own.facts.id) newest = std::move(own);
  }
  return newest;
}

std::vector<forms::Report> DeskOffice::child_of(const desk::Reading& parent, forms::ReportKind kind) {
  auto child = desk_.child_of(parent, kind);
  return child.ok() ? *std::move(child) : std::vector<forms::Report>{};
}

}  // namespace noroshi::tui
