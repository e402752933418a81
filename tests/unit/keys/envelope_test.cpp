// Sealing, the relay check and opening against everything an envelope may meet on its way.
#include <set>

#include "keys/kem.hpp"
#include "keys/primitives.hpp"
#include "keys/verify.hpp"
#include "tests/support/catch.hpp"
#include "world.hpp"

using namespace noroshi;
using namespace noroshi::test;
using keys::Refusal;

namespace {

const std::vector<RecipientId> kThree = {{1}, {2}, {17}};

std::optional<Refusal> refusal_of(const keys::VerifyOutcome& outcome) {
  const auto* refusal = std::get_if<Refusal>(&outcome);
  return refusal ? std::optional(*refusal) : std::nullopt;
}
std::optional<Refusal> relay_check(Bytes bytes) {
  return refusal_of(keys::verify(std::move(bytes), *world().trust(), at(kStart)));
}

keys::Verified verified(const Bytes& bytes) {
  auto outcome = keys::verify(bytes, *world().trust(), at(kStart));
  REQUIRE(std::holds_alternative<keys::Verified>(outcome));
  return std::get<keys::Verified>(outcome);
}

std::variant<keys::Opened, Refusal> opened_by(const Bytes& bytes, OrgId org) {
  const auto secrets = world().epoch_secrets(org);
  return keys::open(verified(bytes), secrets, *world().trust());
}

std::string text(const std::variant<keys::Opened, Refusal>& opened) {
  if (const auto* refusal = std::get_if<Refusal>(&opened)) return "refused " + std::string(name_of(*refusal));
  return std::string(text_of(std::get<keys::Opened>(opened).content));
}

/// Signs whatever the bytes now say with this device's key: what a true sender, or another enrolled one,
/// could do.
Bytes signed_again(Bytes bytes, DeviceId device) {
  const auto parsed = proto::parse_envelope(bytes);
  REQUIRE(parsed.envelope);
  const auto& e = *parsed.envelope;
  const auto signature = keys::sign(world().identity(device).secrets().sign, keys::Domain::envelope,
                                    world().root_id(), {e.head(), keys::body_hash(e.body)});
  std::copy(signature.begin(), signature.end(), bytes.end() - 64);
  return bytes;
}

Bytes three_recipient_report() {
  Speaker wajima(world(), field_of(kIshikawa));
  return wajima.report(kThree, view_of("停止345戸"), kStart, proto::Level::flash).bytes;
}

/// Where the parts of a sealed envelope of n wraps begin.
constexpr std::size_t kE = 20, kWraps = 52;
std::size_t body_at(std::size_t n) {
  return kWraps + 20 * n;
}

}  // namespace

TEST_CASE("what is sealed for one to fifteen recipients opens for each of them, at every bucket and length") {
  NetworkPlan plan = usual_plan();
  plan.organisations.clear();
  for (std::uint16_t id = 1; id <= 15; ++id)
    plan.organisations.push_back(
        {{id}, id == 1 ? keys::OrgKind::national : keys::OrgKind::association, "組織", "Org", 0, 0, 1});
  plan.weeks = 2;
  const Network network(plan);
  Speaker sender(network, field_of({3}));
  std::set<std::size_t> totals;
  for (std::uint16_t n = 1; n <= 15; ++n) {
    std::vector<RecipientId> recipients;
    for (std::uint16_t id = 1; id <= n; ++id) recipients.push_back({id});
    for (const std::size_t size : {0u, 1u, 11u, 12u, 100u, 147u, 700u, 2000u}) {
      Bytes content(size, static_cast<std::uint8_t>(n));
      const auto sealed = sender.report(recipients, content, kStart);
      totals.insert(sealed.bytes.size());
      CHECK(proto::bucket_for(sealed.bytes.size()) == sealed.bytes.size());
      const auto outcome = keys::verify(sealed.bytes, *network.trust(), at(kStart));
      REQUIRE(std::holds_alternative<keys::Verified>(outcome));
      const auto& envelope = std::get<keys::Verified>(outcome);
      CHECK(envelope.msg_id() == sealed.msg_id);
      for (std::uint16_t id = 1; id <= n; ++id) {
        const auto secrets = network.secrets_of({id}, 1, 9);
        const auto opened = keys::open(envelope, secrets, *network.trust());
        REQUIRE(std::holds_alternative<keys::Opened>(opened));
        CHECK(std::get<keys::Opened>(opened).content == content);
        CHECK(std::get<keys::Opened>(opened).as == RecipientId{id});
      }
      const auto others = network.secrets_of({static_cast<std::uint16_t>(n + 1)}, 1, 9);
      if (n < 15)
        CHECK(std::get<Refusal>(keys::open(envelope, others, *network.trust())) == Refusal::not_for_me);
    }
  }
  CHECK(totals.size() > 12);
}

