// The shaper's line in virtual time: what it promises of rate, delay, outages, cuts and back-pressure.
#include "relay/link/shaper/line.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::link::shaper;

namespace {

constexpr Instant kBegin{1'000'000};
Instant at(double seconds) {
  return kBegin + Millis{static_cast<std::int64_t>(seconds * 1000)};
}

/// A sender that always has more, a receiver that always takes: bytes delivered up to `until`, and when the
/// last came.
struct Flow {
  std::uint64_t bytes = 0;
  Instant last = kBegin;
};
Flow pump(Line& line, ConnectionId id, Direction way, Instant now, Instant until,
          std::size_t supply = SIZE_MAX) {
  Flow flow;
  line.advance(now);
  while (true) {
    const std::size_t put = std::min(line.room(id, way), supply);
    line.send(id, way, Bytes(put, 1), now);
    supply -= put;
    if (const std::size_t got = line.arrived(id, way).size(); got > 0) {
      line.taken(id, way, got);
      flow.bytes += got;
      flow.last = now;
    }
    const auto wake = line.next_wake();
    if (!wake || *wake > until) break;
    now = std::max(*wake, now);
    line.advance(now);
  }
  line.advance(until);
  return flow;
}

LineConfig satellite() {
  return {.rate_bps = {2400, 2400}, .delay = {300}};
}

}  // namespace

TEST_CASE("a 2400 bit/s line carries 300 bytes a second, not one more") {
  Line line(satellite(), kBegin);
  const auto id = line.call(kBegin);
  REQUIRE(id);
  const Flow flow = pump(line, *id, Direction::up, kBegin, at(100.9));
  // The first byte leaves at 0.6 s (one round trip) and flies 0.3 s.
  CHECK(flow.bytes == Approx(300 * 100).margin(32));
  CHECK(line.stats().way[0].delivered == flow.bytes);
}

TEST_CASE("a message arrives after set-up, its time on air and the delay") {
  Line line(satellite(), kBegin);
  const auto id = line.call(kBegin);
  CHECK(line.room(*id, Direction::up) == 0);
  const Flow flow = pump(line, *id, Direction::up, kBegin, at(60), 340);
  CHECK(flow.bytes == 340);
  CHECK((flow.last - kBegin).count == Approx(600 + 340 * 8 / 2.4 + 300).margin(3));
}

TEST_CASE("the called side is dialled as the caller's first byte could arrive, once") {
  Line line(satellite(), kBegin);
  const auto id = line.call(kBegin);
  line.advance(at(0.899));
  CHECK(line.dials().empty());
  line.advance(at(0.9));
  CHECK(line.dials() == std::vector{*id});
  line.advance(at(5));
  CHECK(line.dials().empty());
}

TEST_CASE("a line takes no more than what is on its way and a short queue") {
  Line line(satellite(), kBegin);
  const auto id = line.call(kBegin);
  line.advance(at(1));
  const std::size_t room = line.room(*id, Direction::up);
  CHECK(room == 90 + 256);
  line.send(*id, Direction::up, Bytes(room, 1), at(1));
  CHECK(line.room(*id, Direction::up) == 0);
  // The receiver does not read: what arrived still counts, so the sender feels it.
  line.advance(at(100));
  CHECK(line.room(*id, Direction::up) == 0);
  CHECK(line.arrived(*id, Direction::up).size() == room);
  line.taken(*id, Direction::up, 100);
  CHECK(line.room(*id, Direction::up) == 100);
}

TEST_CASE("two connections share one line") {
  Line line({.rate_bps = {8000, 8000}}, kBegin);
  const auto one = line.call(kBegin), two = line.call(kBegin);
  line.send(*one, Direction::up, Bytes(250, 1), kBegin);
  line.send(*two, Direction::up, Bytes(250, 2), kBegin);
  line.advance(at(0.25));
  CHECK(line.arrived(*one, Direction::up).size() == 250);
  CHECK(line.arrived(*two, Direction::up).empty());
  line.advance(at(0.5));
  CHECK(line.arrived(*two, Direction::up).size() == 250);
  CHECK(line.arrived(*two, Direction::up)[0] == 2);
}

