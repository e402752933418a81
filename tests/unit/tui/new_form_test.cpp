// A form that came while the console was open: offered, filled in, sent and read at the other end, labels and
// all.
#include "tests/support/new_form.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

TEST_CASE("a form that came over the relay is offered by the open console, filled in, sent and read") {
  Network network;
  PostOffice post;
  Seat branch(network, post, field_of(kIshikawa)), ministry(network, post, desk_of(kMinistry));
  CHECK_FALSE(branch.press("8").type("F12").shows("給水の報告"));
  branch.press("Esc");
  network.take(new_form_catalogue(network));
  branch.wait({60});
  branch.press("8").type("F12");
  REQUIRE(branch.shows("給水の報告"));
  branch.press("Enter C-f").type("水道").press("Enter 3 C-f").type("断水").press("Enter").type("約345");
  branch.press("C-s");
  CHECK(branch.shows("断水戸数: 約 345戸"));
  branch.press("s");
  REQUIRE(branch.sent() == 1);
  CHECK(branch.last_sent().facts.form == 12);

  ministry.wait({60}).press("1");
  REQUIRE(ministry.shows("F12"));
  ministry.press("Enter");
  CHECK(ministry.shows("断水戸数: 約 345戸"));
}

TEST_CASE("a report whose form is not here is named by its number, and cannot be changed by mistake") {
  Network network, with_form;
  with_form.take(new_form_catalogue(network));
  PostOffice post;
  Seat branch(with_form, post, field_of(kIshikawa)), association(network, post, desk_of(kIshikawa));
  branch.press("8").type("F12").press("Enter C-f").type("水道").press("Enter 1 C-s s");
  REQUIRE(branch.sent() == 1);
  association.wait({60}).press("1");
  REQUIRE(association.shows("様式 F12 の定義が未着です"));
  association.press("u");
  CHECK(association.shows("様式 F12 の定義が未着です（様式集待ち）"));
  association.press("Enter");
  CHECK(association.shows("様式 F12 の定義がありません"));

  network.take(new_form_catalogue(network));
  association.press("q").wait({60});
  CHECK_FALSE(association.shows("様式 F12 の定義が未着です"));
  association.press("Enter");
  CHECK(association.shows("水道: 通水"));
}

}  // namespace
}  // namespace noroshi::test
