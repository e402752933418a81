// The control protocol is read strictly and says the same after a round trip.
#include "proto/control.hpp"

#include <random>

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::proto;
using namespace noroshi::proto::control;

namespace {

MsgId message(std::uint8_t fill) {
  MsgId id;
  id.value.fill(fill);
  return id;
}

std::vector<Request> every_request() {
  return {InfoRequest{},
          SubmitRequest{Bytes(340, 7), false, true},
          SubmitRequest{Bytes(192, 1), true},
          PutObjectRequest{Bytes(190, 4)},
          InventoryRequest{},
          GetObjectRequest{{ObjectType::certificate, 17ull << 32 | 3 << 8 | 1, 2, {1, 2, 3, 4, 5, 6, 7, 8}}},
          PullRequest{{0x0123456789ABCDEF}, 42, 100},
          FetchRequest{message(9)},
          RecallRequest{{message(1), message(2)}},
          ProgressRequest{{message(1), message(0), message(255)}},
          StatusRequest{},
          SubscribeRequest{}};
}

Status status() {
  LinkStatus link{
      .name = "輪島→石川", .peer = {{17}, 2}, .bearer = "tcp", .up = true, .in_flight_bytes = 1360};
  link.queued[3] = 2;
  link.queued_bytes = 680;
  link.oldest_s = 12;
  link.last_contact_s = -1;
  link.rate_bps = 2400;
  link.rests_s = 7;
  Status out{.node = {{17}, 3}, .store = {5}, .links = {link, {}}, .unrouted = 1, .wall = {-10}};
  out.queue[0] = 9;
  out.roster_state = 'C';
  out.fill_percent = 100;
  return out;
}

std::vector<Answer> every_answer() {
  const RecipientProgress recipient{.recipient = {2},
                                    .duty = 3,
                                    .end = "delivered",
                                    .reached = ReceiptKind::opened,
                                    .via = {{17}, 1},
                                    .at = {1000},
                                    .by = {{2}, 1},
                                    .again_s = 640,
                                    .tried = 2};
  return {
      Info{.node = {{17}, 3},
           .store = {~0ull},
           .program = "noroshid 0.1.0",
           .wall = {-1},
           .wall_suspect = true,
           .state_digest = {8, 7, 6, 5, 4, 3, 2, 1},
           .roster_version = 12},
      Submitted{Submitted::Outcome::refused, message(3), "cert_time"},
      PutObject{"conflict", "another roster 12"},
      Inventory{{{ObjectType::roster, 0, 12, {}}, {ObjectType::contact, 17ull << 32 | 3 << 8, 9, {1}}}},
      Object{Bytes(60'000, 1)},
      Pulled{{5}, {{7, message(7), Bytes(340, 1), {100}, {{17}, 1}}, {8, message(8), {}, {101}, {}}}, true},
      Fetched{},
      Recalled{true},
      Progress{
          {{message(1), true, 340, Level::flash, {recipient, {}}}, {message(2), false, 0, Level::bulk, {}}}},
      status(),
      Subscribed{},
      Event{"delivered", {{2}, 1}, {}},
      Error{Code::config, "configuration: …"}};
}

}  // namespace

TEST_CASE("every request says the same after a round trip") {
  for (const Request& request : every_request()) {
    const Bytes bytes = encode(RequestMessage{77, request});
    const auto back = decode_request(bytes);
    REQUIRE(back);
    CHECK(back->id == 77);
    CHECK(back->request.index() == request.index());
    CHECK(encode(*back) == bytes);
  }
}

TEST_CASE("every answer says the same after a round trip") {
  std::uint64_t id = 0;
  for (const Answer& answer : every_answer()) {
    const Bytes bytes = encode(AnswerMessage{id, answer});
    const auto back = decode_answer(bytes);
    REQUIRE(back);
    CHECK(back->id == id++);
    CHECK(back->answer.index() == answer.index());
    CHECK(encode(*back) == bytes);
  }
}

TEST_CASE("the fields of an answer keep their places") {
  const auto back = decode_answer(encode(AnswerMessage{1, status()}));
  REQUIRE(back);
  const auto& got = std::get<Status>(back->answer);
  CHECK(got.links.at(0).name == "輪島→石川");
  CHECK(got.links.at(0).peer == DeviceId{{17}, 2});
  CHECK(got.links.at(0).queued[3] == 2);
  CHECK(got.links.at(0).last_contact_s == -1);
  CHECK(got.links.at(0).rate_bps == 2400);
  CHECK(got.links.at(0).rests_s == 7);
  CHECK(got.queue[0] == 9);
  CHECK(got.wall == WallTime{-10});
  CHECK(got.roster_state == 'C');
}

TEST_CASE("a request without an id, of another version or of no kind is nothing") {
  CHECK_FALSE(decode_request(encode(RequestMessage{0, InfoRequest{}})));
  CHECK_FALSE(decode_request({}));
  // version 2, id 1, info: {08 02 10 01 1A 00}
  CHECK(decode_request(Bytes{0x08, 0x01, 0x10, 0x01, 0x1A, 0x00}));
  CHECK_FALSE(decode_request(Bytes{0x08, 0x02, 0x10, 0x01, 0x1A, 0x00}));
  CHECK_FALSE(decode_request(Bytes{0x08, 0x01, 0x10, 0x01}));
}

TEST_CASE("message ids of another length are refused") {
  // fetch = 9 with 15 bytes
  Bytes bytes{0x08, 0x01, 0x10, 0x01, 0x4A, 15};
  bytes.insert(bytes.end(), 15, 0xAA);
  CHECK_FALSE(decode_request(bytes));
  bytes[5] = 16;
  bytes.push_back(0xAA);
  CHECK(decode_request(bytes));
}

TEST_CASE("no cut and no flipped bit of a message throws or crashes") {
  const auto survive = [](Bytes bytes) {
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      (void)decode_request(BytesView(bytes).first(length));
      (void)decode_answer(BytesView(bytes).first(length));
    }
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
      // What is read at all can be said again.
      if (const auto request = decode_request(bytes)) CHECK(decode_request(encode(*request)));
      if (const auto answer = decode_answer(bytes)) CHECK(decode_answer(encode(*answer)));
      bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    }
  };
  for (const Request& request : every_request()) survive(encode(RequestMessage{1, request}));
  for (const Answer& answer : every_answer())
    if (const Bytes bytes = encode(AnswerMessage{1, answer}); bytes.size() < 2000) survive(bytes);
}
