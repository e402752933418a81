// What a person has typed and not sent: kept in the store, sealed under the store key, so that neither a full
// battery nor a kill takes it away. A draft may hold anything that is wrong; it is checked when it is sent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/compose.hpp"
#include "client-tui/desk/desk.hpp"

namespace noroshi::desk {

struct Draft {
  std::uint64_t number = 0;  ///< 0 = not kept yet
  /// Drawn at random by whoever writes on it. A draft that somebody else has taken over meanwhile is not
  /// written over: what is kept then becomes another draft.
  std::uint64_t owner = 0;
  Message message;
  /// The field whose text was under the cursor, and that text as typed: it may not be a value yet.
  forms::FieldNo field = 0;
  std::string typing;
  WallTime kept;  ///< when it was last written
};

/// Durable when it returns; gives its number: its own while it is still `owner`'s, else a new one.
/// `take_over`: whoever it was. A file that it named before and names no more is forgotten, unless another
/// draft names it.
[[nodiscard]] Result<std::uint64_t> keep(Desk& desk, const Draft& draft, bool take_over = false);
/// The same in an open turn, as a new draft.
std::uint64_t keep(StoreTurn& turn, Desk& desk, const Draft& draft);
/// In order of their numbers. One that this program cannot read (a newer form, a damaged record) stays in the
/// store untouched and hides none of the others: its number goes to `unreadable`.
[[nodiscard]] Result<std::vector<Draft>> drafts(Desk& desk, std::vector<std::uint64_t>* unreadable = nullptr);
/// With the files that only it named and that were not sent. Not found is no error: it is gone.
[[nodiscard]] Result<void> drop(Desk& desk, std::uint64_t number);
/// Whether one of them continues that report. One that cannot be read is asked when it is sent.
[[nodiscard]] bool is_named_by_draft(const StoreView& view, const Desk& desk, const ReportId& report);
/// Forgets those of these files that no draft names: the report that was to take them was not sent.
[[nodiscard]] Result<void> give_up(Desk& desk, const std::vector<forms::Attachment>& files);

}  // namespace noroshi::desk
