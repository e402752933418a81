// Forms as the command line lists, writes, checks and exports them.
#include "proto/forms/catalogue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/new_form.hpp"
#include "tests/unit/cli/person.hpp"

namespace noroshi::cli {
namespace {

TEST_CASE("the register, incidents and forms are listed without a key") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  CHECK(branch.run({"unit", "list", "--json"}).lines().size() == 9);
  CHECK(branch.run({"unit", "show", "1700002", "--json"}).one().at("households_served") == 2000);
  CHECK(branch.run({"exercise", "list", "--json"}).one().at("incident") == 2024001);
  CHECK(branch.run({"incident", "list", "--json"}).out.empty());
  CHECK(noroshi({"form", "list", "--json", "--lang", "en"}).lines().size() >= 2);
  CHECK(noroshi({"form", "show", "F1", "--json", "--lang", "en"}).one().at("fields").size() > 30);
  CHECK(
      noroshi({"form", "show", "F1", "--proto", "--lang", "en"}).out.find("Count households_stopped = 46;") !=
      std::string::npos);
}

TEST_CASE("every form is written from a file of JSON, rows and all, and read again by key") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const auto sent = [&](const std::string& form, const std::string& values) {
    const auto file = directory.path() / (form + ".json");
    std::ofstream(file) << values;
    const Said said =
        branch.run({"new", form, "--incident", "2024001", "--from", file.string(), "--send", "--json"});
    INFO(form << " " << said.err);
    REQUIRE(said.code == 75);
    return branch.run({"show", said.one().at("id").get<std::string>(), "--json"}).one();
  };
  const auto f8 = sent("F8", R"({"power_area":"out","power_households":{"value":2950000,"state":"approx"},
    "links":[{"channel":"sat_data","chan_state":"up"},{"channel":"mobile_docomo","chan_state":"down"}],
    "roads":[{"road_id":"国道249号","road_state":"road_close","road_limit":4.0}],"isolated":"no"})");
  CHECK(f8.dump().find("国道249号") != std::string::npos);
  CHECK(f8.dump().find("mobile_docomo") != std::string::npos);
  const auto f7 = sent("F7", R"({"facility_id":"W-1","facility_type":"filling","op_status":"stopped",
    "stop_cause":["equipment","power"],"tank_integrity":"ok","power_source":"none","reopen_outlook":"unknown"})");
  CHECK(f7.dump().find("W-1") != std::string::npos);
  const auto f4 = sent("F4", R"({"request_no":"N-1","request_kind":"goods","item_code":"cylinder_50kg_full",
    "quantity":6,"item_unit":"cylinders","needed_by":"2030-01-01T09:00:00+09:00","priority":"high",
    "reason_text":"避難所","deliver_to":"矢田郷小学校","requested_of":[{"name":"県協会"}]})");
  CHECK(f4.dump().find("県協会") != std::string::npos);
}

TEST_CASE("what remains is shown beside what was written, marked as computed") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const auto file = directory.path() / "f2.json";
  std::ofstream(file) << R"({"stopped_cum":121,"restored_cum":106,"cyl_lost_cum":0,"cyl_buried_cum":0,
    "cyl_recovered":0,"cyl_fallen_cum":0,"leak_cum":0,"fire_cum":0,"explosion_cum":0,"inspect_target":0,
    "inspect_done":0,"inspect_ng":0,"deaths":0,"serious_inj":0,"minor_inj":0,"checked_scope":"some"})";
  REQUIRE(branch.run({"new", "F2", "--incident", "2024001", "--from", file.string(), "--send"}).code == 75);
  const Said shown = branch.run({"show", "17/21.1/1.0", "--lang", "ja"});
  CHECK(shown.out.find("  = 未復旧戸数: 15戸\n") != std::string::npos);
  CHECK(branch.run({"show", "17/21.1/1.0", "--json"}).one().at("derived").at("outstanding").at("value") ==
        15);
}

TEST_CASE("a derived figure is not typed: exit 65, and the field is named") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const auto file = directory.path() / "f2.json";
  std::ofstream(file) << R"({"stopped_cum":121,"restored_cum":106,"outstanding":15})";
  const Said said = branch.run({"new", "F2", "--incident", "2024001", "--from", file.string(), "--dry-run"});
  CHECK(said.code == 65);
  CHECK(said.err.find("outstanding: is not typed") != std::string::npos);
}

