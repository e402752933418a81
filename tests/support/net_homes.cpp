// net_homes DIR DEVICE…: homes of some devices of the tests' network, born now, each ready for its program:
// DIR/17-2 for device 17/2. Relays (2…) get relay.key, everybody else person.key, both unattended. Quotas are
// far above what a benchmark sends; everything else is as in every test (tests/support/network.hpp).
#include <chrono>
#include <cstdio>
#include <filesystem>

#include "keys/files.hpp"
#include "keys/home.hpp"
#include "tests/support/must.hpp"
#include "tests/support/network.hpp"

namespace {

using namespace noroshi;
using test::must;

constexpr int kDesks = 3;

std::unique_ptr<test::Network> network_born_now() {
  const auto unix = std::chrono::system_clock::now().time_since_epoch();
  test::NetworkPlan plan = test::usual_plan();
  plan.start = WallTime::from_unix(std::chrono::duration_cast<std::chrono::seconds>(unix).count());
  for (test::OrgPlan& org : plan.organisations) org.desks = kDesks;
  auto network = std::make_unique<test::Network>(plan);
  keys::Roster roster = network->roster();
  for (keys::Quota& quota : roster.head.quotas) quota = {10'000'000, 10'000'000'000, 1'000'000};
  network->take(network->sign_roster(roster, plan.start - hours(1)));
  return network;
}

void write_home(const keys::Home& home, const test::Network& network, DeviceId device) {
  test::SeededRng rng(device.dev);
  must(keys::make_private_directory(home));
  must(keys::pin_root(home, network.root_object()));
  must(keys::save_trust(home, *network.trust()));
  const keys::Identity& who = network.identity(device);
  const keys::DeviceKeys keys{device.org,
                              who.root_id(),
                              who.store_id(),
                              who.key().gen,
                              who.secrets().copy(),
                              keys::KeySet::random(rng),
                              keys::Secret<32>::random(rng)};
  const bool relay = network.trust()->newest_certificate(device)->roles.has(keys::Role::relay);
  must(keys::save_device_keys(home, relay ? keys::Which::relay : keys::Which::person, keys, {}, rng));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3 || !keys::start_cryptography())
    return std::fprintf(stderr, "usage: net_homes DIR ORG/DEV…\n"), 64;
  const auto network = network_born_now();
  for (int i = 2; i < argc; ++i) {
    unsigned org = 0, dev = 0;
    if (std::sscanf(argv[i], "%u/%u", &org, &dev) != 2)
      return std::fprintf(stderr, "not a device: %s\n", argv[i]), 64;
    const DeviceId device{{static_cast<std::uint16_t>(org)}, static_cast<std::uint16_t>(dev)};
    write_home(std::filesystem::path(argv[1]) / (std::to_string(org) + "-" + std::to_string(dev)), *network,
               device);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "net_homes: %s\n", error.what());
  return 1;
}
