#include "client-tui/tui/desk_office.hpp"

#include <algorithm>

#include "client-tui/desk/fates.hpp"
#include "client-tui/desk/sync.hpp"

namespace noroshi::tui {
namespace {

namespace control = proto::control;

/// Each report of a letter is an item of its own; a letter that cannot be opened is one too.
void add(std::vector<Item>& items, const desk::Letter& letter, const desk::Fates& fates) {
  const std::size_t count = std::max<std::size_t>(letter.reports.size(), 1);
  for (std::size_t i = 0; i < count; ++i) {
    Item item;
    item.letter = letter;
    item.index = i;
    if (!item.closed()) {
      if (const desk::Folded::Entry* entry = fates.of(item.reading())) item.fold = *entry;
      item.verdict = fates.verdict(item.reading());
    }
    items.push_back(std::move(item));
  }
}

}  // namespace

DeskOffice::DeskOffice(desk::Desk& desk, desk::Settings settings, Clock clock, Connect connect)
    : desk_(desk),
      settings_(std::move(settings)),
      clock_(std::move(clock)),
      connect_(std::move(connect)),
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
  std::vector<MsgId> ids;
  {
    TRY(const desk::StoreRead view, desk_.store().read());
    ids = view.unsettled();
  }
  return ids.empty() ? Result<void>() : desk::follow(desk_, *relay_, ids);
}

IncidentId DeskOffice::incident_to_show(WallTime now) const {
  const keys::Incident* best = nullptr;
  for (const keys::Incident* incident : desk_.trust().incidents()) {
    const bool open = incident->start <= now && (!incident->end || now < *incident->end);
    if (!open) continue;
    // A real one before an exercise; of several the newest.
    const bool better = best == nullptr || (best->exercise && !incident->exercise) ||
                        (best->exercise == incident->exercise && best->start < incident->start);
    if (better) best = incident;
  }
  return best != nullptr ? best->id : IncidentId{};
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

void DeskOffice::add_items(Facts& facts) {
  const desk::Fates fates(facts.readings);
  const auto view = desk_.store().read();
  if (!view.ok()) return;
  for (const desk::Letter& letter : desk_.letters(*view).received()) {
    if (!letter.reports.empty() || desk::is_closed(*view, letter)) add(facts.received, letter, fates);
  }
  for (const desk::Letter& letter : desk_.letters(*view).own()) {
    if (!letter.reports.empty()) add(facts.own, letter, fates);
  }
  for (Item& item : facts.own) {
    item.deliveries = desk::deliveries(*view, item.letter.entry.id, item.letter.recipients);
    item.state = desk::overall(item.deliveries);
  }
  std::ranges::reverse(facts.received);
  std::ranges::reverse(facts.own);
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
  out->incident = incident_to_show(out->now.wall);
  TRY(out->readings, desk_.readings());
  TRY(out->drafts, desk::drafts(desk_));
  std::ranges::reverse(out->drafts);
  add_items(*out);
  ask_status(*out);
  desk::BoardQuery query;
  query.incident = out->incident;
  if (const keys::Incident* incident = out->trust->incident(out->incident)) {
    query.exercise = incident->exercise;
    for (const std::string& code : incident->prefectures)
      query.prefectures.push_back(static_cast<std::uint8_t>(std::atoi(code.c_str())));
  }
  const std::vector<desk::ExpectedUnit> units = desk_.expected_units();
  out->board = desk::roll_up(out->readings, units, query, *out->catalogue);
  out->timeline = desk::timeline(out->readings, units,
                                 desk::timeline_query(*out->trust, out->incident, out->self, out->now.wall),
                                 *out->catalogue);
  out->support = desk::support_requests(out->readings, out->now.wall, *out->catalogue);
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

std::vector<forms::Report> DeskOffice::child_of(const desk::Reading& parent, forms::ReportKind kind) {
  const auto readings = desk_.readings();
  return readings.ok() ? desk::child_of(parent, kind, desk_.author(), *readings)
                       : std::vector<forms::Report>{};
}

}  // namespace noroshi::tui
