// A headquarters' desk with many opened reports beside one with few: bench_desk_scale [reports] [few].
//
// The desks are made here, not received: envelopes have a genuine shape and headers of their own but a
// signature that nobody checks again, and their readings are kept by the same store functions as those of a
// contact (StoreTurn::add, Desk::keep, Desk::indexed), 4,096 to a transaction. Everything measured afterwards
// is the product: each run is a process of its own that opens the home and works the console, the two desks
// in turn.
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>

#include "client-tui/desk/overview.hpp"
#include "client-tui/tui/console.hpp"
#include "client-tui/tui/desk_office.hpp"
#include "keys/document.hpp"
#include "keys/language.hpp"
#include "proto/forms/places.hpp"
#include "tests/bench/side_by_side.hpp"
#include "tests/support/offices.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::bench;
using test::must;

constexpr OrgId kHeadquarters{900};
constexpr IncidentId kIncident{2026001};
constexpr WallTime kBegin = test::kStart;
constexpr int kPrefectures = 47, kUnitsEach = 20;
constexpr Seconds kSpan = days(80);
constexpr std::size_t kAtOnce = 4'096;
constexpr int kRuns = 7;

// ---- the country: 47 associations of 20 units, one incident everywhere

std::vector<std::uint32_t> places_of(std::uint32_t prefecture) {
  std::vector<std::uint32_t> out;
  for (const forms::Municipality& place : forms::municipalities()) {
    if (place.prefecture() == prefecture) out.push_back(place.code);
  }
  return out;
}

