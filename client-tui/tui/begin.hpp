// What a person begins: a report of a form, a child of one, an answer. Every front end begins the same way; a
// refusal says in one line why it cannot be begun.
#pragma once

#include <vector>

#include "client-tui/tui/office.hpp"

namespace noroshi::tui {

/// A new report of a form with what need not be typed: incident, unit, source, clock.
[[nodiscard]] forms::Report begin_report(const forms::FormInfo& form, const Facts& facts);
/// A proxy report for a unit: 代行, told by telephone now.
void speak_for(forms::Report& report, UnitId unit, WallTime now);
/// 被害なし: a statement with a scope, which is the one thing left to say.
[[nodiscard]] desk::Draft begin_nil(const Facts& facts);
/// The newest own report that stands and can be written on, of one form or of any; questions and notes are
/// none.
[[nodiscard]] std::optional<desk::Reading> last_standing(const Facts& facts,
                                                         std::optional<forms::FormNo> of_form = {});
/// 呼集: first reports of everybody in the incident, within the time of a question, to their associations.
[[nodiscard]] desk::Draft begin_call(const Facts& facts);
/// A follow-up of the newest own report that stands.
[[nodiscard]] Result<desk::Draft> begin_update(const Facts& facts, Office& office);
/// A message about the newest own report that stands, or about none, with a picture.
[[nodiscard]] desk::Draft begin_picture(const Enclosed& picture, const Facts& facts);
/// A follow-up, correction or cancel of a report. Refused (permission) for those of others, and for talk.
[[nodiscard]] Result<desk::Draft> begin_child(const Item& item, forms::ReportKind kind, const Facts& facts,
                                              Office& office);
/// A question about a report, back to the organisation that sent it.
[[nodiscard]] desk::Draft begin_question(const Item& item, const Facts& facts, WallTime now);
/// An answer: of a request for support the next rung (F5), which carries on from the own one before; of a call
/// the form that is called for; else F9.
[[nodiscard]] desk::Draft begin_answer(const Item& item, const Facts& facts, Office& office);
/// 県協会確認 / 保留, complete. Refused (permission) but for the unit's own association.
[[nodiscard]] Result<desk::Draft> begin_verification(const Item& item, forms::Verdict verdict,
                                                     const Facts& facts);

/// The fields to ask for now, in the order of asking: those that matter by what was said so far. A cancel
/// says why and nothing else; where a report takes something back, why comes first.
[[nodiscard]] std::vector<const forms::FieldInfo*> asked_now(const forms::Report& report,
                                                             const forms::FormInfo& form,
                                                             const forms::Catalogue& catalogue);

/// Where to begin among them: a follow-up behind the six answers, which it carries on from its parent.
[[nodiscard]] std::size_t first_asked(const forms::Report& report,
                                      const std::vector<const forms::FieldInfo*>& fields);

}  // namespace noroshi::tui
