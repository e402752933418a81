// Six answers, places, and values in words.
#include "proto/forms/places.hpp"
#include "proto/forms/six.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;

TEST_CASE("six digits are six answers, read with dashes, bare or full-width") {
  const auto six = parse_six("1-9-3-2-2-4");
  REQUIRE(six);
  CHECK(six->keys == std::array<std::uint8_t, 6>{1, 9, 3, 2, 2, 4});
  CHECK(parse_six("193224").value() == *six);
  CHECK(parse_six("１−９－３-２ ２,４").value() == *six);
  CHECK(to_string(*six) == "1-9-3-2-2-4");
}

TEST_CASE("a key that the answer does not have is named with those it has") {
  const auto wrong = parse_six("1-5-3-2-2-4");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().text.find("answer 2") != std::string::npos);
  CHECK(wrong.error().text.find("none of 1") != std::string::npos);
  CHECK_FALSE(parse_six("1-9-3-2-2"));
  CHECK_FALSE(parse_six("1-9-3-2-2-4-1"));
  CHECK_FALSE(parse_six("1-0-3-2-2-4"));
  CHECK_FALSE(parse_six("abc"));
}

TEST_CASE("six answers fill the first page and always say the checked scope") {
  Report report = new_report(*Catalogue::built_in().form("F1"));
  CHECK_FALSE(six_of(report));
  apply_six(report, *parse_six("1-9-3-2-2-4"), CheckedScope::some, 40);
  CHECK(report.code(field::six_danger) == 9);
  CHECK(report.code(field::checked_scope) == 2);
  CHECK(*report.get<Count>(field::checked_households) == Count{40, CountState::exact});
  CHECK(six_of(report) == *parse_six("1-9-3-2-2-4"));
}

TEST_CASE("an answer is a count: exact zero, a magnitude, at least, or unconfirmed") {
  CHECK(supply_count(1) == Count{0, CountState::exact});
  CHECK(supply_count(2) == Count{1, CountState::magnitude});
  CHECK(supply_count(4) == Count{3, CountState::magnitude});
  CHECK(supply_count(5) == Count{1001, CountState::at_least});
  CHECK(supply_count(9) == Count{0, CountState::unconfirmed});
  CHECK(cylinder_count(3) == Count{2, CountState::magnitude});
  CHECK(cylinder_count(4) == Count{101, CountState::at_least});
  CHECK(cylinder_count(9) == Count{0, CountState::unconfirmed});
}

TEST_CASE("one wrong digit changes the check words") {
  const SixAnswers six = *parse_six("1-9-3-2-2-4");
  CHECK(six_check(six) < 1u << 22);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::uint8_t key = 1; key <= 9; ++key) {
      SixAnswers other = six;
      if (other.keys[i] == key) continue;
      other.keys[i] = key;
      CHECK(six_check(other) != six_check(six));
    }
}

TEST_CASE("every municipality is there with a right check digit") {
  CHECK(prefectures().size() == 47);
  CHECK(municipalities().size() == 1916);
  REQUIRE(municipality(17204));
  CHECK(municipality(17204)->name == "輪島市");
  CHECK(municipality(17204)->kana == "わじまし");
  CHECK(municipality(17204)->prefecture() == 17);
  CHECK(prefecture(17)->name == "石川県");
  CHECK(place_name(17204) == "石川県輪島市");
  CHECK(place_name(17204, true) == "Ishikawa 輪島市");
  CHECK(place_name(17) == "石川県");
  CHECK_FALSE(municipality(17999));
  for (const Municipality& place : municipalities()) {
    INFO(place.code);
    CHECK(prefecture(place.prefecture()));
    CHECK(place.lat > 20.0);
    CHECK(place.lon > 120.0);
  }
}

TEST_CASE("check digits are those of the published codes") {
  for (const auto& [code, full] : {std::pair{17204u, 172049u},
                                   {17205u, 172057u},
                                   {17201u, 172014u},
                                   {16205u, 162051u},
                                   {46201u, 462012u},
                                   {1100u, 11002u}})
    CHECK(with_check_digit(code) == full);
  CHECK(parse_municipality("17204") == 17204u);
  CHECK(parse_municipality("172049") == 17204u);
  CHECK(parse_municipality("１７２０４") == 17204u);
  CHECK(parse_municipality("01100") == 1100u);
  CHECK_FALSE(parse_municipality("172048"));
  CHECK_FALSE(parse_municipality("99204"));
  CHECK_FALSE(parse_municipality("1720"));
  CHECK_FALSE(parse_municipality("輪島市"));
}

