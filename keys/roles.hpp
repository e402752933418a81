// May this device say this to these recipients? One matrix, asked at sealing and at every relay.
//
//   every device            32 incident notice, 34 erasure certificate, 35 device head
//   field                   1 report, 2 receipt, 5 attachment, 7 desk event
//   desk                    as field; 3 directive inside may_direct; 6 forwarded
//   relay, gateway          2 receipt
//   admin                   4 epoch secrets, 33 erase order
//   auditor, reviewer       nothing more
//   unknown 1–15, 32–63     whoever's send mask allows them
//
// The certificate's send mask and highest level bound all of it.
#pragma once

#include <span>
#include <string_view>

#include "keys/trust.hpp"
#include "proto/envelope.hpp"

namespace noroshi::keys {

/// What is about to be said; for a clear envelope `recipients` is its dst.
struct Utterance {
  std::uint8_t ctype = 0;
  proto::Level level{};
  std::span<const RecipientId> recipients;
};

/// Why not, for people; empty if it may.
struct Reason {
  std::string_view ja, en;
  [[nodiscard]] bool empty() const { return en.empty(); }
};
[[nodiscard]] Reason why_not(const Certificate& sender, const Trust& trust, const Utterance& what);

/// Directives and erase orders: refused when the roster has expired (state C or D) or the sender's
/// certificate has.
[[nodiscard]] bool needs_authority(std::uint8_t ctype);

}  // namespace noroshi::keys
