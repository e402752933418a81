#include "relay/daemon/answers.hpp"

#include <algorithm>

namespace noroshi::daemon {
namespace {

using namespace proto::control;

/// An answer is at most about this long (and one envelope more): a desk pulls page by page.
constexpr std::size_t kAnswerBytesMax = 256 * 1024;
constexpr std::uint32_t kPullMax = 256;
constexpr std::size_t kIdsMax = 4096;

std::string_view name_of(core::End end) {
  switch (end) {
    case core::End::open: return "open";
    case core::End::delivered: return "delivered";
    case core::End::expired: return "expired";
    case core::End::cancelled: return "cancelled";
    case core::End::refused: return "refused";
    case core::End::passed: return "passed";
    case core::End::unreadable: return "unreadable";
  }
  return "";
}

std::string_view name_of(keys::Applied applied) {
  switch (applied) {
    case keys::Applied::added: return "added";
    case keys::Applied::known: return "known";
    case keys::Applied::conflict: return "conflict";
    case keys::Applied::unproven: return "unproven";
    case keys::Applied::refused: return "refused";
  }
  return "";
}

/// One visitor with an answer for every question.
struct Asked {
  const Facts& facts;
  store::View& view;
  Now now;

  Answer operator()(const InfoRequest&) const {
    const keys::Trust& trust = *facts.turns.trust();
    return Info{.version = kControlVersion,
                .node = facts.self,
                .store = view.id(),
                .program = "noroshid " NOROSHI_VERSION,
                .wall = now.wall,
                .wall_suspect = now.wall_suspect,
                .wall_ahead = facts.turns.wall_ahead(now).value_or(Seconds{0}),
                .state_digest = trust.state_digest(),
                .roster_version = trust.roster_version()};
  }
  Answer operator()(const InventoryRequest&) const { return Inventory{facts.turns.trust()->inventory()}; }
  Answer operator()(const GetObjectRequest& request) const {
    return Object{bytes_of(facts.turns.trust()->object(request.ref))};
  }
  Answer operator()(const FetchRequest& request) const {
    return Fetched{view.body(request.id).value_or(Bytes{})};
  }
  Answer operator()(const PullRequest& request) const;
  Answer operator()(const StatusRequest&) const;
  /// Those that change something never come here.
  template <typename Other>
  Answer operator()(const Other&) const {
    return Error{Code::internal, "not a question"};
  }
};

Answer Asked::operator()(const PullRequest& request) const {
  Pulled out{.store = view.id(), .items = {}, .more = false};
  // A cursor of another store's life means nothing here: from the beginning.
  const std::uint64_t after = request.store == out.store ? request.cursor : 0;
  const std::size_t max = std::clamp<std::uint32_t>(request.max, 1, kPullMax);
  const auto rows = view.inbox(after, max + 1);
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    out.more = out.items.size() == max || bytes >= kAnswerBytesMax;
    if (out.more) break;
    const auto record = view.record(row.id);
    Delivered& item = out.items.emplace_back();
    item.cursor = row.cursor;
    item.id = row.id;
    item.envelope = view.body(row.id).value_or(Bytes{});
    bytes += item.envelope.size() + 64;
    if (!record) continue;
    item.first_seen = record->first_seen;
    item.from = record->from;
  }
  return out;
}

Answer Asked::operator()(const StatusRequest&) const {
  const keys::Trust& trust = *facts.turns.trust();
  Status out{.node = facts.self,
             .store = view.id(),
             .links = {},
             .unrouted = 0,
             .wall = now.wall,
             .wall_suspect = now.wall_suspect,
             .roster_version = trust.roster_version(),
             .roster_state = letter(trust.roster_state(now.wall)),
             .fill_percent = static_cast<std::uint8_t>(std::min(facts.disk.fill().percent(), 100u))};
  for (std::size_t i = 0; i < proto::kLevels; ++i) {
    const Seconds target = facts.config.target[i];
    TargetStatus& level = out.targets[i];
    level.target_s = target.count;
    level.overdue = view.unanswered(static_cast<proto::Level>(i), now.wall - target, kOverdueMax);
    const std::int64_t today = view.node_time().s / days(1).count;
    for (std::int64_t day = today; day > today - kTargetDays; --day) {
      const core::OnTime counts = view.on_time(day);
      level.met += counts.met[i];
      level.missed += counts.missed[i];
    }
  }
  const auto seen_by_node = facts.turns.links();
  for (const LinkConfig& config : facts.config.links) {
    LinkStatus& link = out.links.emplace_back();
    link.name = config.name;
    link.peer = config.peer;
    link.bearer = "tcp";
    link.up = facts.tcp.up(config.peer);
    if (const auto rested = facts.door.rests(config.peer, now.mono))
      link.rests_s = ((*rested - now.mono).count + 999) / 1000;
    link.rate_bps = config.profile.line.rate_bps;
    if (const auto heard = facts.heard.find(config.peer); heard != facts.heard.end())
      link.last_contact_s = (now.mono - heard->second).count / 1000;
    for (const auto& it : seen_by_node)
      if (it.peer == config.peer) link.in_flight_bytes = it.in_flight_bytes;
  }
  for (const auto& queue : view.queues()) {
    const auto level = static_cast<std::size_t>(queue.level);
    out.queue[level] += queue.queued.records;
    if (queue.via == core::kNobody) out.unrouted += queue.queued.records;
    for (LinkStatus& link : out.links) {
      if (link.peer != queue.via) continue;
      link.queued[level] += queue.queued.records;
      link.queued_bytes += queue.queued.bytes;
      if (queue.queued.records > 0) link.oldest_s = std::max(link.oldest_s, (now.wall - queue.oldest).count);
    }
  }
  return out;
}

Answer submit(const SubmitRequest& request, Turns& turns, Now now) {
  const auto peek = keys::peek(request.envelope);
  const auto refused = [&](keys::Refusal why) {
    return Submitted{Submitted::Outcome::refused, peek ? peek->msg_id : MsgId{},
                     std::string(keys::name_of(why))};
  };
  const keys::VerifyOutcome verdict = turns.verify(request.envelope, now);
  if (const auto* why = std::get_if<keys::Refusal>(&verdict)) return refused(*why);
  const auto& envelope = std::get<keys::Verified>(verdict);
  core::Node& node = turns.node();
  core::SubmitResult result =
      request.carried ? node.on_carried(envelope, now) : node.on_submit(envelope, now, request.again);
  turns.take(std::move(result.effects), now);
  switch (result.outcome) {
    case core::Submitted::queued: return Submitted{Submitted::Outcome::queued, envelope.msg_id(), ""};
    case core::Submitted::duplicate: return Submitted{Submitted::Outcome::duplicate, envelope.msg_id(), ""};
    case core::Submitted::refused: break;
  }
  if (result.no_space) return Submitted{Submitted::Outcome::no_space, envelope.msg_id(), ""};
  return refused(result.why);
}

Answer put_object(const PutObjectRequest& request, Turns& turns, Now now) {
  // Asked beforehand for the reason; the node takes it by the same rules.
  const keys::ApplyResult result = keys::Trust::apply(turns.node().trust(), request.object);
  if (result.applied == keys::Applied::added) turns.take(turns.node().on_object(request.object, now), now);
  return PutObject{std::string(name_of(result.applied)), result.why};
}

const Error kTooManyIds{Code::bad_data, "too many ids in one question"};

Answer recall(const RecallRequest& request, Turns& turns, Now now) {
  if (request.ids.size() > kIdsMax) return kTooManyIds;
  core::RecallResult result = turns.node().on_recall(request.ids, now);
  turns.take(std::move(result.effects), now);
  return Recalled{result.recalled};
}

Answer progress(const ProgressRequest& request, Turns& turns) {
  if (request.ids.size() > kIdsMax) return kTooManyIds;
  Progress out;
  for (const MsgId& id : request.ids) {
    EnvelopeProgress& row = out.envelopes.emplace_back();
    row.id = id;
    const auto record = turns.record(id);
    if (!record) continue;
    row.known = turns.node().follows_all(id);
    row.size = record->size;
    row.level = record->level;
    for (const core::RecipientProgress& it : turns.node().progress(id))
      row.recipients.push_back({it.recipient, static_cast<std::uint8_t>(it.duty),
                                std::string(name_of(it.end)), it.reached, it.via, it.at, it.by,
                                it.again.count, it.tried});
  }
  return out;
}

}  // namespace

bool changes(const Request& request) {
  // Progress changes nothing, but the node answers it, and the node reads in turns.
  return std::holds_alternative<SubmitRequest>(request) ||
         std::holds_alternative<PutObjectRequest>(request) ||
         std::holds_alternative<RecallRequest>(request) || std::holds_alternative<ProgressRequest>(request);
}

Answer answer(const Request& request, const Facts& facts, store::View& view, Now now) {
  return std::visit(Asked{facts, view, now}, request);
}

Answer perform(const Request& request, Turns& turns, Now now) {
  if (const auto* it = std::get_if<SubmitRequest>(&request)) return submit(*it, turns, now);
  if (const auto* it = std::get_if<PutObjectRequest>(&request)) return put_object(*it, turns, now);
  if (const auto* it = std::get_if<RecallRequest>(&request)) return recall(*it, turns, now);
  if (const auto* it = std::get_if<ProgressRequest>(&request)) return progress(*it, turns);
  return Error{Code::internal, "nothing to do"};
}

}  // namespace noroshi::daemon
