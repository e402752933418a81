// The relay daemon of this machine, as the desk asks it (proto/control.hpp). One question, one answer, a
// deadline.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "proto/control.hpp"
#include "proto/result.hpp"
#include "proto/time.hpp"

namespace noroshi::desk {

/// Anything that answers control requests: the daemon, or a test.
class Relay {
 public:
  Relay() = default;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  virtual ~Relay() = default;
  /// The answer to this request, never an event. Errors: unavailable (no daemon), temporary (no answer in
  /// time), protocol (an answer that is none), and what the daemon answered as an error.
  [[nodiscard]] virtual Result<proto::control::Answer> ask(const proto::control::Request& request) = 0;
};

/// The relay's answer has another type than asked for, or cannot be read.
[[nodiscard]] Error not_understood();

/// Asks and takes the answer of type T; another type is a protocol error.
template <typename T>
[[nodiscard]] Result<T> ask(Relay& relay, const proto::control::Request& request) {
  TRY(proto::control::Answer answer, relay.ask(request));
  if (auto* expected = std::get_if<T>(&answer)) return std::move(*expected);
  if (auto* error = std::get_if<Error>(&answer)) return std::move(*error);
  return not_understood();
}

/// A DEALER to ipc://SOCKET. Not thread-safe; one question at a time.
class RelayClient final : public Relay {
 public:
  /// Unavailable at once if nobody listens there. A commit on a slow card takes a second at most; the
  /// deadline leaves room for a daemon that is busy with several.
  [[nodiscard]] static Result<std::unique_ptr<RelayClient>> connect(const std::filesystem::path& socket,
                                                                    Millis deadline = {10'000});
  ~RelayClient() override;
  [[nodiscard]] Result<proto::control::Answer> ask(const proto::control::Request& request) override;

 private:
  struct Impl;
  explicit RelayClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace noroshi::desk
