// Form F9 about something: a question, an answer, a note of verification, as it begins. Who composes one, in
// whichever front end, fills in the rest.
#pragma once

#include "client-tui/desk/rollup.hpp"
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

/// Whom to answer: the organisation that sent it. A laptop of the own organisation is written to by itself: it
/// holds no secret of the organisation.
[[nodiscard]] RecipientId sender_of(const Facts& about, DeviceId self);

}  // namespace noroshi::desk
