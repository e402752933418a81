// The DEALER half of the tcp bearer: neighbours that we dial.
#include <algorithm>

#include "relay/link/tcp_link.hpp"

namespace noroshi::link {
namespace {

/// Dials with one key before the next is tried. Changes of key are rare and peers that are away are not: each
/// wrong guess costs a handshake, on a 2400 bit/s line eight seconds.
constexpr unsigned kDialsPerKey = 3;
/// A line that was away for a time waits for the next dial no longer than this share of it: one that is cut
/// for seconds is back within the second, and one that is away for a day costs a dial a minute.
constexpr std::int64_t kPauseShare = 8;

}  // namespace

// -----------------------------------------------------------------------------------------------------------
void Tcp::dial_later(Link& link, Now now) {
  const TcpProfile& profile = link.config.profile;
  const Millis away = now.mono - link.away_since;
  const std::int64_t pause =
      std::clamp(away.count / kPauseShare, profile.retry_min.count, profile.retry_max.count);
  // Jitter: after a common outage not everybody calls at once.
  link.next_dial =
      now.mono +
      Millis{pause + static_cast<std::int64_t>(rng_.below(static_cast<std::uint64_t>(pause) / 4 + 1))};
}

void Tcp::dial(Link& link, Now now) {
  const TcpProfile& profile = link.config.profile;
  // Which generation the peer uses at present is not known from here: the one that answered last, then one
  // after the other. A wrong guess and a peer that is away look the same.
  auto keys = door_.keys_of(link.config.peer, now);
  std::stable_partition(keys.begin(), keys.end(),
                        [&](const keys::Certificate* it) { return it->key == link.answered; });
  const unsigned turn = link.tries++;
  dial_later(link, now);
  if (keys.empty()) return tell(Heard::Kind::failed, link.config.peer, "no valid certificate of the peer");
  const keys::Certificate& peer = *keys[turn / kDialsPerKey % keys.size()];
  try {
    link.dealer = std::make_unique<zmq::socket_t>(context_, zmq::socket_type::dealer);
    zmq::socket_t& dealer = *link.dealer;
    tune(dealer, profile);
    dealer.set(zmq::sockopt::immediate, true);
    const auto secret = identity_.secrets().link.bytes();
    dealer.set(zmq::sockopt::curve_secretkey, zmq::buffer(secret.data(), secret.size()));
    dealer.set(zmq::sockopt::curve_publickey, zmq::buffer(identity_.link_public().value));
    dealer.set(zmq::sockopt::curve_serverkey, zmq::buffer(peer.link.value));
    dealer.set(zmq::sockopt::ipv6, link.config.address.find('[') != std::string::npos);
    link.monitor = std::make_unique<Monitor>(context_, dealer);
    link.dialled = peer.key;
    link.dial_fd = -1;
    dealer.connect(link.config.address);
  } catch (const zmq::error_t& error) {
    link.monitor.reset();
    link.dealer.reset();
    tell(Heard::Kind::failed, link.config.peer, error.what());
  }
}

void Tcp::hang_up(Link& link, Now now, std::string_view why) {
  link.monitor.reset();
  link.dealer.reset();
  link.dial_fd = -1;
  if (link.via == Via::dial && link.heard) link.away_since = now.mono;
  dial_later(link, now);
  if (std::exchange(link.dial_up, false) && link.via == Via::dial) set_via(link, Via::none, "", why, now);
}

void Tcp::pump_dial(Link& link, Now now, Room& room) {
  if (link.config.address.empty() || !link.allowed) return;
  if (!link.dealer && link.next_dial <= now.mono) {
    if (const auto rested = door_.rests(link.config.peer, now.mono)) link.next_dial = *rested;
  }
  if (!link.dealer && link.next_dial <= now.mono) dial(link, now);
  if (!link.dealer) return;
  // What came before a disconnect still counts: read first, then see whether it is over.
  if (link.dial_up && door_.ask(link.dialled, now) != Admission::admitted) {
    tell(Heard::Kind::refused, link.config.peer, name_of(door_.ask(link.dialled, now)));
    return hang_up(link, now, "may not speak");
  }
  if (!link.dial_up) pump_dial_monitor(link, now);
  while (room.left() && link.dealer && link.dial_up) {
    auto parts = receive(*link.dealer);
    if (!parts) break;
    room.take(parts->back().size());
    if (parts->size() != 1) {
      tell(Heard::Kind::unnamed, link.config.peer, "parts");
      continue;
    }
    heard_message(link, parts->front(), now);
  }
  if (room.left() && link.dealer) pump_dial_monitor(link, now);
}

void Tcp::pump_dial_monitor(Link& link, Now now) {
  while (link.monitor) {
    const auto event = link.monitor->next();
    if (!event) return;
    using Kind = ConnectionEvent::Kind;
    switch (event->kind) {
      case Kind::connected: link.dial_fd = event->value; break;
      case Kind::handshake:
        link.dial_up = true;
        link.answered = link.dialled;
        set_via(link, Via::dial, "", to_string(link.dialled), now);
        break;
      case Kind::refused:
        tell(Heard::Kind::failed, link.config.peer, "refused by the peer");
        return hang_up(link, now, "refused");
      case Kind::failed:
        tell(Heard::Kind::failed, link.config.peer, "handshake failed");
        return hang_up(link, now, "handshake failed");
      case Kind::disconnected:
        if (!link.dial_up) tell(Heard::Kind::failed, link.config.peer, "disconnected in the handshake");
        return hang_up(link, now, "disconnected");
      case Kind::accepted: break;
    }
  }
}

}  // namespace noroshi::link
