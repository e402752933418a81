#include <bit>
#include <limits>

#include "proto/frame.hpp"
#include "proto/frame.pb.h"
#include "proto/limits.hpp"
#include "proto/result.hpp"

namespace noroshi::proto {
namespace {

// Absent means zero on the wire, so every value has one encoding; a number that does not fit its field is no
// frame.
template <typename T>
bool read(std::uint64_t from, T& to) {
  to = static_cast<T>(from);
  return from <= std::numeric_limits<T>::max();
}
template <std::size_t N>
bool read(const std::string& from, ByteArray<N>& to) {
  to = array_of<N>(view_of(from));
  return from.size() == N;
}
template <std::size_t N>
std::string raw(const ByteArray<N>& value) {
  return std::string(text_of(value));
}

bool is_list(MailStretch::Kind kind) {
  return kind == MailStretch::Kind::here || kind == MailStretch::Kind::lack;
}

// ---- Accepted
void write(const Accepted& from, wire::AcceptedPb& to) {
  to.set_contiguous(from.contiguous);
  to.set_map(from.map);
  for (const AckOutcome& outcome : from.outcomes) {
    wire::AckOutcomePb& pb = *to.add_outcomes();
    pb.set_number(outcome.number);
    pb.set_parked(outcome.parked);
    pb.set_settled(outcome.settled);
  }
}
bool read(const wire::AcceptedPb& from, Accepted& to) {
  to.contiguous = from.contiguous();
  to.map = from.map();
  if (from.outcomes_size() > static_cast<int>(kUnackedMax)) return false;
  for (const wire::AckOutcomePb& pb : from.outcomes()) {
    AckOutcome& outcome = to.outcomes.emplace_back();
    outcome.number = pb.number();
    if (!read(pb.parked(), outcome.parked) || !read(pb.settled(), outcome.settled)) return false;
  }
  return true;
}

// ---- Object references
void write(const std::vector<ObjectRef>& from, wire::ObjectListPb& to) {
  for (const ObjectRef& ref : from) {
    wire::ObjectRefPb& pb = *to.add_objects();
    pb.set_type(static_cast<std::uint32_t>(ref.type));
    pb.set_owner(ref.owner);
    pb.set_version(ref.version);
    pb.set_hash(raw(ref.hash));
  }
}
bool read(const wire::ObjectListPb& from, std::vector<ObjectRef>& to) {
  if (from.objects_size() > static_cast<int>(kInventoryMax)) return false;
  for (const wire::ObjectRefPb& pb : from.objects()) {
    ObjectRef& ref = to.emplace_back();
    ref.type = static_cast<ObjectType>(pb.type());
    ref.owner = pb.owner();
    ref.version = pb.version();
    if (pb.type() == 0 || pb.type() > 255 || !read(pb.hash(), ref.hash)) return false;
  }
  return true;
}

// ---- One kind each
void write(const Hello& hello, wire::ControlFramePb& frame) {
  wire::HelloPb& pb = *frame.mutable_hello();
  pb.set_low(hello.low);
  pb.set_high(hello.high);
  pb.set_org(hello.node.org.value);
  pb.set_dev(hello.node.dev);
  pb.set_store(hello.store.value);
  pb.set_session(hello.session);
  pb.set_base(hello.base);
  write(hello.accepted, *pb.mutable_accepted());
  pb.set_you_acked(hello.you_acked);
  pb.set_your_store(hello.your_store.value);
  pb.set_state_digest(raw(hello.state_digest));
  pb.set_wall(hello.wall.s);
  pb.set_wall_suspect(hello.wall_suspect);
}
bool read(const wire::HelloPb& pb, Hello& hello) {
  hello.store.value = pb.store();
  hello.base = pb.base();
  hello.you_acked = pb.you_acked();
  hello.your_store.value = pb.your_store();
  hello.wall.s = pb.wall();
  hello.wall_suspect = pb.wall_suspect();
  return read(pb.low(), hello.low) && read(pb.high(), hello.high) && read(pb.org(), hello.node.org.value) &&
         read(pb.dev(), hello.node.dev) && read(pb.session(), hello.session) &&
         read(pb.accepted(), hello.accepted) && read(pb.state_digest(), hello.state_digest) &&
         pb.wall() >= -kWallSecondsMax && pb.wall() <= kWallSecondsMax;
}

void write(const Ack& ack, wire::ControlFramePb& frame) {
  frame.mutable_ack()->set_session(ack.session);
  write(ack.accepted, *frame.mutable_ack()->mutable_accepted());
  for (const Progress& progress : ack.progress) {
    wire::ProgressPb& pb = *frame.mutable_ack()->add_progress();
    pb.set_number(progress.number);
    pb.set_to(progress.to);
  }
}
bool read(const wire::AckPb& pb, Ack& ack) {
  if (pb.progress_size() > static_cast<int>(kUnackedMax)) return false;
  for (const wire::ProgressPb& one : pb.progress()) {
    Progress& progress = ack.progress.emplace_back();
    progress.number = one.number();
    if (!read(one.to(), progress.to)) return false;
  }
  return read(pb.session(), ack.session) && read(pb.accepted(), ack.accepted);
}

// ---- What is offered
void write(const Offer& offer, wire::ControlFramePb& frame) {
  wire::OfferPb& pb = *frame.mutable_offer();
  pb.set_session(offer.session);
  pb.set_number(offer.number);
  pb.set_for_wraps(offer.for_wraps);
  pb.set_size(offer.size);
  pb.set_body_hash(raw(offer.body_hash));
  pb.set_cover(std::string(text_of(offer.cover)));
}
bool read(const wire::OfferPb& pb, Offer& offer) {
  offer.number = pb.number();
  offer.size = pb.size();
  offer.cover = bytes_of(view_of(pb.cover()));
  return offer.number != 0 && offer.size <= kEnvelopeBytesMax && offer.cover.size() <= kCoverBytesMax &&
         read(pb.session(), offer.session) && read(pb.for_wraps(), offer.for_wraps) &&
         read(pb.body_hash(), offer.body_hash);
}

void write(const Want& want, wire::ControlFramePb& frame) {
  wire::WantPb& pb = *frame.mutable_want();
  pb.set_session(want.session);
  pb.set_number(want.number);
  for (const ByteRange& range : want.have) {
    pb.add_have(range.from);
    pb.add_have(range.to);
  }
}
bool read(const wire::WantPb& pb, Want& want) {
  if (pb.have_size() % 2 != 0 || pb.have_size() > static_cast<int>(2 * kRangesMax)) return false;
  want.number = pb.number();
  std::uint32_t after = 0;
  for (int i = 0; i < pb.have_size(); i += 2) {
    ByteRange& range = want.have.emplace_back();
    if (!read(pb.have(i), range.from) || !read(pb.have(i + 1), range.to)) return false;
    if (range.from >= range.to || (i > 0 && range.from <= after)) return false;
    after = range.to;
  }
  return want.number != 0 && read(pb.session(), want.session);
}

void write(const Withdraw& withdraw, wire::ControlFramePb& frame) {
  frame.mutable_withdraw()->set_session(withdraw.session);
  frame.mutable_withdraw()->set_number(withdraw.number);
}
bool read(const wire::WithdrawPb& pb, Withdraw& withdraw) {
  withdraw.number = pb.number();
  return withdraw.number != 0 && read(pb.session(), withdraw.session);
}

void write(const Refuse& refuse, wire::ControlFramePb& frame) {
  wire::RefusePb& pb = *frame.mutable_refuse();
  pb.set_session(refuse.session);
  pb.set_number(refuse.number);
  pb.set_code(refuse.code);
  pb.set_retry_after_s(refuse.retry_after_s);
}
bool read(const wire::RefusePb& pb, Refuse& refuse) {
  refuse.number = pb.number();
  refuse.retry_after_s = pb.retry_after_s();
  return read(pb.session(), refuse.session) && read(pb.code(), refuse.code);
}

void write(const Inventory& inventory, wire::ControlFramePb& frame) {
  write(inventory.objects, *frame.mutable_inventory());
}
bool read(const wire::ObjectListPb& pb, Inventory& inventory) {
  return read(pb, inventory.objects);
}
void write(const WantObject& want, wire::ControlFramePb& frame) {
  write(want.objects, *frame.mutable_want_object());
}
bool read(const wire::ObjectListPb& pb, WantObject& want) {
  return read(pb, want.objects);
}
void write(const ObjectFrame& object, wire::ControlFramePb& frame) {
  frame.set_object(std::string(text_of(object.object)));
}
bool read(const std::string& pb, ObjectFrame& object) {
  object.object = bytes_of(view_of(pb));
  return pb.size() <= kObjectBytesMax;
}

void write(const Proof& proof, wire::ControlFramePb& frame) {
  wire::ProofPb& pb = *frame.mutable_proof();
  pb.set_receipt(raw(proof.receipt.value));
  pb.set_entry(proof.entry);
  for (const MsgId& id : proof.messages) pb.mutable_messages()->append(text_of(id.value));
}
bool read(const wire::ProofPb& pb, Proof& proof) {
  const std::string& ids = pb.messages();
  constexpr std::size_t kIdBytes = sizeof(MsgId::value);
  if (ids.empty() || ids.size() % kIdBytes != 0 || ids.size() / kIdBytes > kReceiptRangeMax) return false;
  Reader reader(view_of(ids));
  while (!reader.rest().empty()) proof.messages.push_back({reader.array<kIdBytes>()});
  return read(pb.receipt(), proof.receipt.value) && read(pb.entry(), proof.entry);
}

void write(const Compare& compare, wire::ControlFramePb& frame) {
  wire::ComparePb& pb = *frame.mutable_compare();
  pb.set_session(compare.session);
  Writer out;
  for (const MailStretch& stretch : compare.stretches) {
    const std::uint8_t nibbles = stretch.prefix.nibbles;
    out.u8(static_cast<std::uint8_t>(static_cast<unsigned>(stretch.kind) << 6 | nibbles));
    out.bytes(BytesView(stretch.prefix.key).first((nibbles + 1u) / 2));
    if (stretch.kind == MailStretch::Kind::parts) out.u16(stretch.parts);
    if (is_list(stretch.kind)) out.u8(static_cast<std::uint8_t>(stretch.digests.size()));
    for (const MailDigest& digest : stretch.digests) out.bytes(digest);
  }
  pb.set_stretches(std::string(text_of(out.data())));
}
/// Nothing behind the half-bytes it counts, as many digests as it says: one encoding for each value.
bool read(Reader& in, MailStretch& stretch) {
  const std::uint8_t head = in.u8();
  stretch.kind = static_cast<MailStretch::Kind>(head >> 6);
  MailPrefix& prefix = stretch.prefix;
  prefix.nibbles = head & 0x3F;
  if (prefix.nibbles > MailPrefix::kNibblesMax) return false;
  const BytesView key = in.bytes((prefix.nibbles + 1u) / 2);
  if (!in.ok()) return false;
  std::copy(key.begin(), key.end(), prefix.key.begin());
  if (prefix.nibbles % 2 != 0 && (key.back() & 0x0F) != 0) return false;
  std::size_t count = 1;
  if (stretch.kind == MailStretch::Kind::parts) {
    stretch.parts = in.u16();
    count = static_cast<std::size_t>(std::popcount(stretch.parts));
    if (prefix.nibbles == MailPrefix::kNibblesMax) return false;  // it has no parts
  }
  if (is_list(stretch.kind)) count = in.u8();
  if (count > kMailListMax) return false;
  for (std::size_t i = 0; i < count && in.ok(); ++i) stretch.digests.push_back(in.array<8>());
  return in.ok();
}
bool read(const wire::ComparePb& pb, Compare& compare) {
  Reader in(view_of(pb.stretches()));
  while (in.ok() && !in.rest().empty()) {
    if (compare.stretches.size() == kCompareStretchesMax) return false;
    if (!read(in, compare.stretches.emplace_back())) return false;
  }
  return read(pb.session(), compare.session);
}

void write(const Bye&, wire::ControlFramePb& frame) {
  frame.set_bye(true);
}

template <typename Kind, typename Pb>
std::optional<Frame> as(const Pb& pb) {
  Kind kind;
  if (!read(pb, kind)) return std::nullopt;
  return Frame(ControlFrame(std::move(kind)));
}

std::optional<Frame> decode_control(BytesView bytes) {
  wire::ControlFramePb frame;
  if (!frame.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  switch (frame.kind_case()) {
    case wire::ControlFramePb::kHello: return as<Hello>(frame.hello());
    case wire::ControlFramePb::kAck: return as<Ack>(frame.ack());
    case wire::ControlFramePb::kRefuse: return as<Refuse>(frame.refuse());
    case wire::ControlFramePb::kInventory: return as<Inventory>(frame.inventory());
    case wire::ControlFramePb::kWantObject: return as<WantObject>(frame.want_object());
    case wire::ControlFramePb::kObject: return as<ObjectFrame>(frame.object());
    case wire::ControlFramePb::kProof: return as<Proof>(frame.proof());
    case wire::ControlFramePb::kBye: return Frame(ControlFrame(Bye{}));
    case wire::ControlFramePb::kOffer: return as<Offer>(frame.offer());
    case wire::ControlFramePb::kWant: return as<Want>(frame.want());
    case wire::ControlFramePb::kWithdraw: return as<Withdraw>(frame.withdraw());
    case wire::ControlFramePb::kCompare: return as<Compare>(frame.compare());
    case wire::ControlFramePb::KIND_NOT_SET: break;
  }
  return std::nullopt;
}

bool envelope_sized(BytesView bytes) {
  return bytes.size() >= kEnvelopeBytesMin && bytes.size() <= kEnvelopeBytesMax;
}

std::optional<Frame> decode_numbered(BytesView after_kind) {
  Reader reader(after_kind);
  NumberedEnvelope numbered;
  numbered.link.session = reader.u16();
  numbered.link.number = reader.u32();
  numbered.link.for_wraps = reader.u16();
  numbered.envelope = reader.rest();
  if (!reader.ok() || numbered.link.number == 0 || !envelope_sized(numbered.envelope)) return std::nullopt;
  return Frame(numbered);
}

std::optional<Frame> decode_piece(BytesView after_kind) {
  Reader reader(after_kind);
  Piece piece;
  piece.piece.session = reader.u16();
  piece.piece.number = reader.u32();
  piece.piece.from = reader.u16();
  piece.bytes = reader.rest();
  const bool fits =
      reader.ok() && !piece.bytes.empty() && piece.piece.from + piece.bytes.size() <= kEnvelopeBytesMax;
  if (!fits || piece.piece.number == 0) return std::nullopt;
  return Frame(piece);
}

}  // namespace

std::size_t encoded_size(const MailStretch& stretch) {
  const std::size_t count = stretch.kind == MailStretch::Kind::parts ? 2 : is_list(stretch.kind) ? 1 : 0;
  return 1 + (stretch.prefix.nibbles + 1u) / 2 + count + sizeof(MailDigest) * stretch.digests.size();
}

Bytes encode_frame(const ControlFrame& frame) {
  wire::ControlFramePb pb;
  std::visit([&](const auto& kind) { write(kind, pb); }, frame);
  Bytes out(1 + pb.ByteSizeLong());
  out[0] = kFrameControl;
  NOROSHI_ASSERT(pb.SerializeToArray(out.data() + 1, static_cast<int>(out.size() - 1)));
  return out;
}

ByteArray<kLinkHeaderBytes> encode_link_header(const LinkHeader& header) {
  Writer out;
  out.u8(kFrameEnvelope).u16(header.session).u32(header.number).u16(header.for_wraps);
  return array_of<kLinkHeaderBytes>(out.data());
}

ByteArray<kPieceHeaderBytes> encode_piece_header(const PieceHeader& header) {
  Writer out;
  out.u8(kFramePiece).u16(header.session).u32(header.number).u16(header.from);
  return array_of<kPieceHeaderBytes>(out.data());
}

std::optional<Frame> decode_frame(BytesView bytes) {
  if (bytes.empty() || bytes.size() > kFrameBytesMax) return std::nullopt;
  const std::uint8_t kind = bytes[0];
  if (kind == kFrameControl) return decode_control(bytes.subspan(1));
  if (kind == kFrameEnvelope) return decode_numbered(bytes.subspan(1));
  if (kind == kFramePiece) return decode_piece(bytes.subspan(1));
  if (kind >> 4 == 1 && envelope_sized(bytes)) return Frame(BareEnvelope{bytes});
  return std::nullopt;
}

}  // namespace noroshi::proto
