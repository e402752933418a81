#include "client-tui/tui/line_state.hpp"

#include <algorithm>

#include "client-tui/words/lines.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {

using words::say, words::Text;

namespace {

std::uint64_t unsent(const proto::control::Status& relay) {
  std::uint64_t out = 0;
  for (const std::uint64_t count : relay.queue) out += count;
  return out;
}

/// Below this somebody should look for a socket.
constexpr int kBatteryLow = 20;

std::string battery_state(const Facts& facts) {
  if (!facts.battery) return {};
  const bool low = facts.battery->percent < kBatteryLow && !facts.battery->on_mains;
  return "  " + say(low                       ? Text::console_battery_low
                    : facts.battery->on_mains ? Text::console_battery_mains
                                              : Text::console_battery,
                    facts.battery->percent);
}

}  // namespace

std::string line_state(const Facts& facts) {
  if (!facts.relay) return say(Text::console_relay_absent) + battery_state(facts);
  const proto::control::Status& relay = *facts.relay;
  std::uint64_t bytes = 0, seconds = 0;
  bool up = false;
  for (const auto& link : relay.links) {
    const std::uint64_t waiting = link.queued_bytes + link.in_flight_bytes;
    bytes += waiting, up = up || link.up;
    if (link.rate_bps > 0) seconds = std::max(seconds, (waiting * 8 + link.rate_bps - 1) / link.rate_bps);
  }
  const std::uint64_t waiting = unsent(relay) + facts.shelf->not_handed_over();
  std::string out =
      say(relay.links.empty() ? Text::console_line_none
          : up                ? Text::console_line_up
                              : Text::console_line_down) +
      "  " + (waiting == 0 ? say(Text::console_line_done) : say(Text::console_line_waiting, waiting, bytes)) +
      (seconds > 0 && up ? " " + words::about_seconds(seconds) : "");
  if (relay.roster_state != 'A')
    out += "  " + say(Text::console_roster_old, std::string(1, relay.roster_state));
  if (facts.now.wall_suspect || relay.wall_suspect) out += "  " + say(Text::console_clock_doubtful);
  return out + battery_state(facts);
}

}  // namespace noroshi::tui
