#include "relay/store/layout.hpp"

namespace noroshi::store {
namespace {

using core::Duty;
using core::PeerId;
using core::Record;

constexpr std::uint8_t kRecordLayout = 1;
constexpr std::size_t kSumBytes = 4;

enum : std::uint8_t { kOrigin = 1, kBodyHeld = 2, kStayed = 4 };
enum : std::uint8_t { kExpired = 4, kDoubtful = 8, kStale = 16, kDead = 32, kQuarantine = 64 };
enum : std::uint8_t { kStateMask = 3, kHasNumber = 4, kHasAgain = 8, kHasReceipt = 16, kHasAvoid = 32 };

constexpr auto kLastState = static_cast<std::uint8_t>(core::DutyState::settled);
constexpr auto kLastEnd = static_cast<std::uint8_t>(core::End::unreadable);
constexpr auto kLastReached = static_cast<std::uint8_t>(proto::ReceiptKind::expired);
constexpr auto kLastLevel = static_cast<std::uint8_t>(proto::Level::flash);
constexpr auto kLastRosterState = static_cast<std::uint8_t>(keys::RosterState::d_lapsed);
static_assert(kLastState <= kStateMask && kLastRosterState <= kStateMask);

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4), reflected.
constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F6'3B78u : 0u);
    table[i] = crc;
  }
  return table;
}();

std::uint32_t crc_over(std::uint32_t crc, BytesView bytes) {
  for (const std::uint8_t byte : bytes) crc = kCrcTable[(crc ^ byte) & 0xFF] ^ crc >> 8;
  return crc;
}
std::uint32_t sum_of(BytesView key, BytesView value) {
  return ~crc_over(crc_over(~0u, key), value);
}

void put_i64(Writer& out, std::int64_t value) {
  out.u64(static_cast<std::uint64_t>(value));
}
std::int64_t get_i64(Reader& in) {
  return static_cast<std::int64_t>(in.u64());
}

void put_device(Writer& out, DeviceId device) {
  out.u16(device.org.value).u16(device.dev);
}
DeviceId get_device(Reader& in) {
  const OrgId org{in.u16()};
  return {org, in.u16()};
}
MsgId get_id(Reader& in) {
  return {in.array<16>()};
}

/// A count that has to fit its byte: our own lists are bounded far below.
template <typename List>
void put_count(Writer& out, const List& list) {
  NOROSHI_ASSERT(list.size() <= 255);
  out.u8(static_cast<std::uint8_t>(list.size()));
}

std::uint8_t mark_bits(const keys::Marks& marks) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(marks.roster) |
                                   (marks.certificate_expired ? kExpired : 0) |
                                   (marks.time_doubtful ? kDoubtful : 0) | (marks.stale ? kStale : 0) |
                                   (marks.dead ? kDead : 0) | (marks.quarantine ? kQuarantine : 0));
}
keys::Marks marks_of(std::uint8_t bits) {
  return {.roster = static_cast<keys::RosterState>(bits & kStateMask),
          .certificate_expired = (bits & kExpired) != 0,
          .time_doubtful = (bits & kDoubtful) != 0,
          .stale = (bits & kStale) != 0,
          .dead = (bits & kDead) != 0,
          .quarantine = (bits & kQuarantine) != 0};
}

bool has_receipt(const Duty& duty) {
  return duty.reached != proto::ReceiptKind{} || duty.proof != MsgId{} || duty.at != WallTime{} ||
         duty.by != DeviceId{};
}

void put_duty(Writer& out, const Duty& duty) {
  const bool receipt = has_receipt(duty);
  out.u8(duty.wrap);
  out.u8(static_cast<std::uint8_t>(static_cast<std::uint8_t>(duty.state) |
                                   (duty.number != 0 ? kHasNumber : 0) | (duty.again.s != 0 ? kHasAgain : 0) |
                                   (receipt ? kHasReceipt : 0) | (duty.avoid.empty() ? 0 : kHasAvoid)));
  out.u8(static_cast<std::uint8_t>(duty.end));
  put_device(out, duty.via);
  if (duty.number != 0) out.u32(duty.number);
  if (duty.again.s != 0) put_i64(out, duty.again.s);
  if (receipt) {
    out.u8(static_cast<std::uint8_t>(duty.reached)).bytes(duty.proof.value);
    put_i64(out, duty.at.s);
    put_device(out, duty.by);
  }
  if (!duty.avoid.empty()) {
    put_count(out, duty.avoid);
    for (const PeerId& peer : duty.avoid) put_device(out, peer);
  }
}

