#include "tests/sim/pool.hpp"

namespace noroshi::sim {
namespace {

using proto::Level;
using test::kIshikawa;
using test::kMinistry;
using test::kNational;
using test::kNiigata;
using test::kToyama;

constexpr std::size_t kVariants = 4;
constexpr int kLine = 20;  ///< messages an author has ready
constexpr int kGenerations = 6;
constexpr std::uint8_t kGreedyQuota = 9;
/// Ascending, as the wraps of an envelope are.
const std::vector<OrgId> kOrgs = {kNational, kMinistry, kNiigata, kToyama, kIshikawa};

Level any_level(Rng& rng) {
  const auto n = rng.below(20);
  return n < 3 ? Level::flash : n < 8 ? Level::urgent : n < 16 ? Level::routine : Level::bulk;
}

std::size_t any_size(Rng& rng, Level level) {
  if (level == Level::bulk && rng.below(3) == 0) return 4000 + rng.below(16000);
  if (rng.below(12) == 0) return 1000 + rng.below(8000);
  return 40 + rng.below(400);
}

Bytes any_content(Rng& rng, std::size_t size) {
  Bytes out(size);
  rng.fill(out);
  return out;
}

std::vector<RecipientId> any_recipients(Rng& rng, OrgId own) {
  std::vector<RecipientId> out;
  while (out.empty()) {
    for (const OrgId org : kOrgs) {
      if (rng.below(org == own ? 6 : 2) == 0) out.push_back(proto::to_org(org));
    }
  }
  return out;
}

test::NetworkPlan plan() {
  test::NetworkPlan out = test::usual_plan();
  for (test::OrgPlan& org : out.organisations) {
    if (org.id == kIshikawa) org.relays = 2;
  }
  return out;
}

}  // namespace

Pool::Pool() : network_(plan()) {
  // A quota that a few messages spend: two a day, one of them flash.
  keys::Roster roster = network_.roster();
  roster.head.quotas.resize(kGreedyQuota + 1);
  roster.head.quotas[kGreedyQuota] = {.envelopes = 2, .bytes = 1'000'000, .flash = 1};
  network_.take(network_.sign_roster(roster, test::kStart));
  make_relays();
  make_authors();
  make_forged();
  make_dying();
  trust_ = network_.trust();
  std::vector<Bytes> known;
  for (const Bytes& object : network_.objects()) {
    bool author = false;
    for (const auto& [device, certificate] : certificates_) author = author || certificate == object;
    if (!author) known.push_back(object);
  }
  lean_ = keys::Trust::apply_all(*keys::Trust::begin(known.front()), std::span(known).subspan(1));
}

void Pool::make_relays() {
  test::SeededRng rng(11);
  const auto relay = [&](DeviceId device, int default_route) {
    Relay out{.device = device,
              .leaf = default_route >= 0,
              .default_route = default_route,
              .generations = {},
              .first_store = {rng.u64()}};
    for (int gen = 1; gen <= kGenerations; ++gen) {
      const bool certified = default_route < 0 && gen == 1;
      if (certified) {
        const keys::Identity& known = network_.identity(device);
        out.generations.emplace_back(known.key(), known.root_id(), out.first_store, known.secrets().copy());
        continue;
      }
      keys::KeySet secrets = keys::KeySet::random(rng);
      const auto number = static_cast<std::uint8_t>(gen);
      network_.take(network_.certify(
          network_.usual_certificate(device, keys::Roles{}.with(keys::Role::relay), secrets, number)));
      out.generations.emplace_back(KeyId{device, number}, network_.root_id(), out.first_store,
                                   std::move(secrets));
    }
    relays_.push_back(std::move(out));
  };
  relay({kIshikawa, 40}, kHubIshikawa);
  relay(test::relay_of(kIshikawa), -1);
  relay(test::relay_of(kToyama), -1);
  relay(test::relay_of(kNational), -1);
  relay(test::relay_of(kMinistry), -1);
  relay(test::relay_of(kNiigata), -1);
  relay({kToyama, 40}, kHubToyama);
  relay(test::relay_of(kIshikawa, 1), -1);

  for (const OrgId org : kOrgs) readers_.emplace(org, enrol({org, 60}, keys::Role::desk, rng));
  hostile_.emplace(enrol({kNiigata, 9}, keys::Role::relay, rng));
}

keys::Identity Pool::enrol(DeviceId device, keys::Role role, Rng& rng, std::optional<std::uint8_t> quota) {
  keys::KeySet secrets = keys::KeySet::random(rng);
  keys::Certificate certificate = network_.usual_certificate(device, keys::Roles{}.with(role), secrets);
  if (quota) certificate.quota = *quota;
  network_.take(network_.certify(certificate));
  return {KeyId{device, 1}, network_.root_id(), StoreId{5}, std::move(secrets)};
}

Message Pool::message(test::Speaker& speaker, Rng& rng, int place, WallTime created) {
  const Level level = any_level(rng);
  keys::Draft draft;
  draft.level = level;
  draft.recipients = any_recipients(rng, speaker.identity().device().org);
  draft.content = any_content(rng, any_size(rng, level));
  const auto sealed = speaker.say(draft, test::at(created));
  NOROSHI_ASSERT(sealed);
  const auto parsed = proto::parse_envelope(sealed->bytes);
  NOROSHI_ASSERT(parsed.envelope);
  return {.id = sealed->msg_id,
          .bytes = sealed->bytes,
          .place = place,
          .level = level,
          .created = parsed.envelope->header.created,
          .dead_at = parsed.envelope->header.dead_at(),
          .recipients = draft.recipients};
}

void Pool::make_authors() {
  struct Seat {
    DeviceId device;
    int place;
  };
  const std::vector<Seat> seats = {
      {test::field_of(kIshikawa, 0), kLaptop1}, {test::field_of(kIshikawa, 1), kLaptop1},
      {test::field_of(kToyama, 0), kLaptop2},   {test::desk_of(kIshikawa), kHubIshikawa},
      {test::desk_of(kToyama), kHubToyama},     {test::desk_of(kNational), kHubNational},
      {test::desk_of(kMinistry), kHubMinistry}, {test::desk_of(kNiigata), kHubNiigata}};
  for (const Bytes& object : network_.objects()) {
    for (const Seat& seat : seats) {
      if (object.front() != static_cast<std::uint8_t>(proto::ObjectType::certificate)) continue;
      const auto at = network_.trust()->object(
          {proto::ObjectType::certificate,
           std::uint64_t{seat.device.org.value} << 32 | std::uint64_t{seat.device.dev} << 8 | 1,
           0,
           {}});
      if (equal(at, object)) certificates_[seat.device] = object;
    }
  }
  for (std::uint64_t variant = 0; variant < kVariants; ++variant) {
    std::vector<Author> authors;
    for (const Seat& seat : seats) {
      test::SeededRng rng(1000 * variant + seat.device.org.value * 50u + seat.device.dev);
      test::Speaker speaker(network_, seat.device, rng.u64());
      Author author{.device = seat.device, .place = seat.place, .line = {}};
      for (int i = 0; i < kLine; ++i) {
        author.line.push_back(message(speaker, rng, seat.place, kWorldStart - hours(1) + Seconds{i}));
      }
      authors.push_back(std::move(author));
    }
    lines_.push_back(std::move(authors));
  }
}

void Pool::make_forged() {
  test::SeededRng rng(77);
  // Another network's envelopes, of devices that exist here too.
  test::Network other(test::usual_plan(2));
  test::Speaker stranger(other, test::field_of(kIshikawa));
  for (int i = 0; i < 8; ++i) {
    forged_.push_back(
        stranger.report({proto::to_org(kMinistry)}, any_content(rng, 100), test::kStart, Level::flash).bytes);
  }
  // True ones with a bit changed, anywhere.
  for (const Author& author : lines_.front()) {
    for (int i = 0; i < 4; ++i) {
      Bytes bytes = author.line[static_cast<std::size_t>(i)].bytes;
      bytes[rng.below(bytes.size())] ^= static_cast<std::uint8_t>(1u << rng.below(8));
      forged_.push_back(std::move(bytes));
    }
  }
  // A device that nobody has a certificate of.
  for (int i = 0; i < 4; ++i) {
    Bytes bytes = lines_.front().front().line[static_cast<std::size_t>(i)].bytes;
    bytes[6] = 0x33;
    forged_.push_back(std::move(bytes));
  }
  // One that has a quota and sends more, and one that says three things under one number.
  const auto flash = [&](const keys::Identity& identity, test::MemoryLedger& ledger) {
    keys::Draft draft;
    draft.level = Level::flash;
    draft.recipients = {proto::to_org(kMinistry)};
    draft.content = any_content(rng, 60);
    auto sealed = keys::seal_next(identity, *network_.trust(), ledger, draft, test::at(test::kStart), rng);
    NOROSHI_ASSERT(sealed);
    return sealed->bytes;
  };
  greedy_device_ = test::field_of(kNiigata, 5);
  const keys::Identity greedy = enrol(greedy_device_, keys::Role::field, rng, kGreedyQuota);
  test::MemoryLedger ledger({5});
  for (int i = 0; i < 40; ++i) greedy_.push_back(flash(greedy, ledger));
  equivocal_device_ = test::field_of(kNiigata, 6);
  const keys::Identity twofold = enrol(equivocal_device_, keys::Role::field, rng);
  for (int i = 0; i < 3; ++i) {
    test::MemoryLedger each({5});
    equivocal_.push_back(flash(twofold, each));
  }
}

void Pool::make_dying() {
  test::SeededRng rng(13);
  const DeviceId device = test::field_of(kToyama, 7);
  const keys::Identity identity = enrol(device, keys::Role::field, rng);
  test::MemoryLedger ledger({5});
  dying_ = {.device = device, .place = kLaptop2, .line = {}};
  for (int i = 0; i < 4; ++i) {
    keys::Draft draft;
    draft.level = Level::urgent;
    draft.life = days(7);
    draft.recipients = {proto::to_org(kMinistry), proto::to_org(kIshikawa)};
    draft.content = any_content(rng, 100);
    const WallTime created = kWorldStart - days(14) + minutes(30 + 60 * i);
    const auto sealed = keys::seal_next(identity, *network_.trust(), ledger, draft, test::at(created), rng);
    NOROSHI_ASSERT(sealed);
    const auto header = proto::parse_envelope(sealed->bytes).envelope->header;
    dying_.line.push_back({.id = sealed->msg_id,
                           .bytes = sealed->bytes,
                           .place = kLaptop2,
                           .level = draft.level,
                           .created = header.created,
                           .dead_at = header.dead_at(),
                           .recipients = draft.recipients});
  }
}

}  // namespace noroshi::sim