TEST_CASE("a catalogue is linted, compared and exported as the annex of the manual") {
  test::TemporaryDirectory directory;
  const auto file = directory.path() / "forms.binpb";
  const BytesView bytes = forms::Catalogue::built_in_bytes();
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  CHECK(noroshi({"form", "lint", file.string()}).code == 0);
  CHECK(noroshi({"form", "diff", file.string(), file.string()}).out.empty());
  const Said annex = noroshi({"form", "export", "F2", "--lang", "ja"});
  CHECK(annex.out.find("| 83 | 未復旧戸数 | 戸 |") != std::string::npos);
  CHECK(noroshi({"form", "export", "--csv", "--catalogue", file.string()}).out.find("\"stopped_cum\"") !=
        std::string::npos);
  std::ofstream(file) << "no catalogue";
  const Said broken = noroshi({"form", "lint", file.string()});
  CHECK(broken.code == 65);
  CHECK(one_line(broken.err));
}

TEST_CASE("a form that k officers signed is listed, written and summed like the program's own") {
  Network with_form;
  with_form.take(test::new_form_catalogue(with_form));
  PostOffice post;
  Person branch(with_form, post, field_of(kIshikawa));
  const Said list = branch.run({"form", "list", "--json"});
  CHECK(list.lines().back().at("form") == "F12");
  CHECK(branch.run({"form", "show", "F12", "--lang", "ja"}).out.find("断水戸数") != std::string::npos);
  REQUIRE(branch
              .run({"new", "F12", "--set", "muni=17204", "--set", "water_state=cut", "--set",
                    "households_dry=~345", "--incident", "2024001", "--send"})
              .code == 75);
  const nlohmann::json shown = branch.run({"show", "17/21.1/1.0", "--json"}).one();
  CHECK(shown.at("form_known") == true);
  CHECK(shown.at("values").at("water_state") == "cut");
  const nlohmann::json board =
      branch.run({"board", "--form", "F12", "--incident", "2024001", "--json"}).one();
  CHECK(board.at("totals").at("households_dry").at("value") == 345);
  CHECK(branch.run({"say", "17/21.1/1.0", "--lang", "ja"}).out.find("水道: 断水") != std::string::npos);
  CHECK(branch.run({"doctor", "--lang", "ja"}).out.find("様式 12 種類（様式集 第1版）") != std::string::npos);
}

TEST_CASE("a report whose form is not here says so, to people and to scripts") {
  Network with_form;
  with_form.take(test::new_form_catalogue(with_form));
  PostOffice post;
  Person branch(with_form, post, field_of(kIshikawa));
  REQUIRE(branch
              .run({"new", "F12", "--set", "muni=17204", "--set", "water_state=flowing", "--incident",
                    "2024001", "--send"})
              .code == 75);
  branch.contact();
  Person association(post, desk_of(kIshikawa));
  association.contact();
  const Said inbox = association.run({"inbox", "--lang", "ja"});
  CHECK(inbox.out.find("様式 F12 の定義が未着です") != std::string::npos);
  CHECK(association.run({"inbox", "--json"}).one().at("form_known") == false);
  CHECK(association.run({"new", "F12", "--update", "17/21.1/1.0", "--dry-run"}).code != 0);
}

TEST_CASE("the forms in use are written out for protoc, the signed ones among them") {
  test::TemporaryDirectory directory;
  const auto file = directory.path() / "base.binpb";
  Network with_form;
  with_form.take(test::new_form_catalogue(with_form));
  PostOffice post;
  Person branch(with_form, post, field_of(kIshikawa));
  REQUIRE(branch.run({"form", "export", "--descriptors", file.string()}).code == 0);
  CHECK(branch.run({"form", "lint", file.string()}).code == 0);
  CHECK(branch.run({"form", "export", "F12", "--catalogue", file.string()}).out.find("| 701 |") !=
        std::string::npos);
}

}  // namespace
}  // namespace noroshi::cli
