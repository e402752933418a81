// bench_verify_rate HOME FILE: V of links' "min(V, S)": how many envelopes of FILE a second one core verifies
// in a tight loop, against the trust of HOME. One line: the rate.
#include <chrono>
#include <cstdio>

#include "keys/home.hpp"
#include "keys/verify.hpp"
#include "tests/support/envelope_file.hpp"

namespace {

using namespace noroshi;

Now real_now() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {{0}, WallTime::from_unix(std::chrono::duration_cast<std::chrono::seconds>(wall).count()), false};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || !keys::start_cryptography())
    return std::fprintf(stderr, "usage: bench_verify_rate HOME FILE\n"), 64;
  const auto trust = keys::load_trust(argv[1]);
  if (!trust) return std::fprintf(stderr, "%s\n", trust.error().text.c_str()), 1;
  const std::vector<Bytes> envelopes = test::read_envelopes(argv[2]);
  const Now now = real_now();
  std::size_t good = 0;
  const auto began = std::chrono::steady_clock::now();
  for (const Bytes& envelope : envelopes)
    if (std::holds_alternative<keys::Verified>(keys::verify(envelope, **trust, now))) ++good;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  if (good != envelopes.size())
    return std::fprintf(stderr, "%zu do not verify\n", envelopes.size() - good), 1;
  std::printf("%.0f\n", static_cast<double>(good) / seconds);
  return 0;
}
