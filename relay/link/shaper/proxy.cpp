#include "relay/link/shaper/proxy.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <utility>

namespace noroshi::link::shaper {
namespace {

/// Sockets on a slow line hold as little as the kernel allows (it doubles and rounds up), so that the queue
/// stands in front of the line, where the sender feels it.
constexpr int kSlowSocketBytes = 2048;
/// And packets are small, as on such lines; the loopback's own 64 kB segments would not fit these buffers.
constexpr int kSlowSegmentBytes = 536;
/// Above this rate the kernel's own sizes do.
constexpr std::uint64_t kSlowBps = 2'000'000;

/// One file descriptor's owner.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// The other side gets a reset instead of an end.
  void reset() {
    const linger hard{1, 0};
    if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    *this = Fd();
  }

 private:
  int fd_ = -1;
};

Error failed(std::string_view what) {
  return {Code::cannot_make, fmt::format("{}: {}", what, std::system_category().message(errno))};
}

Result<sockaddr_in> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  sockaddr_in out{};
  out.sin_family = AF_INET;
  if (colon != std::string_view::npos) {
    std::uint16_t port = 0;
    const auto digits = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const std::string host(text.substr(0, colon));
    if (error == std::errc{} && end == digits.data() + digits.size() &&
        ::inet_pton(AF_INET, host.c_str(), &out.sin_addr) == 1) {
      out.sin_port = htons(port);
      return out;
    }
  }
  return Error{Code::usage, fmt::format("not ADDRESS:PORT with a numeric address: {}", text)};
}

Instant read_clock() {
  using namespace std::chrono;
  return {duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count()};
}

void say(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

/// Lines of text from a descriptor that does not block.
class LineReader {
 public:
  /// Whole lines that have come; `open` is false once the other side has ended.
  std::vector<std::string> read(int fd) {
    std::vector<std::string> lines;
    char chunk[512];
    const ssize_t got = ::read(fd, chunk, sizeof chunk);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) open = false;
    for (ssize_t i = 0; i < got; ++i) {
      if (chunk[i] == '\n')
        lines.push_back(std::exchange(line_, {}));
      else if (line_.size() < sizeof chunk)
        line_.push_back(chunk[i]);
    }
    return lines;
  }
  bool open = true;

 private:
  std::string line_;
};

struct Connection {
  Fd caller, called;
  bool connecting = false;       ///< `called` is being dialled
  bool ended[kDirections] = {};  ///< the sender of this way has finished
  bool shut[kDirections] = {};   ///< and its receiver knows
  [[nodiscard]] int sender(Direction way) const { return way == Direction::up ? caller.get() : called.get(); }
  [[nodiscard]] int receiver(Direction way) const {
    return way == Direction::up ? called.get() : caller.get();
  }
};

struct Commander {
  Fd fd;
  LineReader lines;
};

constexpr Direction kBoth[] = {Direction::up, Direction::down};

class Proxy {
 public:
  Proxy(const ProxyConfig& config, sockaddr_in to)
      : config_(config), to_(to), line_(config.line, read_clock()) {}

  Result<void> open(sockaddr_in listen);
  void run();

 private:
  void tune(int fd) const;
  void accept_call();
  void dial(ConnectionId id);
  void read_from(ConnectionId id, Connection& connection, Direction way);
  void write_to(ConnectionId id, Connection& connection, Direction way);
  void settle();
  [[nodiscard]] std::string obey(std::string_view command);
  [[nodiscard]] int wait_ms() const;

  const ProxyConfig& config_;
  sockaddr_in to_;
  Line line_;
  Fd listener_, control_, signals_;
  LineReader stdin_;
  std::map<ConnectionId, Connection> connections_;
  std::vector<Commander> commanders_;
  bool quit_ = false;
};

void Proxy::tune(int fd) const {
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  for (const std::uint64_t rate : config_.line.rate_bps) {
    if (rate == 0 || rate > kSlowBps) continue;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kSlowSocketBytes, sizeof kSlowSocketBytes);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSlowSocketBytes, sizeof kSlowSocketBytes);
    ::setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &kSlowSegmentBytes, sizeof kSlowSegmentBytes);
  }
}

