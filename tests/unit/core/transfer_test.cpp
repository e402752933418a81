// Envelopes that a slow line would hold for long: offered first, then in pieces that the urgent overtakes,
// and what has arrived is never sent again.
#include <algorithm>

#include "keys/crypto.hpp"
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::core;
using namespace noroshi::test;
using proto::Level;

namespace {

constexpr LinkProfile kSatellite{.rate_bps = 2400, .rtt = {600}, .window_bytes = 704, .metered = true};
/// Around each message.
constexpr std::size_t kMessageCost = kPieceSurroundings - proto::kPieceHeaderBytes;
constexpr std::size_t kPieceBytes = 300 - kPieceSurroundings;

/// A laptop and its relay with a line of its own time between them, which can be cut.
class Desert {
 public:
  /// `rate` is the line's true one, if it is not that of the profile.
  explicit Desert(const LinkProfile& line = kSatellite, std::uint32_t rate = 0)
      : laptop(kLaptop, {.neighbours = {neighbour(kI, line)}, .default_route = kI}),
        relay(kI, {.neighbours = {neighbour(kLaptop, line), neighbour(kN)}, .default_route = {}}),
        line_(line) {
    if (rate != 0) line_.rate_bps = rate;
  }

  void join() {
    laptop.up(kI);
    relay.up(kLaptop);
    turn(laptop);
    turn(relay);
  }
  void cut() {
    for (Way& way : ways_) way.under_way.clear();
    laptop.down(kI);
    relay.down(kLaptop);
    turn(laptop);
    turn(relay);
  }
  /// Until the relay has it whole, or the time is over. Gives the time it took.
  std::optional<Millis> until_there(const MsgId& id, Seconds most) {
    const std::int64_t begin = now_;
    while (now_ < begin + most.count * 1000) {
      if (relay.store().peek(id)) return Millis{now_ - begin};
      step(begin + most.count * 1000);
    }
    return std::nullopt;
  }
  void run(Millis time) {
    const std::int64_t end = now_ + time.count;
    while (now_ < end) step(end);
  }

  Station laptop, relay;
  std::size_t piece_bytes = 0;  ///< of bodies, that the laptop has sent
  std::size_t offers = 0;
  std::vector<proto::Want> wants;  ///< of the relay
  std::size_t longest = 0;         ///< frame of the laptop
  std::function<void(Bytes&)> spoil = [](Bytes&) {};

 private:
  struct Way {
    std::deque<std::pair<std::int64_t, Bytes>> under_way;
    std::int64_t free_at = 0;
  };
  void step(std::int64_t end) {
    std::int64_t next = end;
    for (const Way& way : ways_) {
      if (!way.under_way.empty()) next = std::min(next, way.under_way.front().first);
    }
    for (Station* station : {&laptop, &relay}) {
      if (const auto wake = station->node().next_wake())
        next = std::min(next, now_ + std::max<std::int64_t>(1, wake->ms - station->now().mono.ms));
    }
    const Millis pause{std::max<std::int64_t>(0, next - now_)};
    now_ += pause.count;
    laptop.pass(pause);
    relay.pass(pause);
    for (int to = 0; to < 2; ++to) {
      Way& way = ways_[to];
      while (!way.under_way.empty() && way.under_way.front().first <= now_) {
        const Bytes frame = std::move(way.under_way.front().second);
        way.under_way.pop_front();
        to == 0 ? relay.frame(kLaptop, frame) : laptop.frame(kI, frame);
      }
    }
    turn(laptop);
    turn(relay);
  }
  void turn(Station& station) {
    const bool up = &station == &laptop;
    for (Left& left : station.close()) {
      if (left.peer != (up ? kI : kLaptop)) continue;
      look(left.bytes, up);
      if (up) spoil(left.bytes);
      Way& way = ways_[up ? 0 : 1];
      const auto wire = static_cast<std::int64_t>(left.bytes.size() + kMessageCost) * 8000 / line_.rate_bps;
      way.free_at = std::max(way.free_at, now_) + wire;
      way.under_way.emplace_back(way.free_at + line_.rtt.count / 2, std::move(left.bytes));
    }
  }
  void look(const Bytes& frame, bool up) {
    const auto decoded = proto::decode_frame(frame);
    REQUIRE(decoded);
    if (up) longest = std::max(longest, frame.size());
    if (const auto* piece = std::get_if<proto::Piece>(&*decoded)) piece_bytes += piece->bytes.size();
    const auto* control = std::get_if<proto::ControlFrame>(&*decoded);
    if (control == nullptr) return;
    if (std::holds_alternative<proto::Offer>(*control)) ++offers;
    if (const auto* want = std::get_if<proto::Want>(control)) wants.push_back(*want);
  }

