#include "proto/forms/catalogue_file.hpp"

#include <zlib.h>

#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

Error bad_pack(const std::string& ja, const std::string& en) {
  return {Code::bad_data, said("様式集: " + ja, "form catalogue: " + en)};
}

}  // namespace

Result<Bytes> pack_catalogue(BytesView set) {
  uLongf size = compressBound(static_cast<uLong>(set.size()));
  Bytes packed(size);
  const int done =
      compress2(packed.data(), &size, set.data(), static_cast<uLong>(set.size()), Z_BEST_COMPRESSION);
  if (done != Z_OK) return bad_pack("メモリーが足りません", "out of memory");
  packed.resize(size);
  if (packed.size() > kPackedCatalogueMax) {
    const std::string bytes = std::to_string(packed.size()), most = std::to_string(kPackedCatalogueMax);
    return bad_pack("詰めて " + bytes + " バイトあり、上限 " + most +
                        " バイトを超えます：新しい様式と変えた様式だけにしてください",
                    "packed it is " + bytes + " bytes, more than " + most +
                        ": give only the files that are new or changed");
  }
  return packed;
}

Result<Bytes> unpack_catalogue(BytesView packed) {
  Bytes set(kUnpackedCatalogueMax);
  uLongf size = static_cast<uLongf>(set.size());
  uLong taken = static_cast<uLong>(packed.size());
  const int done = uncompress2(set.data(), &size, packed.data(), &taken);
  if (done != Z_OK || taken != packed.size() || size == 0)
    return bad_pack("展開できません", "does not unpack");
  set.resize(size);
  set.shrink_to_fit();
  return set;
}

std::vector<Finding> lint(const Joined& after, const Catalogue& before) {
  std::vector<Finding> out = lint(after.catalogue);
  for (Finding& finding : lint_change(before, after.catalogue)) out.push_back(std::move(finding));
  for (const std::string& file : after.passed_over)
    out.push_back({file, "このプログラムの組み込みより古い", "is older than this program's own"});
  return out;
}

}  // namespace noroshi::forms
