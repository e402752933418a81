#include "client-tui/tui/map.hpp"

#include <clocale>

#include "client-tui/tui/text/grapheme.hpp"
#include "keys/language.hpp"
#include "proto/forms/outlines.hpp"
#include "proto/forms/places.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/readings.hpp"

namespace noroshi::tui {
namespace {

constexpr std::uint32_t kWajima = 17204, kSuzu = 17205, kKanazawa = 17201, kHimi = 16205;

MapPlace place(std::uint32_t municipality, std::uint32_t heard, std::uint32_t expected, bool danger = false) {
  const forms::Municipality* known = forms::municipality(municipality);
  REQUIRE(known != nullptr);
  return {municipality, known->lat, known->lon, known->name, heard, expected, {}, danger};
}
std::vector<MapPlace> noto() {
  return {place(kKanazawa, 1, 1), place(kWajima, 2, 5, true), place(kSuzu, 0, 3)};
}

struct Drawn {
  Screen screen{{24, 80}};
  MapLeftOut left_out;
};
Drawn drawn(const std::vector<MapPlace>& places, MapView view) {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  keys::speak(keys::Language::ja);
  Drawn out;
  out.left_out = draw_map(out.screen, 0, 24, view, places);
  return out;
}
Drawn of_ishikawa(const std::vector<MapPlace>& places) {
  return drawn(places, fitted({17}, places, {24, 80}));
}
/// Where a text begins on a screen; {-1, -1} if it is not there.
Place find(const Screen& screen, const std::string& text) {
  for (int row = 0; row < screen.size().rows; ++row) {
    for (int column = 0; column < screen.size().columns; ++column) {
      std::string rest;
      for (int i = column; i < screen.size().columns; ++i) rest += screen.cell({row, i}).text;
      if (rest.starts_with(text) && !screen.cell({row, column}).text.empty()) return {row, column};
    }
  }
  return {-1, -1};
}
std::size_t braille_cells(const Screen& screen) {
  std::size_t out = 0;
  for (int row = 0; row < screen.size().rows; ++row) {
    for (int column = 0; column < screen.size().columns; ++column) {
      const std::string& text = screen.cell({row, column}).text;
      out += text.size() == 3 && text[0] == '\xE2' && (text[1] & 0xFC) == 0xA0 ? 1U : 0U;
    }
  }
  return out;
}

TEST_CASE("every prefecture has an outline, closed and within Japan") {
  std::vector<bool> seen(48);
  for (const forms::Outline& outline : forms::outlines()) {
    REQUIRE(outline.prefecture >= 1);
    REQUIRE(outline.prefecture <= 47);
    seen[outline.prefecture] = true;
    REQUIRE(outline.points.size() >= 4);
    CHECK(outline.points.front().lat == outline.points.back().lat);
    CHECK(outline.points.front().lon == outline.points.back().lon);
    for (const auto& point : outline.points) {
      CHECK((point.lat > 20 && point.lat < 46));
      CHECK((point.lon > 122 && point.lon < 154));
    }
  }
  CHECK(std::count(seen.begin(), seen.end(), true) == 47);
}

TEST_CASE("a place says in a word who was heard, and danger with a sign beside the word") {
  keys::speak(keys::Language::ja);
  CHECK(mark_of(place(kSuzu, 0, 3)) == "未");
  CHECK(mark_of(place(kSuzu, 3, 3)) == "済");
  CHECK(mark_of(place(kSuzu, 2, 3)) == "2");
  CHECK(mark_of(place(kSuzu, 2, 3, true)) == "!2");
  CHECK(mark_of(place(kSuzu, 1, 0)) == "済");
  keys::speak(keys::Language::en);
  CHECK(mark_of(place(kSuzu, 0, 3)) == "N");
}

TEST_CASE("north is up and east is right: 珠洲 stands above and right of 金沢") {
  const Drawn map = of_ishikawa(noto());
  INFO(map.screen.text());
  const Place suzu = find(map.screen, "未珠洲市"), kanazawa = find(map.screen, "済金沢市"),
              wajima = find(map.screen, "!2輪島市");
  REQUIRE(suzu.row >= 0);
  REQUIRE(kanazawa.row >= 0);
  REQUIRE(wajima.row >= 0);
  CHECK(suzu.row < kanazawa.row);
  CHECK(suzu.column > kanazawa.column);
  CHECK(wajima.column < suzu.column);
  CHECK(map.left_out.outside == 0);
  CHECK(map.left_out.covered == 0);
}

TEST_CASE("the coast is drawn in braille dots, or in full stops where there is no braille") {
  const Drawn dots = of_ishikawa({});
  CHECK(braille_cells(dots.screen) > 100);
  MapView view = fitted({17}, {}, {24, 80});
  view.braille = false;
  const Drawn plain = drawn({}, view);
  CHECK(braille_cells(plain.screen) == 0);
  const std::string text = plain.screen.text();
  CHECK(std::count(text.begin(), text.end(), '.') == static_cast<std::ptrdiff_t>(braille_cells(dots.screen)));
  for (const char c : text) CHECK(static_cast<unsigned char>(c) < 0x80);
}

TEST_CASE("a cell without a dot stays blank, not an empty braille letter") {
  MapView view = fitted({17}, {}, {24, 80});
  const Drawn map = drawn({}, zoomed(view, 20));
  for (int row = 0; row < 24; ++row) {
    for (int column = 0; column < 80; ++column) CHECK(map.screen.cell({row, column}).text != "\xE2\xA0\x80");
  }
}

TEST_CASE("panning and zooming move the picture, and what leaves it is counted") {
  const std::vector<MapPlace> places = noto();
  const MapView view = fitted({17}, places, {24, 80});
  const MapView east = moved(view, 0, 0.25, {24, 80});
  CHECK(east.lon > view.lon);
  CHECK(east.lat == view.lat);
  CHECK(moved(view, 0.25, 0, {24, 80}).lat < view.lat);
  const Drawn near = drawn(places, zoomed(view, 16));
  CHECK(near.left_out.outside > 0);
  CHECK(zoomed(view, 1e9).scale == kScaleMax);
  CHECK(zoomed(view, 1e-9).scale == kScaleMin);
}

TEST_CASE("islands far out do not make a prefecture a speck") {
  CHECK(fitted({13}, {}, {24, 80}).scale > 100);
}

TEST_CASE("an incident without prefectures shows those of its places, or Japan") {
  const MapView two = fitted({}, {place(kWajima, 0, 1), place(kHimi, 0, 1)}, {24, 80});
  CHECK(std::abs(two.lat - 36.9) < 0.5);
  CHECK(fitted({}, {}, {24, 80}).scale < 10);
}

TEST_CASE("where marks meet, danger is seen before silence, and silence before what is done") {
  std::vector<MapPlace> crowd;
  for (int i = 0; i < 30; ++i) crowd.push_back(place(kWajima, 1, 1));
  crowd.push_back(place(kWajima, 0, 1));
  crowd.push_back(place(kWajima, 1, 1, true));
  const Drawn map = of_ishikawa(crowd);
  CHECK(find(map.screen, "!済").row >= 0);
  CHECK(find(map.screen, "未").row >= 0);
  CHECK(map.left_out.covered >= 25);
  CHECK(map_legend(crowd, map.left_out).find("重なって見えない") != std::string::npos);
}

TEST_CASE("a map in a tiny window, and one of nothing, is drawn without harm") {
  Screen screen({1, 1});
  CHECK(draw_map(screen, 0, 1, fitted({17}, noto(), {1, 1}), noto()).covered +
            draw_map(screen, 0, 1, fitted({17}, noto(), {1, 1}), noto()).outside >=
        2);
  CHECK(draw_map(screen, 0, 0, fitted({}, {}, {0, 1}), {}).outside == 0);
}

TEST_CASE("the map of a board has a place for each municipality of the register, heard or not") {
  test::ReadingMaker make;
  const std::vector<desk::ExpectedUnit> units{{UnitId{1'700'001}, {}, 17, {kWajima}, 500},
                                              {UnitId{1'700'002}, {}, 17, {kSuzu}, 300}};
  const desk::Reading leak = test::ReadingMaker::with(
      make.f1({1'700'001}, kWajima, 100), forms::field::gas_leaks, forms::Count{2, forms::CountState::exact});
  desk::BoardQuery query;
  query.incident = IncidentId{5};
  const desk::Board board = desk::roll_up(std::vector{leak}, units, query);
  const std::vector<MapPlace> places = map_places(board);
  REQUIRE(places.size() == 2);
  CHECK(places[0].name == "輪島市");
  CHECK(heard(places[0]) == Heard::all);
  CHECK(places[0].danger);
  CHECK(heard(places[1]) == Heard::nobody);
  CHECK_FALSE(places[1].danger);
  keys::speak(keys::Language::ja);
  const std::vector<std::string> lines = map_lines(board, places);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].find("石川県輪島市  報告 1/1") != std::string::npos);
  CHECK(lines[2].find("未 未報告 1") != std::string::npos);
}

}  // namespace
}  // namespace noroshi::tui
