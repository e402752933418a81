// The relay check: certificates, roles, time, revocation, old rosters.
#include "keys/verify.hpp"
#include "keys/crypto.hpp"
#include "keys/roles.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::test;
using keys::Refusal;
using keys::RosterState;

namespace {

/// A world, one sender, and the check of what it says.
struct World {
  Network network;
  keys::Sealed said(DeviceId device, keys::Draft draft, Now now) {
    Speaker speaker(network, device);
    auto sealed = speaker.say(draft, now);
    INFO((sealed ? "" : sealed.error().text));
    REQUIRE(sealed);
    return *std::move(sealed);
  }
  keys::Sealed report(DeviceId device, Now now, proto::Level level = proto::Level::flash) {
    return said(
        device,
        {.level = level, .recipients = {{17}, {1}, {2}}, .incident = {}, .epochs_from = {}, .content = {'x'}},
        now);
  }
  keys::VerifyOutcome check(const keys::Sealed& sealed, Now now) {
    return keys::verify(sealed.bytes, *network.trust(), now);
  }
};

keys::Marks marks_of(const keys::VerifyOutcome& outcome) {
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) FAIL("refused: " << name_of(*refusal));
  return std::get<keys::Verified>(outcome).marks();
}
std::string verdict(const keys::VerifyOutcome& outcome) {
  const auto* refusal = std::get_if<Refusal>(&outcome);
  return refusal ? std::string(name_of(*refusal)) : "accepted";
}

keys::Draft directive_to(RecipientId recipient) {
  return {.ctype = proto::Ctype::directive,
          .recipients = {recipient},
          .incident = {},
          .epochs_from = {},
          .content = {'x'}};
}

}  // namespace

TEST_CASE("a fresh report carries no mark") {
  World w;
  const auto outcome = w.check(w.report(field_of(kIshikawa), at(kStart)), at(kStart));
  CHECK(marks_of(outcome) == keys::Marks{});
  CHECK(std::get<keys::Verified>(outcome).sender().handler == HandlerId{21});
}

