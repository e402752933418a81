#include "tests/support/offices.hpp"

#include <algorithm>
#include <utility>

#include "keys/home.hpp"
#include "proto/forms/report_json.hpp"
#include "tests/support/index_check.hpp"
#include "tests/support/must.hpp"

namespace noroshi::test {
namespace {

namespace control = proto::control;

auto is(const MsgId& id) {
  return [id](const Bytes& envelope) { return keys::peek(envelope)->msg_id == id; };
}

}  // namespace

bool PostOffice::post(const Bytes& envelope, WallTime now) {
  const auto parsed = proto::parse_envelope(envelope);
  if (!parsed.envelope) fail("posted bytes that are no envelope");
  if (!known_.emplace(keys::msg_id_of(*parsed.envelope), true).second) return false;
  posted_.push_back(envelope);
  const OrgId sender = parsed.envelope->header.source.device.org;
  std::map<OrgId, bool> done;
  const auto to = [&](RecipientId recipient) {
    const auto org = proto::org_of(recipient, sender);
    if (org && done.emplace(*org, true).second) mailboxes_[*org].push_back({envelope, now});
  };
  for (const proto::Wrap& wrap : parsed.envelope->wraps) to(wrap.recipient);
  if (!parsed.envelope->sealed()) to(parsed.envelope->dst());
  return true;
}

Result<control::Answer> FakeRelay::ask(const control::Request& request) {
  if (down) return Error{Code::unavailable, "relay: nobody answers: start noroshid"};
  const keys::Trust& trust = *network_.trust();
  if (std::holds_alternative<control::InfoRequest>(request)) {
    control::Info info;
    info.node = relay_of(org_);
    info.store = store;
    info.wall = now;
    info.state_digest = trust.state_digest();
    info.roster_version = trust.roster_version();
    return control::Answer{info};
  }
  if (const auto* submit = std::get_if<control::SubmitRequest>(&request)) {
    ++submissions;
    control::Submitted answer;
    using Outcome = control::Submitted::Outcome;
    const MsgId id = keys::peek(submit->envelope)->msg_id;
    const bool takes = !full && refusal.empty();
    if (takes) taken_.insert(id);
    if (holds && takes) {
      const bool again = std::ranges::any_of(held_, is(id));
      if (!again) held_.push_back(submit->envelope);
      given_back_.erase(id);
      answer.outcome = again ? Outcome::duplicate : Outcome::queued;
      return control::Answer{answer};
    }
    answer.refusal = refusal;
    answer.outcome = full                                ? Outcome::no_space
                     : !refusal.empty()                  ? Outcome::refused
                     : post_.post(submit->envelope, now) ? Outcome::queued
                                                         : Outcome::duplicate;
    return control::Answer{answer};
  }
  if (std::holds_alternative<control::InventoryRequest>(request)) {
    control::Inventory held;
    for (const proto::ObjectRef& ref : trust.inventory()) {
      if (has(trust.object(ref))) held.objects.push_back(ref);
    }
    return control::Answer{std::move(held)};
  }
  if (const auto* get = std::get_if<control::GetObjectRequest>(&request)) {
    return control::Answer{control::Object{bytes_of(trust.object(get->ref))}};
  }
  if (const auto* pull = std::get_if<control::PullRequest>(&request)) {
    control::Pulled answer;
    answer.store = store;
    const auto& items = post_.mailbox(org_);
    std::uint64_t cursor = pull->store == store ? pull->cursor : 0;
    const std::size_t most = std::min<std::size_t>(pull->max, page);
    while (cursor < items.size() && answer.items.size() < most) {
      control::Delivered item;
      item.envelope = items[cursor].envelope;
      item.first_seen = items[cursor].first_seen;
      item.cursor = ++cursor;
      answer.items.push_back(std::move(item));
    }
    answer.more = cursor < items.size();
    return control::Answer{answer};
  }
  if (const auto* progress = std::get_if<control::ProgressRequest>(&request)) {
    control::Progress answer;
    for (const MsgId& id : progress->ids) {
      control::EnvelopeProgress one;
      if (told) one = told(id);
      one.id = id;
      one.known = !forgets && taken_.contains(id);
      if (given_back_.contains(id)) one.recipients.emplace_back().end = "cancelled";
      answer.envelopes.push_back(one);
    }
    return control::Answer{answer};
  }
  if (const auto* recall = std::get_if<control::RecallRequest>(&request))
    return control::Answer{control::Recalled{give_back(recall->ids)}};
  return control::Answer{Error{Code::protocol, "not asked in these tests"}};
}

bool FakeRelay::give_back(const std::vector<MsgId>& ids) {
  const bool all = std::ranges::all_of(ids, [this](const MsgId& id) {
    return given_back_.contains(id) || std::ranges::any_of(held_, is(id));
  });
  if (!all) return false;
  for (const MsgId& id : ids) std::erase_if(held_, is(id)), given_back_.insert(id);
  return true;
}

void FakeRelay::let_go() {
  holds = false;
  for (const Bytes& envelope : std::exchange(held_, {})) post_.post(envelope, now);
}

Office::Office(const Network& network, PostOffice& post, DeviceId device, const OfficePlan& plan)
    : home_(directory_.path()),
      rng_(device.org.value * 1000u + device.dev),
      relay_(post, device.org, network) {
  std::vector<Bytes> known;
  for (const Bytes& object : network.objects()) {
    if (plan.knows(object)) known.push_back(object);
  }
  must(keys::pin_root(home_, known.front()));
  const keys::TrustPtr trust =
      keys::Trust::apply_all(must(keys::Trust::begin(known.front())), std::span(known).subspan(1));
  must(keys::save_trust(home_, *trust));
  const keys::Identity& identity = network.identity(device);
  keys::DeviceKeys keys = keys::DeviceKeys::random(device.org, network.root_id(), rng_);
  keys.store = identity.store_id();
  keys.gen = identity.key().gen;
  keys.now = identity.secrets().copy();
  must(keys::save_device_keys(home_, keys::Which::person, keys, {}, rng_));
  reopen();
  if (!plan.with_secrets) return;
  std::vector<keys::EpochSecret> secrets;
  for (keys::EpochSecret& secret : network.epoch_secrets(device.org)) {
    if (secret.number >= plan.first_epoch) secrets.push_back(std::move(secret));
  }
  must(desk_->keyring().take(std::move(secrets), *network.trust(), rng_));
}

void Office::reopen() {
  close();
  desk_ = must(desk::Desk::open(home_, nullptr, rng_));
}

desk::Synced Office::sync(WallTime now) {
  relay_.now = now;
  const desk::Synced synced = must(desk::synchronize(*desk_, relay_, at(now)));
  check(now);
  return synced;
}

const Network& usual_network() {
  static const Network usual;
  return usual;
}

forms::Report full_f1(std::uint32_t stopped) {
  forms::Report report = must(forms::report_from_json_text(R"({
    "incident_id": 2024001, "occurred_at": "2025-02-04T08:10:00+09:00", "hazard_kind": "earthquake", "max_intensity": "6+",
    "staff_safety": "all_safe", "office_status": "partial", "cyl_lost": 0, "cyl_fallen": 0, "cyl_buried": 0, "gas_leaks": 0,
    "fires": 0, "explosions": 0, "deaths": 0, "missing": 0, "serious_inj": 0, "minor_inj": 0, "can_deliver": "limited",
    "road_access": "detour", "power": "out", "comms_working": ["sat_data"], "help_needed": "none", "checked_scope": "all",
    "source_kind": "own_obs", "confidence": "confirmed", "clock_quality": "gnss"})",
                                                           "F1", forms::Catalogue::built_in()));
  report.put(forms::field::households_stopped, forms::Count{stopped, forms::CountState::exact});
  return report;
}

