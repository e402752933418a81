// What things are called: organisations, units, recipients, forms, values that name something.
#pragma once

#include <string>

#include "client-tui/words/text.hpp"
#include "keys/trust.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::words {

/// Of the newest version of the form; of the header for a form that the catalogue does not have.
[[nodiscard]] const forms::FieldInfo* field_of(forms::FormNo form, forms::FieldNo field,
                                               const forms::Catalogue& catalogue);
[[nodiscard]] const forms::FieldInfo* field_named(forms::FormNo form, std::string_view key,
                                                  const forms::Catalogue& catalogue);

/// "一部"; the number of a code that the list does not have.
[[nodiscard]] std::string code_label(const forms::FieldInfo& field, std::uint32_t code);

/// "石川県エルピーガス協会 (17)".
[[nodiscard]] std::string org_name(OrgId org, const keys::Trust& trust);
[[nodiscard]] std::string unit_name(UnitId unit, const keys::Trust& trust);
/// "17", a group "0x801", a device of the own organisation "dev 3".
[[nodiscard]] std::string recipient_text(RecipientId id);
/// The same with its name, where it has one.
[[nodiscard]] std::string recipient_name(RecipientId id, const keys::Trust& trust);
/// "F1"; "F12" also where the catalogue does not have it.
[[nodiscard]] std::string form_code(forms::FormNo form, const forms::Catalogue& catalogue);
/// forms::format, but what a number stands for by its name: units, municipalities.
[[nodiscard]] std::string value_text(const forms::Value& value, const forms::FieldInfo& field,
                                     const keys::Trust& trust);

}  // namespace noroshi::words
