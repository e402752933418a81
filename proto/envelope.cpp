#include "proto/envelope.hpp"

#include <array>

#include "proto/result.hpp"

namespace noroshi::proto {
namespace {

constexpr std::array<Seconds, kTtlCodes> kLives = {hours(1), hours(3), hours(6), hours(12), days(1), days(2),
                                                   days(3),  days(7),  days(14), days(30),  days(60)};

constexpr std::array<std::string_view, kLevels> kLevelNames = {"bulk", "routine", "urgent", "flash"};

constexpr std::uint8_t kFlagOldRoster = 0x20, kFlagExercise = 0x10, kFlagClockDoubt = 0x08,
                       kFlagReserved = 0x07;

/// Content types that travel sealed, those that travel clear, and nothing else.
bool ctype_fits(std::uint8_t ctype, bool sealed) {
  const bool low = ctype >= 1 && ctype <= 15;
  const bool high = ctype >= 32 && ctype <= 63;
  const bool is_receipt = ctype == static_cast<std::uint8_t>(Ctype::receipt);
  return sealed ? low && !is_receipt : high || is_receipt;
}

/// Sealed content is for people or keys to wait for; it may not evaporate within a week.
bool ttl_fits(std::uint8_t code, bool sealed) {
  const auto life = ttl_of(code);
  return life && (!sealed || *life >= kSealedTtlMin);
}

bool source_fits(const KeyId& source) {
  const OrgId org = source.device.org;
  return kind_of(to_org(org)) == RecipientKind::organisation && source.device.dev >= 1 &&
         source.device.dev <= 0x7FFE && source.gen >= 1;
}

Header decode_header(Reader& in) {
  Header h;
  const std::uint8_t flags = in.u8();
  h.level = static_cast<Level>(flags >> 6);
  h.old_roster = flags & kFlagOldRoster;
  h.exercise = flags & kFlagExercise;
  h.clock_doubt = flags & kFlagClockDoubt;
  h.ctype = in.u8();
  h.wraps = in.u8();
  h.source.device.org.value = in.u16();
  h.source.device.dev = in.u16();
  h.source.gen = in.u8();
  h.ttl = in.u8();
  h.roster_lo = in.u16();
  h.created = {in.u32()};
  h.seq = in.u32();
  return h;
}

ParsedEnvelope refuse(Malformed why) {
  return {std::nullopt, why};
}

}  // namespace

std::string_view name_of(Level level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

std::optional<Level> level_of(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i)
    if (kLevelNames[i] == name) return static_cast<Level>(i);
  return std::nullopt;
}

std::optional<Seconds> ttl_of(std::uint8_t code) {
  if (code >= kLives.size()) return std::nullopt;
  return kLives[code];
}

std::uint8_t ttl_code(Seconds life) {
  std::uint8_t code = 0;
  while (code + 1 < kTtlCodes && kLives[code] < life) ++code;
  return code;
}

std::optional<std::size_t> bucket_for(std::size_t total) {
  static constexpr std::array<std::size_t, 15> kSmall = {192, 224, 248, 270, 304, 340, 384, 432,
                                                         488, 552, 624, 704, 792, 896, 1024};
  for (const std::size_t bucket : kSmall)
    if (total <= bucket) return bucket;
  std::size_t bucket = kSmall.back();
  while (bucket < total && bucket < kEnvelopeBytesMax)
    bucket = std::min(bucket + (bucket >> 3), kEnvelopeBytesMax);
  return total <= bucket ? std::optional(bucket) : std::nullopt;
}

RecipientKind kind_of(RecipientId id) {
  const std::uint16_t v = id.value;
  if (v >= 0x0001 && v <= 0x07FF) return RecipientKind::organisation;
  if (v >= 0x0800 && v <= 0x0FFF) return RecipientKind::group;
  if (v >= 0x1001 && v <= 0x17FF) return RecipientKind::transport;
  if (v >= 0x8001 && v <= 0xFFFE) return RecipientKind::own_device;
  if (v == kEveryone.value) return RecipientKind::everyone;
  return RecipientKind::invalid;
}

std::optional<OrgId> org_of(RecipientId id, OrgId sender) {
  switch (kind_of(id)) {
    case RecipientKind::organisation: return OrgId{id.value};
    case RecipientKind::transport: return OrgId{static_cast<std::uint16_t>(id.value & 0x07FF)};
    case RecipientKind::own_device: return sender;
    case RecipientKind::group:
    case RecipientKind::everyone:
    case RecipientKind::invalid: break;
  }
  return std::nullopt;
}

std::string_view name_of(Malformed why) {
  switch (why) {
    case Malformed::short_bytes: return "short";
    case Malformed::suite: return "suite";
    case Malformed::flags: return "flags";
    case Malformed::order: return "order";
  }
  return "short";
}

RecipientId Envelope::dst() const {
  NOROSHI_ASSERT(!sealed());
  Reader in(body);
  return {in.u16()};
}

BytesView Envelope::clear_content() const {
  NOROSHI_ASSERT(!sealed());
  return body.subspan(2);
}

namespace {

/// `body_min`: bytes between head and signature, which are all of the body or what a cover has of it.
ParsedEnvelope parse_parts(BytesView bytes, std::size_t body_min) {
  if (bytes.size() < kHeaderBytes + kSignatureBytes + body_min) return refuse(Malformed::short_bytes);
  Reader in(bytes);
  if (in.u8() != kSuite1) return refuse(Malformed::suite);
  if (bytes[1] & kFlagReserved || bytes[3] > kWrapsMax) return refuse(Malformed::flags);
  Envelope e;
  e.bytes = bytes;
  e.header = decode_header(in);
  const bool sealed = e.header.wraps > 0;
  if (!ctype_fits(e.header.ctype, sealed) || !ttl_fits(e.header.ttl, sealed) ||
      !source_fits(e.header.source) || e.header.seq == 0)
    return refuse(Malformed::flags);
  if (bytes.size() < head_bytes(e.header.wraps) + kSignatureBytes + body_min)
    return refuse(Malformed::short_bytes);

  if (sealed) {
    e.ephemeral = in.array<kEphemeralBytes>();
    e.wraps.reserve(e.header.wraps);
    for (std::size_t i = 0; i < e.header.wraps; ++i) {
      const RecipientId recipient{in.u16()};
      const std::uint8_t epoch = in.u8();
      const std::uint8_t prev = in.u8();
      const RecipientKind kind = kind_of(recipient);
      if (kind == RecipientKind::invalid || kind == RecipientKind::everyone) return refuse(Malformed::order);
      if (!e.wraps.empty() && recipient <= e.wraps.back().recipient) return refuse(Malformed::order);
      if (prev != 255 && prev >= e.header.seq)
        return refuse(Malformed::order);  // a link before the first envelope
      e.wraps.push_back({recipient, epoch, prev, in.array<16>()});
    }
  }
  e.body = in.bytes(in.rest().size() - kSignatureBytes);
  e.signature = in.bytes(kSignatureBytes);
  if (!sealed && kind_of(e.dst()) == RecipientKind::invalid) return refuse(Malformed::order);
  return {std::move(e), {}};
}

bool may_be_sealed(BytesView bytes) {
  return bytes.size() > 3 && bytes[3] > 0;
}
constexpr std::size_t kDstBytes = 2;

}  // namespace

ParsedEnvelope parse_envelope(BytesView bytes) {
  if (bytes.size() < kEnvelopeBytesMin || bytes.size() > kEnvelopeBytesMax)
    return refuse(Malformed::short_bytes);
  return parse_parts(bytes, may_be_sealed(bytes) ? kTagBytes + 1 : kDstBytes);
}

std::optional<Cover> parse_cover(BytesView bytes, const ByteArray<32>& body_hash, std::uint32_t size) {
  const std::size_t dst = may_be_sealed(bytes) ? 0 : kDstBytes;
  auto parsed = parse_parts(bytes, dst);
  if (!parsed.envelope || parsed.envelope->body.size() != dst) return std::nullopt;
  const std::size_t least = head_bytes(parsed.envelope->header.wraps) + kSignatureBytes +
                            (parsed.envelope->sealed() ? kTagBytes + 1 : kDstBytes);
  if (size < least || size > kEnvelopeBytesMax) return std::nullopt;
  return Cover{*std::move(parsed.envelope), body_hash, size};
}

Bytes cover_of(const Envelope& envelope) {
  const BytesView dst = envelope.sealed() ? BytesView{} : envelope.body.first(kDstBytes);
  return Writer().bytes(envelope.head()).bytes(dst).bytes(envelope.signature).take();
}

Bytes assemble(const Cover& cover, BytesView body) {
  return Writer().bytes(cover.outside.head()).bytes(body).bytes(cover.outside.signature).take();
}

ByteArray<kHeaderBytes> encode_header(const Header& h) {
  NOROSHI_ASSERT(h.wraps <= kWrapsMax && h.ttl < kTtlCodes && h.created.s >= 0 && h.created.s <= 0xFFFF'FFFF);
  const unsigned flags = static_cast<unsigned>(h.level) << 6 | (h.old_roster ? kFlagOldRoster : 0u) |
                         (h.exercise ? kFlagExercise : 0u) | (h.clock_doubt ? kFlagClockDoubt : 0u);
  Writer out;
  out.u8(kSuite1).u8(static_cast<std::uint8_t>(flags)).u8(h.ctype).u8(h.wraps);
  out.u16(h.source.device.org.value).u16(h.source.device.dev).u8(h.source.gen).u8(h.ttl).u16(h.roster_lo);
  out.u32(static_cast<std::uint32_t>(h.created.s)).u32(h.seq);
  return array_of<kHeaderBytes>(out.data());
}

Bytes encode_wraps(const std::vector<Wrap>& wraps) {
  Writer out;
  for (const Wrap& w : wraps) out.u16(w.recipient.value).u8(w.epoch).u8(w.prev).bytes(w.x);
  return out.take();
}

}  // namespace noroshi::proto