  LinkProfile line_;
  Way ways_[2];
  std::int64_t now_ = 0;
};

std::size_t body_of(const keys::Sealed& sealed) {
  return proto::parse_envelope(sealed.bytes).envelope->body.size();
}

}  // namespace

TEST_CASE("a photo crosses 2400 bit/s in pieces of a second, once, at the speed of the line") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 20'000);
  desert.laptop.submit(photo.bytes);
  desert.join();
  const auto took = desert.until_there(photo.msg_id, minutes(10));
  REQUIRE(took);
  CHECK(desert.offers == 1);
  CHECK(desert.piece_bytes == body_of(photo));
  CHECK(desert.longest <= kPieceBytes + proto::kPieceHeaderBytes);
  // Never idle but for the first round trips: its pieces with what surrounds them, at the rate.
  const std::size_t wire = body_of(photo) + (body_of(photo) / kPieceBytes + 1) * kPieceSurroundings;
  CHECK(took->count <= static_cast<std::int64_t>(wire) * 8000 / 2400 + 6000);
  CHECK(desert.relay.store().body(photo.msg_id) == photo.bytes);
  CHECK(desert.relay.store().partials().empty());
}

TEST_CASE("on a line that is faster than its profile a photo does not wait for what has long arrived") {
  Desert desert(kSatellite, 1'000'000);
  Speaker speaker = field();
  desert.join();
  keys::Sealed last;
  for (int i = 0; i < 60; ++i)
    desert.laptop.submit((last = report(speaker, {kNational}, Level::routine, 180)).bytes);
  REQUIRE(desert.until_there(last.msg_id, minutes(2)));
  const auto photo = report(speaker, {kNational}, Level::bulk, 5'000);
  desert.laptop.submit(photo.bytes);
  // By the profile the reports alone would hold the line for a minute and a half.
  CHECK(desert.until_there(photo.msg_id, Seconds{20}));
}

TEST_CASE("what is below a photo has its turn, however small the window of the line is") {
  LinkProfile line = kSatellite;
  line.window_bytes = 400;
  Desert desert(line);
  Speaker speaker = field();
  desert.join();
  const auto photo = report(speaker, {kNational}, Level::routine, 5'000);
  const auto last = report(speaker, {kNational}, Level::bulk, 120);
  desert.laptop.submit(photo.bytes);
  desert.laptop.submit(last.bytes);
  REQUIRE(desert.until_there(last.msg_id, minutes(3)));
  REQUIRE(desert.until_there(photo.msg_id, minutes(3)));
}

TEST_CASE("what takes the line no longer than a second and a half goes whole") {
  Desert desert;
  Speaker speaker = field();
  const auto small = report(speaker, {kNational}, Level::routine, 200);
  desert.laptop.submit(small.bytes);
  desert.join();
  REQUIRE(desert.until_there(small.msg_id, minutes(1)));
  CHECK(desert.offers == 0);
}

TEST_CASE("flash reports overtake a photo: the slowest waits for one piece and a round trip") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 45'000);
  desert.laptop.submit(photo.bytes);
  desert.join();
  SeededRng dice(5);
  Millis slowest{0};
  for (int i = 0; i < 40; ++i) {
    desert.run(Millis{static_cast<std::int64_t>(500 + dice.below(7000))});
    REQUIRE_FALSE(desert.relay.store().peek(photo.msg_id));
    const auto flash = report(speaker, {kNational}, Level::flash, 180);
    REQUIRE(flash.bytes.size() == 340);
    desert.laptop.submit(flash.bytes);
    const auto took = desert.until_there(flash.msg_id, minutes(5));
    REQUIRE(took);
    slowest = std::max(slowest, *took, [](Millis a, Millis b) { return a.count < b.count; });
  }
  const auto line_time = [](std::size_t bytes) {
    return static_cast<std::int64_t>(bytes + kMessageCost) * 8000 / 2400;
  };
  CHECK(slowest.count <=
        line_time(340 + proto::kLinkHeaderBytes) + line_time(kPieceBytes + proto::kPieceHeaderBytes) + 600);
  REQUIRE(desert.until_there(photo.msg_id, minutes(30)));
  CHECK(desert.piece_bytes == body_of(photo));
}

TEST_CASE("a cut costs the window, a restart of either side too, and another session goes on where it was") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 20'000);
  desert.laptop.submit(photo.bytes);
  int cuts = 0;
  for (std::optional<Millis> took; !took; ++cuts) {
    REQUIRE(cuts < 20);
    desert.join();
    took = desert.until_there(photo.msg_id, Seconds{30});
    if (took) break;
    desert.cut();
    if (cuts == 1) desert.laptop.crash();
    if (cuts == 3) desert.relay.crash();
  }
  CHECK(cuts >= 3);
  CHECK(desert.offers == static_cast<std::size_t>(cuts) + 1);
  CHECK(desert.piece_bytes <= body_of(photo) + static_cast<std::size_t>(cuts) * 704);
  CHECK(desert.wants.back().have.size() == 1);
  CHECK(desert.relay.store().body(photo.msg_id) == photo.bytes);
}

