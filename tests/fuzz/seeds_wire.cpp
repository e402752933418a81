#include "proto/control.hpp"
#include "proto/frame.hpp"
#include "tests/fuzz/seeds.hpp"

namespace noroshi::fuzz {
namespace {

MsgId message(std::uint8_t fill) {
  MsgId id;
  id.value.fill(fill);
  return id;
}

const std::vector<proto::ObjectRef>& refs() {
  static const std::vector<proto::ObjectRef> refs = {
      {proto::ObjectType::roster, 0, 3, {9, 8, 7}},
      {proto::ObjectType::certificate, 17ull << 32 | 2 << 8 | 1, 0, {}},
      {proto::ObjectType::contact, 17ull << 32 | 2 << 8, 12, {1, 1, 1}},
  };
  return refs;
}

proto::Accepted accepted_numbers() {
  return {.contiguous = 1'000,
          .map = 0x8000'0000'0000'0005,
          .outcomes = {{.number = 1'001, .parked = 2, .settled = 1}}};
}

proto::Hello hello() {
  return {.node = {{17}, 2},
          .store = {0x0123'4567'89AB'CDEF},
          .session = 65'535,
          .base = 41,
          .accepted = accepted_numbers(),
          .you_acked = 40,
          .your_store = {~0ull},
          .state_digest = {1, 2, 3, 4, 5, 6, 7, 8},
          .wall = {34'600'000},
          .wall_suspect = true};
}

std::vector<proto::MailStretch> compared() {
  using Kind = proto::MailStretch::Kind;
  const proto::MailPrefix day = proto::MailPrefix{}.part(6).part(10).part(15);
  return {{.kind = Kind::sum, .prefix = {}, .parts = 0, .digests = {{1}}},
          {.kind = Kind::parts, .prefix = day, .parts = 0x8005, .digests = {{2}, {3}, {4}}},
          {.kind = Kind::here, .prefix = day.part(1), .parts = 0, .digests = {{5}, {6}}},
          {.kind = Kind::lack, .prefix = day.part(2), .parts = 0, .digests = {{7}}}};
}

}  // namespace

std::vector<Seed> frame_seeds() {
  std::vector<Seed> out;
  const std::pair<const char*, proto::ControlFrame> controls[] = {
      {"hello", hello()},
      {"hello_first", proto::Hello{}},
      {"compare", proto::Compare{.session = 3, .stretches = compared()}},
      {"ack", proto::Ack{.session = 3, .accepted = accepted_numbers()}},
      {"refuse",
       proto::Refuse{.session = 1, .number = 7, .code = proto::kRefuseNoSpace, .retry_after_s = 60}},
      {"inventory", proto::Inventory{refs()}},
      {"want_object", proto::WantObject{refs()}},
      {"object", proto::ObjectFrame{Bytes(190, 4)}},
      {"proof", proto::Proof{.receipt = message(1), .entry = 255, .messages = {message(2), message(3)}}},
      {"bye", proto::Bye{}},
  };
  for (const auto& [name, frame] : controls) out.push_back({name, proto::encode_frame(frame)});
  const Bytes envelope = envelope_seeds().front().bytes;
  const auto header = proto::encode_link_header({.session = 7, .number = 42, .for_wraps = 0b101});
  out.push_back({"numbered", Writer().bytes(header).bytes(envelope).take()});
  out.push_back({"bare", envelope});
  return out;
}

std::vector<Seed> control_seeds() {
  using namespace proto::control;
  const std::pair<const char*, Request> requests[] = {
      {"info", InfoRequest{}},
      {"submit", SubmitRequest{Bytes(340, 7), false}},
      {"submit_carried", SubmitRequest{Bytes(192, 1), true}},
      {"put_object", PutObjectRequest{Bytes(190, 4)}},
      {"inventory", InventoryRequest{}},
      {"get_object", GetObjectRequest{refs()[1]}},
      {"pull", PullRequest{{0x0123'4567'89AB'CDEF}, 42, 100}},
      {"fetch", FetchRequest{message(9)}},
      {"progress", ProgressRequest{{message(1), message(0), message(255)}}},
      {"recall", RecallRequest{{message(1), message(2)}}},
      {"status", StatusRequest{}},
      {"subscribe", SubscribeRequest{}},
  };
  LinkStatus link{
      .name = "輪島→石川", .peer = {{17}, 2}, .bearer = "tcp", .up = true, .in_flight_bytes = 1360};
  link.queued[3] = 2;
  const RecipientProgress recipient{.recipient = {2},
                                    .duty = 3,
                                    .end = "delivered",
                                    .reached = proto::ReceiptKind::opened,
                                    .via = {{17}, 1},
                                    .at = {1000},
                                    .by = {{2}, 1}};
  const std::pair<const char*, Answer> answers[] = {
      {"info",
       Info{.node = {{17}, 3}, .store = {~0ull}, .program = "noroshid", .wall = {-1}, .roster_version = 12}},
      {"submitted", Submitted{Submitted::Outcome::refused, message(3), "cert_time"}},
      {"put_object", PutObject{"conflict", "another roster 12"}},
      {"inventory", Inventory{refs()}},
      {"object", Object{Bytes(300, 1)}},
      {"pulled",
       Pulled{{5}, {{7, message(7), Bytes(192, 1), {100}, {{17}, 1}}, {8, message(8), {}, {101}, {}}}, true}},
      {"recalled", Recalled{true}},
      {"fetched", Fetched{Bytes(192, 9)}},
      {"progress", Progress{{{message(1), true, 340, proto::Level::flash, {recipient, {}}}}}},
      {"status", Status{.node = {{17}, 3}, .store = {5}, .links = {link, {}}, .unrouted = 1, .wall = {-10}}},
      {"subscribed", Subscribed{}},
      {"event", Event{"delivered", {{2}, 1}, {}}},
      {"error", Error{Code::config, "configuration: …"}},
  };
  std::vector<Seed> out;
  for (const auto& [name, request] : requests)
    out.push_back({std::string("request_") + name, encode(RequestMessage{77, request})});
  for (const auto& [name, answer] : answers)
    out.push_back({std::string("answer_") + name, encode(AnswerMessage{77, answer})});
  return out;
}

}  // namespace noroshi::fuzz
