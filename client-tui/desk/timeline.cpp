#include "client-tui/desk/timeline.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <tuple>

#include "client-tui/desk/index.hpp"
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

class TimelineMaker {
 public:
  TimelineMaker(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                const TimelineQuery& query, const forms::Catalogue& catalogue)
      : readings_(readings), catalogue_(catalogue) {
    line_.query = query;
    for (const ExpectedUnit& unit : units) {
      if (concerned(unit)) units_.push_back(&unit);
    }
  }

  Timeline run() {
    fold_all();
    if (query().start) {
      for (const ExpectedUnit* unit : units_) owe(*unit);
      count_steps();
      owe_for_events();
    }
    hush();
    ask();
    miss();
    for (std::size_t i = 0; i < readings_.size(); ++i) tell(i);
    sort_all();
    return std::move(line_);
  }

 private:
  const TimelineQuery& query() const { return line_.query; }
  bool concerned(const ExpectedUnit& unit) const {
    const auto in = [&](std::uint32_t prefecture) {
      return std::find(query().prefectures.begin(), query().prefectures.end(), prefecture) !=
             query().prefectures.end();
    };
    if (query().prefectures.empty()) return true;
    if (unit.municipalities.empty()) return in(unit.prefecture);
    return std::any_of(unit.municipalities.begin(), unit.municipalities.end(),
                       [&](std::uint32_t municipality) { return in(municipality / 1000); });
  }
  bool mine(const Facts& facts) const {
    return facts.incident == query().incident && facts.exercise == query().exercise;
  }
  Fate fate(std::size_t reading) const { return folded_.entries[reading].fate; }

