// Which forms this desk works with: those of the program, joined by what k officers have signed since.
//
// There is one answer in a program, made from what is trusted; it is handed down to whatever reads, checks,
// sums or shows a report. A catalogue that came but cannot be used is named, and the program's own forms
// hold.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "keys/trust.hpp"
#include "proto/forms/catalogue_file.hpp"

namespace noroshi::desk {

struct FormsInUse {
  std::shared_ptr<const forms::Catalogue> catalogue;  ///< never null
  std::uint32_t version = 0;                          ///< of the signed catalogue held; 0 = none
  std::string trouble;                                ///< why it is not used, in one line; empty = it is
  std::vector<std::string> passed_over;               ///< its files that are older than the program's
};

/// The signed catalogue joined to the program's own forms, which stand alone before the first one.
[[nodiscard]] Result<forms::Joined> joined_forms(const keys::Trust& trust);
/// Cost: nothing before the first signed catalogue, then some milliseconds.
[[nodiscard]] FormsInUse forms_in_use(const keys::Trust& trust);

}  // namespace noroshi::desk