Result<void> Proxy::open(sockaddr_in listen) {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  signals_ = Fd(::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals_) return failed("signalfd");

  listener_ = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int one = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  tune(listener_.get());
  if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&listen), sizeof listen) != 0 ||
      ::listen(listener_.get(), 64) != 0)
    return failed("listen on " + config_.listen);

  if (!config_.control.empty()) {
    sockaddr_un path{};
    path.sun_family = AF_UNIX;
    if (config_.control.size() >= sizeof path.sun_path)
      return Error{Code::usage, "the path of the control socket is too long: " + config_.control};
    config_.control.copy(path.sun_path, config_.control.size());
    control_ = Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    ::unlink(config_.control.c_str());
    if (::bind(control_.get(), reinterpret_cast<sockaddr*>(&path), sizeof path) != 0 ||
        ::chmod(config_.control.c_str(), 0600) != 0 || ::listen(control_.get(), 8) != 0)
      return failed("control socket " + config_.control);
  }

  sockaddr_in bound{};
  socklen_t size = sizeof bound;
  ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
  char host[INET_ADDRSTRLEN] = {};
  ::inet_ntop(AF_INET, &bound.sin_addr, host, sizeof host);
  say(fmt::format(R"({{"listening":"{}:{}"}})", host, ntohs(bound.sin_port)));
  ::fcntl(STDIN_FILENO, F_SETFL, ::fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  return {};
}

void Proxy::accept_call() {
  Fd caller(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!caller) return;
  const auto id = line_.call(read_clock());
  if (!id) return caller.reset();
  tune(caller.get());
  connections_[*id].caller = std::move(caller);
}

void Proxy::dial(ConnectionId id) {
  Connection& connection = connections_.at(id);
  connection.called = Fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  tune(connection.called.get());
  if (::connect(connection.called.get(), reinterpret_cast<const sockaddr*>(&to_), sizeof to_) == 0) return;
  if (errno != EINPROGRESS) return line_.fail(id);
  connection.connecting = true;
}

void Proxy::read_from(ConnectionId id, Connection& connection, Direction way) {
  std::uint8_t chunk[16 * 1024];
  const std::size_t room = std::min(line_.room(id, way), sizeof chunk);
  if (room == 0) return;
  const ssize_t got = ::recv(connection.sender(way), chunk, room, 0);
  if (got > 0) return line_.send(id, way, {chunk, static_cast<std::size_t>(got)}, read_clock());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got < 0) return line_.fail(id);
  connection.ended[static_cast<int>(way)] = true;
  line_.finish(id, way, read_clock());
}

void Proxy::write_to(ConnectionId id, Connection& connection, Direction way) {
  const BytesView bytes = line_.arrived(id, way);
  if (!bytes.empty()) {
    const ssize_t put = ::send(connection.receiver(way), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return line_.fail(id);
    if (put > 0) line_.taken(id, way, static_cast<std::size_t>(put));
  }
  bool& shut = connection.shut[static_cast<int>(way)];
  if (!shut && line_.finished(id, way)) {
    ::shutdown(connection.receiver(way), SHUT_WR);
    shut = true;
  }
}

/// Does what the line asks for until it asks for nothing more.
void Proxy::settle() {
  line_.advance(read_clock());
  for (const ConnectionId id : line_.dials()) dial(id);
  for (auto& [id, connection] : connections_) {
    if (!connection.called || connection.connecting) continue;
    for (const Direction way : kBoth) write_to(id, connection, way);
  }
  std::erase_if(connections_, [&](const auto& item) {
    const bool over = item.second.shut[0] && item.second.shut[1];
    if (over) line_.close(item.first);
    return over;
  });
  for (const ConnectionId id : line_.resets()) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    found->second.caller.reset();
    found->second.called.reset();
    connections_.erase(found);
  }
}

std::string Proxy::obey(std::string_view command) {
  const Instant now = read_clock();
  if (command == "stats") return line_.advance(now), to_json(line_.stats());
  if (command == "cut")
    line_.cut(now);
  else if (command == "silence")
    line_.silence(now);
  else if (command == "open")
    line_.open(now);
  else if (command == "quit")
    quit_ = true;
  else
    return R"({"error":"cut, silence, open, stats or quit"})";
  return R"({"ok":true})";
}