TEST_CASE("every body length from 0 to 2000 comes back") {
  Speaker wajima(world(), field_of(kIshikawa));
  for (std::size_t size = 0; size <= 2000; ++size) {
    const Bytes content(size, 0x80);  // looks like padding itself
    const auto opened = opened_by(wajima.report({{17}}, content, kStart).bytes, kIshikawa);
    REQUIRE(std::holds_alternative<keys::Opened>(opened));
    REQUIRE(std::get<keys::Opened>(opened).content == content);
  }
}

TEST_CASE("the fullest envelope fits and one byte more does not") {
  Speaker wajima(world(), field_of(kIshikawa));
  keys::Draft draft;
  draft.recipients = {{17}};
  draft.content.resize(kEnvelopeBytesMax - proto::overhead_bytes(1) - 1);
  const auto fits = wajima.say(draft, at(kStart));
  REQUIRE(fits);
  CHECK(fits->bytes.size() == kEnvelopeBytesMax);
  draft.content.resize(draft.content.size() + 1);
  const auto too_large = wajima.say(draft, at(kStart));
  REQUIRE_FALSE(too_large);
  CHECK(too_large.error().code == Code::bad_data);
  CHECK(wajima.ledger().last_seq(wajima.identity().key()) == 1);  // nothing was used up
}

TEST_CASE("every flipped bit of a three-recipient envelope is refused by the relay check") {
  const Bytes good = three_recipient_report();
  CHECK_FALSE(relay_check(good));
  std::size_t flips = 0;
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes wrong = good;
      wrong[i] ^= static_cast<std::uint8_t>(1 << bit);
      if (!relay_check(wrong)) FAIL_CHECK("accepted with bit " << bit << " of byte " << i << " flipped");
      ++flips;
    }
  CHECK(flips == good.size() * 8);
}

TEST_CASE("every truncation and extension of an envelope is refused by the relay check") {
  const Bytes good = three_recipient_report();
  for (std::size_t size = 0; size < good.size(); ++size) {
    if (!relay_check({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}))
      FAIL_CHECK("cut to " << size);
    if (!relay_check({good.begin() + static_cast<std::ptrdiff_t>(good.size() - size), good.end()}))
      FAIL_CHECK("last " << size);
  }
  for (const std::size_t more : {1u, 16u, 20u, 64u, 1000u}) {
    Bytes longer = good;
    longer.resize(good.size() + more);
    CHECK(relay_check(longer));
  }
}

TEST_CASE("every flipped bit and truncation of a clear envelope is refused too") {
  Speaker relay(world(), relay_of(kIshikawa));
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.recipients = {{17}};
  draft.content = bytes_of(view_of("receipt"));
  const auto sealed = relay.say(draft, at(kStart));
  REQUIRE(sealed);
  CHECK_FALSE(relay_check(sealed->bytes));
  for (std::size_t i = 0; i < sealed->bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes wrong = sealed->bytes;
      wrong[i] ^= static_cast<std::uint8_t>(1 << bit);
      CHECK(relay_check(wrong));
    }
    CHECK(relay_check({sealed->bytes.begin(), sealed->bytes.begin() + static_cast<std::ptrdiff_t>(i)}));
  }
}

