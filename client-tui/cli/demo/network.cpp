#include "client-tui/cli/demo/network.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "client-tui/desk/relay_client.hpp"

namespace noroshi::cli::demo {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kReadyWithin = 20s;

/// A TCP port that nobody listens on at this moment.
Result<std::uint16_t> free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return from_errno("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) return from_errno("a free port on loopback");
  return ntohs(address.sin_port);
}

}  // namespace

Result<Programs> Programs::beside_this_one() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (error) return Error{Code::unavailable, "/proc/self/exe: " + error.message()};
  Programs out{here / "noroshi", here / "noroshid", here / "noroshi-keys", here / "noroshi-shaper"};
  for (const auto& program : {out.noroshi, out.noroshid, out.keys, out.shaper})
    if (!fs::exists(program, error))
      return Error{Code::unavailable, program.string() + ": is not there: build everything"};
  return out;
}

Network::Network(const Scenario& scenario, Programs programs, fs::path directory, std::function<void()> tick)
    : scenario_(scenario),
      programs_(std::move(programs)),
      dir_(std::move(directory)),
      tick_(std::move(tick)),
      homes_(scenario_, programs_.keys, dir_, tick_) {}

Network::~Network() {
  relays_.clear();
  shapers_.clear();
  std::error_code ignored;
  if (!sockets_.empty()) fs::remove_all(sockets_, ignored);
}

fs::path Network::socket(const std::string& node) const {
  return sockets_ / node;
}
fs::path Network::log(const std::string& name) const {
  return dir_ / "logs" / (name + ".log");
}

// ---- Configuration

