// bare_curve LISTEN_PORT DIAL_PORT FILE COUNT: what ZeroMQ with CURVE alone puts on the wire. One end dials
// DIAL_PORT and sends the first COUNT envelopes of FILE, one message each; the other listens on LISTEN_PORT
// and ends the program when it has them all. Between the ports stands the shaper, which counts.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <zmq.hpp>

#include "tests/support/envelope_file.hpp"

namespace {

struct CurvePair {
  char open[41], secret[41];
  CurvePair() {
    if (zmq_curve_keypair(open, secret) != 0) std::abort();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return std::fprintf(stderr, "usage: bare_curve LISTEN_PORT DIAL_PORT FILE COUNT\n"), 64;
  const auto envelopes = noroshi::test::read_envelopes(argv[3]);
  const std::size_t count = std::strtoul(argv[4], nullptr, 10);
  if (count > envelopes.size()) return std::fprintf(stderr, "not so many envelopes\n"), 64;
  const CurvePair server, client;
  zmq::context_t context;

  zmq::socket_t receiver(context, zmq::socket_type::router);
  receiver.set(zmq::sockopt::curve_server, true);
  receiver.set(zmq::sockopt::curve_secretkey, server.secret);
  receiver.set(zmq::sockopt::rcvhwm, 0);
  receiver.bind(std::string("tcp://127.0.0.1:") + argv[1]);

  zmq::socket_t sender(context, zmq::socket_type::dealer);
  sender.set(zmq::sockopt::curve_serverkey, server.open);
  sender.set(zmq::sockopt::curve_publickey, client.open);
  sender.set(zmq::sockopt::curve_secretkey, client.secret);
  sender.set(zmq::sockopt::sndhwm, 0);
  sender.connect(std::string("tcp://127.0.0.1:") + argv[2]);
  for (std::size_t i = 0; i < count; ++i) (void)sender.send(zmq::buffer(envelopes[i]), zmq::send_flags::none);

  for (std::size_t i = 0; i < count; ++i) {
    zmq::message_t route, envelope;
    (void)receiver.recv(route);
    (void)receiver.recv(envelope);
    if (envelope.size() != envelopes[i].size()) return std::fprintf(stderr, "something else came\n"), 1;
  }
  return 0;
}
