// The satellite receiver of this machine, played by a socket that speaks gpsd's protocol (gpsd_json(5)).
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace noroshi::test {

inline const std::string kNoFix = R"({"class":"TPV","device":"/dev/ttyACM0","mode":1})";
inline const std::string kWajima =
    R"({"class":"TPV","device":"/dev/ttyACM0","mode":3,"time":"2024-01-01T07:30:00.000Z",)"
    R"("lat":37.390512345,"lon":136.902314321,"eph":4.2,"epx":3.1,"epy":2.8})";

/// Answers one visitor: the banner, and once it is asked to, these lines; then it hangs up, or waits for the
/// visitor to go.
class Receiver {
 public:
  Receiver(std::vector<std::string> lines, bool hangs_up) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const place = reinterpret_cast<sockaddr*>(&at);
    const bool listens = ::bind(listener_, place, size) == 0 && ::listen(listener_, 1) == 0 &&
                         ::getsockname(listener_, place, &size) == 0;
    if (!listens) throw std::runtime_error("no socket on loopback");
    port = ntohs(at.sin_port);
    answering_ = std::thread([this, lines = std::move(lines), hangs_up] { answer(lines, hangs_up); });
  }
  ~Receiver() {
    ::shutdown(listener_, SHUT_RDWR);  // if nobody came
    answering_.join();
    ::close(listener_);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  std::uint16_t port = 0;

 private:
  void answer(const std::vector<std::string>& lines, bool hangs_up) const {
    const int visitor = ::accept(listener_, nullptr, nullptr);
    if (visitor < 0) return;
    say(visitor, R"({"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14})");
    char wish[256];
    if (::recv(visitor, wish, sizeof wish, 0) > 0) {
      for (const std::string& line : lines) say(visitor, line);
      while (!hangs_up && ::recv(visitor, wish, sizeof wish, 0) > 0) {
      }
    }
    ::close(visitor);
  }
  static void say(int to, const std::string& line) {
    const std::string text = line + "\r\n";
    (void)::send(to, text.data(), text.size(), MSG_NOSIGNAL);
  }
  int listener_ = -1;
  std::thread answering_;
};

}  // namespace noroshi::test
