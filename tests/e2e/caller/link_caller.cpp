// A second process for the link tests: calls a relay the way a stranger, a wrong neighbour or a right one
// would, and tells on stdout what became of it: connected, handshake, refused, failed, disconnected, received
// TEXT. Ends with its stdin.
//
//   test_link_caller ENDPOINT SERVER_KEY_HEX random|null|SECRET_HEX [PUBLIC_HEX]
#include <unistd.h>
#include <cstdio>
#include <string>

#include "relay/link/sockets.hpp"

using namespace noroshi;
using namespace noroshi::link;

namespace {

void say(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

const char* name_of(ConnectionEvent::Kind kind) {
  switch (kind) {
    case ConnectionEvent::Kind::connected: return "connected";
    case ConnectionEvent::Kind::accepted: return "accepted";
    case ConnectionEvent::Kind::handshake: return "handshake";
    case ConnectionEvent::Kind::refused: return "refused";
    case ConnectionEvent::Kind::failed: return "failed";
    case ConnectionEvent::Kind::disconnected: return "disconnected";
  }
  return "";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return exit_code(Code::usage);
  const std::string who = argv[3];
  zmq::context_t context;
  zmq::socket_t dealer(context, zmq::socket_type::dealer);
  dealer.set(zmq::sockopt::linger, 0);
  dealer.set(zmq::sockopt::immediate, true);
  dealer.set(zmq::sockopt::reconnect_ivl, 50);
  if (who != "null") {
    const auto server = from_hex(argv[2]);
    if (!server) return exit_code(Code::usage);
    dealer.set(zmq::sockopt::curve_serverkey, zmq::buffer(*server));
  }
  if (who == "random") {
    char public_key[41], secret_key[41];
    if (::zmq_curve_keypair(public_key, secret_key) != 0) return exit_code(Code::internal);
    dealer.set(zmq::sockopt::curve_publickey, public_key);
    dealer.set(zmq::sockopt::curve_secretkey, secret_key);
  } else if (who != "null") {
    const auto secret = from_hex(who), open = from_hex(argc > 4 ? argv[4] : "");
    if (!secret || !open) return exit_code(Code::usage);
    dealer.set(zmq::sockopt::curve_publickey, zmq::buffer(*open));
    dealer.set(zmq::sockopt::curve_secretkey, zmq::buffer(*secret));
  }
  Monitor monitor(context, dealer);
  dealer.connect(argv[1]);

  for (int number = 1;;) {
    zmq::pollitem_t items[] = {{nullptr, STDIN_FILENO, ZMQ_POLLIN, 0},
                               {monitor.socket().handle(), 0, ZMQ_POLLIN, 0},
                               {dealer.handle(), 0, ZMQ_POLLIN, 0}};
    poll(items, 20);
    char chunk[64];
    if (readable(items[0]) && ::read(STDIN_FILENO, chunk, sizeof chunk) <= 0) return 0;
    while (const auto event = monitor.next()) say(name_of(event->kind));
    while (const auto parts = receive(dealer)) say("received " + parts->back().to_string());
    // Frames go out as fast as anybody takes them.
    const std::string text = "frame " + std::to_string(number);
    if (link::send(dealer, "", view_of(text)) == Sent::sent) ++number;
  }
}