TEST_CASE("a municipality is found by the beginning of its name, reading or code") {
  const auto found = [](std::string_view typed, std::uint32_t prefecture_code = 0) {
    const auto places = find_municipalities(typed, prefecture_code);
    return places.empty() ? 0u : places.front()->code;
  };
  CHECK(found("輪島") == 17204);
  CHECK(found("わじ") == 17204);
  CHECK(found("ワジマ") == 17204);
  CHECK(found("1720", 17) == 17201);
  CHECK(found("のと", 17) == 17463);
  CHECK(find_municipalities("", 17).size() == 19);
  CHECK(find_municipalities("ぬるぽ").empty());
}

TEST_CASE("counts in words") {
  const auto ja = [](Count count) { return format(count, Language::ja); };
  const auto en = [](Count count) { return format(count, Language::en); };
  CHECK(ja({1200, CountState::exact}) == "1,200");
  CHECK(ja({1200, CountState::approx}) == "約 1,200");
  CHECK(ja({100, CountState::less_than}) == "100未満");
  CHECK(ja({100, CountState::at_least}) == "100以上");
  CHECK(ja({0, CountState::unconfirmed}) == "未確認");
  CHECK(ja({0, CountState::not_applicable}) == "該当なし");
  CHECK(ja({2, CountState::magnitude}) == "規模 10〜100");
  CHECK(ja({1, CountState::magnitude}) == "規模 1〜10");
  CHECK(en({1200, CountState::approx}) == "about 1,200");
  CHECK(en({100, CountState::less_than}) == "under 100");
  CHECK(en({100, CountState::at_least}) == "100 or more");
  CHECK(en({0, CountState::unconfirmed}) == "unconfirmed");
}

TEST_CASE("every kind of value in words, with its unit") {
  const FormInfo& f1 = *Catalogue::built_in().form("F1");
  const Report report = test::f1_of(R"({"households_stopped":{"value":1200,"state":"approx"},"fires":"?",
    "households_served":9800,"hazard_kind":"earthquake","comms_working":["sat_phone","courier"],"nil_report":"no",
    "muni":"17204","as_of":"2024-01-02T11:20:00+09:00","retention_until":"2031-03-31",
    "position":{"lat":37.2861,"lon":136.7345,"accuracy_m":10,"method":"gnss"},"precedes":["17/3.1/42.0"],
    "overrides":[{"rule":"R110","reason":"確認済"}],"remarks":"門前"})");
  const auto say = [&](const char* key, Language language = Language::ja) {
    const FieldInfo* field = Catalogue::built_in().field(f1, key);
    return format(*report.find(field->number), *field, language);
  };
  CHECK(say("households_stopped") == "約 1,200戸");
  CHECK(say("households_stopped", Language::en) == "about 1,200 households");
  CHECK(say("fires") == "未確認");
  CHECK(say("households_served") == "9,800戸");
  CHECK(say("hazard_kind") == "地震");
  CHECK(say("hazard_kind", Language::en) == "earthquake");
  CHECK(say("comms_working") == "衛星電話・人手搬送");
  CHECK(say("nil_report") == "いいえ");
  CHECK(say("muni") == "石川県輪島市");
  CHECK(say("as_of") == "2024/1/2 11:20");
  CHECK(say("retention_until") == "2031-03-31");
  CHECK(say("position") == "37.28610N 136.73450E ±10m 衛星測位");
  CHECK(say("precedes") == "17/3.1/42.0");
  CHECK(say("overrides") == "R110 確認済");
  CHECK(say("remarks") == "門前");
}

TEST_CASE("a magnitude covers its decade and overlaps no other") {
  for (std::uint32_t d = 1; d < kMagnitudeMax; ++d) {
    const Count here{d, CountState::magnitude}, next{d + 1, CountState::magnitude};
    CHECK(here.hi().value() + 1 == next.lo());
  }
  CHECK(Count{1, CountState::magnitude}.lo() == 1);
}

TEST_CASE("a report is as confidential as its strictest filled field") {
  const auto grade = [](const std::string& values) {
    return confidentiality_of(test::f1_of(values), Catalogue::built_in());
  };
  CHECK(grade(R"({"households_stopped":1})") == Confidentiality::open);
  CHECK(grade(R"({"households_stopped":1,"position":{"lat":37.2,"lon":136.7}})") == Confidentiality::coarse);
  CHECK(grade(R"({"households_stopped":1,"deaths":0})") == Confidentiality::restricted);
  CHECK(grade(R"({"deaths":0,"told_by":"山田"})") == Confidentiality::handlers);
}

TEST_CASE("what changed against the last report is listed") {
  const Report before = test::f1_of(R"({"households_stopped":80,"cyl_lost":3,"fires":"?"})");
  const Report after = test::f1_of(R"({"households_stopped":18,"cyl_lost":3,"gas_leaks":1})");
  CHECK(changed_fields(before, after) == std::vector<FieldNo>{46, 50, 51});
  CHECK(changed_fields(before, before).empty());
}
