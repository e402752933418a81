// noroshi-shaper: a bad line between two programs, for tests, training and demonstrations. Needs no
// privilege.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "relay/link/shaper/proxy.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::link::shaper;

struct Options {
  std::string rate = "0", outages, cuts, schedule;
  double delay_ms = 0, every_s = 0;
  ProxyConfig proxy;
};

/// "2400" both ways, or "2400/9600" up and down.
Result<void> read_rate(const std::string& text, LineConfig& line) {
  std::istringstream in(text);
  char slash = 0;
  const bool digits = text.find_first_not_of("0123456789/") == std::string::npos;  // a stream would take -5
  if (!digits || !(in >> line.rate_bps[0])) return Error{Code::usage, "not a rate in bit/s: " + text};
  line.rate_bps[1] = line.rate_bps[0];
  if (in >> slash && (slash != '/' || !(in >> line.rate_bps[1])))
    return Error{Code::usage, "not a rate in bit/s, UP or UP/DOWN: " + text};
  return {};
}

Result<void> serve(Options options) {
  LineConfig& line = options.proxy.line;
  TRY_VOID(read_rate(options.rate, line));
  line.delay = {static_cast<std::int64_t>(options.delay_ms)};
  line.every = {static_cast<std::int64_t>(options.every_s * 1000)};
  TRY(line.troubles, parse_troubles(options.outages, Trouble::Kind::outage));
  TRY(const auto cuts, parse_troubles(options.cuts, Trouble::Kind::cut));
  line.troubles.insert(line.troubles.end(), cuts.begin(), cuts.end());
  if (!options.schedule.empty()) {
    std::ifstream file(options.schedule);
    if (!file) return Error{Code::io, "cannot read " + options.schedule};
    std::ostringstream text;
    text << file.rdbuf();
    auto more = parse_schedule(text.str());
    if (!more) return within(options.schedule, std::move(more).error());
    line.troubles.insert(line.troubles.end(), more->begin(), more->end());
  }
  return run_proxy(options.proxy);
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app(
      "A TCP proxy that behaves like a slow, broken line.\n"
      "Example: noroshi-shaper --listen 127.0.0.1:7001 --to 127.0.0.1:7002 --rate 2400 --delay 300 "
      "--outage 60+20,150+45");
  Options options;
  app.add_option("--listen", options.proxy.listen, "ADDRESS:PORT to accept callers on; port 0 = any")
      ->required();
  app.add_option("--to", options.proxy.to, "ADDRESS:PORT to pass them on to")->required();
  app.add_option("--rate", options.rate, "bit/s, UP or UP/DOWN seen from the caller; 0 = unlimited");
  app.add_option("--delay", options.delay_ms, "one-way delay in ms")->check(CLI::Range(0.0, 600'000.0));
  app.add_option("--outage", options.outages, "START+LENGTH,… in seconds: nothing moves, connections stay");
  app.add_option("--cut", options.cuts,
                 "START[+LENGTH],… in seconds: connections are reset, new ones refused");
  app.add_option("--schedule", options.schedule, "file of lines: outage START LENGTH | cut START [LENGTH]");
  app.add_option("--every", options.every_s, "repeat outages and cuts with this period in seconds")
      ->check(CLI::Range(0.0, 31'622'400.0));
  app.add_option("--control", options.proxy.control,
                 "Unix socket for commands: cut, silence, open, stats, quit");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(Code::usage);
  }
  if (const auto done = serve(std::move(options)); !done) {
    std::fprintf(stderr, "noroshi-shaper: %s\n", done.error().text.c_str());
    return exit_code(done.error().code);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "noroshi-shaper: %s\n", error.what());
  return exit_code(Code::internal);
}