  /// What stands, and the newest as-of of each unit and form.
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
      if (!mine(facts[i])) continue;
      standing_[{facts[i].unit, facts[i].form}].push_back(i);
    }
  }
  /// The unit's newest report of one of these forms.
  std::optional<WallTime> newest(UnitId unit, const std::vector<forms::FormNo>& answered_by) const {
    std::optional<WallTime> out;
    for (const forms::FormNo form : answered_by) {
      const auto rows = standing_.find({unit, form});
      if (rows == standing_.end()) continue;
      for (const std::size_t i : rows->second) out = std::max(out, std::optional(readings_[i].facts.as_of));
    }
    return out;
  }
  /// A final report closes the series.
  bool closed(UnitId unit, const Deadline& row) const {
    return any_standing(unit, row.answered_by,
                        [](const Reading& reading) { return reading.facts.kind == Kind::final; });
  }
  template <typename Says>
  bool any_standing(UnitId unit, const std::vector<forms::FormNo>& of, Says says) const {
    return std::any_of(of.begin(), of.end(), [&](forms::FormNo form) {
      const auto rows = standing_.find({unit, form});
      return rows != standing_.end() && std::any_of(rows->second.begin(), rows->second.end(),
                                                    [&](std::size_t i) { return says(readings_[i]); });
    });
  }
  bool owes(const ExpectedUnit& unit, const Deadline& row) const {
    if (catalogue_.form(row.form) == nullptr) return false;
    switch (row.owed_by) {
      case OwedBy::unit: return true;
      case OwedBy::reporter: return newest(unit.id, {row.form}).has_value();
      case OwedBy::damaged:
        return any_standing(unit.id, {1, 2}, [](const Reading& reading) {
          return reading.report.header().nil != forms::Answer::yes;
        });
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
    for (const Deadline& row : forms::deadlines()) {
      if (row.owed_by != OwedBy::event) continue;
      std::map<UnitId, const Facts*> first;
      for (const auto& [key, rows] : standing_) {
        for (const std::size_t i : rows) {
          const Facts* says = first_to_say(i, row.when);
          if (says == nullptr) continue;
          const auto [place, fresh] = first.try_emplace(key.first, says);
          if (!fresh && says->created < place->second->created) place->second = says;
        }
      }
      for (const auto& [unit, facts] : first) {
        const WallTime due = facts->created + row.due;
        if (is_past(due) && !newest(unit, row.answered_by))
          line_.overdue.push_back({unit, row.form, {}, due, {}, facts->id});
      }
    }
  }
  bool says(std::size_t i, const forms::When& when) const {
    const forms::Report& report = readings_[i].report;
    const forms::FormInfo* form = catalogue_.form(report.form, report.version);
    return form != nullptr && forms::holds(when, report, *form, catalogue_);
  }
  /// If a standing report says it: the earliest report of the same unit and form that did.
  const Facts* first_to_say(std::size_t standing, const forms::When& when) const {
    if (!says(standing, when)) return nullptr;
    const Facts* out = &readings_[standing].facts;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      const bool same = facts.unit == out->unit && facts.form == out->form && mine(facts);
      if (!same || gone(fate(i)) || fate(i) == Fate::beside) continue;
      if (facts.created < out->created && says(i, when)) out = &facts;
    }
    return out;
  }

  /// Who has said nothing yet, and owes nothing yet.
  void hush() {
    std::set<UnitId> named;
    for (const auto& [key, rows] : standing_) {
      if (key.second != 9) named.insert(key.first);
    }
    for (const Owed& owed : line_.overdue) named.insert(owed.unit);
    for (const ExpectedUnit* unit : units_) {
      if (named.count(unit->id) == 0) line_.silent.push_back(unit->id);
    }
    std::sort(line_.silent.begin(), line_.silent.end());
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
      const bool here = facts.exercise == query().exercise &&
                        (facts.incident == query().incident || facts.incident == IncidentId{});
      if (!here || gone(fate(i)) || fate(i) == Fate::superseded) continue;
      const std::vector<DeviceId>& by = replies[facts.id];
      // Nobody answers himself, and only who asked takes a question back.
      const bool answered =
          std::any_of(by.begin(), by.end(), [&](DeviceId device) { return device != facts.signer; });
      if (answered || recalls.count({facts.id, facts.signer.org}) > 0) continue;
      line_.questions.push_back({i, *due, *due < query().now});
    }
  }

  /// The newest announcement of each unit counts; a call a little early is a call.
  void miss() {
    std::map<UnitId, std::size_t> announced;
    std::map<UnitId, WallTime> last;
    for (std::size_t i = 0; i < readings_.size(); ++i) {
      const Facts& facts = readings_[i].facts;
      if (!mine(facts) || facts.unit.value == 0 || facts.hearsay || gone(fate(i))) continue;
      const auto [known, fresh] = last.try_emplace(facts.unit, facts.created);
      if (!fresh) known->second = std::max(known->second, facts.created);
      if (readings_[i].report.get<WallTime>(field::next_contact_at) == nullptr) continue;
      const auto [place, first] = announced.try_emplace(facts.unit, i);
      if (!first && readings_[place->second].facts.created < facts.created) place->second = i;
    }
    for (const auto& [unit, i] : announced) {
      const WallTime at = *readings_[i].report.get<WallTime>(field::next_contact_at);
      if (is_past(at + kContactSlack) && last[unit] < at - kContactSlack)
        line_.missed.push_back({unit, at, i});
    }
  }

  void tell(std::size_t i) {
    const Reading& reading = readings_[i];
    if (!mine(reading.facts) || fate(i) == Fate::copy) return;
    Event event;
    event.reading = i;
    event.sent = reading.facts.signer == query().self;
    event.at = event.sent ? reading.facts.created : reading.first_seen;
    if (query().start) event.phase = forms::phase_at(event.at - *query().start);
    event.delay = event.at - reading.facts.as_of;
    event.late = !event.sent && event.delay > kContactSlack;
    line_.events.push_back(event);
  }

  void sort_all() {
    std::sort(line_.overdue.begin(), line_.overdue.end(), [](const Owed& a, const Owed& b) {
      return std::tie(a.due, a.unit, a.form) < std::tie(b.due, b.unit, b.form);
    });
    const auto id = [&](std::size_t i) { return readings_[i].facts.id; };
    std::sort(line_.questions.begin(), line_.questions.end(), [&](const Question& a, const Question& b) {
      return std::pair(a.due, id(a.reading)) < std::pair(b.due, id(b.reading));
    });
    std::sort(line_.missed.begin(), line_.missed.end(), [](const MissedContact& a, const MissedContact& b) {
      return std::tie(a.announced, a.unit) < std::tie(b.announced, b.unit);
    });
    std::stable_sort(line_.steps.begin(), line_.steps.end(),
                     [](const Step& a, const Step& b) { return a.due < b.due; });
    std::sort(line_.events.begin(), line_.events.end(), [&](const Event& a, const Event& b) {
      return std::pair(a.at, id(a.reading)) < std::pair(b.at, id(b.reading));
    });
  }

  std::span<const Reading> readings_;
  const forms::Catalogue& catalogue_;
  std::vector<const ExpectedUnit*> units_;
  Folded folded_;
  std::map<std::pair<UnitId, forms::FormNo>, std::vector<std::size_t>> standing_;
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

Timeline timeline(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                  const TimelineQuery& query, const forms::Catalogue& catalogue) {
  return TimelineMaker(readings, units, query, catalogue).run();
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