Result<void> Network::make(WallTime begin) {
  std::string pattern = (fs::temp_directory_path() / "noroshi-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) return from_errno(pattern);
  sockets_ = pattern;
  fs::create_directories(dir_ / "logs");
  TRY_VOID(homes_.enrol(begin));
  for (const NodePlan& node : scenario_.nodes) TRY_VOID(assign_port(node.name));
  for (const LinkPlan& link : scenario_.links)
    if (link.shape) TRY_VOID(assign_port(link.name));
  for (const Home& home : homes_.all())
    TRY_VOID(configure(home, socket(home.node ? home.name : home.person->node)));
  return {};
}

Result<void> Network::assign_port(const std::string& name) {
  TRY(const std::uint16_t port, free_port());
  ports_[name] = port;
  return {};
}

Result<void> Network::configure(const Home& who, const fs::path& control) {
  const std::string node = who.node ? who.name : who.person->node;
  std::ofstream toml(homes_.path(who) / "config.toml");
  toml << fmt::format("[node]\nname = \"{}\"\norg = {}\ncontrol = \"{}\"\n", scenario_.node(node).label.ja,
                      who.org, control.string());
  if (!who.node) return {};
  toml << fmt::format("listen = \"tcp://127.0.0.1:{}\"\n", ports_.at(node));
  if (const auto only = only_neighbour(node))
    toml << fmt::format("\n[route]\ndefault = \"{}\"\n", to_string(*only));
  for (const LinkPlan& link : scenario_.links) {
    if (link.caller != node && link.called != node) continue;
    const bool calls = link.caller == node;
    toml << fmt::format("\n[[link]]\nname = \"{}\"\nbearer = \"tcp\"\npeer = \"{}\"\nprofile = \"{}\"\n",
                        link.name, to_string(homes_.of_node(calls ? link.called : link.caller).relay),
                        link.profile);
    if (calls)
      toml << fmt::format("address = \"tcp://127.0.0.1:{}\"\n",
                          ports_.at(link.shape ? link.name : link.called));
  }
  toml.close();
  if (!toml) return from_errno("config.toml of " + who.name);
  return {};
}

/// The neighbour of a leaf, which sends everything its way. A relay that others send to is none: they must be
/// told how it is reached.
std::optional<DeviceId> Network::only_neighbour(const std::string& node) const {
  if (scenario_.node(node).home) return std::nullopt;
  std::vector<DeviceId> out;
  for (const LinkPlan& link : scenario_.links)
    if (link.caller == node || link.called == node)
      out.push_back(homes_.of_node(link.caller == node ? link.called : link.caller).relay);
  if (out.size() != 1) return std::nullopt;
  return out.front();
}

// ---- Programs

Result<void> Network::start() {
  for (const LinkPlan& link : scenario_.links)
    if (link.shape) TRY_VOID(start_shaper(link));
  // From the far end: whoever is called is there before the caller dials, and no first dial is wasted.
  for (auto node = scenario_.nodes.rbegin(); node != scenario_.nodes.rend(); ++node)
    TRY_VOID(start_relay(node->name));
  return {};
}

Result<void> Network::start_shaper(const LinkPlan& link) {
  const auto at = [](std::uint16_t port) { return fmt::format("127.0.0.1:{}", port); };
  Argv argv{programs_.shaper.string(),
            "--listen",
            at(ports_.at(link.name)),
            "--to",
            at(ports_.at(link.called)),
            "--rate",
            std::to_string(link.shape->rate_bps),
            "--delay",
            std::to_string(link.shape->delay_ms),
            "--control",
            (sockets_ / link.name).string()};
  if (!link.shape->outages.empty()) argv = std::move(argv) + Argv{"--outage", link.shape->outages};
  TRY(Daemon shaper, Daemon::start(argv, log(link.name)));
  shapers_.insert_or_assign(link.name, std::move(shaper));
  const auto answers = [&] { return tell_line(link.name, "stats").ok(); };
  if (wait_until(kReadyWithin, answers)) return {};
  return Error{Code::unavailable, "noroshi-shaper does not answer: see " + log(link.name).string()};
}

Result<void> Network::start_relay(const std::string& node) {
  const fs::path home = homes_.path(homes_.of_node(node));
  const Argv argv{programs_.noroshid.string(), "--home", home.string(), "--config",
                  (home / "config.toml").string()};
  TRY(Daemon relay, Daemon::start(argv, log(node)));
  relays_.insert_or_assign(node, std::move(relay));
  const auto answers = [&] {
    if (tick_) tick_();
    if (!relays_.at(node).running()) return true;
    auto client = desk::RelayClient::connect(socket(node), {1000});
    return client.ok() && desk::ask<proto::control::Info>(**client, proto::control::InfoRequest{}).ok();
  };
  if (wait_until(kReadyWithin, answers)) return all_running();
  return Error{Code::unavailable, "noroshid of " + node + " does not answer: see " + log(node).string()};
}

void Network::kill_relay(const std::string& node) {
  relays_.erase(node);
}

Result<void> Network::all_running() {
  for (auto& [node, relay] : relays_)
    if (!relay.running())
      return Error{Code::internal, "noroshid of " + node + " ended by itself: see " + log(node).string()};
  return {};
}

Result<void> Network::cut(const std::string& link) {
  TRY([[maybe_unused]] const auto said, tell_line(link, "cut"));
  return {};
}
Result<void> Network::mend(const std::string& link) {
  TRY([[maybe_unused]] const auto said, tell_line(link, "open"));
  return {};
}
Result<std::string> Network::line_stats(const std::string& link) {
  return tell_line(link, "stats");
}

/// One command, one line of answer, on a connection of its own.
Result<std::string> Network::tell_line(const std::string& link, const std::string& command) {
  const std::string path = (sockets_ / link).string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{Code::cannot_make, path + ": too long for a socket"};
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return from_errno("socket");
  const timeval patience{5, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const std::string line = command + "\n";
  std::string answer;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size())) {
    char buffer[512];
    for (ssize_t got = 0;
         answer.find('\n') == std::string::npos && (got = ::recv(fd, buffer, sizeof buffer, 0)) > 0;)
      answer.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  if (answer.find('\n') == std::string::npos)
    return Error{Code::unavailable, "the line " + link + " does not answer"};
  return answer.substr(0, answer.find('\n'));
}

// ---- People

Result<std::string> Network::as_person(const std::string& person, const Argv& words) {
  const Argv argv = Argv{programs_.noroshi.string()} + words +
                    Argv{"--home", homes_.path(homes_.of_person(person)).string(), "--passphrase-fd", "3"};
  TRY(const Said said, run(argv, {{}, kPassphrase, 60s}, tick_));
  if (said.exit_code != 0 && said.exit_code != exit_code(Code::temporary))
    return Error{Code::internal, person + ": " + said.complaint()};
  return said.out;
}

bool Network::has_own_home(const std::string& person) const {
  return homes_.of_person(person).node == nullptr;
}

Result<void> Network::part(const std::string& person) {
  NOROSHI_ASSERT(has_own_home(person));
  return configure(homes_.of_person(person), sockets_ / "nobody");
}

}  // namespace noroshi::cli::demo
