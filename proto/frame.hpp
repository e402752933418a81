// Frames: what crosses one hop. The first byte says what it is, on every bearer (PROTOCOL.md, "Frames"):
//   0x10–0x1F  a bare envelope                (all recipients, no number: short-burst messages, sticks)
//   0x80       control frame, protobuf        (frame.proto)
//   0x81       fragment                       (datagram bearers)
//   0x82       envelope with link header: 0x82 | session u16 | number u32 | for u16 | envelope
//   0x84       piece of the body of an envelope that was offered: 0x83 | session u16 | number u32 | from u16
//   | bytes
// Everything else is dropped and counted.
//
// `number` counts the envelopes of one neighbour direction at first transmission, durably. `for` is a bitmap
// over the wraps (bit i = wrap i; a clear envelope has bit 0): whose duty is handed over.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/mail.hpp"
#include "proto/object.hpp"
#include "proto/time.hpp"

namespace noroshi::proto {

inline constexpr std::uint8_t kFrameControl = 0x80, kFrameFragment = 0x81, kFrameEnvelope = 0x82,
                              kFramePiece = 0x84;
inline constexpr std::size_t kLinkHeaderBytes = 9, kPieceHeaderBytes = 9;
inline constexpr std::uint16_t kProtocolLow = 1, kProtocolHigh = 1;

using LinkNumber = std::uint32_t;

/// Per recipient, what became of a numbered envelope at the receiver, where it is not simply `owed` for all
/// of `for`.
struct AckOutcome {
  LinkNumber number = 0;
  std::uint16_t parked = 0;  ///< wraps it has seen and handed on: the sender keeps or seeks another neighbour
  std::uint16_t settled = 0;  ///< wraps that are done; a proof or receipt follows
  bool operator==(const AckOutcome&) const = default;
};

/// What arrived of the other's numbers: everything ≤ contiguous, and contiguous + 1 + i for every set bit i
/// of map.
struct Accepted {
  LinkNumber contiguous = 0;
  std::uint64_t map = 0;
  std::vector<AckOutcome> outcomes;  ///< of accepted numbers the sender may not know yet; at most kUnackedMax
  bool operator==(const Accepted&) const = default;
  [[nodiscard]] bool has(LinkNumber number) const {
    if (number <= contiguous) return true;
    const std::uint64_t bit = number - contiguous - 1ull;
    return bit < 64 && (map >> bit & 1);
  }
};

/// First frame of a session, in both directions, in the same burst as the most urgent envelope.
struct Hello {
  std::uint16_t low = kProtocolLow, high = kProtocolHigh;
  DeviceId node;
  StoreId store;
  std::uint16_t session = 0;  ///< new for each connection; stands in every numbered frame
  LinkNumber base = 0;        ///< my last number before this session: lower ones not accepted are void
  Accepted accepted;          ///< of your numbers
  LinkNumber you_acked = 0;   ///< highest of mine that I remember you acknowledging (contiguous)
  StoreId your_store;         ///< your store as I remember it; 0 = never met
  ByteArray<8> state_digest{};
  WallTime wall;
  bool wall_suspect = false;
  bool operator==(const Hello&) const = default;
};

/// How far the pieces of an offered envelope have come: this one is durable, and what was sent before it.
struct Progress {
  LinkNumber number = 0;
  std::uint16_t to = 0;  ///< where the newest piece ends
  bool operator==(const Progress&) const = default;
};

struct Ack {
  std::uint16_t session = 0;
  Accepted accepted;
  std::vector<Progress> progress{};  ///< of numbers not accepted yet; at most kUnackedMax
  bool operator==(const Ack&) const = default;
};

/// An envelope that would hold the line for long is offered first, and its body follows in pieces. It has its
/// number from here on.
struct Offer {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  std::uint16_t for_wraps = 0;
  std::uint32_t size = 0;  ///< of the whole envelope
  ByteArray<32> body_hash{};
  Bytes cover;  ///< proto::cover_of
  bool operator==(const Offer&) const = default;
};

/// From `from` up to but without `to`, of the body.
struct ByteRange {
  std::uint16_t from = 0, to = 0;
  bool operator==(const ByteRange&) const = default;
};

/// The offered body is wanted, all but what is here already.
struct Want {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  std::vector<ByteRange> have;  ///< ascending, apart; at most kRangesMax
  bool operator==(const Want&) const = default;
};

/// Nothing comes under this number any more: what was offered has become needless.
struct Withdraw {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  bool operator==(const Withdraw&) const = default;
};

/// No, for one numbered envelope: the sender keeps the duty and may try again after the time.
struct Refuse {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  std::uint8_t code = 0;            ///< keys::Refusal, or 255 = no space
  std::uint32_t retry_after_s = 0;  ///< 0 = never the same bytes again
  bool operator==(const Refuse&) const = default;
};
inline constexpr std::uint8_t kRefuseNoSpace = 255;

struct Inventory {
  std::vector<ObjectRef> objects;
  bool operator==(const Inventory&) const = default;
};
/// Asks for objects; a zero hash and version means "your newest of this type and owner" (certificates).
struct WantObject {
  std::vector<ObjectRef> objects;
  bool operator==(const WantObject&) const = default;
};
struct ObjectFrame {
  Bytes object;
  bool operator==(const ObjectFrame&) const = default;
};

/// The message ids under one receipt entry, so that a relay with part of the chain can check the digest
/// itself.
struct Proof {
  MsgId receipt;
  std::uint8_t entry = 0;
  std::vector<MsgId> messages;  ///< in seq order, at most kReceiptRangeMax
  bool operator==(const Proof&) const = default;
};

struct Bye {
  bool operator==(const Bye&) const = default;
};

/// First eight bytes of an id, or of what a sum is hashed to.
using MailDigest = ByteArray<8>;
/// What one of two replicas says of a stretch of the mail.
struct MailStretch {
  enum class Kind : std::uint8_t {
    sum,    ///< one digest, of all of it
    parts,  ///< a digest for each of its sixteenths that has anything
    here,   ///< the names of all that is here, at most kMailListMax: give me the others
    lack,   ///< of the names that you gave, these are not here: give me those
  };
  Kind kind{};
  MailPrefix prefix;
  std::uint16_t parts = 0;  ///< which sixteenths, one bit each
  std::vector<MailDigest> digests;
  bool operator==(const MailStretch&) const = default;
};
/// How many bytes it has in a frame.
[[nodiscard]] std::size_t encoded_size(const MailStretch& stretch);
/// Of a relay of the same organisation: at most kCompareStretchesMax stretches.
struct Compare {
  std::uint16_t session = 0;
  std::vector<MailStretch> stretches;
  bool operator==(const Compare&) const = default;
};

using ControlFrame = std::variant<Hello, Ack, Refuse, Inventory, WantObject, ObjectFrame, Proof, Bye, Offer,
                                  Want, Withdraw, Compare>;

/// 0x82 without the envelope behind it.
struct LinkHeader {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  std::uint16_t for_wraps = 0;
  bool operator==(const LinkHeader&) const = default;
};

/// 0x84 without the bytes behind it.
struct PieceHeader {
  std::uint16_t session = 0;
  LinkNumber number = 0;
  std::uint16_t from = 0;  ///< of the body
  bool operator==(const PieceHeader&) const = default;
};

[[nodiscard]] Bytes encode_frame(const ControlFrame& frame);
[[nodiscard]] ByteArray<kLinkHeaderBytes> encode_link_header(const LinkHeader& header);

[[nodiscard]] ByteArray<kPieceHeaderBytes> encode_piece_header(const PieceHeader& header);

/// A frame taken apart. Envelope views point into the frame's bytes.
struct NumberedEnvelope {
  LinkHeader link;
  BytesView envelope;
};
struct BareEnvelope {
  BytesView envelope;
};
struct Piece {
  PieceHeader piece;
  BytesView bytes;  ///< at least one; ends within the largest envelope
};
using Frame = std::variant<ControlFrame, NumberedEnvelope, BareEnvelope, Piece>;
/// Strict; nothing for anything that is not exactly a frame. Never throws.
[[nodiscard]] std::optional<Frame> decode_frame(BytesView bytes);

}  // namespace noroshi::proto
