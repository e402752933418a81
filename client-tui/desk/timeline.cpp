#include "client-tui/desk/timeline.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "client-tui/desk/index.hpp"
#include "client-tui/desk/letter.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::desk {
namespace {

using forms::ActKind;
using forms::Deadline;
using forms::OwedBy;
namespace field = forms::field;

ActKind act_of(const forms::Report& report) {
  return static_cast<ActKind>(report.code(field::act_kind));
}

/// Gathers the ground from every report.
class Gathering {
 public:
  Gathering(std::span<const Reading> readings, const TimelineQuery& query, const forms::Catalogue& catalogue)
      : readings_(readings), query_(query), catalogue_(catalogue) {
    fold_all();
  }

  Ground ground() {
    for (const auto& [key, rows] : standing_) hear(key, rows);
    ask();
    announce();
    return std::move(ground_);
  }
  std::vector<Event> events() const {
    std::vector<Event> out;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      if (mine(facts) && fate(i) != Fate::copy)
        out.push_back(event_of(i, facts, readings_[i].first_seen, query_));
    }
    const auto id = [&](std::size_t i) { return readings_[i].facts.id; };
    std::sort(out.begin(), out.end(), [&](const Event& a, const Event& b) {
      return std::pair(a.at, id(a.reading)) < std::pair(b.at, id(b.reading));
    });
    return out;
  }

 private:
  bool mine(const Facts& facts) const {
    return facts.incident == query_.incident && facts.exercise == query_.exercise;
  }
  Fate fate(std::size_t reading) const { return folded_.entries[reading].fate; }

  void fold_all() {
    const auto said = verdicts(readings_);
    std::vector<Facts> facts;
    for (const Reading& reading : readings_) {
      facts.push_back(reading.facts);
      const auto verdict = said.find(reading.facts.id);
      if (verdict != said.end() && verdict->second == Verdict::confirmed) facts.back().quarantined = false;
    }
    folded_ = fold(facts);
    for (const std::size_t i : folded_.standing) {
      if (mine(facts[i])) standing_[{facts[i].unit, facts[i].form}].push_back(i);
    }
  }

  void hear(const std::pair<UnitId, forms::FormNo>& key, const std::vector<std::size_t>& rows) {
    Ground::Heard& heard = ground_.heard[key];
    std::uint8_t says = 0;
    for (const std::size_t i : rows) {
      const Gist gist = gist_of(readings_[i], catalogue_);
      heard.newest = std::max(heard.newest, std::optional(readings_[i].facts.as_of));
      heard.closed |= readings_[i].facts.kind == Kind::final;
      heard.damaged |= !gist.nil;
      says |= gist.says;
    }
    if (says == 0) return;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      const bool same = facts.unit == key.first && facts.form == key.second && mine(facts);
      if (same && !gone(fate(i)) && !is_beside(facts))
        heard.say(static_cast<std::uint8_t>(says & gist_of(readings_[i], catalogue_).says), facts);
    }
  }

  void ask() {
    std::map<ReportId, std::vector<DeviceId>> replies;
    std::set<std::pair<ReportId, OrgId>> recalls;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Reading& reading = readings_[i];
      const auto* regarding = reading.report.get<forms::References>(field::regarding);
      const ActKind act = act_of(reading.report);
      const bool settles = act == ActKind::answer || act == ActKind::refuse || act == ActKind::recall;
      if (reading.facts.form != 9 || !settles || regarding == nullptr || gone(fate(i))) continue;
      for (const ReportId& target : *regarding) {
        if (act == ActKind::recall) {
          recalls.insert({target, reading.facts.signer.org});
        } else {
          replies[target].push_back(reading.facts.signer);
        }
      }
    }
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      const ActKind act = act_of(readings_[i].report);
      const auto* due = readings_[i].report.get<WallTime>(field::answer_due);
      if (facts.form != 9 || (act != ActKind::inquiry && act != ActKind::directive) || due == nullptr)
        continue;
      const bool here = facts.exercise == query_.exercise &&
                        (facts.incident == query_.incident || facts.incident == IncidentId{});
      if (!here || gone(fate(i)) || fate(i) == Fate::superseded) continue;
      const std::vector<DeviceId>& by = replies[facts.id];
      // Nobody answers himself, and only who asked takes a question back.
      const std::optional<Call> call = call_of(readings_[i].report);
      const bool answered =
          !call && std::any_of(by.begin(), by.end(), [&](DeviceId device) { return device != facts.signer; });
      if (answered || recalls.count({facts.id, facts.signer.org}) > 0) continue;
      ground_.asked.push_back({i, facts.id, *due, facts.created, call});
    }
  }

  /// The newest announcement of each unit counts.
  void announce() {
    std::map<UnitId, std::size_t> announced;
    std::map<UnitId, WallTime> last;
    const auto age = [&](std::size_t i) {
      return std::pair(readings_[i].facts.created, readings_[i].facts.id);
    };
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      if (!mine(facts) || facts.unit.value == 0 || facts.hearsay || gone(fate(i))) continue;
      const auto [known, fresh] = last.try_emplace(facts.unit, facts.created);
      if (!fresh) known->second = std::max(known->second, facts.created);
      if (readings_[i].report.get<WallTime>(field::next_contact_at) == nullptr) continue;
      const auto [place, first] = announced.try_emplace(facts.unit, i);
      if (!first && age(place->second) < age(i)) place->second = i;
    }
    for (const auto& [unit, i] : announced) {
      const WallTime at = *readings_[i].report.get<WallTime>(field::next_contact_at);
      ground_.announced[unit] = {last[unit], at, i};
    }
  }

  std::span<const Reading> readings_;
  const TimelineQuery& query_;
  const forms::Catalogue& catalogue_;
  Folded folded_;
  std::map<std::pair<UnitId, forms::FormNo>, std::vector<std::size_t>> standing_;
  Ground ground_;
};

