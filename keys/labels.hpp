// Every label and every signing domain of the network, in one place, so that no two of them can meet: a label
// is hashed zero-padded to 16 bytes, a domain is signed zero-padded to 24. The compiler checks both lists.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace noroshi::keys {

/// Labels of F (keys/primitives.hpp).
enum class Label : std::uint8_t {
  seed_hedge,
  pt_hash,
  seed_prk,
  seed_exp,
  kem_wrap,
  body_hash,
  msg_id,
  root_id,
  rcpt_set,
  state,
  log_entry,
  erased_set,
  roster,
  link_mac,
  veil,
  card,
  org_leaf,
  org_node,
  words,
  request,
  key_file,
  at_rest,
  delivery,
  row_name,
  paper,
  mail,
};
inline constexpr std::size_t kLabelBytes = 16;
inline constexpr std::array<std::string_view, 26> kLabels = {
    "NORO1 seed hedge", "NORO1 pt hash",    "NORO1 seed prk", "NORO1 seed exp", "NORO1 kem wrap",
    "NORO1 body hash",  "NORO1 msg id",     "NORO1 root id",  "NORO1 rcpt set", "NORO1 state",
    "NORO1 log entry",  "NORO1 erased set", "NORO1 roster",   "NORO1 link mac", "NORO1 veil",
    "NORO1 card",       "NORO1 org leaf",   "NORO1 org node", "NORO1 words",    "NORO1 request",
    "NORO1 key file",   "NORO1 at rest",    "NORO1 delivery", "NORO1 row name", "NORO1 paper",
    "NORO1 mail"};

/// What a signature is for. The DST stands in front of everything that is signed.
enum class Domain : std::uint8_t {
  envelope,
  root,
  roster,
  certificate,
  revocation,
  revocation_list,
  epoch,
  epoch_void,
  transport,
  units,
  places,
  catalogue,
  incident,
  contact,
  request,
};
inline constexpr std::size_t kDomainBytes = 24;
inline constexpr std::array<std::string_view, 15> kDomains = {
    "NOROSHI/1 envelope v1",  "NOROSHI/1 root v1",    "NOROSHI/1 roster v1", "NOROSHI/1 cert v1",
    "NOROSHI/1 revoke v1",    "NOROSHI/1 revlist v1", "NOROSHI/1 epoch v1",  "NOROSHI/1 void v1",
    "NOROSHI/1 transport v1", "NOROSHI/1 units v1",   "NOROSHI/1 places v1", "NOROSHI/1 catalogue v1",
    "NOROSHI/1 incident v1",  "NOROSHI/1 contact v1", "NOROSHI/1 request v1"};

namespace detail {
/// Zero-padding is injective only on texts that hold no zero themselves and fit.
template <std::size_t N>
consteval bool distinct_when_padded(const std::array<std::string_view, N>& texts, std::size_t width) {
  for (std::size_t i = 0; i < N; ++i) {
    if (texts[i].empty() || texts[i].size() > width) return false;
    for (const char c : texts[i])
      if (c == '\0') return false;
    for (std::size_t j = 0; j < i; ++j)
      if (texts[i] == texts[j]) return false;
  }
  return true;
}
}  // namespace detail
static_assert(detail::distinct_when_padded(kLabels, kLabelBytes));
static_assert(detail::distinct_when_padded(kDomains, kDomainBytes));
static_assert(kLabels.size() == static_cast<std::size_t>(Label::mail) + 1);
static_assert(kDomains.size() == static_cast<std::size_t>(Domain::request) + 1);

/// The text zero-padded to its width.
[[nodiscard]] constexpr std::array<std::uint8_t, kLabelBytes> padded(Label label) {
  std::array<std::uint8_t, kLabelBytes> out{};
  const std::string_view text = kLabels[static_cast<std::size_t>(label)];
  for (std::size_t i = 0; i < text.size(); ++i) out[i] = static_cast<std::uint8_t>(text[i]);
  return out;
}
[[nodiscard]] constexpr std::array<std::uint8_t, kDomainBytes> padded(Domain domain) {
  std::array<std::uint8_t, kDomainBytes> out{};
  const std::string_view text = kDomains[static_cast<std::size_t>(domain)];
  for (std::size_t i = 0; i < text.size(); ++i) out[i] = static_cast<std::uint8_t>(text[i]);
  return out;
}

}  // namespace noroshi::keys
