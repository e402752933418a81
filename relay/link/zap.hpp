// The ZAP handler (ZeroMQ RFC 27): who completes a CURVE handshake with this process. libzmq is fail-open:
// with a ZAP domain set and no handler bound, 4.3.4 accepts any client that knows the server key. So three
// things hold:
//   1. the handler is bound and tests itself before any other socket exists;
//   2. the bearer drops every message that does not carry the User-Id which only this handler gives;
//   3. after binding, a probe with a random key must be refused (probe_door), or the program ends.
//
// The handler answers from the caller's own loop: no thread, and whoever is admitted is decided by the same
// Door at the same time as everything else. User-Id is the key's name, "17/3.1".
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "relay/link/door.hpp"
#include "relay/link/sockets.hpp"

namespace noroshi::link {

inline constexpr const char* kZapDomain = "noroshi";

class Zap {
 public:
  /// Binds inproc://zeromq.zap.01 of this context and asks itself about a random key. `door` outlives the
  /// handler. Errors: unavailable (another handler), internal (the self-test failed).
  [[nodiscard]] static Result<std::unique_ptr<Zap>> open(zmq::context_t& context, const Door& door, Now now);

  [[nodiscard]] zmq::socket_ref socket() { return handler_; }
  struct Refused {
    Admission why{};
    KeyId key;  ///< unless unknown
    std::string address;
  };
  /// Answers every waiting handshake, and tells whom it refused.
  std::vector<Refused> serve(Now now);

 private:
  Zap(zmq::context_t& context, const Door& door) : door_(door), handler_(context, zmq::socket_type::rep) {}
  [[nodiscard]] Result<void> test_self(zmq::context_t& context, Now now);

  const Door& door_;
  zmq::socket_t handler_;
};

/// Dials `endpoint` with a random key and must be refused (config otherwise: "accepts strangers"). Serves
/// `zap` meanwhile; `patience` is for a machine under load.
[[nodiscard]] Result<void> probe_door(zmq::context_t& context, Zap& zap, std::string endpoint,
                                      BytesView server_key, Now now, Millis patience = {10'000});

}  // namespace noroshi::link
