#include "tests/support/catch.hpp"
#include "tests/support/network.hpp"
using namespace noroshi;
using namespace noroshi::test;
TEST_CASE("a report crosses a network") {
  Network net;
  Speaker wajima(net, field_of(kIshikawa));
  auto sealed = wajima.report({{17},{1},{2}}, view_of("停止345戸"), kStart, proto::Level::flash);
  auto v = keys::verify(sealed.bytes, *net.trust(), at(kStart));
  REQUIRE(std::holds_alternative<keys::Verified>(v));
  auto secrets = net.epoch_secrets(kMinistry);
  auto o = keys::open(std::get<keys::Verified>(v), secrets, *net.trust());
  REQUIRE(std::holds_alternative<keys::Opened>(o));
  CHECK(text_of(std::get<keys::Opened>(o).content) == "停止345戸");
}
