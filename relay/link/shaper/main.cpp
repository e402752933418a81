// noroshi-shaper: a bad line between two programs, for tests, training and demonstrations. Needs no
// privilege.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "keys/completion.hpp"
#include "keys/manual.hpp"
#include "proto/language.hpp"
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
  if (!digits || !(in >> line.rate_bps[0]))
    return Error{Code::usage, said("bit/s の数ではありません: ", "not a rate in bit/s: ") + text};
  line.rate_bps[1] = line.rate_bps[0];
  if (in >> slash && (slash != '/' || !(in >> line.rate_bps[1])))
    return Error{Code::usage, said("bit/s の数（上り、または 上り/下り）ではありません: ",
                                   "not a rate in bit/s, UP or UP/DOWN: ") +
                                  text};
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
    if (!file) return Error{Code::io, options.schedule + said(": 読めません", ": cannot be read")};
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
  const auto language = language_asked(argc, argv);
  if (!language) {
    std::fprintf(stderr, "noroshi-shaper: --lang: ja, en\n");
    return exit_code(Code::usage);
  }
  speak(*language);
  CLI::App app(said("遅く切れやすい回線のようにふるまう TCP の中継\n例",
                    "A TCP proxy that behaves like a slow, broken line.\nExample") +
               ": noroshi-shaper --listen 127.0.0.1:7001 --to 127.0.0.1:7002 --rate 2400 --delay 300 "
               "--outage 60+20,150+45");
  Options options;
  app.add_option("--listen", options.proxy.listen,
                 said("待ち受ける 住所:ポート（0 = 空いているもの）",
                      "ADDRESS:PORT to accept callers on; port 0 = any"))
      ->required();
  app.add_option("--to", options.proxy.to, said("つなぐ先の 住所:ポート", "ADDRESS:PORT to pass them on to"))
      ->required();
  app.add_option("--rate", options.rate,
                 said("bit/s。上り、または 上り/下り（かけた側から見て）。0 = 制限なし",
                      "bit/s, UP or UP/DOWN seen from the caller; 0 = unlimited"));
  app.add_option("--delay", options.delay_ms, said("片道の遅れ（ミリ秒）", "one-way delay in ms"))
      ->check(CLI::Range(0.0, 600'000.0));
  app.add_option("--outage", options.outages,
                 said("開始+長さ,…（秒）：何も通らないが接続は残る",
                      "START+LENGTH,… in seconds: nothing moves, connections stay"));
  app.add_option("--cut", options.cuts,
                 said("開始[+長さ],…（秒）：接続を切り、新しいものを断る",
                      "START[+LENGTH],… in seconds: connections are reset, new ones refused"));
  app.add_option("--schedule", options.schedule,
                 said("outage 開始 長さ | cut 開始 [長さ] を一行ずつ書いたファイル",
                      "file of lines: outage START LENGTH | cut START [LENGTH]"));
  app.add_option("--every", options.every_s,
                 said("断をこの周期（秒）で繰り返す", "repeat outages and cuts with this period in seconds"))
      ->check(CLI::Range(0.0, 31'622'400.0));
  app.add_option("--control", options.proxy.control,
                 said("命令（cut silence open stats quit）を受ける Unix ソケット",
                      "Unix socket for commands: cut, silence, open, stats, quit"));
  app.name("noroshi-shaper");
  app.set_help_flag("-h,--help", said("この説明", "this text"));
  std::string ignored;
  app.add_option("--lang", ignored, "ja en");
  app.set_version_flag("--version", "noroshi-shaper " NOROSHI_VERSION, said("版", "version"));
  keys::add_manual_option(app);
  keys::add_completion_option(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(keys::manual(app, 1).c_str(), stdout);
    return 0;
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