/// What is due by the ground.
class TimelineMaker {
 public:
  TimelineMaker(const Ground& ground, std::span<const ExpectedUnit> units, const TimelineQuery& query,
                const forms::Catalogue& catalogue)
      : ground_(ground), catalogue_(catalogue) {
    line_.query = query;
    for (const ExpectedUnit& unit : units) {
      if (concerns(query.prefectures, unit)) units_.push_back(&unit);
    }
  }

  Timeline run() {
    if (query().start) {
      for (const ExpectedUnit* unit : units_) owe(*unit);
      count_steps();
      owe_for_events();
    }
    call();
    hush();
    ask();
    miss();
    sort_all();
    return std::move(line_);
  }

 private:
  const TimelineQuery& query() const { return line_.query; }
  const Ground::Heard* heard(UnitId unit, forms::FormNo form) const {
    const auto found = ground_.heard.find({unit, form});
    return found == ground_.heard.end() ? nullptr : &found->second;
  }
  /// The unit's newest report of one of these forms.
  std::optional<WallTime> newest(UnitId unit, const std::vector<forms::FormNo>& answered_by) const {
    std::optional<WallTime> out;
    for (const forms::FormNo form : answered_by) {
      if (const Ground::Heard* of = heard(unit, form)) out = std::max(out, of->newest);
    }
    return out;
  }
  /// A final report closes the series.
  bool closed(UnitId unit, const Deadline& row) const {
    return std::any_of(row.answered_by.begin(), row.answered_by.end(), [&](forms::FormNo form) {
      const Ground::Heard* of = heard(unit, form);
      return of != nullptr && of->closed;
    });
  }
  bool damaged(UnitId unit) const {
    const Ground::Heard *first = heard(unit, 1), *later = heard(unit, 2);
    return (first != nullptr && first->damaged) || (later != nullptr && later->damaged);
  }
  bool owes(const ExpectedUnit& unit, const Deadline& row) const {
    if (catalogue_.form(row.form) == nullptr) return false;
    switch (row.owed_by) {
      case OwedBy::unit: return true;
      case OwedBy::reporter: return newest(unit.id, {row.form}).has_value();
      case OwedBy::damaged: return damaged(unit.id);
      case OwedBy::event: return false;
    }
    return false;
  }
  bool is_past(WallTime due) const { return due < query().now && (!query().end || due < *query().end); }

