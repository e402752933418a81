// The envelope: the one message format of every bearer (PROTOCOL.md, "Envelope"). This file knows its bytes
// and nothing of cryptography: keys/ seals, verifies and opens.
//
//   off  len   field
//    0    1    suite      0x11: format 1, suite 1
//    1    1    flags      b7..b6 level 0..3, b5 sender held an expired roster, b4 exercise, b3 sender doubts
//    its clock 2    1    ctype 3    1    n          number of wraps 0..15; 0 = signed, not encrypted 4    2
//    src_org      6  2  src_dev      8  1  src_gen 9    1    ttl        code 0..10
//   10    2    roster_lo  low 16 bits of the sender's roster version
//   12    4    created    seconds since 2024-01-01T00:00:00Z
//   16    4    seq
//   20   32    E          X25519 ephemeral public key                         (absent if n = 0)
//   52  20·n   wraps      recipient u16 | epoch u8 | prev u8 | x 16 bytes     (absent if n = 0)
//    .    L    ct         body ciphertext; n = 0: the clear body, beginning with dst u16
//    .   16    tag        Poly1305                                            (absent if n = 0)
//    .   64    sig        Ed25519
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/limits.hpp"
#include "proto/time.hpp"

namespace noroshi::proto {

/// Precedence; the number on the wire, and its order.
enum class Level : std::uint8_t { bulk = 0, routine = 1, urgent = 2, flash = 3 };
inline constexpr int kLevels = 4;
/// "flash", "urgent", "routine", "bulk".
[[nodiscard]] std::string_view name_of(Level level);
[[nodiscard]] std::optional<Level> level_of(std::string_view name);

/// Content types. Relays carry unknown 1–15 and 32–63 too.
enum class Ctype : std::uint8_t {
  report = 1,
  receipt = 2,
  directive = 3,
  epoch_secret = 4,
  attachment = 5,
  forwarded = 6,
  desk_event = 7,
  incident_notice = 32,
  erase_order = 33,
  erase_certificate = 34,
  device_head = 35,
};

inline constexpr std::uint8_t kSuite1 = 0x11;
inline constexpr std::size_t kHeaderBytes = 20;
inline constexpr std::size_t kEphemeralBytes = 32;
inline constexpr std::size_t kWrapBytes = 20;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kSignatureBytes = 64;
inline constexpr std::uint8_t kTtlCodes = 11;

/// Life of a ttl code, 0..10; nothing for another.
[[nodiscard]] std::optional<Seconds> ttl_of(std::uint8_t code);
/// The smallest code that lives at least `life`, the longest otherwise.
[[nodiscard]] std::uint8_t ttl_code(Seconds life);

/// H ‖ E ‖ W.
[[nodiscard]] constexpr std::size_t head_bytes(std::size_t wraps) {
  return wraps == 0 ? kHeaderBytes : kHeaderBytes + kEphemeralBytes + kWrapBytes * wraps;
}
/// Bytes an envelope has besides its padded body: 132 + 20·n, or 84 for a clear one (dst counts as body).
[[nodiscard]] constexpr std::size_t overhead_bytes(std::size_t wraps) {
  return wraps == 0 ? kHeaderBytes + kSignatureBytes
                    : kHeaderBytes + kEphemeralBytes + kWrapBytes * wraps + kTagBytes + kSignatureBytes;
}
/// The smallest bucket (sealed total) that holds `total` bytes; nothing above kEnvelopeBytesMax. Buckets
/// {192, 224, 248, 270, 304, 340, 384, 432, 488, 552, 624, 704, 792, 896, 1024, then b += b >> 3, last
/// 65,535}: 340 and 270 are the MO and MT sizes of an Iridium 9602 short-burst modem.
[[nodiscard]] std::optional<std::size_t> bucket_for(std::size_t total);

// ---- Recipients
// -------------------------------------------------------------------------------------------------
/// What a recipient id names.
enum class RecipientKind : std::uint8_t { organisation, group, transport, own_device, everyone, invalid };
/// 0x0001–0x07FF organisation; 0x0800–0x0FFF group; 0x1000|org transport key; 0x8000|dev a device of the
/// sender's own organisation; 0xFFFF everyone (clear envelopes only).
[[nodiscard]] RecipientKind kind_of(RecipientId id);
[[nodiscard]] constexpr RecipientId to_org(OrgId org) {
  return {org.value};
}
[[nodiscard]] constexpr RecipientId to_transport(OrgId org) {
  return {static_cast<std::uint16_t>(0x1000 | org.value)};
}
[[nodiscard]] constexpr RecipientId to_own_device(std::uint16_t dev) {
  return {static_cast<std::uint16_t>(0x8000 | dev)};
}
inline constexpr RecipientId kEveryone{0xFFFF};
/// The organisation whose home relay takes `id`: the organisation itself, the owner of a transport key, the
/// sender's own for a device; nothing for groups and everyone.
[[nodiscard]] std::optional<OrgId> org_of(RecipientId id, OrgId sender);

// ---- Parts
// ------------------------------------------------------------------------------------------------------
/// Bytes 0..19.
struct Header {
  Level level = Level::routine;
  bool old_roster = false;   ///< b5: the sender held an expired roster (display only)
  bool exercise = false;     ///< b4 訓練
  bool clock_doubt = false;  ///< b3: the sender does not trust its clock
  std::uint8_t ctype = 0;
  std::uint8_t wraps = 0;  ///< n
  KeyId source;
  std::uint8_t ttl = 0;  ///< code
  std::uint16_t roster_lo = 0;
  WallTime created;
  Seq seq = 0;
  bool operator==(const Header&) const = default;