TEST_CASE("a long transfer holds up nobody's numbers") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 45'000);
  desert.laptop.submit(photo.bytes);
  desert.join();
  desert.run(Millis{10'000});
  for (int i = 0; i < 150; ++i) {
    const auto urgent = report(speaker, {kNational}, Level::urgent, 140);
    desert.laptop.submit(urgent.bytes);
    REQUIRE(desert.until_there(urgent.msg_id, Seconds{20}));
  }
  REQUIRE(desert.until_there(photo.msg_id, minutes(20)));
  CHECK(desert.offers > 1);
  CHECK(desert.piece_bytes <= body_of(photo) + desert.offers * 704);
}

TEST_CASE("what has become needless is withdrawn, and the line is free") {
  Desert desert;
  Speaker speaker = field(), home(network(), kN);
  const auto photo = report(speaker, {kNational}, Level::bulk, 45'000);
  desert.laptop.submit(photo.bytes);
  desert.join();
  desert.run(Millis{10'000});
  REQUIRE(desert.piece_bytes > 0);
  // A stick was faster, and brings the receipt while it is still on its way.
  proto::Receipt content{
      .kind = proto::ReceiptKind::delivered, .reason = {}, .store = {1}, .entries = {}, .epoch_object = {}};
  content.entries.push_back({.dev = photo.key.device.dev,
                             .gen = photo.key.gen,
                             .recipient = proto::to_org(kNational),
                             .from = photo.seq,
                             .to = photo.seq,
                             .count = 1,
                             .digest = keys::receipt_digest({&photo.msg_id, 1})});
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.life = days(14);
  draft.recipients = {proto::to_org(kIshikawa)};
  draft.content = proto::encode_receipt(content);
  const auto receipt = home.say(draft, at(kStart + hours(1)));
  REQUIRE(receipt);
  desert.laptop.carry(receipt->bytes);
  desert.run(Millis{10'000});
  CHECK(desert.laptop.duty(photo.msg_id).end == End::delivered);
  const std::size_t before = desert.piece_bytes;
  desert.run(Millis{30'000});
  CHECK(desert.piece_bytes == before);
  CHECK(desert.laptop.node().links().at(0).in_flight_bytes == 0);
}

TEST_CASE("a body that is not what was signed is charged to its neighbour, and the true one still comes") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 5'000);
  desert.laptop.submit(photo.bytes);
  int spoilt = 0;
  desert.spoil = [&](Bytes& frame) {
    if (frame[0] == proto::kFramePiece && ++spoilt == 3) frame.back() ^= 1;
  };
  desert.join();
  CHECK_FALSE(desert.until_there(photo.msg_id, Seconds{60}));
  CHECK(desert.relay.count(EventKind::refused) == 1);
  CHECK(desert.relay.store().partials().empty());
  CHECK(desert.until_there(photo.msg_id, minutes(30)));
}

TEST_CASE("false pieces of one neighbour do not spoil what another brings") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 5'000);
  const auto parsed = proto::parse_envelope(photo.bytes);
  // The national relay offers the same, with pieces of its own making.
  desert.relay.meet(kN);
  const std::uint16_t session = 1;
  const proto::Offer offer{.session = session,
                           .number = 1,
                           .for_wraps = 1,
                           .size = static_cast<std::uint32_t>(photo.bytes.size()),
                           .body_hash = keys::body_hash(parsed.envelope->body),
                           .cover = proto::cover_of(*parsed.envelope)};
  desert.relay.frame(kN, proto::encode_frame(offer));
  REQUIRE(all_of<proto::Want>(desert.relay.close(), kN).size() == 1);
  Bytes piece = bytes_of(proto::encode_piece_header({session, 1, 600}));
  piece.resize(piece.size() + 900, 0x5A);
  desert.relay.frame(kN, piece).close();

  desert.laptop.submit(photo.bytes);
  desert.join();
  REQUIRE(desert.until_there(photo.msg_id, minutes(3)));
  CHECK(desert.relay.store().body(photo.msg_id) == photo.bytes);
  CHECK(desert.relay.count(EventKind::refused) == 0);
  CHECK(desert.wants.size() == 2);
}

TEST_CASE("what arrives by another way ends the transfer at the next piece") {
  Desert desert;
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 20'000);
  desert.laptop.submit(photo.bytes);
  desert.join();
  desert.run(Millis{10'000});
  desert.relay.carry(photo.bytes);
  CHECK(desert.relay.store().partials().empty());
  desert.run(Millis{5'000});
  CHECK(desert.laptop.duty(photo.msg_id).state == DutyState::parked);
  CHECK(desert.piece_bytes < body_of(photo) / 3);
}

TEST_CASE("a neighbour that brings a body in crumbs, or the same bytes over and over, fills no disk") {
  Station relay(kI, {.neighbours = {neighbour(kN)}, .default_route = {}});
  Speaker speaker = field();
  const auto photo = report(speaker, {kNational}, Level::bulk, 20'000);
  const auto parsed = proto::parse_envelope(photo.bytes);
  relay.meet(kN);
  const auto offer = [&](proto::LinkNumber number) {
    relay.frame(kN, proto::encode_frame(proto::Offer{.session = 1,
                                                     .number = number,
                                                     .for_wraps = 1,
                                                     .size = static_cast<std::uint32_t>(photo.bytes.size()),
                                                     .body_hash = keys::body_hash(parsed.envelope->body),
                                                     .cover = proto::cover_of(*parsed.envelope)}));
    relay.close();
  };
  const auto piece = [&](proto::LinkNumber number, std::uint16_t from, std::size_t size) {
    Bytes frame = bytes_of(proto::encode_piece_header({1, number, from}));
    frame.resize(frame.size() + size, 0x5A);
    relay.frame(kN, frame);
  };
  const auto kept = [&] {
    std::size_t bytes = 0;
    for (const PieceHere& one : relay.store().pieces(photo.msg_id))
      bytes += static_cast<std::size_t>(one.stretch.to - one.stretch.from);
    return bytes;
  };
  // Each a little longer than the last, and all of them to the same end.
  offer(1);
  for (std::uint16_t from = 5'000; from > 4'800; from -= 10) piece(1, from, 6'000u - from);
  relay.close();
  CHECK(kept() == 1'190);
  // A byte here and a byte there.
  for (std::uint16_t from = 10'000; from < 10'000 + 2 * kPiecesMax; from += 2) piece(1, from, 1);
  relay.close();
  CHECK(kept() == 0);
  CHECK(relay.store().partials().empty());
  CHECK(relay.count(EventKind::refused) == 1);
}
