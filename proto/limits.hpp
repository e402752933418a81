// Every bound in one place, each with its reason. A bound of a protocol is part of PROTOCOL.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "proto/time.hpp"

namespace noroshi {

// ---- Envelope
// -------------------------------------------------------------------------------------------------
/// The carrier gives the total length in at most 16 bits (design: envelope).
inline constexpr std::size_t kEnvelopeBytesMax = 65'535;
/// n = 0: header 20, dst 2, signature 64, empty content.
inline constexpr std::size_t kEnvelopeBytesMin = 86;
/// The low nibble of `n`.
inline constexpr std::size_t kWrapsMax = 15;
/// Sealed bodies are for people to wait for: ttl 7 days at least.
inline constexpr Seconds kSealedTtlMin = days(7);
/// An envelope is dead this long after it went stale: relays then drop the body.
inline constexpr Seconds kDeadAfterStale = days(7);
/// `created` may run ahead of our clock by this much before the sender's clock is doubted.
inline constexpr Seconds kCreatedAheadMax = minutes(15);
/// Envelopes of a doubted clock that keep their priority, per device and day; the rest travel as bulk.
inline constexpr std::uint32_t kDoubtedClockPerDay = 20;
/// What a configuration may put a clock off by, either way: one that was never set, a laptop that slept in a
/// cupboard.
inline constexpr Seconds kClockOffsetMax = days(50 * 366);
/// Content of an attachment part (design: envelope): below the largest envelope with room for every wrap.
inline constexpr std::size_t kAttachmentPartMax = 48 * 1024;
/// A whole attached file, and all files of one message together: 1,366 parts. A device's quota may hold less.
inline constexpr std::size_t kAttachmentMax = 64 << 20;
/// Local clock off two peers by more than this: nothing expires.
inline constexpr Seconds kPeerClockApart = hours(1);

// ---- Link
// -----------------------------------------------------------------------------------------------------
/// An envelope, its link header and a trailer fit; ZeroMQ drops a peer that sends more (ZMQ_MAXMSGSIZE).
inline constexpr std::size_t kFrameBytesMax = 70'000;
/// A head with every wrap, the dst of a clear envelope, a signature.
inline constexpr std::size_t kCoverBytesMax = 20 + 32 + 20 * kWrapsMax + 2 + 64;
/// What is here of an offered body, in so many stretches at most: one a path and cut, and more than one
/// session makes.
inline constexpr std::size_t kRangesMax = 32;
/// An envelope that takes the line longer than this is offered, and comes in pieces.
inline constexpr Millis kWholeMax{1500};
/// A piece takes the line about this long, with all that surrounds it, so that a flash report waits no longer
/// behind it.
inline constexpr Millis kPieceTime{1000};
/// CURVE and ZMTP 42, a segment's head 40, its own 9.
inline constexpr std::size_t kPieceSurroundings = 91;
/// … but it is this large at least, more than what surrounds it; and at most.
inline constexpr std::size_t kPieceBytesMin = 128, kPieceBytesMax = 6 * 1024;
/// Pieces kept of one: twice as many as the smallest of the largest envelope.
inline constexpr std::size_t kPiecesMax = 1024;
/// Envelopes of which only a part is here: what one neighbour may have under way, for a dozen of them; and
/// their bytes.
inline constexpr std::size_t kPartialsMax = 768;
inline constexpr std::uint64_t kPartialBytesMax = 32u << 20;
/// One acknowledgement bitmap covers this many numbers past the contiguous one.
inline constexpr std::uint64_t kUnackedMax = 64;
/// Messages of an unknown sender held in memory per peer while its certificate is asked for.
inline constexpr std::size_t kUnknownHeldEnvelopes = 64;
inline constexpr std::size_t kUnknownHeldBytes = 256 * 1024;
/// Messages that a replica names one by one, instead of their sum; and stretches of one comparison.
inline constexpr std::size_t kMailListMax = 16, kCompareStretchesMax = 512;
/// Names of objects in one inventory or question: about 30 bytes each, so that a frame stays below 64 kB.
inline constexpr std::size_t kInventoryMax = 2000;
/// A neighbour's clock says at most this (both ways): the years 1890–2160, so that no sum of two times
/// overflows.
inline constexpr std::int64_t kWallSecondsMax = 0xFFFF'FFFF;
/// Receipts name at most this many messages an entry, so that the proof of one (16 bytes a message) stays
/// about 1 kB.
inline constexpr std::uint16_t kReceiptRangeMax = 64;
/// A device's quota fills for so many days, so that the backlog of a healed partition passes; the last of them
/// is not for the lowest precedence: reports never wait behind the pictures that used a quota up.
inline constexpr std::int64_t kQuotaDays = 7, kQuotaDaysKept = 1;
/// A turn writes at most this much before it commits: one fdatasync is then shared, and none waits long.
inline constexpr std::size_t kTurnBytesMax = 256 * 1024;
/// First retry, then doubling. Above the slowest round trip we mean to wait for: a geostationary hop
/// (4 × 36 000 km at c ≈ 480 ms) plus as much again for queues, so a healthy slow link is not asked twice.
inline constexpr Millis kRetryFirst{1500};
inline constexpr Millis kRetryMax{10 * 60'000};

// ---- Trust
// ----------------------------------------------------------------------------------------------------
/// A roster of 49 organisations is about 5 kB; ten times that is more than any network we know of.
inline constexpr std::size_t kObjectBytesMax = 60'000;

}  // namespace noroshi
