// Form F9 about something: a question, an answer, a note of verification, as it begins. Who composes one, in
// whichever front end, fills in the rest.
#pragma once

#include <optional>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "keys/trust.hpp"
#include "proto/forms/terms.hpp"

namespace noroshi::desk {

/// A question without a time of its own is due in three hours: the authority's next round of questions.
inline constexpr Seconds kAnswerDue = hours(3);

/// An F9 that says only what it does.
[[nodiscard]] forms::Report talk(forms::ActKind act, const forms::Catalogue& catalogue);
/// And what it is about: that report, its incident.
[[nodiscard]] forms::Report talk_about(const Facts& about, forms::ActKind act,
                                       const forms::Catalogue& catalogue);
/// The association's word on a report: 県協会確認 / 保留.
[[nodiscard]] forms::Report verification(const Facts& about, forms::Verdict verdict,
                                         const forms::Catalogue& catalogue);

/// A call for reports 呼集: an inquiry or a directive that asks for a form, of every unit of an area.
struct Call {
  forms::FormNo form = 0;
  std::uint32_t area =
      0;        ///< prefecture (1 … 47) or municipality (five digits); 0 = wherever the incident is
  UnitId unit;  ///< of this one alone; 0 = of all
  bool operator==(const Call&) const = default;
};
/// Nothing for what asks for no form.
[[nodiscard]] std::optional<Call> call_of(const forms::Report& report);
/// Whether a municipality lies in an area; everything lies in 0.
[[nodiscard]] constexpr bool in_area(std::uint32_t municipality, std::uint32_t area) {
  constexpr std::uint32_t kPrefectures = 99;
  return area == 0 || (area <= kPrefectures ? municipality / 1'000 : municipality) == area;
}
/// Whether a unit of the register is called: it is the one that is named, or covers some of the area.
[[nodiscard]] bool is_called(const Call& call, const ExpectedUnit& unit);
/// The associations whose units are called, ascending: whom to send a call to.
[[nodiscard]] std::vector<RecipientId> associations_called(const Call& call,
                                                           std::span<const ExpectedUnit> units,
                                                           const keys::Trust& trust);

/// Whom to answer: the organisation that sent it. A laptop of the own organisation is written to by itself:
/// it holds no secret of the organisation.
[[nodiscard]] RecipientId sender_of(const Facts& about, DeviceId self);

}  // namespace noroshi::desk
