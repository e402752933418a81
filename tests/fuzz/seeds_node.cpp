#include "tests/fuzz/seeds.hpp"

namespace noroshi::fuzz {
namespace {

/// A step of node_fuzz.cpp.
void step(Writer& out, std::uint8_t what, std::uint8_t argument, BytesView bytes = {}) {
  out.u8(what).u8(argument).u16(static_cast<std::uint16_t>(bytes.size())).bytes(bytes);
}

}  // namespace

std::vector<Seed> node_seeds() {
  std::vector<Seed> out;
  const auto add = [&](const char* name, auto&& steps) {
    Writer writer;
    steps(writer);
    out.push_back({name, writer.take()});
  };
  add("carry_and_ack", [](Writer& w) {
    for (std::uint8_t i = 0; i < 12; i += 2) step(w, 2, i);
    step(w, 4, 1, Bytes(8, 0xFF));
    step(w, 5, 12);
  });
  add("twice_from_both_sides", [](Writer& w) {
    for (const std::uint8_t argument : Bytes{0, 1, 0, 1, 8, 9}) step(w, 2, argument);
    step(w, 5, 14);
  });
  add("cut_and_resume", [](Writer& w) {
    step(w, 2, 0);
    step(w, 6, 1);
    step(w, 2, 2);
    step(w, 6, 0);
    step(w, 4, 2, Bytes(8, 0));
  });
  add("rollback", [](Writer& w) {
    step(w, 2, 0);
    step(w, 4, 1, Bytes(8, 0));
    step(w, 1, 1, Bytes{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
    step(w, 1, 1, Bytes{3, 1, 0, 0});
    step(w, 5, 3);
  });
  add("power", [](Writer& w) {
    step(w, 2, 0);
    step(w, 7, 0);
    step(w, 2, 0);
    step(w, 5, 20);
    step(w, 5, 21);
  });
  add("receipts", [](Writer& w) {
    for (std::uint8_t i = 0; i < 20; i += 2) step(w, 2, i);
    step(w, 5, 2);
    step(w, 6, 0);
  });
  add("one_turn", [](Writer& w) {
    for (std::uint8_t i = 0; i < 8; i += 2) step(w, 0x82, i);
    step(w, 2, 8);
    step(w, 0x82, 10);
    step(w, 7, 0);
    step(w, 2, 10);
  });
  add("damaged", [](Writer& w) {
    step(w, 3, 0, Bytes{12, 0x40});
    step(w, 3, 2, Bytes{1, 0xC0});
    step(w, 3, 4, Bytes{60, 1, 61, 1});
    step(w, 0, 0, Bytes(40, 0x80));
  });
  add("parked_back", [](Writer& w) {
    step(w, 2, 0);
    step(w, 4, 1, Bytes{0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0});
    step(w, 5, 11);
  });
  return out;
}

}  // namespace noroshi::fuzz
