// What a receiver says, and what it does not.
#include "client-tui/position/gpsd.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/receiver.hpp"

namespace noroshi::position {
namespace {

using test::kNoFix;
using test::kWajima;
using test::Receiver;

TEST_CASE("a receiver that has a fix says where it is, and how well it knows") {
  const Receiver receiver({kNoFix, kWajima}, false);
  const auto point = ask_gpsd(receiver.port);
  REQUIRE(point.ok());
  CHECK(point->lat_e5 == 3'739'051);
  CHECK(point->lon_e5 == 13'690'231);
  CHECK(point->accuracy_m == 5u);
  CHECK(point->method == forms::PointMethod::gnss);
}

TEST_CASE("a receiver without a fix is waited for, not for ever") {
  const Receiver receiver({kNoFix, kNoFix}, false);
  const auto point = ask_gpsd(receiver.port, {200});
  REQUIRE_FALSE(point.ok());
  CHECK(point.error().code == Code::temporary);
}

TEST_CASE("what is no position is none, whoever says it") {
  const Receiver receiver(
      {R"({"class":"TPV","mode":3,"lat":137.39,"lon":136.9})", R"({"class":"TPV","mode":3,"lat":1e999})",
       "\x1b]0;title\x07 not JSON at all", std::string(3'000, '{'), R"({"class":"TPV","mode":0})"},
      false);
  const auto point = ask_gpsd(receiver.port, {200});
  REQUIRE_FALSE(point.ok());
  CHECK((point.error().code == Code::temporary || point.error().code == Code::unavailable));
}

TEST_CASE("one that hangs up, and one that is not there, are named with their place") {
  std::uint16_t port = 0;
  {
    const Receiver receiver({kNoFix}, true);
    port = receiver.port;
    const auto point = ask_gpsd(port);
    REQUIRE_FALSE(point.ok());
    CHECK(point.error().code == Code::unavailable);
  }
  const auto point = ask_gpsd(port);
  REQUIRE_FALSE(point.ok());
  CHECK(point.error().code == Code::unavailable);
  CHECK(point.error().text.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
}

}  // namespace
}  // namespace noroshi::position