TEST_CASE("a wrap that its sender altered opens for the others and is a broken commitment for its owner") {
  for (std::size_t wrap = 0; wrap < 3; ++wrap) {
    Bytes altered = three_recipient_report();
    altered[kWraps + 20 * wrap + 10] ^= 1;  // a byte of x
    altered = signed_again(altered, field_of(kIshikawa));
    for (std::size_t reader = 0; reader < 3; ++reader) {
      const std::string result = text(opened_by(altered, {kThree[reader].value}));
      // E ‖ W is associated data of the body, so the others see that it is not the message that was sealed.
      CHECK(result == (reader == wrap ? "refused commitment" : "refused aead"));
    }
  }
}

TEST_CASE("an envelope signed again by another device is carried but proves nothing to its reader") {
  Bytes stolen = three_recipient_report();
  stolen[7] = static_cast<std::uint8_t>(field_of(kIshikawa, 1).dev);  // src_dev, low byte
  stolen = signed_again(stolen, field_of(kIshikawa, 1));
  CHECK_FALSE(relay_check(stolen));
  CHECK(text(opened_by(stolen, kMinistry)) == "refused commitment");
}

TEST_CASE("parts swapped between two messages and signed by their sender do not open") {
  Speaker wajima(world(), field_of(kIshikawa));
  (void)wajima.report(kThree, view_of("zero"), kStart);
  const Bytes a = wajima.report(kThree, view_of("one"), kStart).bytes;
  const Bytes b = wajima.report(kThree, view_of("two"), kStart).bytes;
  REQUIRE(a.size() == b.size());
  struct Part {
    std::size_t from, to;
  };
  for (const Part part : {Part{kE, kWraps}, Part{kWraps, body_at(3)}, Part{body_at(3), a.size() - 64}}) {
    Bytes mixed = a;
    std::copy(b.begin() + static_cast<std::ptrdiff_t>(part.from),
              b.begin() + static_cast<std::ptrdiff_t>(part.to),
              mixed.begin() + static_cast<std::ptrdiff_t>(part.from));
    mixed = signed_again(mixed, field_of(kIshikawa));
    for (const RecipientId reader : kThree)
      CHECK(text(opened_by(mixed, {reader.value})).starts_with("refused"));
  }
}

TEST_CASE(
    "with the wrong epoch secret a message does not open, and with none of its number the epoch is gone") {
  const auto envelope = verified(three_recipient_report());
  auto wrong = world().secrets_of({2}, 3, 3);  // another week's secret under the right number
  wrong[0].number = world().trust()->epoch_for({2}, kStart)->number;
  CHECK(std::get<Refusal>(keys::open(envelope, wrong, *world().trust())) == Refusal::commitment);
  const auto erased = world().secrets_of({2}, 5, 9);
  CHECK(std::get<Refusal>(keys::open(envelope, erased, *world().trust())) == Refusal::epoch_gone);
  CHECK(std::get<Refusal>(keys::open(envelope, {}, *world().trust())) == Refusal::not_for_me);
}

TEST_CASE("an ephemeral key of low order is refused by its reader, not believed") {
  Bytes hostile = three_recipient_report();
  std::fill(hostile.begin() + kE, hostile.begin() + kWraps, std::uint8_t{0});
  hostile = signed_again(hostile, field_of(kIshikawa));
  CHECK(text(opened_by(hostile, kMinistry)) == "refused low_order");
}

TEST_CASE("padding that is not 0x80 and zeros is refused") {
  const auto header = verified(three_recipient_report()).header();
  const auto& sender = world().identity(field_of(kIshikawa));
  const keys::EpochKey& epoch = *world().trust()->epoch_for({2}, kStart);
  const std::vector<keys::Target> target = {{{2}, static_cast<std::uint8_t>(epoch.number), 0, epoch.key}};
  auto one = header;
  one.wraps = 1;
  const auto sealed = [&](const Bytes& body) {
    const auto bytes = keys::seal_with_seed(one, target, body, {}, sender.secrets().sign, world().root_id());
    REQUIRE(bytes);
    return text(opened_by(*bytes, kMinistry));
  };
  CHECK(sealed({'o', 'k', 0x80, 0, 0}) == "ok");
  CHECK(sealed({0x80}) == "");
  CHECK(sealed({0, 0, 0}) == "refused padding");
  CHECK(sealed({'o', 'k', 0x80, 0, 1}) == "refused padding");
}

