// sim --seeds A..B [--once] [--mutate NAME [--until-noticed]] [--trace]: runs worlds of relays in virtual
// time, each seed twice unless --once. Ends with 0 if every promise held in every one; prints the census of
// faults, and for a failing seed the command that plays it again.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/sim/world.hpp"

using namespace noroshi;
using namespace noroshi::sim;

namespace {

struct Arguments {
  std::uint64_t first = 0, last = 99;
  Mutation mutation = Mutation::none;
  bool trace = false;
  bool once = false;           ///< without the second run, which shows that a seed is one world
  bool until_noticed = false;  ///< a mutation: the first failing seed is enough
  bool ok = true;
};

Arguments read(int argc, char** argv) {
  Arguments out;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : "";
    if (word == "--trace") {
      out.trace = true;
    } else if (word == "--once") {
      out.once = true;
    } else if (word == "--until-noticed") {
      out.until_noticed = true;
    } else if (word == "--seeds") {
      char* end = nullptr;
      out.first = out.last = std::strtoull(value, &end, 10);
      if (std::strncmp(end, "..", 2) == 0) out.last = std::strtoull(end + 2, &end, 10);
      out.ok = out.ok && *end == '\0' && out.first <= out.last;
      ++i;
    } else if (word == "--mutate") {
      const auto mutation = mutation_of(value);
      out.ok = out.ok && mutation.has_value();
      out.mutation = mutation.value_or(Mutation::none);
      ++i;
    } else {
      out.ok = false;
    }
  }
  return out;
}

void print(const Census& census, std::uint64_t seeds) {
  std::printf("census of faults (fired; share of seeds)\n");
  for (std::size_t i = 0; i < kFaults; ++i) {
    const double share = 100.0 * static_cast<double>(census.seeds[i]) / static_cast<double>(seeds);
    std::printf("  %-20s %9llu  %5.1f %%\n", std::string(name_of(static_cast<Fault>(i))).c_str(),
                static_cast<unsigned long long>(census.fired[i]), share);
  }
  const auto each = [&](const char* what, std::uint64_t count) {
    std::printf("  %-20s %9llu  %7.1f a seed\n", what, static_cast<unsigned long long>(count),
                static_cast<double>(count) / static_cast<double>(seeds));
  };
  std::printf("what the worlds did\n");
  each("messages accepted", census.submitted);
  each("deliveries", census.deliveries);
  each("envelope hops", census.hops);
  each("frames", census.frames);
  each("turns", census.turns);
  each("receipts applied", census.receipts);
  each("owed again", census.reowed);
  each("duplicates", census.duplicates);
  each("refused", census.refused);
  each("objects wanted", census.wanted);
  each("rollbacks noticed", census.rolled_back);
  each("equivocations", census.equivocations);
  each("taken back", census.recalled);
  each("offered", census.offered);
  each("… and resumed", census.resumed);
  each("… and withdrawn", census.withdrawn);
  each("pieces", census.pieces);
  each("expired", census.expired);
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = read(argc, argv);
  if (!arguments.ok) {
    std::fprintf(stderr, "usage: sim --seeds A..B [--once] [--mutate NAME [--until-noticed]] [--trace]\n");
    return 64;
  }
  const Pool pool;
  Memo memo;
  Census census;
  std::uint64_t failed = 0, first_failed = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t seed = arguments.first; seed <= arguments.last; ++seed) {
    const Options options{.seed = seed, .mutation = arguments.mutation, .trace = arguments.trace};
    const Outcome outcome = World(pool, memo, options).run();
    census.add(outcome.census);
    std::string complaint = outcome.complaint;
    if (complaint.empty() && !arguments.once && !arguments.trace) {
      const Outcome again = World(pool, memo, options).run();
      if (again.trace != outcome.trace) complaint = "two runs of one seed differ";
    }
    if (complaint.empty()) continue;
    if (failed++ == 0) first_failed = seed;
    if (arguments.until_noticed) break;
    if (arguments.mutation == Mutation::none || arguments.trace) {
      std::printf("seed %llu: %s\n  replay: sim --seeds %llu..%llu --trace\n",
                  static_cast<unsigned long long>(seed), complaint.c_str(),
                  static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
    }
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const std::uint64_t seeds = census.worlds;
  print(census, seeds);
  std::printf("%llu seeds, each %s, %.1f s (%.1f seeds/s); %llu failed",
              static_cast<unsigned long long>(seeds), arguments.once ? "once" : "twice", seconds,
              static_cast<double>(seeds) / seconds, static_cast<unsigned long long>(failed));
  if (failed > 0) std::printf(", first %llu", static_cast<unsigned long long>(first_failed));
  std::printf("\n");
  if (arguments.mutation != Mutation::none) {
    std::printf("mutation %s: %s\n", std::string(name_of(arguments.mutation)).c_str(),
                failed > 0 ? "noticed" : "NOT NOTICED");
    return failed > 0 ? 0 : 1;
  }
  return failed > 0 ? 1 : 0;
}