  [[nodiscard]] Seconds life() const { return *ttl_of(ttl); }
  [[nodiscard]] WallTime stale_at() const { return created + life(); }
  [[nodiscard]] WallTime dead_at() const { return stale_at() + kDeadAfterStale; }
};

/// One recipient's share of the seed.
/// Wrap::prev where the previous envelope lies too far back: the exact distance is in the sealed part.
inline constexpr std::uint8_t kNoVisibleLink = 255;

struct Wrap {
  RecipientId recipient;
  std::uint8_t epoch = 0;  ///< low byte of the epoch number
  /// seq − seq of this key's previous envelope to this recipient; 0 first.
  std::uint8_t prev = 0;
  ByteArray<16> x{};
  bool operator==(const Wrap&) const = default;
};

/// Why bytes are no envelope. The relay check adds its own outcomes (keys/verify.hpp).
enum class Malformed : std::uint8_t { short_bytes, suite, flags, order };
[[nodiscard]] std::string_view name_of(Malformed why);

/// A parsed envelope. Views point into the bytes it was parsed from, which must outlive it.
struct Envelope {
  Header header;
  ByteArray<32> ephemeral{};  ///< zeros if n = 0
  std::vector<Wrap> wraps;    ///< empty if n = 0
  BytesView body;             ///< ct ‖ tag, or the clear body with its dst
  BytesView signature;        ///< 64 bytes
  BytesView bytes;            ///< all of it
  /// H ‖ E ‖ W: what the signature and the message id cover beside the body hash.
  [[nodiscard]] BytesView head() const { return bytes.first(bytes.size() - body.size() - signature.size()); }
  [[nodiscard]] BytesView header_bytes() const { return bytes.first(kHeaderBytes); }
  [[nodiscard]] bool sealed() const { return header.wraps > 0; }
  /// Clear envelopes: the destination. Sealed ones: kEveryone never; ask `wraps`.
  [[nodiscard]] RecipientId dst() const;
  /// Clear envelopes: the body after dst.
  [[nodiscard]] BytesView clear_content() const;
};

/// Strict parse: every reserved bit, id, order and length rule of PROTOCOL.md. O(n), no allocation but the
/// wraps.
struct ParsedEnvelope {
  std::optional<Envelope> envelope;
  Malformed why = Malformed::short_bytes;  ///< meaningful without envelope
};
[[nodiscard]] ParsedEnvelope parse_envelope(BytesView bytes);

/// The outside of an envelope, which its signature proves before a byte of its body has come:
/// H ‖ E ‖ W ‖ (dst of a clear one) ‖ signature, with the body's hash and the total length beside it.
struct Cover {
  Envelope outside;  ///< `body` is empty, or the dst; everything else as in the whole envelope
  ByteArray<32> body_hash{};
  std::uint32_t size = 0;  ///< of the whole envelope
  [[nodiscard]] std::size_t body_size() const { return size - outside.head().size() - kSignatureBytes; }
};
/// The same rules as for a whole envelope. Views point into `bytes`.
[[nodiscard]] std::optional<Cover> parse_cover(BytesView bytes, const ByteArray<32>& body_hash,
                                               std::uint32_t size);
/// The bytes that parse_cover reads.
[[nodiscard]] Bytes cover_of(const Envelope& envelope);
/// The whole envelope, of a cover and its body; nothing is checked.
[[nodiscard]] Bytes assemble(const Cover& cover, BytesView body);

/// H as bytes. The caller keeps the fields within their ranges (a bug otherwise).
[[nodiscard]] ByteArray<kHeaderBytes> encode_header(const Header& header);
/// W_1 ‖ … ‖ W_n.
[[nodiscard]] Bytes encode_wraps(const std::vector<Wrap>& wraps);

}  // namespace noroshi::proto
