#include <algorithm>
#include <limits>

#include "proto/control.hpp"
#include "proto/control.pb.h"

namespace noroshi::proto::control {
namespace {

namespace wire = control_wire;

// ---- small values
std::string raw(BytesView bytes) {
  return std::string(text_of(bytes));
}
Bytes bytes_of(const std::string& text) {
  return noroshi::bytes_of(view_of(text));
}

/// Absent means all zeros, so zeros have one encoding.
template <std::size_t N>
std::string raw(const ByteArray<N>& value) {
  return value == ByteArray<N>{} ? std::string() : raw(BytesView(value));
}
template <std::size_t N>
bool read(const std::string& from, ByteArray<N>& to) {
  if (from.empty()) return true;
  to = array_of<N>(view_of(from));
  return from.size() == N;
}

std::uint32_t number(DeviceId id) {
  return std::uint32_t{id.org.value} << 16 | id.dev;
}
DeviceId device(std::uint32_t number) {
  return {{static_cast<std::uint16_t>(number >> 16)}, static_cast<std::uint16_t>(number)};
}

/// Assigns if `from` is at most `max`.
template <typename T>
bool read(std::uint64_t from, T& to, std::uint64_t max = std::numeric_limits<T>::max()) {
  to = static_cast<T>(from);
  return from <= max;
}
template <typename E>
bool read_enum(std::uint64_t from, E& to, E last) {
  to = static_cast<E>(from);
  return from <= static_cast<std::uint64_t>(last);
}

constexpr auto kErrorCodeLast = static_cast<std::uint32_t>(Code::config);
constexpr std::uint8_t kDutyLast = 3;
constexpr std::uint64_t kTargetSecondsMax = static_cast<std::uint64_t>(days(366).count);

void write(const ObjectRef& ref, wire::ObjectRefPb& pb) {
  pb.set_type(static_cast<std::uint32_t>(ref.type));
  pb.set_owner(ref.owner);
  pb.set_version(ref.version);
  pb.set_hash(raw(ref.hash));
}
bool read(const wire::ObjectRefPb& pb, ObjectRef& ref) {
  ref.owner = pb.owner();
  ref.version = pb.version();
  return pb.type() >= 1 && read_enum(pb.type(), ref.type, ObjectType{255}) && read(pb.hash(), ref.hash);
}

template <typename Repeated>
void write_levels(const std::uint64_t (&from)[kLevels], Repeated& to) {
  for (const std::uint64_t count : from) to.Add(count);
}
template <typename Repeated>
bool read_levels(const Repeated& from, std::uint64_t (&to)[kLevels]) {
  if (from.size() != kLevels) return false;
  std::copy(from.begin(), from.end(), to);
  return true;
}

// ---- requests: one write and one read for each kind
void write(const InfoRequest&, wire::RequestPb& pb) {
  pb.mutable_info();
}
void write(const SubmitRequest& from, wire::RequestPb& pb) {
  pb.set_submit(raw(from.envelope));
  pb.set_carried(from.carried);
  pb.set_again(from.again);
}
void write(const PutObjectRequest& from, wire::RequestPb& pb) {
  pb.set_put_object(raw(from.object));
}
void write(const InventoryRequest&, wire::RequestPb& pb) {
  pb.mutable_inventory();
}
void write(const GetObjectRequest& from, wire::RequestPb& pb) {
  write(from.ref, *pb.mutable_get_object());
}
void write(const PullRequest& from, wire::RequestPb& pb) {
  auto& pull = *pb.mutable_pull();
  pull.set_store(from.store.value);
  pull.set_cursor(from.cursor);
  pull.set_max(from.max);
}
void write(const FetchRequest& from, wire::RequestPb& pb) {
  pb.set_fetch(raw(BytesView(from.id.value)));
}
template <typename Repeated>
void write_ids(const std::vector<MsgId>& from, Repeated& to) {
  for (const MsgId& id : from) *to.Add() = raw(BytesView(id.value));
}
void write(const RecallRequest& from, wire::RequestPb& pb) {
  write_ids(from.ids, *pb.mutable_recall()->mutable_ids());
}
void write(const ProgressRequest& from, wire::RequestPb& pb) {
  write_ids(from.ids, *pb.mutable_progress()->mutable_ids());
}
void write(const StatusRequest&, wire::RequestPb& pb) {
  pb.mutable_status();
}
void write(const SubscribeRequest&, wire::RequestPb& pb) {
  pb.mutable_subscribe();
}

/// A message id that must be there.
bool read_id(const std::string& from, MsgId& id) {
  return from.size() == id.value.size() && read(from, id.value);
}
template <typename Repeated>
bool read_ids(const Repeated& from, std::vector<MsgId>& to) {
  return std::all_of(from.begin(), from.end(),
                     [&to](const std::string& id) { return read_id(id, to.emplace_back()); });
}

std::optional<Request> read_request(const wire::RequestPb& pb) {
  using Kind = wire::RequestPb::KindCase;
  switch (pb.kind_case()) {
    case Kind::kInfo: return InfoRequest{};
    case Kind::kSubmit: return SubmitRequest{bytes_of(pb.submit()), pb.carried(), pb.again()};
    case Kind::kPutObject: return PutObjectRequest{bytes_of(pb.put_object())};
    case Kind::kInventory: return InventoryRequest{};
    case Kind::kGetObject: {
      GetObjectRequest out;
      if (!read(pb.get_object(), out.ref)) return {};
      return out;
    }
    case Kind::kPull: return PullRequest{{pb.pull().store()}, pb.pull().cursor(), pb.pull().max()};
    case Kind::kFetch: {
      FetchRequest out;
      if (!read_id(pb.fetch(), out.id)) return {};
      return out;
    }
    case Kind::kProgress: {
      ProgressRequest out;
      if (!read_ids(pb.progress().ids(), out.ids)) return {};
      return out;
    }
    case Kind::kRecall: {
      RecallRequest out;
      if (!read_ids(pb.recall().ids(), out.ids)) return {};
      return out;
    }
    case Kind::kStatus: return StatusRequest{};
    case Kind::kSubscribe: return SubscribeRequest{};
    case Kind::KIND_NOT_SET: return {};
  }
  return {};
}

// ---- answers
void write(const Info& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_info();
  pb.set_version(from.version);
  pb.set_node(number(from.node));
  pb.set_store(from.store.value);
  pb.set_program(from.program);
  pb.set_wall(from.wall.s);
  pb.set_wall_suspect(from.wall_suspect);
  pb.set_wall_ahead_s(from.wall_ahead.count);
  pb.set_state_digest(raw(from.state_digest));
  pb.set_roster_version(from.roster_version);
}
bool read(const wire::InfoPb& pb, Info& to) {
  to.node = device(pb.node());
  to.store = {pb.store()};
  to.program = pb.program();
  to.wall = {pb.wall()};
  to.wall_suspect = pb.wall_suspect();
  to.wall_ahead = {pb.wall_ahead_s()};
  to.roster_version = pb.roster_version();
  return read(pb.version(), to.version) && read(pb.state_digest(), to.state_digest);
}

void write(const Submitted& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_submitted();
  pb.set_outcome(static_cast<std::uint32_t>(from.outcome));
  pb.set_id(raw(from.id.value));
  pb.set_refusal(from.refusal);
}
bool read(const wire::SubmittedPb& pb, Submitted& to) {
  to.refusal = pb.refusal();
  return read_enum(pb.outcome(), to.outcome, Submitted::Outcome::no_space) && read(pb.id(), to.id.value);
}

void write(const PutObject& from, wire::ResponsePb& out) {
  out.mutable_put_object()->set_applied(from.applied);
  out.mutable_put_object()->set_why(from.why);
}
bool read(const wire::PutObjectPb& pb, PutObject& to) {
  to = {pb.applied(), pb.why()};
  return true;
}

void write(const Inventory& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_inventory();
  for (const ObjectRef& ref : from.objects) write(ref, *pb.add_objects());
}
bool read(const wire::InventoryPb& pb, Inventory& to) {
  for (const auto& ref : pb.objects())
    if (!read(ref, to.objects.emplace_back())) return false;
  return true;
}

void write(const Object& from, wire::ResponsePb& out) {
  out.set_object(raw(from.object));
}
void write(const Recalled& from, wire::ResponsePb& out) {
  out.mutable_recalled()->set_recalled(from.recalled);
}
void write(const Fetched& from, wire::ResponsePb& out) {
  out.set_fetched(raw(from.envelope));
}

void write(const Pulled& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_pulled();
  pb.set_store(from.store.value);
  pb.set_more(from.more);
  for (const Delivered& item : from.items) {
    auto& row = *pb.add_items();
    row.set_cursor(item.cursor);
    row.set_id(raw(item.id.value));
    row.set_envelope(raw(item.envelope));
    row.set_first_seen(item.first_seen.s);
    row.set_from(number(item.from));
  }
}
bool read(const wire::PulledPb& pb, Pulled& to) {
  to.store = {pb.store()};
  to.more = pb.more();
  for (const auto& row : pb.items()) {
    Delivered& item = to.items.emplace_back();
    item.cursor = row.cursor();
    item.envelope = bytes_of(row.envelope());
    item.first_seen = {row.first_seen()};
    item.from = device(row.from());
    if (!read(row.id(), item.id.value)) return false;
  }
  return true;
}

void write(const RecipientProgress& from, wire::RecipientProgressPb& pb) {
  pb.set_recipient(from.recipient.value);
  pb.set_duty(from.duty);
  pb.set_end(from.end);
  pb.set_reached(static_cast<std::uint32_t>(from.reached));
  pb.set_via(number(from.via));
  pb.set_at(from.at.s);
  pb.set_by(number(from.by));
  pb.set_again_s(from.again_s);
  pb.set_tried(from.tried);
}
bool read(const wire::RecipientProgressPb& pb, RecipientProgress& to) {
  to.again_s = pb.again_s();
  to.end = pb.end();
  to.via = device(pb.via());
  to.at = {pb.at()};
  to.by = device(pb.by());
  return read(pb.recipient(), to.recipient.value) && read(pb.duty(), to.duty, kDutyLast) &&
         read(pb.tried(), to.tried) && read_enum(pb.reached(), to.reached, ReceiptKind::expired);
}
void write(const Progress& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_progress();
  for (const EnvelopeProgress& envelope : from.envelopes) {
    auto& row = *pb.add_envelopes();
    row.set_id(raw(envelope.id.value));
    row.set_known(envelope.known);
    row.set_size(envelope.size);
    row.set_level(static_cast<std::uint32_t>(envelope.level));
    for (const RecipientProgress& recipient : envelope.recipients) write(recipient, *row.add_recipients());
  }
}
bool read(const wire::ProgressPb& pb, Progress& to) {
  for (const auto& row : pb.envelopes()) {
    EnvelopeProgress& envelope = to.envelopes.emplace_back();
    envelope.known = row.known();
    envelope.size = row.size();
    if (!read(row.id(), envelope.id.value) || !read_enum(row.level(), envelope.level, Level::flash))
      return false;
    for (const auto& recipient : row.recipients())
      if (!read(recipient, envelope.recipients.emplace_back())) return false;
  }
  return true;
}

void write(const LinkStatus& from, wire::LinkStatusPb& pb) {
  pb.set_name(from.name);
  pb.set_peer(number(from.peer));
  pb.set_bearer(from.bearer);
  pb.set_up(from.up);
  pb.set_in_flight_bytes(from.in_flight_bytes);
  write_levels(from.queued, *pb.mutable_queued());
  pb.set_queued_bytes(from.queued_bytes);
  pb.set_oldest_s(from.oldest_s);
  pb.set_last_contact_s(from.last_contact_s);
  pb.set_rate_bps(from.rate_bps);
  pb.set_rests_s(from.rests_s);
}
bool read(const wire::LinkStatusPb& pb, LinkStatus& to) {
  to.name = pb.name();
  to.peer = device(pb.peer());
  to.bearer = pb.bearer();
  to.up = pb.up();
  to.in_flight_bytes = pb.in_flight_bytes();
  to.queued_bytes = pb.queued_bytes();
  to.oldest_s = pb.oldest_s();
  to.last_contact_s = pb.last_contact_s();
  to.rate_bps = pb.rate_bps();
  to.rests_s = pb.rests_s();
  return read_levels(pb.queued(), to.queued);
}
void write(const Status& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_status();
  pb.set_node(number(from.node));
  pb.set_store(from.store.value);
  for (const LinkStatus& link : from.links) write(link, *pb.add_links());
  write_levels(from.queue, *pb.mutable_queue());
  pb.set_unrouted(from.unrouted);
  pb.set_wall(from.wall.s);
  pb.set_wall_suspect(from.wall_suspect);
  pb.set_roster_version(from.roster_version);
  pb.set_roster_state(static_cast<std::uint8_t>(from.roster_state));
  pb.set_fill_percent(from.fill_percent);
  for (const TargetStatus& level : from.targets) {
    auto& target = *pb.add_targets();
    target.set_target_s(static_cast<std::uint64_t>(level.target_s));
    target.set_met(level.met);
    target.set_missed(level.missed);
    target.set_overdue(level.overdue);
  }
}
bool read(const wire::StatusPb& pb, Status& to) {
  if (pb.targets_size() != 0 && pb.targets_size() != static_cast<int>(kLevels)) return false;
  for (int i = 0; i < pb.targets_size(); ++i) {
    const auto& target = pb.targets(i);
    if (target.target_s() > kTargetSecondsMax) return false;
    to.targets[i] = {static_cast<std::int64_t>(target.target_s()), target.met(), target.missed(),
                     target.overdue()};
  }
  to.node = device(pb.node());
  to.store = {pb.store()};
  to.unrouted = pb.unrouted();
  to.wall = {pb.wall()};
  to.wall_suspect = pb.wall_suspect();
  to.roster_version = pb.roster_version();
  for (const auto& link : pb.links())
    if (!read(link, to.links.emplace_back())) return false;
  if (pb.roster_state() < 'A' || pb.roster_state() > 'D') return false;
  to.roster_state = static_cast<char>(pb.roster_state());
  return read_levels(pb.queue(), to.queue) && read(pb.fill_percent(), to.fill_percent, 100);
}

void write(const Subscribed&, wire::ResponsePb& out) {
  out.mutable_subscribed();
}

void write(const Event& from, wire::ResponsePb& out) {
  auto& pb = *out.mutable_event();
  pb.set_kind(from.kind);
  pb.set_peer(number(from.peer));
  pb.set_id(raw(from.id.value));
}
bool read(const wire::EventPb& pb, Event& to) {
  to.kind = pb.kind();
  to.peer = device(pb.peer());
  return read(pb.id(), to.id.value);
}

void write(const Error& from, wire::ResponsePb& out) {
  out.mutable_error()->set_code(static_cast<std::uint32_t>(from.code));
  out.mutable_error()->set_text(from.text);
}
bool read(const wire::ErrorPb& pb, Error& to) {
  to.text = pb.text();
  return read_enum(pb.code(), to.code, Code{kErrorCodeLast});
}

/// The answer of type T, if its fields hold.
template <typename T, typename Pb>
std::optional<Answer> answer(const Pb& pb) {
  T out;
  if (!read(pb, out)) return {};
  return out;
}

std::optional<Answer> read_answer(const wire::ResponsePb& pb) {
  using Kind = wire::ResponsePb::KindCase;
  switch (pb.kind_case()) {
    case Kind::kInfo: return answer<Info>(pb.info());
    case Kind::kSubmitted: return answer<Submitted>(pb.submitted());
    case Kind::kPutObject: return answer<PutObject>(pb.put_object());
    case Kind::kInventory: return answer<Inventory>(pb.inventory());
    case Kind::kObject: return Object{bytes_of(pb.object())};
    case Kind::kPulled: return answer<Pulled>(pb.pulled());
    case Kind::kFetched: return Fetched{bytes_of(pb.fetched())};
    case Kind::kRecalled: return Recalled{pb.recalled().recalled()};
    case Kind::kProgress: return answer<Progress>(pb.progress());
    case Kind::kStatus: return answer<Status>(pb.status());
    case Kind::kSubscribed: return Subscribed{};
    case Kind::kEvent: return answer<Event>(pb.event());
    case Kind::kError: return answer<Error>(pb.error());
    case Kind::KIND_NOT_SET: return {};
  }
  return {};
}

/// A whole message of this version, or nothing. Quietly: bad bytes of others are no line on our stderr.
template <typename Pb>
bool parse(BytesView bytes, Pb& pb) {
  const google::protobuf::LogSilencer quiet;
  return bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()) &&
         pb.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) && pb.version() == kControlVersion;
}

}  // namespace

Bytes encode(const RequestMessage& message) {
  wire::RequestPb pb;
  pb.set_version(kControlVersion);
  pb.set_id(message.id);
  std::visit([&](const auto& request) { write(request, pb); }, message.request);
  return bytes_of(pb.SerializeAsString());
}

Bytes encode(const AnswerMessage& message) {
  wire::ResponsePb pb;
  pb.set_version(kControlVersion);
  pb.set_id(message.id);
  std::visit([&](const auto& given) { write(given, pb); }, message.answer);
  return bytes_of(pb.SerializeAsString());
}

std::optional<RequestMessage> decode_request(BytesView bytes) {
  wire::RequestPb pb;
  if (!parse(bytes, pb) || pb.id() == 0) return {};
  auto request = read_request(pb);
  if (!request) return {};
  return RequestMessage{pb.id(), *std::move(request)};
}

std::optional<AnswerMessage> decode_answer(BytesView bytes) {
  wire::ResponsePb pb;
  if (!parse(bytes, pb)) return {};
  auto given = read_answer(pb);
  if (!given) return {};
  return AnswerMessage{pb.id(), *std::move(given)};
}

}  // namespace noroshi::proto::control
