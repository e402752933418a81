// RFC 4648 base32 without padding: what survives telephone, fax and upper-case-only QR codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "proto/bytes.hpp"

namespace noroshi::keys {

[[nodiscard]] std::string to_base32(BytesView bytes);
/// Either case; spaces and line ends are skipped. Nothing for another character, an impossible length or bits
/// left over.
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

}  // namespace noroshi::keys
