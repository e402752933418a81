#include "proto/forms/catalogue_file.hpp"
#include "tests/fuzz/seeds.hpp"
#include "tests/support/new_form.hpp"

namespace noroshi::fuzz {

std::vector<Seed> catalogue_seeds() {
  const Bytes set = test::new_form_set();
  auto packed = forms::pack_catalogue(set);
  NOROSHI_ASSERT(packed.ok());
  return {{"new_form", set}, {"packed", *std::move(packed)}};
}

}  // namespace noroshi::fuzz
