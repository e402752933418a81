#include "client-tui/cli/demo/intruders.hpp"

#include "keys/kem.hpp"
#include "keys/verify.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"

using namespace noroshi;
using namespace noroshi::cli::demo;

namespace {

/// A report as the network's own field device seals it.
Bytes genuine(const test::Network& network, Rng& rng) {
  const auto& sender = network.identity(test::field_of(test::kIshikawa));
  proto::Header header;
  header.level = proto::Level::flash;
  header.ctype = static_cast<std::uint8_t>(proto::Ctype::report);
  header.source = sender.key();
  header.ttl = proto::ttl_code(days(30));
  header.created = test::kStart;
  header.seq = 1;
  header.wraps = 1;
  const auto* epoch = network.trust()->epoch_for(proto::to_org(test::kMinistry), test::kStart);
  REQUIRE(epoch != nullptr);
  const keys::Target target{proto::to_org(test::kMinistry), static_cast<std::uint8_t>(epoch->number), 0,
                            epoch->key};
  ByteArray<16> seed{};
  rng.fill(seed);
  const auto sealed = keys::seal_with_seed(header, std::span(&target, 1), keys::pad(view_of("report"), 40),
                                           seed, sender.secrets().sign, network.root_id());
  REQUIRE(sealed.has_value());
  return *sealed;
}

}  // namespace

TEST_CASE("every intruder is well-formed and refused by the name it claims") {
  const test::Network network;
  test::SeededRng rng(7);
  const Bytes true_one = genuine(network, rng);
  REQUIRE(std::holds_alternative<keys::Verified>(
      keys::verify(true_one, *network.trust(), test::at(test::kStart))));
  const auto intruders = make_intruders(true_one, network.root_id(), rng);
  REQUIRE(intruders.size() == 3);
  for (const Intruder& one : intruders) {
    INFO(one.name.en);
    CHECK(proto::parse_envelope(one.envelope).envelope.has_value());
    const auto outcome = keys::verify(one.envelope, *network.trust(), test::at(test::kStart));
    const auto* refusal = std::get_if<keys::Refusal>(&outcome);
    REQUIRE(refusal != nullptr);
    CHECK(keys::name_of(*refusal) == one.refusal);
  }
}
