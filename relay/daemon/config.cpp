#include "relay/daemon/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "proto/language.hpp"
#include "proto/limits.hpp"
#include "proto/nearest.hpp"
#include "proto/toml_reader.hpp"
#include "relay/daemon/profiles.hpp"

namespace noroshi::daemon {
namespace {

namespace fs = std::filesystem;

/// "17/2" → the device; an error of `key` otherwise.
DeviceId read_device(TomlReader& reader, std::string_view key, bool needed) {
  const auto text = reader.text(key);
  if (!text) {
    if (needed) reader.fail(key, said("ありません", "is missing"));
    return {};
  }
  const auto device = parse_device_id(*text);
  if (!device)
    reader.fail(
        key, said("組織/端末 の形（\"17/2\"）です: ", "must be ORGANISATION/DEVICE, as \"17/2\": ") + *text);
  return device.value_or(DeviceId{});
}

/// "tcp://HOST:PORT" with a numeric host: names would be looked up in a DNS that is not there when it counts.
bool is_endpoint(std::string_view text, bool any_port) {
  constexpr std::string_view kScheme = "tcp://";
  const auto colon = text.rfind(':');
  if (text.substr(0, kScheme.size()) != kScheme || colon == std::string_view::npos || colon < kScheme.size())
    return false;
  const auto host = text.substr(kScheme.size(), colon - kScheme.size()), digits = text.substr(colon + 1);
  const bool v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string_view allowed = v6 ? "[]0123456789abcdefABCDEF:." : "0123456789.";
  if (host.empty() || host.find_first_not_of(allowed) != std::string_view::npos) return false;
  if (any_port && digits == "*") return true;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() && port > 0;
}

std::string read_endpoint(TomlReader& reader, std::string_view key, bool any_port) {
  const std::string text = reader.text(key).value_or("");
  if (!text.empty() && !is_endpoint(text, any_port))
    reader.fail(key, said("tcp://数字の住所:ポート の形です（名前は引きません）: ",
                          "must be tcp://ADDRESS:PORT with a numeric address (nothing is looked up): ") +
                         text);
  return text;
}

/// "06:00-06:20" → minutes of the day.
std::optional<Window> parse_window(std::string_view text) {
  const auto minutes = [](std::string_view part) -> std::optional<int> {
    if (part.size() != 5 || part[2] != ':') return {};
    int hour = 0, minute = 0;
    const auto digits = [](std::string_view two, int& out) {
      const auto [end, error] = std::from_chars(two.data(), two.data() + 2, out);
      return error == std::errc{} && end == two.data() + 2;
    };
    if (!digits(part.substr(0, 2), hour) || !digits(part.substr(3), minute)) return {};
    if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) return {};
    return hour * 60 + minute;
  };
  if (text.size() != 11 || text[5] != '-') return {};
  const auto from = minutes(text.substr(0, 5)), until = minutes(text.substr(6));
  if (!from || !until || *from == *until) return {};
  return Window{*from, *until};
}

void read_node(TomlReader& node, Config& config) {
  config.name = node.text("name").value_or("");
  const auto org = node.number("org", 1, 0x7FF);
  if (!org)
    node.fail("org", said("ありません：名簿にある自組織の番号です",
                          "is missing: the number of your organisation in the roster"));
  config.org = {static_cast<std::uint16_t>(org.value_or(0))};
  if (const auto dev = node.number("dev", 1, 0x7FFE)) config.dev = static_cast<std::uint16_t>(*dev);
  config.listen = read_endpoint(node, "listen", true);
  config.control = node.text("control").value_or("");
  config.store = node.text("store").value_or("");
  config.clock_offset = {
      node.number("clock_offset_s", -kClockOffsetMax.count, kClockOffsetMax.count).value_or(0)};
}

Result<LinkConfig> read_link(const toml::table& table, const std::string& where, const fs::path& place) {
  TomlReader reader(table, where, place.string());
  LinkConfig link;
  link.peer = read_device(reader, "peer", true);
  link.name = reader.text("name").value_or(to_string(link.peer));
  if (reader.text("bearer").value_or("tcp") != "tcp")
    reader.fail("bearer", said("\"tcp\" だけです", "only \"tcp\" is known"));
  link.address = read_endpoint(reader, "address", false);
  const std::string profile = reader.text("profile").value_or("lan");
  if (const auto lowest = reader.text("lowest_priority")) {
    const auto level = proto::level_of(*lowest);
    if (!level)
      reader.fail("lowest_priority",
                  said("flash urgent routine bulk のどれかです", "must be flash, urgent, routine or bulk"));
    link.lowest = level.value_or(proto::Level::bulk);
  }
  for (const std::string& text : reader.texts("windows")) {
    const auto window = parse_window(text);
    if (!window) reader.fail("windows", said("HH:MM-HH:MM の形です: ", "must be HH:MM-HH:MM: ") + text);
    link.windows.push_back(window.value_or(Window{}));
  }
  if (const toml::table* budget = reader.table("budget")) {
    TomlReader limits(*budget, where + ".budget", place.string());
    link.budget.hour = static_cast<std::uint64_t>(limits.number("hour", 1, INT64_MAX).value_or(0));
    link.budget.day = static_cast<std::uint64_t>(limits.number("day", 1, INT64_MAX).value_or(0));
    TRY_VOID(limits.finish());
  }
  auto loaded = load_profile(profile, place.parent_path());
  if (loaded)
    link.profile = *std::move(loaded);
  else
    reader.fail("profile", loaded.error().text);
  TRY_VOID(reader.finish());
  return link;
}

Result<Profile> read_profile(const toml::table& table, const std::string& name, const fs::path& place) {
  TomlReader reader(table, "", place.string());
  Profile out{.name = name, .line = {}, .tcp = {}};
  const auto number = [&](std::string_view key, std::int64_t low, std::int64_t high, auto& to) {
    if (const auto value = reader.number(key, low, high))
      to = static_cast<std::remove_reference_t<decltype(to)>>(*value);
  };
  const auto time = [&](std::string_view key, Millis& to) {
    if (const auto value = reader.number(key, 1, 24 * 3'600'000)) to = {*value};
  };
  number("rate_bps", 0, UINT32_MAX, out.line.rate_bps);
  time("rtt_ms", out.line.rtt);
  number("window_bytes", 512, 64 << 20, out.line.window_bytes);
  out.line.metered = reader.flag("metered").value_or(false);
  number("kernel_buffer_bytes", 0, 16 << 20, out.tcp.kernel_buffer_bytes);
  number("bundle_bytes", 0, 65'535, out.tcp.bundle_bytes);
  number("queue_frames", 1, 10'000, out.tcp.queue_frames);
  time("handshake_ms", out.tcp.handshake);
  time("silence_ms", out.tcp.silence);
  time("retry_min_ms", out.tcp.retry_min);
  time("retry_max_ms", out.tcp.retry_max);
  out.tcp.keepalive = reader.flag("keepalive").value_or(true);
  TRY_VOID(reader.finish());
  return out;
}

}  // namespace

Result<Profile> load_profile(const std::string& name, const fs::path& folder) {
  if (name.find('/') != std::string::npos) {
    const fs::path file = folder / name;
    TRY(const toml::table table, read_toml(file));
    return read_profile(table, name, file);
  }
  std::vector<std::string> known;
  for (const BuiltInProfile& it : built_in_profiles()) {
    if (it.name == name) {
      TRY(const toml::table table, parse_toml(it.text, name + ".toml"));
      return read_profile(table, name, name + ".toml");
    }
    known.emplace_back(it.name);
  }
  const std::string meant = nearest(name, known);
  return Error{Code::config,
               said("知らない回線の型です: " + name, "unknown profile " + name) +
                   (meant.empty() ? "" : said("（" + meant + " ですか）", ", did you mean " + meant + "?"))};
}

std::vector<std::string> profile_names() {
  std::vector<std::string> out;
  for (const BuiltInProfile& it : built_in_profiles()) out.emplace_back(it.name);
  return out;
}

namespace {

/// A year: what should arrive later than that is no report.
constexpr std::int64_t kTargetMinutesMax = 365 * 24 * 60;

Result<Config> read_config(const toml::table& table, const fs::path& place) {
  TomlReader reader(table, "", place.string());
  Config config;
  if (const toml::table* found = reader.table("node")) {
    TomlReader node(*found, "node", place.string());
    read_node(node, config);
    TRY_VOID(node.finish());
  } else {
    reader.fail("", said("[node] がありません", "[node] is missing"));
  }
  const auto links = reader.tables("link");
  for (std::size_t i = 0; i < links.size(); ++i) {
    TRY(LinkConfig link, read_link(*links[i], fmt::format("link {}", i + 1), place));
    for (const LinkConfig& other : config.links)
      if (other.peer == link.peer)
        return Error{Code::config, fmt::format(fmt::runtime(said("{}: {} への回線が二つあります: {} と {}",
                                                                 "{}: two links to {}: {} and {}")),
                                               place.string(), to_string(link.peer), other.name, link.name)};
    config.links.push_back(std::move(link));
  }
  if (const toml::table* found = reader.table("route")) {
    TomlReader route(*found, "route", place.string());
    config.default_route = read_device(route, "default", false);
    const bool linked = std::any_of(config.links.begin(), config.links.end(),
                                    [&](const LinkConfig& it) { return it.peer == config.default_route; });
    if (config.default_route != DeviceId{} && !linked)
      route.fail("default", said("どれかの [[link]] の peer です", "must be the peer of a link"));
    TRY_VOID(route.finish());
  }
  if (const toml::table* found = reader.table("limits")) {
    TomlReader limits(*found, "limits", place.string());
    config.store_max_bytes =
        static_cast<std::size_t>(limits.number("store_max_mib", 64, 1 << 20).value_or(16 << 10)) << 20;
    TRY_VOID(limits.finish());
  }
  if (const toml::table* found = reader.table("targets")) {
    TomlReader targets(*found, "targets", place.string());
    for (std::size_t level = 0; level < proto::kLevels; ++level) {
      const auto key = std::string(name_of(static_cast<proto::Level>(level))) + "_min";
      if (const auto minutes = targets.number(key, 1, kTargetMinutesMax))
        config.target[level] = noroshi::minutes(*minutes);
    }
    TRY_VOID(targets.finish());
  }
  if (const toml::table* found = reader.table("metrics")) {
    TomlReader metrics(*found, "metrics", place.string());
    config.metrics_textfile = metrics.text("textfile").value_or("");
    TRY_VOID(metrics.finish());
  }
  TRY_VOID(reader.finish());
  return config;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const fs::path& place) {
  TRY(const toml::table table, parse_toml(text, place));
  return read_config(table, place);
}

Result<Config> load_config(const fs::path& file) {
  TRY(const toml::table table, read_toml(file));
  return read_config(table, file);
}

}  // namespace noroshi::daemon
