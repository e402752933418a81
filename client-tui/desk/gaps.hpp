// What is missing: numbers of a sender's chain to us that we know of and do not have. Each message names its
// predecessor to the same recipient, so every hole below the newest arrival is seen.
#pragma once

#include <vector>

#include "client-tui/desk/store.hpp"

namespace noroshi::desk {

struct Gap {
  KeyId key;
  RecipientId recipient;
  Seq missing = 0;     ///< this number was sent to us and is not here
  Seq have_below = 0;  ///< newest number below it that is here; 0 = none
  Seq named_by = 0;    ///< the message that names it
  WallTime named_at;   ///< when that one was first seen
};

/// By key, recipient, number.
[[nodiscard]] std::vector<Gap> gaps(const StoreView& store);

}  // namespace noroshi::desk