  /// The first thing that a unit has missed of each form: an answer to a later row answers the earlier ones.
  void owe(const ExpectedUnit& unit) {
    std::set<forms::FormNo> said;
    for (const Deadline& row : forms::deadlines()) {
      if (said.count(row.form) > 0 || !owes(unit, row) || closed(unit.id, row)) continue;
      const auto heard = newest(unit.id, row.answered_by);
      Owed owed{unit.id, row.form, row.phase, *query().start + row.due, heard, {}};
      const bool agreed = unit.expected_interval_h > 0 && row.owed_by == OwedBy::unit;
      if (agreed && heard && *heard >= *query().start) {
        owed.phase.reset();
        owed.due = *heard + hours(unit.expected_interval_h);
        said.insert(row.form);  // what the unit has agreed to stands for every later row
      } else if (heard && *heard >= *query().start + row.from) {
        continue;
      }
      if (!is_past(owed.due)) continue;
      said.insert(row.form);
      line_.overdue.push_back(std::move(owed));
    }
  }
  void count_steps() {
    for (const Deadline& row : forms::deadlines()) {
      if (!row.phase || catalogue_.form(row.form) == nullptr) continue;
      Step step{*row.phase, row.form, *query().start + row.due, 0, 0};
      if (query().end && step.due >= *query().end) continue;
      for (const ExpectedUnit* unit : units_) {
        if (!owes(*unit, row)) continue;
        const auto heard = newest(unit->id, row.answered_by);
        ++step.expected;
        if (heard && *heard >= *query().start + row.from) ++step.answered;
      }
      if (step.expected > 0) line_.steps.push_back(step);
    }
  }

  /// Fire, explosion or death without the report that they need. The units need not be in the register.
  void owe_for_events() {
    int bit = 0;
    for (const Deadline& row : forms::deadlines()) {
      if (row.owed_by != OwedBy::event) continue;
      std::map<UnitId, std::pair<WallTime, ReportId>> first;
      for (const auto& [key, of] : ground_.heard) {
        const auto said = of.said.find(bit);
        if (said == of.said.end()) continue;
        const auto [place, fresh] = first.try_emplace(key.first, said->second);
        if (!fresh) place->second = std::min(place->second, said->second);
      }
      ++bit;
      for (const auto& [unit, said] : first) {
        const WallTime due = said.first + row.due;
        if (is_past(due) && !newest(unit, row.answered_by))
          line_.overdue.push_back({unit, row.form, {}, due, {}, said.second});
      }
    }
  }

  /// Who is called and has not reported since. What is overdue anyway is not owed twice.
  void call() {
    std::set<std::pair<UnitId, forms::FormNo>> owed;
    for (const Owed& one : line_.overdue) owed.insert({one.unit, one.form});
    for (const Ground::Asked& asked : ground_.asked) {
      if (!asked.call) continue;
      Called called{asked.reading, asked.id, *asked.call, asked.due, 0, 0};
      for (const ExpectedUnit* unit : units_) {
        if (!is_called(*asked.call, *unit)) continue;
        const auto heard = newest(unit->id, {asked.call->form});
        ++called.expected;
        if (heard && *heard >= asked.asked) {
          ++called.answered;
        } else if (is_past(asked.due) && owed.insert({unit->id, asked.call->form}).second) {
          line_.overdue.push_back({unit->id, asked.call->form, {}, asked.due, heard, asked.id});
        }
      }
      line_.calls.push_back(called);
    }
  }

  /// Who has said nothing yet, and owes nothing yet.
  void hush() {
    std::set<UnitId> named;
    for (const auto& [key, of] : ground_.heard) {
      if (key.second != 9) named.insert(key.first);
    }
    for (const Owed& owed : line_.overdue) named.insert(owed.unit);
    for (const ExpectedUnit* unit : units_) {
      if (named.count(unit->id) == 0) line_.silent.push_back(unit->id);
    }
    std::sort(line_.silent.begin(), line_.silent.end());
  }

  void ask() {
    for (const Ground::Asked& asked : ground_.asked) {
      if (!asked.call) line_.questions.push_back({asked.reading, asked.due, asked.due < query().now});
    }
  }
  /// A call a little early is a call.
  void miss() {
    for (const auto& [unit, announced] : ground_.announced) {
      if (is_past(announced.at + kContactSlack) && announced.last < announced.at - kContactSlack)
        line_.missed.push_back({unit, announced.at, announced.reading});
    }
  }

