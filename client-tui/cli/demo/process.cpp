#include "client-tui/cli/demo/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace noroshi::cli::demo {

Argv operator+(Argv command, const Argv& more) {
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

Error from_errno(const std::string& what) {
  return {Code::io, what + ": " + std::strerror(errno)};
}

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTick{100};
constexpr int kPassphraseFd = 3;

volatile std::sig_atomic_t g_interrupted = 0;

/// A descriptor with one owner.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct Pipe {
  Fd read, write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return from_errno("pipe");
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

std::vector<char*> pointers(const Argv& argv) {
  std::vector<char*> out;
  out.reserve(argv.size() + 1);
  for (const auto& word : argv) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

/// The child's side between fork and exec: async-signal-safe calls only.
/// `fds[i]` becomes descriptor i. They were opened O_CLOEXEC and may stand on low numbers themselves, so they
/// are first moved out of the way.
[[noreturn]] void become(char* const* argv, std::array<int, 4> fds, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);  // the parent died before prctl
  ::setpgid(0, 0);                          // a Ctrl-C at the terminal is for us; we tell the children
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  for (int& fd : fds)
    if (fd >= 0) fd = ::fcntl(fd, F_DUPFD, 10);
  for (int target = 0; target < 4; ++target) {
    const int source = fds[static_cast<std::size_t>(target)];
    if (source < 0) continue;
    ::dup2(source, target);
    ::close(source);
  }
  ::execvp(argv[0], argv);
  ::_exit(127);
}

Result<pid_t> fork_exec(const Argv& argv, const std::array<int, 4>& fds) {
  const auto words = pointers(argv);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) return from_errno("fork");
  if (pid == 0) become(words.data(), fds, parent);
  return pid;
}

int exit_code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Waits for this one child without missing an interrupted call.
int reap(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return exit_code_of(status);
}

/// Moves what is there from `fd` to `text`; closes it at its end.
void drain(Fd& fd, std::string& text) {
  std::array<char, 16 * 1024> buffer{};
  const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
  if (got > 0)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  else if (got == 0 || errno != EINTR)
    fd.close();
}

void feed(Fd& fd, std::string& rest) {
  const ssize_t put = ::write(fd.get(), rest.data(), rest.size());
  if (put > 0) rest.erase(0, static_cast<std::size_t>(put));
  if (rest.empty() || (put < 0 && errno != EINTR)) fd.close();
}

extern "C" void on_signal(int) {
  g_interrupted = 1;
}

}  // namespace

std::string Said::complaint() const {
  const auto end = err.find_last_not_of('\n');
  if (end == std::string::npos) return "exit code " + std::to_string(exit_code);
  const auto begin = err.rfind('\n', end);
  return err.substr(begin == std::string::npos ? 0 : begin + 1,
                    end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

Result<Said> run(const Argv& argv, const Given& given, const std::function<void()>& tick) {
  TRY(Pipe in, make_pipe());
  TRY(Pipe out, make_pipe());
  TRY(Pipe err, make_pipe());
  Pipe secret;
  if (given.passphrase) {
    TRY(secret, make_pipe());
    // A passphrase is shorter than a pipe's buffer, so this does not block.
    const std::string line = *given.passphrase + "\n";
    if (::write(secret.write.get(), line.data(), line.size()) < 0) return from_errno("passphrase");
    secret.write.close();
  }
  static_assert(kPassphraseFd == 3);
  TRY(const pid_t pid, fork_exec(argv, {in.read.get(), out.write.get(), err.write.get(), secret.read.get()}));
  in.read.close();
  out.write.close();
  err.write.close();
  secret.read.close();

  Said said;
  std::string rest = given.input;
  if (rest.empty()) in.write.close();
  const auto deadline = Clock::now() + given.patience;
  while (out.read.open() || err.read.open()) {
    std::array<pollfd, 3> polled{pollfd{out.read.get(), POLLIN, 0}, pollfd{err.read.get(), POLLIN, 0},
                                 pollfd{in.write.get(), POLLOUT, 0}};
    ::poll(polled.data(), polled.size(), static_cast<int>(kTick.count()));
    if (polled[0].revents != 0) drain(out.read, said.out);
    if (polled[1].revents != 0) drain(err.read, said.err);
    if (polled[2].revents != 0) feed(in.write, rest);
    if (tick) tick();
    if (interrupted() || Clock::now() > deadline) {
      ::kill(pid, SIGKILL);
      reap(pid);
      return Error{Code::temporary,
                   argv[0] + (interrupted() ? ": interrupted" : ": no answer in time, ended")};
    }
  }
  said.exit_code = reap(pid);
  if (said.exit_code == 127 && said.err.empty()) return Error{Code::unavailable, argv[0] + ": cannot be run"};
  return said;
}

Result<Daemon> Daemon::start(const Argv& argv, const std::filesystem::path& log) {
  const Fd nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const Fd file(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!nothing.open() || !file.open()) return from_errno(log.string());
  TRY(const pid_t pid, fork_exec(argv, {nothing.get(), file.get(), file.get(), -1}));
  return Daemon(pid);
}

Daemon::Daemon(Daemon&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Daemon& Daemon::operator=(Daemon&& other) noexcept {
  std::swap(pid_, other.pid_);
  return *this;
}

bool Daemon::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = -1;
  return false;
}

void Daemon::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  reap(std::exchange(pid_, -1));
}

bool Daemon::stop(std::chrono::milliseconds patience) {
  if (pid_ < 0) return false;
  ::kill(pid_, SIGTERM);
  const auto deadline = Clock::now() + patience;
  int status = 0;
  pid_t gone = 0;
  while ((gone = ::waitpid(pid_, &status, WNOHANG)) == 0 && Clock::now() < deadline) ::poll(nullptr, 0, 10);
  if (gone == 0) {
    kill();
    return false;
  }
  pid_ = -1;
  return exit_code_of(status) == 0;
}

bool interrupted() {
  return g_interrupted != 0;
}

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

bool wait_until(std::chrono::milliseconds patience, const std::function<bool()>& done) {
  const auto deadline = Clock::now() + patience;
  while (!interrupted()) {
    if (done()) return true;
    if (Clock::now() >= deadline) return false;
    ::poll(nullptr, 0, static_cast<int>(kTick.count()));
  }
  return false;
}

}  // namespace noroshi::cli::demo
