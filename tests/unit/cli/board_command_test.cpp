// noroshi board: what it is divided by, and what of it is for everybody.
#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/unit/cli/person.hpp"

namespace noroshi::cli {
namespace {

std::string f3_file(const std::filesystem::path& directory, const std::string& site = "17201-0001",
                    const std::string& lat = "36.56") {
  const auto file = directory / "f3.json";
  std::ofstream(file)
      << R"({"site_id":")" << site << R"(","object_kind":"cylinder","cyl_size":"50kg","cyl_count":2,
    "position":{"lat":)"
      << lat
      << R"(,"lon":136.65,"accuracy_m":10,"method":"gnss"},"place_text":"訓練の家","damage_state":"buried",
    "found_at":"2025-02-04T08:10:00+09:00","cause_code":"landslide_burial","hazard_zone":["warning_steep"],
    "access_state":"closed","recovery_state":"not_started","muni":"17201"})";
  return file.string();
}

/// A branch that has sent a whole F1 and where two cylinders are buried.
struct Reported {
  PostOffice post;
  Person branch{post, field_of(kIshikawa)};
  test::TemporaryDirectory directory;
  Reported() {
    REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
    REQUIRE(branch.run({"new", "F3", "--incident", "2024001", "--from", f3_file(directory.path()), "--send"})
                .code == 75);
  }
};

TEST_CASE_METHOD(Reported, "the public edition has the open totals and names no unit and no report") {
  const Said json = branch.run({"board", "--public", "--by", "muni", "--json"});
  CHECK(json.code == 0);
  const auto board = json.one();
  CHECK(board.at("edition") == "public");
  CHECK(board.at("totals").at("households_stopped").at("value") == 345);
  CHECK_FALSE(board.at("totals").contains("deaths"));
  CHECK_FALSE(board.contains("rows"));
  CHECK_FALSE(board.contains("not_heard"));
  CHECK_FALSE(board.contains("warnings"));
  CHECK_FALSE(board.contains("clashes"));
  CHECK_FALSE(board.at("coverage").contains("households_served"));

  for (const Words& words :
       {Words{"board", "--public", "--lang", "ja"}, Words{"print", "--board", "--public", "--lang", "ja"}}) {
    const Said said = branch.run(words);
    CHECK(said.code == 0);
    CHECK(said.out.find("【公表版】") != std::string::npos);
    CHECK(said.out.find("345戸") != std::string::npos);
    CHECK(said.out.find("17/21.1") == std::string::npos);
    CHECK(said.out.find("死者") == std::string::npos);
  }
}

TEST_CASE_METHOD(Reported,
                 "what has a position is counted by the kilometre, and the public edition says no more") {
  const auto board = branch.run({"board", "--form", "F3", "--by", "mesh", "--json"}).one();
  REQUIRE(board.at("by_mesh").size() == 1);
  CHECK(board.at("by_mesh").at(0).at("totals").at("cyl_count").at("value") == 2);
  const Said open = branch.run({"board", "--form", "F3", "--by", "mesh", "--public", "--json"});
  CHECK(open.one().at("by_mesh").at(0).at("mesh") == board.at("by_mesh").at(0).at("mesh"));
  for (const char* kept : {"position", "訓練の家", "17201-0001", "50kg"})
    CHECK(open.out.find(kept) == std::string::npos);
}

TEST_CASE_METHOD(Reported, "what clashes is listed with both values and both reports") {
  CHECK(branch.run({"clashes", "--json"}).out.empty());
  CHECK(branch.run({"clashes"}).err.find("nothing clashes") != std::string::npos);
  const std::string near = f3_file(directory.path(), "17201-0002", "36.56005");
  REQUIRE(branch.run({"new", "F3", "--incident", "2024001", "--from", near, "--send"}).code == 75);

  const auto clash = branch.run({"clashes", "--json"}).one();
  CHECK(clash.at("rule") == "X9");
  CHECK(clash.at("clash") == "same_object");
  CHECK(clash.at("severity") == "warning");
  CHECK(clash.at("said") == 5);
  CHECK(clash.at("against") == 10);
  REQUIRE(clash.at("reports").size() == 2);
  CHECK(clash.at("reports").at(0).at("form") == "F3");
  const auto board = branch.run({"board", "--form", "F3", "--json"}).one();
  CHECK(board.at("clashes").size() == 1);
  CHECK(board.at("clashes").at(0) == clash);
  CHECK(board.at("totals").at("cyl_count").at("value") == 4);  // named, never taken away
  CHECK(branch.run({"board", "--json"}).one().at("clashes").empty());
  const Said said = branch.run({"board", "--form", "F3", "--lang", "ja"});
  CHECK(said.out.find("食い違い 1 件") != std::string::npos);
  CHECK(said.out.find("X9 位置: 同じ物かもしれません（距離 5 m、精度 10 m）") != std::string::npos);
}

TEST_CASE_METHOD(Reported, "a security incident has no public edition") {
  const Said said = branch.run({"board", "--form", "F10", "--public"});
  CHECK(said.code == 77);
  CHECK(said.err.find("F10 has no field that is open to all") != std::string::npos);
  CHECK(said.out.empty());
}

TEST_CASE_METHOD(Reported, "a board is divided by what there is, or says what there is") {
  const Said said = branch.run({"board", "--by", "street"});
  CHECK(said.code == 64);
  CHECK(one_line(said.err));
  CHECK(said.err.find("street") != std::string::npos);
}

}  // namespace
}  // namespace noroshi::cli
