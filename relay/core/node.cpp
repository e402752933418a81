#include "relay/core/node.hpp"

#include <algorithm>

#include "relay/core/duty.hpp"
#include "relay/core/evidence.hpp"
#include "relay/core/expiry.hpp"
#include "relay/core/greeting.hpp"
#include "relay/core/hall.hpp"
#include "relay/core/intake.hpp"
#include "relay/core/objects.hpp"
#include "relay/core/outbox.hpp"
#include "relay/core/receipts.hpp"
#include "relay/core/replicas.hpp"
#include "relay/core/reroute.hpp"

namespace noroshi::core {
namespace {

/// Node time is written this often at most. A crash loses so much of it, which makes timers later, never
/// earlier.
constexpr std::int64_t kTimeKept = 5;

std::optional<Instant> earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// How far a duty has come, for people: only ever forward.
int rank(const Duty& duty) {
  return duty.state == DutyState::settled  ? 3
         : duty.state == DutyState::parked ? 2
                                           : static_cast<int>(duty.state);
}

}  // namespace

class Node::Impl {
 public:
  Impl(NodeConfig config, Store& store, Rng& rng, keys::TrustPtr trust, Now now)
      : hall(std::move(config), store, rng, std::move(trust), now), time_kept(hall.time) {}

  /// A certificate or a roster came in: who is cut off, who may be read now.
  void trust_changed() {
    intake.retry_held();
    reroute.look();
    for (auto& [peer, session] : hall.sessions) {
      if (session.up && cut_off(peer)) greeting.end(session);
    }
  }

  /// Revoked neighbours are not listened to, whatever the bearer thinks.
  [[nodiscard]] bool cut_off(PeerId peer) const {
    const keys::Certificate* certificate = hall.trust->newest_certificate(peer);
    return certificate && hall.trust->revoked_since(certificate->key).has_value();
  }

  void on_control(Session& session, const proto::ControlFrame& frame);
  void keep_time();
  void awake();
  void acknowledge(Session& session);

