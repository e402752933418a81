// Opened reports for tests of folding and roll-up, by the few facts that matter.
#pragma once

#include "client-tui/desk/cross.hpp"
#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/support.hpp"
#include "client-tui/desk/timeline.hpp"
#include "tests/support/built_in.hpp"

namespace noroshi::test {

/// A report of `unit`, signed by device 3 of its association; every one a new envelope.
class ReadingMaker {
 public:
  desk::Reading f1(UnitId unit, std::uint32_t municipality, std::int64_t as_of) {
    desk::Reading reading = made(unit, 1, as_of);
    reading.facts.municipality = municipality;
    return reading;
  }
  /// The association's note on a report.
  desk::Reading note(const ReportId& target, UnitId unit, forms::Verdict verdict, std::int64_t when) {
    desk::Reading reading = made(unit, 9, when);
    reading.report.put(forms::field::act_kind,
                       forms::CodeValue{static_cast<std::uint32_t>(forms::ActKind::verification)});
    reading.report.put(forms::field::verdict, forms::CodeValue{static_cast<std::uint32_t>(verdict)});
    reading.report.put(forms::field::regarding, forms::References{target});
    return reading;
  }
  /// A report of any form; its newest version in the catalogue.
  desk::Reading of(UnitId unit, forms::FormNo form, std::int64_t as_of) { return made(unit, form, as_of); }
  static desk::Reading with(desk::Reading reading, forms::FieldNo field, forms::Value value) {
    reading.report.put(field, std::move(value));
    return reading;
  }

 private:
  desk::Reading made(UnitId unit, forms::FormNo form, std::int64_t as_of) {
    ++seq_;
    desk::Reading reading;
    reading.facts.association = OrgId{static_cast<std::uint16_t>(unit.value / 100'000)};
    reading.facts.signer = {reading.facts.association, 3};
    reading.facts.id = {{reading.facts.signer, 1}, seq_, 0};
    reading.facts.msg.value[15] = static_cast<std::uint8_t>(seq_);
    reading.facts.msg.value[14] = static_cast<std::uint8_t>(seq_ >> 8);
    reading.facts.form = form;
    reading.facts.incident = IncidentId{5};
    reading.facts.unit = unit;
    reading.facts.as_of = reading.facts.created = reading.first_seen = WallTime{as_of};
    reading.report.form = form;
    return reading;
  }
  Seq seq_ = 0;
};

}  // namespace noroshi::test

// The forms of the program itself, as in tests/support/built_in.hpp.
namespace noroshi::desk {

inline Board roll_up(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                     const BoardQuery& query) {
  return roll_up(readings, units, query, forms::Catalogue::built_in());
}
inline Timeline timeline(std::span<const Reading> readings, std::span<const ExpectedUnit> units,
                         const TimelineQuery& query) {
  return timeline(readings, units, query, forms::Catalogue::built_in());
}
inline std::vector<Clash> clashes(std::span<const Reading> standing, std::span<const ExpectedUnit> units) {
  std::vector<const Reading*> all;
  for (const Reading& reading : standing) all.push_back(&reading);
  return clashes(std::move(all), units, forms::Catalogue::built_in());
}
inline SupportCase support_case(const Reading& request, std::span<const Reading> answers, WallTime now) {
  return support_case(request, answers, now, forms::Catalogue::built_in());
}
inline bool answers_to(const forms::Report& answer, const Reading& request) {
  return answers_to(answer, request, forms::Catalogue::built_in());
}

}  // namespace noroshi::desk