int Proxy::wait_ms() const {
  const auto wake = line_.next_wake();
  if (!wake) return -1;
  return static_cast<int>(std::clamp<std::int64_t>((*wake - read_clock()).count, 0, 60'000));
}

void Proxy::run() {
  std::vector<pollfd> fds;
  const auto watch = [&](int fd, bool in, bool out) {
    fds.push_back({fd, static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0)), 0});
    return fds.size() - 1;
  };
  while (!quit_) {
    settle();
    fds.clear();
    watch(listener_.get(), true, false);
    watch(signals_.get(), true, false);
    watch(stdin_.open ? STDIN_FILENO : -1, true, false);
    watch(control_.get(), true, false);
    for (const Commander& commander : commanders_) watch(commander.fd.get(), true, false);
    struct Watched {
      ConnectionId id;
      std::size_t caller, called;
    };
    std::vector<Watched> watched;
    for (const auto& entry : connections_) {
      const ConnectionId id = entry.first;
      const Connection& connection = entry.second;
      const auto wants = [&](Direction way) {
        return !connection.ended[static_cast<int>(way)] && line_.room(id, way) > 0;
      };
      const auto owes = [&](Direction way) { return !line_.arrived(id, way).empty(); };
      const bool ready = connection.called && !connection.connecting;
      // A socket that wants nothing is not watched at all: its POLLHUP would spin the loop.
      const bool caller_in = wants(Direction::up), caller_out = ready && owes(Direction::down);
      const bool called_in = ready && wants(Direction::down);
      const bool called_out = connection.connecting || (ready && owes(Direction::up));
      const std::size_t caller =
          watch(caller_in || caller_out ? connection.caller.get() : -1, caller_in, caller_out);
      const std::size_t called =
          watch(called_in || called_out ? connection.called.get() : -1, called_in, called_out);
      watched.push_back({id, caller, called});
    }

    if (::poll(fds.data(), fds.size(), wait_ms()) < 0 && errno != EINTR) return;

    if (fds[1].revents != 0) quit_ = true;
    if (fds[2].revents != 0)
      for (const std::string& line : stdin_.read(STDIN_FILENO)) say(obey(line));
    for (std::size_t i = 0; i < commanders_.size(); ++i) {
      if (fds[4 + i].revents == 0) continue;
      for (const std::string& line : commanders_[i].lines.read(commanders_[i].fd.get())) {
        const std::string answer = obey(line) + "\n";
        // A commander that does not read its answers loses them, not our time.
        (void)!::send(commanders_[i].fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      }
    }
    std::erase_if(commanders_, [](const Commander& commander) { return !commander.lines.open; });
    if (fds[3].revents != 0)
      if (Fd fd(::accept4(control_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)); fd)
        commanders_.push_back({std::move(fd), {}});
    for (const auto& [id, caller, called] : watched) {
      Connection& connection = connections_.at(id);
      if (connection.connecting && fds[called].revents != 0) {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(connection.called.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        connection.connecting = false;
        if (error != 0) line_.fail(id);
        continue;
      }
      constexpr short kReadable = POLLIN | POLLHUP | POLLERR;
      if (fds[caller].revents & kReadable) read_from(id, connection, Direction::up);
      if (fds[called].revents & kReadable) read_from(id, connection, Direction::down);
    }
    if (fds[0].revents != 0) accept_call();
  }
  line_.advance(read_clock());
  say(to_json(line_.stats()));
}

}  // namespace

Result<void> run_proxy(const ProxyConfig& config) {
  TRY(const sockaddr_in listen, parse_address(config.listen));
  TRY(const sockaddr_in to, parse_address(config.to));
  Proxy proxy(config, to);
  TRY_VOID(proxy.open(listen));
  proxy.run();
  if (!config.control.empty()) ::unlink(config.control.c_str());
  return {};
}

}  // namespace noroshi::link::shaper