std::unique_ptr<test::Network> country() {
  test::NetworkPlan plan;
  plan.weeks = 1;
  plan.organisations = {{kHeadquarters, keys::OrgKind::national, "全国LPガス協会", "National", 1, 1, 0}};
  for (std::uint16_t id = 1; id <= kPrefectures; ++id) {
    const std::string name = forms::prefecture(id)->name + "協会";
    plan.organisations.push_back({{id}, keys::OrgKind::association, name, name, 1, 0, 1});
  }
  auto made = std::make_unique<test::Network>(plan);
  test::Network& network = *made;
  keys::Incident incident{kIncident, "南海トラフ地震", "Nankai Trough earthquake", false, kBegin, {}, {}};
  network.take(network.sign_as_admin(
      kHeadquarters, keys::ObjectType::incident,
      keys::encode_document({kHeadquarters, kIncident.value, 1, kBegin, keys::encode_incident(incident)})));
  for (std::uint16_t id = 1; id <= kPrefectures; ++id) {
    const std::vector<std::uint32_t> places = places_of(id);
    std::vector<keys::Unit> units;
    for (std::uint32_t n = 1; n <= kUnitsEach; ++n) {
      const std::string code = forms::municipality_text(places[n % places.size()]);
      units.push_back({{id * 100'000u + n}, {id}, {}, "支部" + std::to_string(n), "しぶ", {code}, 3'000, 0});
    }
    network.take(network.sign_as_admin(
        {id}, keys::ObjectType::units,
        keys::encode_document({{id}, id, 2, kBegin - days(1), keys::encode_units(units)})));
  }
  return made;
}

// ---- a desk full of reports

Bytes genuine_envelope(const test::Network& network) {
  const keys::Identity& identity = network.identity(test::field_of({1}));
  test::MemoryLedger ledger(identity.store_id());
  keys::Draft draft;
  draft.recipients = {proto::to_org(kHeadquarters)};
  draft.content = Bytes(200, 1);
  test::SeededRng rng(1);
  return must(keys::seal_next(identity, *network.trust(), ledger, draft, test::at(kBegin), rng)).bytes;
}

/// Sixty per cent updates of the unit's last report, the rest snapshots; every fiftieth a note of the
/// association.
class Writer {
 public:
  /// Every envelope is this one under another header.
  Writer(desk::Desk& desk, Bytes envelope) : desk_(desk), envelope_(std::move(envelope)) {
    header_ = proto::parse_envelope(envelope_).envelope->header;
  }

  void write(desk::StoreTurn& turn, std::size_t number, WallTime when) {
    const UnitId unit = unit_of(number);
    const OrgId association{static_cast<std::uint16_t>(unit.value / 100'000)};
    const KeyId key{test::field_of(association), 1};
    const Seq seq = ++last_seq_[association];
    Series& series = series_[unit];
    forms::Report report = number % 50 == 49 && series.number > 0 ? note(series) : figures(series, number);
    if (report.form != 9) series.last = {key, seq, 0};
    put(turn, key, seq, when, unit, report);
  }
  /// A snapshot under the next generation of the key: the numbers of the first are not known in another
  /// process.
  void write_new(desk::StoreTurn& turn, std::size_t number, WallTime when) {
    const UnitId unit = unit_of(number);
    Series fresh;
    put(turn, {test::field_of({static_cast<std::uint16_t>(unit.value / 100'000)}), 2},
        static_cast<Seq>(number), when, unit, figures(fresh, number));
  }

 private:
  static UnitId unit_of(std::size_t number) {
    const auto n = static_cast<std::uint32_t>(number * 7 % (kPrefectures * kUnitsEach));
    return {(n % kPrefectures + 1) * 100'000 + n / kPrefectures + 1};
  }
  struct Series {
    std::uint32_t number = 0;
    ReportId last;
  };
  static forms::Report figures(Series& series, std::size_t number) {
    static const forms::Report full = test::full_f1(0);
    forms::Report report = full;
    report.put(forms::field::households_stopped,
               forms::Count{static_cast<std::uint32_t>(number % 2'900), forms::CountState::exact});
    forms::Header header = report.header();
    header.report_no = ++series.number;
    if (header.report_no > 1 && number % 5 < 3) {
      header.kind = forms::ReportKind::update;
      header.parents = {series.last};
    }
    report.set_header(header);
    return report;
  }
  static forms::Report note(const Series& series) {
    forms::Report report = forms::new_report(*forms::Catalogue::built_in().form("F9"));
    report.put(forms::field::act_kind,
               forms::CodeValue{static_cast<std::uint32_t>(forms::ActKind::verification)});
    report.put(forms::field::verdict,
               forms::CodeValue{static_cast<std::uint32_t>(forms::Verdict::confirmed)});
    report.put(forms::field::regarding, forms::References{series.last});
    return report;
  }
  void put(desk::StoreTurn& turn, KeyId key, Seq seq, WallTime when, UnitId unit, forms::Report report) {
    forms::Header said = report.header();
    said.unit = unit;
    said.municipality =
        static_cast<std::uint32_t>(std::stoul(desk_.trust().unit(unit)->municipalities.front()));
    said.incident = kIncident;
    said.as_of = WallTime{when.s - when.s % 60};
    report.set_header(said);
    header_.source = key;
    header_.seq = seq;
    header_.created = when;
    const auto bytes = proto::encode_header(header_);
    std::copy(bytes.begin(), bytes.end(), envelope_.begin());
    const auto parsed = proto::parse_envelope(envelope_);
    const MsgId id = keys::msg_id_of(*parsed.envelope);
    desk::Entry entry;
    entry.id = id;
    entry.key = key;
    entry.seq = seq;
    entry.ctype = header_.ctype;
    entry.state = desk::ReadState::opened;
    entry.answered = true;
    entry.read = true;
    entry.as = proto::to_org(kHeadquarters);
    entry.first_seen = when + Seconds{20};
    entry.created = when;
    turn.add(entry, *parsed.envelope);
    const forms::BodyContext context = desk::body_context(key, when, desk_.trust());
    desk::Content content;
    content.body = must(forms::encode(report, context, desk_.catalogue()));
    content.default_unit = context.default_unit;
    content.default_handler = context.default_handler;
    content.municipality = context.municipality;
    desk_.keep(turn, id, content);
    turn.put_carrier(key, seq, id);
    desk_.indexed(turn, id);
  }

  desk::Desk& desk_;
  Bytes envelope_;
  proto::Header header_;
  std::map<OrgId, Seq> last_seq_;
  std::map<UnitId, Series> series_;
};

void fill(desk::Desk& desk, const test::Network& network, std::size_t reports) {
  Writer writer(desk, genuine_envelope(network));
  const auto begin = Clock::now();
  for (std::size_t n = 0; n < reports;) {
    auto turn = must(desk.store().write());
    for (std::size_t i = 0; i < kAtOnce && n < reports; ++i, ++n)
      writer.write(
          turn, n,
          kBegin + Seconds{kSpan.count * static_cast<std::int64_t>(n) / static_cast<std::int64_t>(reports)});
    must(turn.commit());
    if (n % (kAtOnce * 16) == 0)
      std::fprintf(stderr, "%zu of %zu, %.0f a second\n", n, reports,
                   static_cast<double>(n) * 1000 / since(begin));
  }
  std::printf("made %zu reports in %.0f s\n", reports, since(begin) / 1000);
}

// ---- what a person meets

class Sitting {
 public:
  explicit Sitting(const std::string& home) : rng_(7) {
    const auto begin = Clock::now();
    desk_ = must(desk::Desk::open(home, nullptr, rng_));
    office_ = std::make_unique<tui::DeskOffice>(
        *desk_, desk::Settings{}, [] { return test::at(kBegin + kSpan + hours(1)); },
        []() -> Result<std::unique_ptr<desk::Relay>> {
          return Error{Code::unavailable, "no relay"};
        });
    console_ = std::make_unique<tui::Console>(*office_, tui::Bindings::standard());
    must(console_->start());
    draw();
    figures_["start to first screen, ms"] = since(begin);
    figures_["anonymous memory at the first screen, MiB"] = anonymous_mib();
  }

  Figures run() {
    keys("to another tab", {"1", "4", "5", "1", "2", "4", "1", "5", "2", "1"});
    press("1"), keys("Down in the inbox", std::vector<std::string>(40, "Down"));
    keys("PgDn in the inbox", std::vector<std::string>(40, "PgDn"));
    keys("G and g in the inbox", {"G", "g", "G", "g", "G", "g"});
    press("5"), keys("PgDn in the time line", std::vector<std::string>(40, "PgDn"));
    keys("G and g in the time line", {"G", "g", "G", "g", "G", "g"});
    press("4"), keys("PgDn on the board", std::vector<std::string>(40, "PgDn"));
    press("1"), keys("a report opened and closed", {"Enter", "q", "Enter", "q"});
    arrive();
    figures_["anonymous memory at the end, MiB"] = anonymous_mib();
    return figures_;
  }

 private:
  void draw() { shown_ = console_->view({24, 80}).text(); }
  void press(const std::string& key) {
    static_cast<void>(console_->key(tui::key_of(key).value()));
    draw();
  }
  void keys(const std::string& what, const std::vector<std::string>& names) {
    std::vector<double> times;
    for (const std::string& name : names) {
      const auto begin = Clock::now();
      press(name);
      times.push_back(since(begin));
      all_keys_.push_back(times.back());
    }
    figures_["key to screen, " + what + ", ms"] = median(times);
    figures_["key to screen, all of these, ms"] = median(all_keys_);
  }

  /// One more report: kept and indexed; then the board and the whole of what is shown.
  void arrive() {
    const std::uint64_t held = [&] {
      const auto view = must(desk_->store().read());
      return desk_->index(view).size(desk::IndexView::List::inbox);
    }();
    desk::Overview overview(*desk_);
    const desk::BoardQuery query = desk::board_query(desk_->trust(), kIncident);
    const auto board = [&] {
      const auto view = must(desk_->store().read());
      return overview.board(view, query);
    };
    auto begin = Clock::now();
    const auto before = board();
    figures_["board of 47 prefectures, from nothing, ms"] = since(begin);
    Writer writer(*desk_, any_envelope());
    std::vector<double> kept, committed, counted, shown;
    for (int n = 0; n < 9; ++n) {
      auto turn = must(desk_->store().write());
      begin = Clock::now();
      writer.write_new(turn, held + static_cast<std::uint64_t>(n), kBegin + kSpan + minutes(n));
      kept.push_back(since(begin));
      must(turn.commit());
      committed.push_back(since(begin));
      begin = Clock::now();
      const auto after = board();
      counted.push_back(since(begin));
      if (after->board.rows.size() != before->board.rows.size()) test::fail("a row too many");
      begin = Clock::now();
      press("C-r");
      shown.push_back(since(begin));
    }
    figures_["a new report, read and indexed, ms"] = median(kept);
    figures_["a new report, with its commit, ms"] = median(committed);
    figures_["board after a new report, ms"] = median(counted);
    figures_["everything shown anew after it, ms"] = median(shown);
  }

  Bytes any_envelope() {
    const auto view = must(desk_->store().read());
    return view.envelope(desk_->index(view).window(desk::IndexView::List::inbox, 0, 1).front().msg).value();
  }

  test::SeededRng rng_;
  std::unique_ptr<desk::Desk> desk_;
  std::unique_ptr<tui::DeskOffice> office_;
  std::unique_ptr<tui::Console> console_;
  std::string shown_;
  std::vector<double> all_keys_;
  Figures figures_;
};

int measure(const std::string& home) {
  Sitting sitting(home);
  say_ready();
  say(sitting.run());
  return 0;
}

int compare_desks(const std::string& self, std::size_t many, std::size_t few) {
  const std::unique_ptr<test::Network> made = country();
  const test::Network& network = *made;
  test::PostOffice post;
  test::Office large(network, post, test::desk_of(kHeadquarters)),
      small(network, post, test::desk_of(kHeadquarters));
  fill(small.desk(), network, few);
  fill(large.desk(), network, many);
  const std::string homes[] = {small.home().string(), large.home().string()};
  small.close();
  large.close();
  bench::compare(self, "process start to first screen, ms", {std::to_string(few) + " reports", homes[1]},
                 {std::to_string(many) + " reports", homes[0]}, kRuns);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  keys::speak(keys::Language::ja);
  try {
    if (argc == 3 && std::string(argv[1]) == "--measure") return measure(argv[2]);
    const auto number = [&](int at, std::size_t otherwise) {
      return argc > at ? static_cast<std::size_t>(std::strtoull(argv[at], nullptr, 10)) : otherwise;
    };
    return compare_desks(argv[0], number(1, 1'000'000), number(2, 1'000));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_desk_scale: %s\n", error.what());
    return 1;
  }
}