TEST_CASE("directions have rates of their own") {
  Line line({.rate_bps = {800, 8000}}, kBegin);
  const auto id = line.call(kBegin);
  CHECK(pump(line, *id, Direction::up, kBegin, at(10)).bytes == Approx(1000).margin(32));
  CHECK(pump(line, *id, Direction::down, at(10), at(20)).bytes == Approx(10'000).margin(32));
}

TEST_CASE("in an outage nothing moves and nothing is lost") {
  LineConfig config = satellite();
  config.troubles = {{Trouble::Kind::outage, {10'000}, {20'000}}};
  Line line(config, kBegin);
  const auto id = line.call(kBegin);
  const Flow before = pump(line, *id, Direction::up, kBegin, at(10));
  CHECK(pump(line, *id, Direction::up, at(10), at(29.9)).bytes == 0);
  const Flow after = pump(line, *id, Direction::up, at(29.9), at(40.9));
  CHECK(before.bytes + after.bytes == Approx(300 * 20).margin(64));
  CHECK(line.holds(*id));
  CHECK(line.stats().silent == Millis{20'000});
  CHECK(line.stats().way[0].lost == 0);
}

TEST_CASE("a cut resets connections, refuses calls while it lasts, and counts what was on its way") {
  LineConfig config = satellite();
  config.troubles = {{Trouble::Kind::cut, {15'000}, {2'000}}};
  config.every = {15'000};
  Line line(config, kBegin);
  const auto id = line.call(kBegin);
  pump(line, *id, Direction::up, kBegin, at(14.999));
  line.advance(at(15));
  CHECK(line.resets() == std::vector{*id});
  CHECK_FALSE(line.holds(*id));
  CHECK_FALSE(line.call(at(16.9)));
  CHECK(line.call(at(17)));
  line.advance(at(30));
  CHECK(line.stats().resets == 2);
  const auto way = line.stats().way[0];
  CHECK(way.accepted == way.delivered + way.lost);
  CHECK(way.lost > 0);
}

TEST_CASE("by hand: silence stops the line, cut resets it, open ends both") {
  Line line(satellite(), kBegin);
  const auto id = line.call(kBegin);
  line.silence(at(1));
  CHECK_FALSE(line.stats().open);
  line.send(*id, Direction::up, Bytes(30, 1), at(1));
  line.advance(at(500));
  CHECK(line.arrived(*id, Direction::up).empty());
  CHECK_FALSE(line.next_wake());
  line.open(at(500));
  line.advance(at(500.4));
  CHECK(line.arrived(*id, Direction::up).size() == 30);
  line.cut(at(501));
  CHECK(line.resets().size() == 1);
  CHECK_FALSE(line.call(at(502)));
  line.open(at(503));
  CHECK(line.call(at(503)));
}

TEST_CASE("an end travels behind the last byte") {
  Line line({.rate_bps = {800, 800}, .delay = {1000}}, kBegin);
  const auto id = line.call(kBegin);
  line.advance(at(3));
  line.send(*id, Direction::up, Bytes(100, 1), at(3));
  line.finish(*id, Direction::up, at(3));
  line.advance(at(4.99));
  CHECK_FALSE(line.finished(*id, Direction::up));
  line.advance(at(5));
  CHECK_FALSE(line.finished(*id, Direction::up));
  line.taken(*id, Direction::up, 100);
  CHECK(line.finished(*id, Direction::up));
}

TEST_CASE("schedules are read strictly") {
  const auto troubles = parse_troubles("60+20,300+45.5", Trouble::Kind::outage);
  REQUIRE(troubles);
  CHECK(*troubles == std::vector<Trouble>{{Trouble::Kind::outage, {60'000}, {20'000}},
                                          {Trouble::Kind::outage, {300'000}, {45'500}}});
  CHECK_FALSE(parse_troubles("60", Trouble::Kind::outage));
  CHECK(parse_troubles("60", Trouble::Kind::cut));
  CHECK_FALSE(parse_troubles("-1+5", Trouble::Kind::cut));
  CHECK_FALSE(parse_troubles("1+x", Trouble::Kind::cut));
  CHECK_FALSE(parse_troubles("nan+1", Trouble::Kind::cut));
  const auto schedule = parse_schedule("# morning\noutage 60 20\n\ncut 75   # short\ncut 80 2.5\n");
  REQUIRE(schedule);
  CHECK(schedule->size() == 3);
  CHECK(schedule->at(2) == Trouble{Trouble::Kind::cut, {80'000}, {2'500}});
  CHECK_FALSE(parse_schedule("rain 60 20"));
  CHECK(parse_schedule("outage 1 2 3").error().text.find("line 1") == 0);
}