  void sort_all() {
    std::sort(line_.overdue.begin(), line_.overdue.end(), [](const Owed& a, const Owed& b) {
      return std::tie(a.due, a.unit, a.form) < std::tie(b.due, b.unit, b.form);
    });
    std::map<std::size_t, ReportId> ids;
    for (const Ground::Asked& asked : ground_.asked) ids[asked.reading] = asked.id;
    std::sort(line_.questions.begin(), line_.questions.end(), [&](const Question& a, const Question& b) {
      return std::pair(a.due, ids[a.reading]) < std::pair(b.due, ids[b.reading]);
    });
    std::sort(line_.calls.begin(), line_.calls.end(),
              [](const Called& a, const Called& b) { return std::tie(a.due, a.id) < std::tie(b.due, b.id); });
    std::sort(line_.missed.begin(), line_.missed.end(), [](const MissedContact& a, const MissedContact& b) {
      return std::tie(a.announced, a.unit) < std::tie(b.announced, b.unit);
    });
    std::stable_sort(line_.steps.begin(), line_.steps.end(),
                     [](const Step& a, const Step& b) { return a.due < b.due; });
  }

  const Ground& ground_;
  const forms::Catalogue& catalogue_;
  std::vector<const ExpectedUnit*> units_;
  Timeline line_;
};

}  // namespace

TimelineQuery timeline_query(const keys::Trust& trust, IncidentId incident, DeviceId self, WallTime now) {
  TimelineQuery query;
  query.incident = incident;
  query.self = self;
  query.now = now;
  const keys::Incident* declared = trust.incident(incident);
  if (declared == nullptr) return query;
  query.exercise = declared->exercise;
  query.start = declared->start;
  query.end = declared->end;
  for (const std::string& code : declared->prefectures) {
    std::uint8_t number = 0;
    std::from_chars(code.data(), code.data() + code.size(), number);
    query.prefectures.push_back(number);
  }
  return query;
}

bool concerns(std::span<const std::uint8_t> prefectures, const ExpectedUnit& unit) {
  const auto in = [&](std::uint32_t prefecture) {
    return std::ranges::find(prefectures, prefecture) != prefectures.end();
  };
  if (prefectures.empty()) return true;
  if (unit.municipalities.empty()) return in(unit.prefecture);
  return std::ranges::any_of(unit.municipalities,
                             [&](std::uint32_t municipality) { return in(municipality / 1'000); });
}

std::vector<ExpectedUnit> units_of(IncidentId incident, const keys::Trust& trust) {
  const TimelineQuery query = timeline_query(trust, incident, {}, {});
  std::vector<ExpectedUnit> out = expected_units(trust);
  std::erase_if(out, [&](const ExpectedUnit& unit) { return !concerns(query.prefectures, unit); });
  return out;
}

Timeline timeline(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                  const TimelineQuery& query, const forms::Catalogue& catalogue) {
  Gathering gathering(readings, query, catalogue);
  Timeline out = lay_out(gathering.ground(), units, query, catalogue);
  out.events = gathering.events();
  return out;
}

Timeline lay_out(const Ground& ground, std::span<const ExpectedUnit> units, const TimelineQuery& query,
                 const forms::Catalogue& catalogue) {
  return TimelineMaker(ground, units, query, catalogue).run();
}

void Ground::Heard::say(std::uint8_t bits, const Facts& facts) {
  for (int bit = 0; bit < 8; ++bit) {
    if ((bits >> bit & 1) == 0) continue;
    const std::pair now(facts.created, facts.id);
    const auto [place, first] = said.try_emplace(bit, now);
    if (!first) place->second = std::min(place->second, now);
  }
}

Event event_of(std::size_t place, const Facts& facts, WallTime first_seen, const TimelineQuery& query) {
  Event event;
  event.reading = place;
  event.sent = facts.signer == query.self;
  event.at = event.sent ? facts.created : first_seen;
  if (query.start) event.phase = forms::phase_at(event.at - *query.start);
  event.delay = event.at - facts.as_of;
  event.late = !event.sent && event.delay > kContactSlack;
  return event;
}

std::vector<std::size_t> past_due(const Timeline& timeline, std::span<const Reading> readings) {
  std::set<std::size_t> out;
  for (const Question& question : timeline.questions) {
    if (question.overdue) out.insert(question.reading);
  }
  for (const MissedContact& contact : timeline.missed) out.insert(contact.reading);
  for (const Owed& owed : timeline.overdue) {
    if (!owed.because) continue;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      if (readings[i].facts.id == *owed.because && !readings[i].facts.copy) out.insert(i);
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace noroshi::desk
