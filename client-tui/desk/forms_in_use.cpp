#include "client-tui/desk/forms_in_use.hpp"

namespace noroshi::desk {

Result<forms::Joined> joined_forms(const keys::Trust& trust) {
  const auto newest = trust.catalogue();
  if (!newest) return forms::join(forms::Catalogue::built_in_bytes());
  TRY(const Bytes set, forms::unpack_catalogue(newest->packed));
  return forms::join(set);
}

FormsInUse forms_in_use(const keys::Trust& trust) {
  // The program's own lives as long as the program: nobody need free it.
  FormsInUse out{{std::shared_ptr<void>(), &forms::Catalogue::built_in()}, 0, {}, {}};
  const auto newest = trust.catalogue();
  if (!newest) return out;
  out.version = newest->version;
  auto read = joined_forms(trust);
  if (!read.ok()) {
    out.trouble = read.error().text;
    return out;
  }
  out.catalogue = std::make_shared<const forms::Catalogue>(std::move(read->catalogue));
  out.passed_over = std::move(read->passed_over);
  return out;
}

}  // namespace noroshi::desk
