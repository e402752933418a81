#include "client-tui/desk/sum.hpp"

#include "tests/support/catch.hpp"

namespace noroshi::desk {
namespace {

using forms::Count;
using forms::CountState;

Sum sum_of(std::initializer_list<Count> counts) {
  Sum sum;
  for (const Count& count : counts) sum += count;
  return sum;
}
std::string ja(const Sum& sum) {
  return format(sum, forms::Language::ja);
}

TEST_CASE("an exact count and an approximate one make an approximate sum") {
  const Sum sum = sum_of({{300, CountState::exact}, {45, CountState::approx}});
  CHECK(sum.value == 345);
  CHECK(sum.state == CountState::approx);
  CHECK(ja(sum) == "約 345");
}

TEST_CASE("under ten and five more are under fifteen") {
  CHECK(ja(sum_of({{10, CountState::less_than}, {5, CountState::exact}})) == "15未満");
}

TEST_CASE("a hundred or more and five more are a hundred and five or more") {
  CHECK(ja(sum_of({{100, CountState::at_least}, {5, CountState::exact}})) == "105以上");
}

TEST_CASE("bounds in both directions leave an approximate sum") {
  CHECK(sum_of({{10, CountState::less_than}, {100, CountState::at_least}}).state == CountState::approx);
}

TEST_CASE("what is unconfirmed or a magnitude is counted beside and never added") {
  const Sum sum = sum_of({{345, CountState::exact},
                          {0, CountState::unconfirmed},
                          {0, CountState::unconfirmed},
                          {0, CountState::unconfirmed},
                          {2, CountState::magnitude},
                          {2, CountState::magnitude},
                          {0, CountState::not_applicable}});
  CHECK(sum.value == 345);
  CHECK(sum.state == CountState::exact);
  CHECK(sum.unconfirmed == 3);
  CHECK(sum.magnitudes[2] == 2);
  CHECK(ja(sum).rfind("345 (+3 未確認, +2 規模", 0) == 0);
}

TEST_CASE("unknown is not zero: without any number there is no total") {
  CHECK_FALSE(sum_of({{0, CountState::unconfirmed}}).known());
  CHECK(ja(sum_of({{0, CountState::unconfirmed}})) == "1 未確認");
  CHECK(ja(Sum{}) == "—");
  CHECK(sum_of({{0, CountState::exact}}).known());
  CHECK(ja(sum_of({{0, CountState::exact}})) == "0");
}

}  // namespace
}  // namespace noroshi::desk