TEST_CASE("a random source that always returns the same still gives every message its own keys") {
  class Constant final : public Rng {
   public:
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{7}); }
  } broken;
  const auto& sender = world().identity(field_of(kIshikawa));
  MemoryLedger ledger(sender.store_id());
  std::set<Bytes> ephemerals, wraps;
  for (int i = 0; i < 50; ++i) {
    keys::Draft draft;
    draft.recipients = {{2}};
    draft.content = bytes_of(view_of(i % 2 ? "same" : "other"));
    const auto sealed = keys::seal_next(sender, *world().trust(), ledger, draft, at(kStart), broken);
    REQUIRE(sealed);
    ephemerals.insert({sealed->bytes.begin() + kE, sealed->bytes.begin() + kWraps});
    wraps.insert({sealed->bytes.begin() + kWraps + 4, sealed->bytes.begin() + kWraps + 20});
  }
  CHECK(ephemerals.size() == 50);
  CHECK(wraps.size() == 50);
}

TEST_CASE("nothing of one network verifies in another") {
  const Network other(usual_plan(2));
  const Bytes ours = three_recipient_report();
  CHECK(refusal_of(keys::verify(ours, *other.trust(), at(kStart))) == Refusal::signature);
}

TEST_CASE("a reader may pass a message on with its seed, and the new reader sees the author's own words") {
  const Bytes original = three_recipient_report();
  const auto opened = opened_by(original, kIshikawa);
  REQUIRE(std::holds_alternative<keys::Opened>(opened));
  const Bytes content = keys::encode_forwarded(std::get<keys::Opened>(opened).seed, original);
  const auto forwarded = keys::decode_forwarded(content);
  REQUIRE(forwarded);
  const auto inner = verified(forwarded->original);
  CHECK(text(keys::open_with_seed(inner, forwarded->seed, *world().trust())) == "停止345戸");
  auto wrong = forwarded->seed;
  wrong[0] ^= 1;
  CHECK(text(keys::open_with_seed(inner, wrong, *world().trust())) == "refused commitment");
  CHECK_FALSE(keys::decode_forwarded(Bytes(16)));
}

TEST_CASE(
    "a message to one device of the sender's organisation opens there and not at the same number elsewhere") {
  Speaker desk(world(), desk_of(kIshikawa));
  keys::Draft draft;
  draft.recipients = {proto::to_own_device(field_of(kIshikawa).dev)};
  draft.content = bytes_of(view_of("輪島へ"));
  const auto sealed = desk.say(draft, at(kStart));
  REQUIRE(sealed);
  std::vector<keys::EpochSecret> own, foreign;
  own.push_back(world().device_secret(field_of(kIshikawa)));
  foreign.push_back(world().device_secret(field_of(kToyama)));
  CHECK(text(keys::open(verified(sealed->bytes), own, *world().trust())) == "輪島へ");
  CHECK(std::get<Refusal>(keys::open(verified(sealed->bytes), foreign, *world().trust())) ==
        Refusal::not_for_me);
}

TEST_CASE("peek tells the names of an envelope and nothing of what is no envelope") {
  Speaker wajima(world(), field_of(kIshikawa));
  const auto sealed = wajima.report(kThree, view_of("x"), kStart, proto::Level::urgent);
  const auto peek = keys::peek(sealed.bytes);
  REQUIRE(peek);
  CHECK(peek->key == sealed.key);
  CHECK(peek->seq == sealed.seq);
  CHECK(peek->msg_id == sealed.msg_id);
  CHECK(peek->level == proto::Level::urgent);
  CHECK_FALSE(keys::peek(Bytes(200)));
}

TEST_CASE("a copy signed anew by its author is the same message") {
  const Bytes bytes = three_recipient_report();
  Bytes again = bytes;
  again.back() ^= 1;
  CHECK(keys::peek(bytes)->msg_id == keys::peek(again)->msg_id);
}
