#include "tests/support/catch.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

struct Desk {
  Network network;
  PostOffice post;
  Seat seat{network, post, desk_of(kIshikawa)};
};

TEST_CASE_METHOD(Desk, "tab 5 shows what is overdue before anything else, and how far each phase has come") {
  seat.press("5");
  CHECK(seat.shows("[5時系列]"));
  CHECK(seat.shows("期限を過ぎたものはありません"));
  seat.wait(hours(2)).press("C-r");
  INFO(seat.text());
  CHECK(seat.shows("期限超過"));
  CHECK(seat.shows("まだ届いていない"));
  CHECK(seat.text().find("期限超過") < seat.text().find("段階ごとの報告"));
}

TEST_CASE_METHOD(Desk, "a report that has come stands in the time line under its phase") {
  Office branch(network, post, field_of(kIshikawa));
  static_cast<void>(branch.report(345, kStart + minutes(10)));
  static_cast<void>(branch.sync(kStart + minutes(10)));
  seat.wait(minutes(10)).press("C-r 5");
  seat.press("G");
  INFO(seat.text());
  CHECK(seat.shows("受"));
  CHECK(seat.shows("供給停止戸数 345戸"));
  seat.press("Enter");
  INFO(seat.text());
  CHECK(seat.shows("供給停止戸数: 345戸"));
}

TEST_CASE_METHOD(Desk, "tab 5 lists who has not reported yet, tab 6 shows them on the map") {
  seat.press("5");
  INFO(seat.text());
  CHECK(seat.shows("未報告（期限前） 6 単位"));
  seat.press("6");
  CHECK(seat.shows("[6地図]"));
  CHECK(seat.shows("未 未報告"));
  const std::string whole = seat.text();
  seat.press("+ + Right");
  CHECK(seat.text() != whole);
  seat.press("Home");
  CHECK(seat.text() == whole);
  seat.press("b");
  CHECK(seat.text() != whole);
  seat.press("5");
  CHECK(seat.shows("[5時系列"));
  seat.press("6 q");
  CHECK(seat.shows("[5時系列"));
}

TEST_CASE_METHOD(Desk, "the keys of the map are in its help") {
  seat.press("6 ?");
  CHECK(seat.shows("拡大"));
  CHECK_FALSE(seat.shows("絞り込む"));
}

TEST_CASE_METHOD(Desk, "the map has room in the smallest window") {
  seat.press("6");
  for (const tui::Size size : {tui::Size{4, 16}, tui::Size{5, 16}, tui::Size{16, 60}}) {
    seat.resize(size);
    CHECK_FALSE(seat.text().empty());
  }
}

TEST_CASE_METHOD(Desk, "a call is a key and a signature; at the branch its answer is the report itself") {
  Seat branch(network, post, field_of(kIshikawa));
  seat.press("5 C");
  INFO(seat.text());
  REQUIRE(seat.shows("F9"));
  seat.press("C-s");
  REQUIRE(seat.shows("F1 の提出"));
  seat.press("s");
  REQUIRE(seat.shows("送信待ちに入りました"));
  seat.wait({5});
  seat.press("5 C-r");
  CHECK(seat.shows("呼集 1 件"));
  seat.wait({5});  // the desk passes the call on to the laptop of the unit
  branch.wait({20});
  branch.press("6");
  INFO(branch.text());
  REQUIRE(branch.shows("F1 の提出"));
  branch.press("Enter a");
  CHECK(branch.shows("F1 被害速報"));
}

}  // namespace
}  // namespace noroshi::test
