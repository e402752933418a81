// RFC 4648 base32 without padding: what survives telephone, fax and upper-case-only QR codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "keys/labels.hpp"
#include "proto/bytes.hpp"

namespace noroshi::keys {

[[nodiscard]] std::string to_base32(BytesView bytes);
/// Either case; spaces and line ends are skipped. Nothing for another character, an impossible length or bits
/// left over.
[[nodiscard]] std::optional<Bytes> from_base32(std::string_view text);

/// Bytes behind `content` that find what was copied wrongly: one slip in four thousand million passes.
inline constexpr std::size_t kCheckBytes = 4;
/// base32( content ‖ check ), check = F(4, label, ∅, beside ‖ content). `beside` is what stands in clear next
/// to it and must not be mistaken either.
[[nodiscard]] std::string to_checked_base32(Label label, BytesView content, BytesView beside = {});
/// The content, if its check holds.
[[nodiscard]] std::optional<Bytes> from_checked_base32(Label label, std::string_view text,
                                                       BytesView beside = {});

}  // namespace noroshi::keys