TEST_CASE("a flash report arrives with its priority whatever the sender's clock says") {
  World w;
  const auto wrong_clocks = {minutes(14), minutes(-14), minutes(16), minutes(-16), hours(9),
                             hours(-9),   hours(26),    hours(-26),  days(400),    days(-400)};
  for (const Seconds off : wrong_clocks) {
    const auto outcome = w.check(w.report(field_of(kIshikawa), at(kStart + off)), at(kStart));
    const keys::Marks marks = marks_of(outcome);
    CHECK(std::get<keys::Verified>(outcome).header().level == proto::Level::flash);
    const bool plausible = off.count <= 15 * 60 && off.count >= -86'400;  // older than the roster sets b3
    CHECK(marks.time_doubtful == !plausible);
    CHECK_FALSE(marks.dead);
  }
  for (const std::int64_t unix_time :
       {std::int64_t{0}, std::int64_t{946'684'800}, std::int64_t{4'070'908'800}}) {
    const auto outcome =
        w.check(w.report(field_of(kIshikawa), at(WallTime::from_unix(unix_time))), at(kStart));
    CHECK(marks_of(outcome).time_doubtful);
    CHECK(std::get<keys::Verified>(outcome).header().level == proto::Level::flash);
  }
}

TEST_CASE("a message goes stale, then dead, and neither by a clock of ours that is suspect") {
  World w;
  const auto sealed = w.report(field_of(kIshikawa), at(kStart));  // ttl 30 days
  CHECK_FALSE(marks_of(w.check(sealed, at(kStart + days(30)))).stale);
  CHECK(marks_of(w.check(sealed, at(kStart + days(31)))).stale);
  CHECK_FALSE(marks_of(w.check(sealed, at(kStart + days(37)))).dead);
  CHECK(marks_of(w.check(sealed, at(kStart + days(38)))).dead);
  Now suspect = at(kStart + days(38));
  suspect.wall_suspect = true;
  const auto marks = marks_of(w.check(sealed, suspect));
  CHECK_FALSE((marks.stale || marks.dead || marks.time_doubtful));
}

TEST_CASE("a sender nobody certified is unknown") {
  World w;
  SeededRng rng(4);
  auto keys = keys::KeySet::random(rng);
  w.network.take(w.network.certify(
      w.network.usual_certificate({kIshikawa, 30}, keys::Roles{}.with(keys::Role::field), keys)));
  const keys::Identity device({{kIshikawa, 30}, 1}, w.network.root_id(), StoreId{9}, std::move(keys));
  MemoryLedger ledger(StoreId{9});
  const auto sealed = keys::seal_next(
      device, *w.network.trust(), ledger,
      {.recipients = {{17}}, .incident = {}, .epochs_from = {}, .content = {'x'}}, at(kStart), rng);
  REQUIRE(sealed);
  CHECK(verdict(w.check(*sealed, at(kStart))) == "accepted");
  const Network without;
  CHECK(verdict(keys::verify(sealed->bytes, *without.trust(), at(kStart))) == "unknown_key");
}

TEST_CASE("a certificate that expired brings reports for 400 days more, marked, and no directive") {
  World w;
  const WallTime end = kStart + days(399);
  const auto late_report = w.report(field_of(kIshikawa), at(end + days(20)));
  CHECK(marks_of(w.check(late_report, at(end + days(20)))).certificate_expired);
  const auto directive = w.said(desk_of(kNational), directive_to({17}), at(kStart));
  CHECK(verdict(w.check(directive, at(kStart))) == "accepted");
  CHECK(verdict(w.check(directive, at(end + days(1)))) == "cert_time");
  const auto too_late = w.report(field_of(kIshikawa), at(end + days(402)));
  CHECK(verdict(w.check(too_late, at(end + days(402)))) == "cert_time");
}

TEST_CASE("the older the roster, the less authority, and reports always pass") {
  World w;
  struct Row {
    Seconds after;
    RosterState state;
    const char* directive;
  };
  for (const Row& row :
       {Row{days(1), RosterState::a_fresh, "accepted"}, Row{days(10), RosterState::b_refresh, "accepted"},
        Row{days(100), RosterState::c_expired, "role"}, Row{days(215), RosterState::d_lapsed, "role"}}) {
    const Now now = at(kStart + row.after);
    CHECK(w.network.trust()->roster_state(now.wall) == row.state);
    CHECK(marks_of(w.check(w.report(field_of(kIshikawa), now), now)).roster == row.state);
    CHECK(verdict(w.check(w.said(desk_of(kNational), directive_to({17}), now), now)) == row.directive);
  }
}

TEST_CASE("what a revoked key made since T is refused, and what it made before is kept for a person") {
  World w;
  const KeyId key{field_of(kIshikawa), 1};
  const auto before = w.report(field_of(kIshikawa), at(kStart));
  const auto after = w.report(field_of(kIshikawa), at(kStart + hours(3)));
  w.network.take(
      w.network.revoke({key, kStart + hours(2), keys::RevocationReason::stolen, kStart + hours(4)}));
  const Now now = at(kStart + hours(5));
  CHECK(marks_of(w.check(before, now)).quarantine);
  CHECK(verdict(w.check(after, now)) == "revoked");
  CHECK(marks_of(w.check(w.report(field_of(kIshikawa, 1), now), now)) ==
        keys::Marks{});  // another device is another's
}

TEST_CASE("a revocation of a device holds for every generation of it") {
  World w;
  w.network.take(w.network.revoke({{field_of(kIshikawa), 0}, kStart, keys::RevocationReason::lost, kStart}));
  CHECK(verdict(w.check(w.report(field_of(kIshikawa), at(kStart + hours(1))), at(kStart + hours(1)))) ==
        "revoked");
  CHECK(w.network.trust()->revoked_since({field_of(kIshikawa), 2}) == kStart);
}

TEST_CASE("each role sends what the matrix allows and nothing else") {
  World w;
  using proto::Ctype;
  struct Row {
    DeviceId device;
    std::vector<Ctype> allowed;
  };
  const std::vector<Ctype> all = {
      Ctype::report,      Ctype::receipt,           Ctype::directive,  Ctype::epoch_secret,
      Ctype::attachment,  Ctype::forwarded,         Ctype::desk_event, Ctype::incident_notice,
      Ctype::erase_order, Ctype::erase_certificate, Ctype::device_head};
  const std::vector<Row> matrix = {
      {field_of(kIshikawa),
       {Ctype::report, Ctype::receipt, Ctype::attachment, Ctype::desk_event, Ctype::incident_notice,
        Ctype::erase_certificate, Ctype::device_head}},
      {desk_of(kIshikawa),
       {Ctype::report, Ctype::receipt, Ctype::directive, Ctype::attachment, Ctype::forwarded,
        Ctype::desk_event, Ctype::incident_notice, Ctype::erase_certificate, Ctype::device_head}},
      {relay_of(kIshikawa),
       {Ctype::receipt, Ctype::incident_notice, Ctype::erase_certificate, Ctype::device_head}},
      {admin_of(kIshikawa),
       {Ctype::epoch_secret, Ctype::incident_notice, Ctype::erase_order, Ctype::erase_certificate,
        Ctype::device_head}},
  };
  for (const Row& row : matrix) {
    keys::Certificate everything = *w.network.trust()->newest_certificate(row.device);
    everything.send_mask = ~std::uint64_t{0} >> 16;  // the mask allows all: the role decides
    for (const Ctype ctype : all) {
      const RecipientId own = ctype == Ctype::epoch_secret ? proto::to_transport(kIshikawa) : RecipientId{17};
      const std::vector<RecipientId> to = {own};
      const bool may = keys::why_not(everything, *w.network.trust(),
                                     {static_cast<std::uint8_t>(ctype), proto::Level::routine, to})
                           .empty();
      const bool expected = std::find(row.allowed.begin(), row.allowed.end(), ctype) != row.allowed.end();
      INFO(to_string(row.device) << " ctype " << static_cast<int>(ctype));
      CHECK(may == expected);
    }
  }
}

TEST_CASE(
    "the send mask and the highest precedence bound what the role allows, and unknown types need the mask "
    "alone") {
  World w;
  keys::Certificate c = *w.network.trust()->newest_certificate(field_of(kIshikawa));
  const std::vector<RecipientId> to = {{17}};
  const auto may = [&](std::uint8_t ctype, proto::Level level) {
    return keys::why_not(c, *w.network.trust(), {ctype, level, to}).empty();
  };
  CHECK(may(1, proto::Level::flash));
  c.highest = proto::Level::urgent;
  CHECK_FALSE(may(1, proto::Level::flash));
  CHECK(may(1, proto::Level::urgent));
  CHECK_FALSE(may(9, proto::Level::bulk));
  c.send_mask |= 1u << 9;
  CHECK(may(9, proto::Level::bulk));
  c.send_mask &= ~std::uint64_t{2};
  CHECK_FALSE(may(1, proto::Level::bulk));
}

TEST_CASE("directives go only where the roster lets the organisation direct") {
  World w;
  CHECK(verdict(w.check(w.said(desk_of(kMinistry), directive_to({17}), at(kStart)), at(kStart))) ==
        "accepted");
  CHECK(verdict(w.check(w.said(desk_of(kMinistry), directive_to(kEverybody), at(kStart)), at(kStart))) ==
        "accepted");
  Speaker ishikawa(w.network, desk_of(kIshikawa));
  CHECK(ishikawa.say(directive_to({17}), at(kStart)));
  CHECK_FALSE(ishikawa.say(directive_to({16}), at(kStart)));
  CHECK_FALSE(ishikawa.say(directive_to(kEverybody), at(kStart)));
}

TEST_CASE("desk events and erase orders stay within the organisation") {
  World w;
  Speaker desk(w.network, desk_of(kIshikawa));
  keys::Draft event{.ctype = proto::Ctype::desk_event,
                    .recipients = {{17}},
                    .incident = {},
                    .epochs_from = {},
                    .content = {'x'}};
  CHECK(desk.say(event, at(kStart)));
  event.recipients = {{16}};
  CHECK_FALSE(desk.say(event, at(kStart)));
  Speaker admin(w.network, admin_of(kIshikawa));
  keys::Draft order{.ctype = proto::Ctype::erase_order,
                    .recipients = {{17}},
                    .incident = {},
                    .epochs_from = {},
                    .content = {'x'}};
  CHECK(admin.say(order, at(kStart)));
  order.recipients = {{16}};
  CHECK_FALSE(admin.say(order, at(kStart)));
}

TEST_CASE("an organisation that left the roster no longer speaks") {
  World w;
  const auto sealed = w.report(field_of(kToyama), at(kStart));
  keys::Roster roster = w.network.roster();
  roster.entries.erase(kToyama.value);
  w.network.take(w.network.sign_roster(roster, kStart + days(1)));
  CHECK(verdict(w.check(sealed, at(kStart + days(1)))) == "unknown_key");
}

TEST_CASE("the outside alone is judged as the whole envelope is") {
  World w;
  const auto outside_of = [](const keys::Sealed& sealed) { return proto::parse_envelope(sealed.bytes); };
  const auto judged = [&](const Bytes& bytes, const ByteArray<32>& hash, Now now) -> std::string {
    const auto parsed = proto::parse_envelope(bytes);
    REQUIRE(parsed.envelope);
    const Bytes outside = proto::cover_of(*parsed.envelope);
    const auto cover = proto::parse_cover(outside, hash, static_cast<std::uint32_t>(bytes.size()));
    REQUIRE(cover);
    const auto refusal = keys::refusal_of(*cover, *w.network.trust(), now);
    return refusal ? std::string(name_of(*refusal)) : "accepted";
  };
  const keys::Sealed sealed = w.report(field_of(kIshikawa), at(kStart));
  const auto parsed = outside_of(sealed);
  const ByteArray<32> hash = keys::body_hash(parsed.envelope->body);
  CHECK(judged(sealed.bytes, hash, at(kStart)) == "accepted");
  const Bytes outside = proto::cover_of(*parsed.envelope);
  const auto cover = proto::parse_cover(outside, hash, static_cast<std::uint32_t>(sealed.bytes.size()));
  CHECK(keys::peek(*cover).msg_id == sealed.msg_id);
  CHECK(keys::msg_id_of(*cover) == sealed.msg_id);

  ByteArray<32> other = hash;
  other[31] ^= 1;
  CHECK(judged(sealed.bytes, other, at(kStart)) == "signature");
  Bytes flash = sealed.bytes;
  flash[10] ^= 1;  // the roster it was sealed under
  CHECK(judged(flash, hash, at(kStart)) == "signature");
  for (const Seconds later : {days(1), days(400), days(4000)}) {
    const auto whole = w.check(sealed, at(kStart + later));
    CHECK(judged(sealed.bytes, hash, at(kStart + later)) == verdict(whole));
  }
}
