// Between what a person types into a field and its value. What a field holds decides how it is typed; the
// same words are accepted as by `noroshi new --set`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/tui/office.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/text/editor.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::tui {

/// How a field is filled in.
enum class Manner : std::uint8_t {
  typed,    ///< a text that is parsed when the field is left
  counted,  ///< a qualified count: each key is a value (text/count_entry.hpp)
  chosen,   ///< one of a list: a digit or the list
  ticked,   ///< several of a list
  rows,     ///< a group: rows of fields of their own
};
[[nodiscard]] Manner manner_of(const forms::FieldInfo& field);

[[nodiscard]] EditorKind editor_kind(const forms::FieldInfo& field);
/// As it is typed, not as it is shown: "~345", "17204", "1/2 11:20".
[[nodiscard]] std::string text_of(const forms::Value& value, const forms::FieldInfo& field, WallTime now);
/// Nothing for an empty text. An error says in one line what the field takes.
[[nodiscard]] Result<std::optional<forms::Value>> value_of(const std::string& text,
                                                           const forms::FieldInfo& field, WallTime now);

/// The codes of a field, the municipalities, units or reports to choose from; and the value of the i-th.
struct Options {
  std::vector<Choice> choices;
  std::vector<forms::Value> values;
};
[[nodiscard]] Options options_of(const forms::FieldInfo& field, const Facts& facts);

/// A group with that row in that place, or behind the others; an emptied row is a row taken away.
[[nodiscard]] forms::Group with_row(forms::Group group, std::size_t index, const forms::Row& row);
/// A row in a line: its values, in the order of its columns.
[[nodiscard]] std::string row_line(const forms::FieldInfo& group, const forms::Row& row);

/// One key into an editor. `killed` is the console's one piece of text that was cut last.
[[nodiscard]] Edited edit(Editor& editor, const Key& key, const Bindings& bindings, std::string& killed);

}  // namespace noroshi::tui
