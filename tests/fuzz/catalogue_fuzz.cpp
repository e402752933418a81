// Any bytes as a form catalogue: as what travels, packed; as a set of its own; as files that join the
// program's. What joins holds together: a report of every form of it can be begun, checked, written and read.
#include "proto/forms/annex.hpp"
#include "proto/forms/body.hpp"
#include "proto/forms/catalogue_file.hpp"
#include "proto/forms/rules.hpp"
#include "proto/quiet.hpp"
#include "tests/fuzz/accepted.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::forms;

void use(const Joined& joined) {
  const Catalogue& catalogue = joined.catalogue;
  (void)lint(joined, Catalogue::built_in());
  NOROSHI_ASSERT(catalogue.form("F1") != nullptr && catalogue.form("F9") != nullptr);
  for (const FormInfo& form : catalogue.forms()) {
    const Report report = new_report(form);
    (void)validate(report, catalogue);
    (void)catalogue.asked(form);
    const auto bytes = encode(report, {}, catalogue);
    if (!bytes) continue;
    const auto read = decode(*bytes, {}, catalogue);
    NOROSHI_ASSERT(read.ok());
    NOROSHI_ASSERT(read->front() == report);
  }
  (void)annex_csv(catalogue, nullptr, Language::en);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool quiet = (proto::quiet_protobuf(), true);
  (void)quiet;
  const BytesView bytes(data, size);
  (void)Catalogue::load(bytes);
  const auto unpacked = unpack_catalogue(bytes);
  const auto joined = join(unpacked ? BytesView(*unpacked) : bytes);
  if (!joined) return 0;
  fuzz::accepted.count();
  use(*joined);
  const auto packed = pack_catalogue(unpacked ? BytesView(*unpacked) : bytes);
  if (packed) NOROSHI_ASSERT(equal(*unpack_catalogue(*packed), unpacked ? BytesView(*unpacked) : bytes));
  return 0;
}
