// Naming things on the command line: reports, organisations, groups, units, incidents.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/cli/context.hpp"
#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/words/names.hpp"

namespace noroshi::cli {

using namespace words;
using words::language;

struct Found {
  desk::Letter letter;
  std::size_t index = 0;  ///< of the report in it
  [[nodiscard]] const desk::Reading& reading() const { return letter.reports[index]; }
};

/// "17/3.1/42.0", "17/3.1/42", or the first six or more hexadecimal digits of a message id. Errors
/// (usage): not a name, nothing of it here, several; (bad_data): not opened.
[[nodiscard]] Result<Found> find_report(const desk::Desk& desk, const desk::StoreView& view,
                                        const std::string& name);
/// The same, but unopened letters too.
[[nodiscard]] Result<desk::Letter> find_letter(const desk::Desk& desk, const desk::StoreView& view,
                                               const std::string& name);

/// What became of a report; nothing of questions and notes: they are no figures of a unit.
[[nodiscard]] std::optional<desk::Folded::Entry> fate_of(const desk::IndexView& index,
                                                         const desk::Letter& letter, std::size_t report);

/// "17,1,0x801": organisations and groups of the roster. Errors (usage) name what is not there.
[[nodiscard]] Result<std::vector<RecipientId>> recipients_of(const std::vector<std::string>& names,
                                                             const keys::Trust& trust);
/// Whom a message is for: an organisation, a group, or a unit with its association.
struct Addressee {
  RecipientId recipient;
  UnitId unit;  ///< 0 = none
};
[[nodiscard]] Result<std::vector<Addressee>> addressees_of(const std::vector<std::string>& names,
                                                           const keys::Trust& trust);
[[nodiscard]] Result<UnitId> unit_of(const std::string& name, const keys::Trust& trust);
[[nodiscard]] Result<WallTime> time_of(const std::string& text);

/// The incident of this name, or where none is given the one that is open and real, and a note that says
/// which; several are an error (usage) with their list; none is PENDING. Never an exercise that was not asked
/// for.
[[nodiscard]] Result<IncidentId> incident_for_report(Context& context, const std::string& name,
                                                     const keys::Trust& trust, WallTime now);
/// The incident to look at: asked for, else the only open one, a real one before an exercise. Several are an
/// error (usage) with their list.
[[nodiscard]] Result<IncidentId> incident_to_show(const std::string& name, const keys::Trust& trust,
                                                  WallTime now);

/// Parts between commas, without the spaces around them.
[[nodiscard]] std::vector<std::string> split(const std::vector<std::string>& texts);

}  // namespace noroshi::cli