  Hall hall;
  Duties duties{hall};
  Evidence evidence{hall};
  Receipts receipts{hall, duties, evidence};
  Objects objects{hall};
  Expiry expiry{hall, duties, receipts};
  Outbox outbox{hall, duties, evidence, objects, expiry};
  Greeting greeting{hall, duties, objects, outbox};
  Intake intake{hall, duties, receipts, evidence, objects};
  Reroute reroute{hall, duties};
  Replicas replicas{hall, duties};
  NodeTime time_kept;
  bool restless = true;  ///< something happened since the last on_timer
};

Node::Node(NodeConfig config, Store& store, Rng& rng, keys::TrustPtr trust, Now now)
    : impl_(std::make_unique<Impl>(std::move(config), store, rng, std::move(trust), now)) {}
Node::~Node() = default;

// ---- Lines

Effects Node::on_link(PeerId peer, LinkState state, Now now) {
  Hall& hall = impl_->hall;
  hall.enter(now);
  impl_->restless = true;
  const auto found = hall.sessions.find(peer);
  if (found == hall.sessions.end()) return hall.leave();
  Session& session = found->second;
  if (session.up) impl_->greeting.end(session);
  if (state == LinkState::up && !impl_->cut_off(peer)) impl_->greeting.begin(session);
  impl_->reroute.look();
  return hall.leave();
}

Effects Node::on_frame(PeerId peer, BytesView frame, Now now) {
  Hall& hall = impl_->hall;
  hall.enter(now);
  impl_->restless = true;
  Session* session = hall.up(peer);
  const auto decoded = session ? proto::decode_frame(frame) : std::nullopt;
  if (!decoded) {
    hall.event(EventKind::dropped, peer);
    return hall.leave();
  }
  session->row.last_contact = hall.time;
  if (const auto* control = std::get_if<proto::ControlFrame>(&*decoded))
    impl_->on_control(*session, *control);
  if (const auto* numbered = std::get_if<proto::NumberedEnvelope>(&*decoded))
    impl_->intake.on_numbered(*session, *numbered);
  if (const auto* bare = std::get_if<proto::BareEnvelope>(&*decoded))
    impl_->intake.on_bare(*session, bare->envelope);
  if (const auto* piece = std::get_if<proto::Piece>(&*decoded)) impl_->intake.on_piece(*session, *piece);
  return hall.leave();
}

void Node::Impl::on_control(Session& session, const proto::ControlFrame& frame) {
  if (const auto* hello = std::get_if<proto::Hello>(&frame)) {
    if (greeting.on_hello(session, *hello)) replicas.greet(session);
    return;
  }
  if (!session.greeted) return hall.event(EventKind::dropped, session.peer());
  if (const auto* ack = std::get_if<proto::Ack>(&frame)) greeting.on_ack(session, *ack);
  if (const auto* refuse = std::get_if<proto::Refuse>(&frame)) greeting.on_refuse(session, *refuse);
  if (const auto* offer = std::get_if<proto::Offer>(&frame)) intake.on_offer(session, *offer);
  if (const auto* want = std::get_if<proto::Want>(&frame)) outbox.on_want(session, *want);
  if (const auto* withdraw = std::get_if<proto::Withdraw>(&frame)) intake.on_withdraw(session, *withdraw);
  if (const auto* inventory = std::get_if<proto::Inventory>(&frame))
    objects.on_inventory(session, *inventory);
  if (const auto* want = std::get_if<proto::WantObject>(&frame)) objects.on_want(session, *want);
  if (const auto* proof = std::get_if<proto::Proof>(&frame)) receipts.apply_proof(*proof, session.peer());
  if (const auto* object = std::get_if<proto::ObjectFrame>(&frame)) {
    if (objects.apply(object->object, session.peer())) trust_changed();
  }
  if (const auto* compare = std::get_if<proto::Compare>(&frame)) replicas.on_compare(session, *compare);
  if (std::holds_alternative<proto::Bye>(frame)) greeting.end(session);
}

// ---- Envelopes and objects

Effects Node::on_verdict(JobId job, const keys::VerifyOutcome& outcome, Now now) {
  impl_->hall.enter(now);
  impl_->restless = true;
  impl_->intake.on_verdict(job, outcome);
  return impl_->hall.leave();
}

Effects Node::on_cover(JobId job, std::optional<keys::Refusal> refusal, Now now) {
  impl_->hall.enter(now);
  impl_->restless = true;
  impl_->intake.on_cover(job, refusal);
  return impl_->hall.leave();
}

SubmitResult Node::on_submit(const keys::Verified& envelope, Now now, bool again) {
  impl_->hall.enter(now);
  impl_->restless = true;
  SubmitResult result =
      impl_->intake.submit(envelope, again ? Intake::Origin::here_before : Intake::Origin::here);
  result.effects = impl_->hall.leave();
  return result;
}

SubmitResult Node::on_carried(const keys::Verified& envelope, Now now) {
  impl_->hall.enter(now);
  impl_->restless = true;
  SubmitResult result = impl_->intake.submit(envelope, Intake::Origin::elsewhere);
  result.effects = impl_->hall.leave();
  return result;
}

RecallResult Node::on_recall(const std::vector<MsgId>& ids, Now now) {
  impl_->hall.enter(now);
  impl_->restless = true;
  RecallResult result;
  result.recalled = impl_->duties.recall(ids);
  result.effects = impl_->hall.leave();
  return result;
}

Effects Node::on_object(BytesView object, Now now) {
  impl_->hall.enter(now);
  impl_->restless = true;
  if (impl_->objects.apply(object, kNobody)) impl_->trust_changed();
  return impl_->hall.leave();
}

// ---- The end of a turn

void Node::Impl::keep_time() {
  if (hall.time.s - time_kept.s < kTimeKept) return;
  time_kept = hall.time;
  hall.store.set_node_time(hall.time);
}

void Node::Impl::awake() {
  for (std::size_t i = 0; i < kPage; ++i) {
    const auto next = hall.store.next_again();
    if (!next || next->at > hall.time) return;
    auto record = hall.store.record(next->id);
    if (!record) return;
    duties.awake(*record);
    hall.store.put(*record);
  }
}

void Node::Impl::acknowledge(Session& session) {
  if (!session.up || !session.ack_due) return;
  proto::Accepted accepted = session.row.accepted;
  accepted.outcomes = std::exchange(session.untold, {});
  session.ack_due = false;
  session.row_changed = true;
  proto::Ack ack{session.row.session, std::move(accepted), {}};
  for (const proto::LinkNumber number : std::exchange(session.progress, {})) {
    const auto incoming = session.incoming.find(number);
    if (incoming != session.incoming.end()) ack.progress.push_back({number, incoming->second.to});
  }
  hall.send(session.peer(), ack);
}

Effects Node::on_timer(Now now) {
  Hall& hall = impl_->hall;
  hall.enter(now);
  impl_->restless = false;
  impl_->keep_time();
  for (auto& [peer, session] : hall.sessions) impl_->greeting.owe_again(session);
  impl_->expiry.sweep();
  impl_->awake();
  impl_->reroute.step();
  impl_->intake.give_up_held();
  impl_->receipts.gather();
  impl_->objects.refresh_contact();
  impl_->replicas.step();
  for (auto& [peer, session] : hall.sessions) impl_->acknowledge(session);
  for (auto& [peer, session] : hall.sessions) impl_->outbox.pump(session);
  for (auto& [peer, session] : hall.sessions) hall.keep(session);
  return hall.leave();
}

std::optional<Instant> Node::next_wake() const {
  const Hall& hall = impl_->hall;
  const bool paging =
      std::ranges::any_of(hall.sessions, [](const auto& s) { return s.second.forgotten.has_value(); });
  if (impl_->restless || paging || impl_->reroute.busy()) return hall.now.mono;
  std::optional<Instant> wake = impl_->receipts.next_wake();
  wake = earlier(wake, impl_->expiry.next_wake());
  wake = earlier(wake, impl_->intake.next_wake());
  wake = earlier(wake, impl_->objects.next_contact());
  wake = earlier(wake, impl_->reroute.next_wake());
  wake = earlier(wake, impl_->replicas.next_wake());
  for (const auto& [peer, session] : hall.sessions) {
    wake = earlier(wake, impl_->objects.next_wake(session));
    wake = earlier(wake, session.room_at);
  }
  if (const auto again = hall.store.next_again()) wake = earlier(wake, hall.clock.instant_of(again->at));
  return wake ? std::optional(std::max(*wake, hall.now.mono)) : std::nullopt;
}

// ---- What people ask

const keys::TrustPtr& Node::trust() const {
  return impl_->hall.trust;
}

bool Node::wall_suspect(Now now) const {
  return impl_->hall.clock.suspect(now, *impl_->hall.trust);
}

std::optional<Seconds> Node::wall_ahead(Now now) const {
  return impl_->hall.clock.ahead(now);
}

std::vector<RecipientProgress> Node::progress(const MsgId& id) const {
  std::vector<RecipientProgress> out;
  const auto record = impl_->hall.store.record(id);
  if (!record) return out;
  const auto again_in = [this](const Duty& duty) {
    const bool planned = duty.state != DutyState::settled && duty.again.s > impl_->hall.time.s;
    return planned ? Seconds{duty.again.s - impl_->hall.time.s} : Seconds{};
  };
  for (std::size_t wrap = 0; wrap < record->targets.size(); ++wrap) {
    const Duty* furthest = nullptr;
    for (const Duty& duty : record->duties) {
      if (duty.wrap == wrap && (!furthest || rank(duty) > rank(*furthest))) furthest = &duty;
    }
    if (!furthest) continue;
    out.push_back({.recipient = record->targets[wrap],
                   .duty = furthest->state,
                   .end = furthest->end,
                   .reached = furthest->reached,
                   .via = furthest->via,
                   .at = furthest->at,
                   .by = furthest->by,
                   .again = again_in(*furthest),
                   .tried = static_cast<std::uint8_t>(furthest->avoid.size())});
  }
  return out;
}

bool Node::follows_all(const MsgId& id) const {
  const auto record = impl_->hall.store.record(id);
  return record && core::follows_all(*record);
}

std::vector<Node::LinkView> Node::links() const {
  std::vector<LinkView> out;
  for (const auto& [peer, session] : impl_->hall.sessions) {
    out.push_back({peer, session.up, session.in_flight_bytes, session.row.last_contact});
  }
  return out;
}

}  // namespace noroshi::core