desk::Sent Office::report(std::uint32_t stopped, WallTime now, std::vector<RecipientId> recipients) {
  desk::Message message;
  message.reports = {full_f1(stopped)};
  message.recipients = std::move(recipients);
  const desk::Sent sent = must(desk_->send(message, at(now)));
  check(now);
  return sent;
}

void Office::check(WallTime now) {
  while (!must(desk_->indexing()).complete()) must(desk_->index_some(100));  // forms have come
  check_index(*desk_, desk_->store());
  // Soon, when little is due, and later, when the first reports are.
  for (const Seconds after : {minutes(10), hours(2)}) {
    for (const IncidentId incident : {kExercise, IncidentId{}})
      check_overview(*desk_, desk_->store(), overviews_.try_emplace(incident, *desk_).first->second, incident,
                     now + after);
  }
}

desk::Board Office::board(IncidentId incident, bool exercise) {
  desk::BoardQuery query;
  query.incident = incident;
  query.exercise = exercise;
  query.prefectures = {17, 16};
  return desk::roll_up(must(desk_->readings()), desk_->expected_units(), query, desk_->catalogue());
}

std::vector<desk::Letter> Office::received() {
  const desk::StoreRead view = must(desk_->store().read());
  return desk_->letters(view).received();
}

}  // namespace noroshi::test
