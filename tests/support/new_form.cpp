#include "tests/support/new_form.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "keys/document.hpp"
#include "proto/forms/catalogue_file.hpp"

namespace noroshi::test {

namespace {

Bytes bytes_of_file(const char* name) {
  std::ifstream file(name, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return bytes_of(view_of(text));
}

}  // namespace

Bytes new_form_set() {
  return bytes_of_file(NEW_FORM_SET);
}
Bytes rows_form_set() {
  return bytes_of_file(ROWS_FORM_SET);
}
Bytes changed_form_set() {
  return bytes_of_file(CHANGED_FORM_SET);
}

Bytes new_form_catalogue(const Network& network, std::uint32_t version) {
  auto packed = forms::pack_catalogue(new_form_set());
  if (!packed.ok()) throw std::runtime_error(packed.error().text);
  return catalogue_object(network, version, *std::move(packed));
}

Bytes catalogue_object(const Network& network, std::uint32_t version, Bytes content, int officers) {
  const keys::Document document{{}, 0, version, kStart, std::move(content)};
  return network.sign_as_roots(keys::ObjectType::catalogue, keys::encode_document(document), officers);
}

}  // namespace noroshi::test