/// False if the bytes are not what put_duty writes.
bool get_duty(Reader& in, Duty& duty) {
  duty.wrap = in.u8();
  const std::uint8_t bits = in.u8();
  const std::uint8_t end = in.u8();
  if (bits >= 64 || end > kLastEnd) return false;
  duty.state = static_cast<core::DutyState>(bits & kStateMask);
  duty.end = static_cast<core::End>(end);
  duty.via = get_device(in);
  if ((bits & kHasNumber) != 0) {
    duty.number = in.u32();
    if (duty.number == 0) return false;
  }
  if ((bits & kHasAgain) != 0) {
    duty.again.s = get_i64(in);
    if (duty.again.s == 0) return false;
  }
  if ((bits & kHasReceipt) != 0) {
    const std::uint8_t reached = in.u8();
    if (reached > kLastReached) return false;
    duty.reached = static_cast<proto::ReceiptKind>(reached);
    duty.proof = get_id(in);
    duty.at.s = get_i64(in);
    duty.by = get_device(in);
    if (!has_receipt(duty)) return false;
  }
  if ((bits & kHasAvoid) != 0) {
    const std::uint8_t count = in.u8();
    if (count == 0) return false;
    for (int i = 0; i < count && in.ok(); ++i) duty.avoid.push_back(get_device(in));
  }
  return in.ok();
}

}  // namespace

Bytes with_sum(BytesView key, BytesView value) {
  return Writer().bytes(value).u32(sum_of(key, value)).take();
}

std::optional<BytesView> checked(BytesView key, BytesView value_and_sum) {
  if (value_and_sum.size() < kSumBytes) return std::nullopt;
  const BytesView value = value_and_sum.first(value_and_sum.size() - kSumBytes);
  if (Reader(value_and_sum.last(kSumBytes)).u32() != sum_of(key, value)) return std::nullopt;
  return value;
}

Bytes encode_record(const Record& record) {
  Writer out;
  out.u8(kRecordLayout).bytes(record.id.value);
  put_device(out, record.key.device);
  out.u8(record.key.gen).u32(record.seq).u8(record.ctype).u8(static_cast<std::uint8_t>(record.level));
  out.u64(record.arrival).u32(record.size);
  out.u8(static_cast<std::uint8_t>((record.origin ? kOrigin : 0) | (record.body_held ? kBodyHeld : 0) |
                                   (record.left ? 0 : kStayed)));
  put_device(out, record.from);
  put_i64(out, record.created.s);
  put_i64(out, record.first_seen.s);
  put_i64(out, record.dead_at.s);
  out.u8(mark_bits(record.marks));
  put_count(out, record.targets);
  for (const RecipientId& target : record.targets) out.u16(target.value);
  put_count(out, record.prevs);
  out.bytes(record.prevs);
  put_count(out, record.duties);
  for (const Duty& duty : record.duties) put_duty(out, duty);
  return out.take();
}

std::optional<Record> decode_record(BytesView bytes) {
  Reader in(bytes);
  if (in.u8() != kRecordLayout) return std::nullopt;
  Record record;
  record.id = get_id(in);
  record.key.device = get_device(in);
  record.key.gen = in.u8();
  record.seq = in.u32();
  record.ctype = in.u8();
  const std::uint8_t level = in.u8();
  record.arrival = in.u64();
  record.size = in.u32();
  const std::uint8_t flags = in.u8();
  record.from = get_device(in);
  record.created.s = get_i64(in);
  record.first_seen.s = get_i64(in);
  record.dead_at.s = get_i64(in);
  const std::uint8_t marks = in.u8();
  if (!in.ok() || level > kLastLevel || flags > (kOrigin | kBodyHeld | kStayed) || marks >= 128)
    return std::nullopt;
  record.level = static_cast<proto::Level>(level);
  record.origin = (flags & kOrigin) != 0;
  record.body_held = (flags & kBodyHeld) != 0;
  record.left = (flags & kStayed) == 0;
  record.marks = marks_of(marks);
  const std::uint8_t targets = in.u8();
  for (int i = 0; i < targets && in.ok(); ++i) record.targets.push_back({in.u16()});
  record.prevs = bytes_of(in.bytes(in.u8()));
  const std::uint8_t duties = in.u8();
  for (int i = 0; i < duties; ++i)
    if (!get_duty(in, record.duties.emplace_back())) return std::nullopt;
  if (!in.done()) return std::nullopt;
  return record;
}

Bytes encode_peer(const core::PeerRow& row) {
  Writer out;
  out.u64(row.store.value).u16(row.session).u32(row.sent).u32(row.acked);
  put_i64(out, row.last_contact.s);
  out.u32(row.accepted.contiguous).u64(row.accepted.map);
  put_count(out, row.accepted.outcomes);
  for (const auto& outcome : row.accepted.outcomes)
    out.u32(outcome.number).u16(outcome.parked).u16(outcome.settled);
  return out.take();
}

