// Lines of messages as a field device sends them: every reader sees every message and every gap in its own
// chain.
#include "keys/seal.hpp"

#include "keys/verify.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::test;

TEST_CASE(
    "whatever is said to whomever, each reader opens it and can follow its predecessors without a gap") {
  const Network network;
  const std::vector<OrgId> all = network.organisations();
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SeededRng rng(seed);
    Speaker speaker(network, field_of(kIshikawa, static_cast<int>(seed % 2)), seed);
    std::map<RecipientId, Seq> last;
    for (int i = 0; i < 40; ++i) {
      std::vector<RecipientId> recipients;
      for (const OrgId org : all)
        if (rng.below(3) == 0) recipients.push_back(proto::to_org(org));
      if (recipients.empty()) recipients.push_back(kEverybody);
      Bytes content(rng.below(600));
      rng.fill(content);
      const auto sealed =
          speaker.report(recipients, content, kStart + Seconds{i}, static_cast<proto::Level>(rng.below(4)));
      const auto outcome = keys::verify(sealed.bytes, *network.trust(), at(kStart + Seconds{i}));
      REQUIRE(std::holds_alternative<keys::Verified>(outcome));
      const auto& envelope = std::get<keys::Verified>(outcome);
      for (std::size_t w = 0; w < recipients.size(); ++w) {
        const auto secrets = network.secrets_of(envelope.envelope().wraps[w].recipient, 1, 99);
        const auto opened = keys::open(envelope, secrets, *network.trust());
        REQUIRE(std::holds_alternative<keys::Opened>(opened));
        const auto& o = std::get<keys::Opened>(opened);
        REQUIRE(o.content == content);
        REQUIRE(o.predecessors[w] == last[o.as]);
      }
      for (const RecipientId recipient : recipients) last[recipient] = sealed.seq;
    }
  }
}

TEST_CASE("bytes that are no envelope of this network are never accepted, whatever they are") {
  const Network network;
  Speaker speaker(network, field_of(kIshikawa));
  const Bytes good = speaker.report({{1}, {17}}, view_of("x"), kStart).bytes;
  SeededRng rng(1);
  std::size_t past_the_parse = 0;
  for (int i = 0; i < 3000; ++i) {
    Bytes bytes = good;
    for (std::uint64_t n = 1 + rng.below(6); n > 0; --n)
      bytes[rng.below(bytes.size())] = static_cast<std::uint8_t>(rng.u64());
    if (rng.below(4) == 0) bytes.resize(rng.below(2 * bytes.size()));
    if (bytes == good) continue;
    const auto outcome = keys::verify(bytes, *network.trust(), at(kStart));
    REQUIRE(std::holds_alternative<keys::Refusal>(outcome));
    past_the_parse += std::get<keys::Refusal>(outcome) == keys::Refusal::signature;
  }
  CHECK(past_the_parse > 500);
}
