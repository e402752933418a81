// Configuration files, profiles and log lines.
#include "relay/daemon/config.hpp"

#include "proto/language.hpp"
#include "proto/nearest.hpp"
#include "proto/toml_reader.hpp"
#include "relay/daemon/log.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::daemon;

namespace {

Result<Config> parse(std::string_view text) {
  return parse_config(text, "/etc/noroshi/noroshid.toml");
}

std::string why_not(std::string_view text) {
  const auto config = parse(text);
  if (config) return "";
  CHECK(config.error().code == Code::config);
  return config.error().text;
}

}  // namespace

TEST_CASE("a whole configuration is read") {
  const auto config = parse(R"(
    [node]
    name = "石川県協会 中継"
    org = 17
    dev = 2
    listen = "tcp://0.0.0.0:7117"
    control = "/run/noroshi/control.sock"
    clock_offset_s = -32400

    [[link]]
    name = "全国"
    bearer = "tcp"
    peer = "1/2"
    address = "tcp://[2001:db8::5]:7117"
    profile = "satellite-2400"
    lowest_priority = "urgent"
    windows = ["06:00-06:20", "23:50-00:10"]
    budget = { hour = 20_000, day = 200_000 }

    [[link]]
    peer = "16/2"

    [route]
    default = "1/2"
    [limits]
    store_max_mib = 1024
    [targets]
    flash_min = 15
    bulk_min = 20160
    [metrics]
    textfile = "/var/lib/noroshi.prom"
  )");
  if (!config) FAIL(config.error().text);
  CHECK(config->org == OrgId{17});
  CHECK(config->dev == 2);
  CHECK(config->clock_offset == Seconds{-32400});
  REQUIRE(config->links.size() == 2);
  const LinkConfig& first = config->links[0];
  CHECK(first.peer == DeviceId{{1}, 2});
  CHECK(first.profile.line.rate_bps == 2400);
  CHECK(first.profile.line.metered);
  CHECK(first.profile.tcp.handshake == Millis{120'000});
  CHECK(first.lowest == proto::Level::urgent);
  CHECK(first.windows == std::vector<Window>{{360, 380}, {23 * 60 + 50, 10}});
  CHECK(first.budget == Budget{20'000, 200'000});
  CHECK(config->links[1].name == "16/2");
  CHECK(config->links[1].profile.name == "lan");
  CHECK(config->default_route == DeviceId{{1}, 2});
  CHECK(config->store_max_bytes == std::size_t{1024} << 20);
  CHECK(std::vector(std::begin(config->target), std::end(config->target)) ==
        std::vector{days(14), hours(24), hours(3), minutes(15)});
}

TEST_CASE("an error names file, line, key and what would hold") {
  CHECK(why_not("[node]\norg = 17\n[[link]]\npeer = \"1/2\"\nadress = \"x\"\n") ==
        "/etc/noroshi/noroshid.toml:5: link 1.adress: unknown key, did you mean address?");
  CHECK(why_not("[node]\norg = 17\n[[link]]\npeer = \"1/2\"\nbudget = { week = 1 }\n")
            .find("link 1.budget.week: unknown key") != std::string::npos);
  CHECK(why_not("[node]\norg = 17\n[nodes]\n").find("did you mean node?") != std::string::npos);
  CHECK(why_not("[node]\norg = 17.5\n").find("node.org: must be a whole number from 1 to 2047") !=
        std::string::npos);
  CHECK(why_not("[node]\norg = 17\n[targets]\nflash_min = 0\n")
            .find("targets.flash_min: must be a whole number") != std::string::npos);
  CHECK(why_not("node = 3\n").find("must be a table") != std::string::npos);
  CHECK(why_not("[node]\norg = 17\n[link]\npeer = \"1/2\"\n").find("[[link]]") != std::string::npos);
  CHECK(why_not("[node]\norg = 17\nlisten = \"tcp://0.0.0.0:0\"\n").find("node.listen") != std::string::npos);
  CHECK(why_not("[node]\norg = 17\nlisten = \"ipc:///tmp/x\"\n").find("node.listen") != std::string::npos);
}

TEST_CASE("the first error of a table is the one reported") {
  CHECK(why_not("[node]\norg = 0\ndev = 0\n").find("node.org") != std::string::npos);
}

TEST_CASE("every built-in profile holds, and says what its line needs") {
  CHECK(profile_names().size() >= 4);
  for (const std::string& name : profile_names()) {
    const auto profile = load_profile(name, "/");
    if (!profile) FAIL(profile.error().text);
    // On a metered line nothing is sent only to see whether somebody is there, and buffers are small.
    if (profile->line.metered) {
      CHECK_FALSE(profile->tcp.keepalive);
      CHECK(profile->tcp.kernel_buffer_bytes > 0);
    }
    if (profile->line.rate_bps > 0) {
      // A message is at most about a second of the line, a handshake has time for its bytes.
      CHECK(profile->tcp.bundle_bytes * 8 <= profile->line.rate_bps);
      CHECK(profile->tcp.handshake.count >
            3 * profile->line.rtt.count + 868 * 8'000 / profile->line.rate_bps);
      // The window holds what is under way.
      CHECK(profile->line.window_bytes >=
            profile->line.rate_bps / 8 * static_cast<std::uint64_t>(profile->line.rtt.count) / 1000);
    }
    CHECK(profile->tcp.retry_min <= profile->tcp.retry_max);
  }
  CHECK(load_profile("satelite-128k", "/").error().text ==
        "unknown profile satelite-128k, did you mean satellite-128k?");
  CHECK(load_profile("./nowhere.toml", "/nonexistent").error().code == Code::config);
}

TEST_CASE("what is wrong is said on one line, in Japanese too, and names no empty place") {
  speak(Language::ja);
  const std::string missing = why_not(""), torn = why_not("[node\n");
  speak(Language::en);
  CHECK(missing == "/etc/noroshi/noroshid.toml:1: [node] がありません");
  CHECK(torn.find("TOML として読めません") != std::string::npos);
  CHECK(torn.find('\n') == std::string::npos);
}

TEST_CASE("the nearest word is near") {
  const std::vector<std::string> known{"listen", "links", "name", "org"};
  CHECK(nearest("lissten", known) == "listen");
  CHECK(nearest("nmae", known) == "name");
  CHECK(nearest("zzzzzz", known).empty());
  CHECK(nearest("", known).empty());
}

TEST_CASE("a log value cannot make a second line or a second key") {
  CHECK(log_value("plain") == "plain");
  CHECK(log_value("輪島") == "輪島");
  CHECK(log_value("") == "\"\"");
  CHECK(log_value("two words") == "\"two words\"");
  CHECK(log_value("a\nlevel=error") == "\"a\\x0alevel=error\"");
  CHECK(log_value("a\"b\\c") == "\"a\\\"b\\\\c\"");
}