std::optional<core::PeerRow> decode_peer(BytesView bytes) {
  Reader in(bytes);
  core::PeerRow row;
  row.store.value = in.u64();
  row.session = in.u16();
  row.sent = in.u32();
  row.acked = in.u32();
  row.last_contact.s = get_i64(in);
  row.accepted.contiguous = in.u32();
  row.accepted.map = in.u64();
  const std::uint8_t outcomes = in.u8();
  for (int i = 0; i < outcomes && in.ok(); ++i) {
    proto::AckOutcome outcome;
    outcome.number = in.u32();
    outcome.parked = in.u16();
    outcome.settled = in.u16();
    row.accepted.outcomes.push_back(outcome);
  }
  if (!in.done()) return std::nullopt;
  return row;
}

Bytes encode_quota(const core::QuotaRow& row) {
  Writer out;
  for (const std::int64_t value : {row.envelopes, row.bytes, row.flash, row.doubted, row.filled.s})
    put_i64(out, value);
  return out.take();
}

Bytes encode_mail_sum(const proto::MailSum& sum) {
  return Writer().u64(sum.count).u64(sum.high).u64(sum.low).take();
}

std::optional<proto::MailSum> decode_mail_sum(BytesView bytes) {
  Reader in(bytes);
  proto::MailSum sum;
  for (std::uint64_t* value : {&sum.count, &sum.high, &sum.low}) *value = in.u64();
  if (!in.done()) return std::nullopt;
  return sum;
}

Bytes encode_on_time(const core::OnTime& counts) {
  Writer out;
  for (std::size_t level = 0; level < proto::kLevels; ++level)
    out.u32(counts.met[level]).u32(counts.missed[level]);
  return out.take();
}

std::optional<core::OnTime> decode_on_time(BytesView bytes) {
  Reader in(bytes);
  core::OnTime counts;
  for (std::size_t level = 0; level < proto::kLevels; ++level)
    counts.met[level] = in.u32(), counts.missed[level] = in.u32();
  if (!in.done()) return std::nullopt;
  return counts;
}

std::optional<core::QuotaRow> decode_quota(BytesView bytes) {
  Reader in(bytes);
  core::QuotaRow row;
  for (std::int64_t* value : {&row.envelopes, &row.bytes, &row.flash, &row.doubted, &row.filled.s})
    *value = get_i64(in);
  if (!in.done()) return std::nullopt;
  return row;
}

Bytes encode_ledger(const LedgerRow& row) {
  Writer out;
  out.u32(row.last_seq);
  put_i64(out, row.last_created.s);
  return out.take();
}

std::optional<LedgerRow> decode_ledger(BytesView bytes) {
  Reader in(bytes);
  LedgerRow row;
  row.last_seq = in.u32();
  row.last_created.s = get_i64(in);
  if (!in.done()) return std::nullopt;
  return row;
}

Bytes encode_name(const NameRow& row) {
  return Writer().u64(row.row).u64(row.inbox).take();
}

std::optional<NameRow> decode_name(BytesView bytes) {
  Reader in(bytes);
  NameRow row;
  row.row = in.u64();
  row.inbox = in.u64();
  if (!in.done() || row.row == 0) return std::nullopt;
  return row;
}

Bytes encode_partial(const core::Partial& row) {
  Writer out;
  out.bytes(row.body_hash).u32(row.size);
  put_i64(out, row.offered.s);
  return out.u8(row.mixed ? 0 : 1).bytes(row.cover).take();
}
std::optional<core::Partial> decode_partial(BytesView bytes) {
  Reader in(bytes);
  core::Partial row;
  row.body_hash = in.array<32>();
  row.size = in.u32();
  row.offered.s = get_i64(in);
  const std::uint8_t flags = in.u8();
  if (!in.ok() || flags > 1) return std::nullopt;
  row.mixed = flags == 0;
  row.cover = bytes_of(in.rest());
  return row;
}

Bytes encode_queued(const core::Store::Queued& row) {
  return Writer().u64(row.records).u64(row.bytes).take();
}

std::optional<core::Store::Queued> decode_queued(BytesView bytes) {
  Reader in(bytes);
  core::Store::Queued row;
  row.records = in.u64();
  row.bytes = in.u64();
  if (!in.done()) return std::nullopt;
  return row;
}

std::optional<MsgId> decode_id(BytesView bytes) {
  if (bytes.size() != 16) return std::nullopt;
  return MsgId{array_of<16>(bytes)};
}

Bytes encode_number(std::uint64_t value) {
  return Writer().u64(value).take();
}

std::optional<std::uint64_t> decode_number(BytesView bytes) {
  Reader in(bytes);
  const std::uint64_t value = in.u64();
  if (!in.done()) return std::nullopt;
  return value;
}

}  // namespace noroshi::store
