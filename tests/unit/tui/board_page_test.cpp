// The board on the screen: from the whole to a place, to a report, and back; another form; what clashes.
#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/plain/plain.hpp"
#include "keys/document.hpp"
#include "proto/forms/report_json.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/tui/script.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

/// The association's desk, which takes down what its three branches say by telephone. The exercise is of two
/// prefectures.
struct Office17 {
  Network network;
  PostOffice post;
  Seat seat{network, post, desk_of(kIshikawa)};

  void send(std::string_view form, int branch, const std::string& values, Seconds after,
            forms::Report report = {}) {
    const std::string number = std::to_string(branch);
    const auto said = forms::report_from_json_text(
        R"({"incident_id":2024001,"on_behalf_of":170000)" + number + R"(,"muni":"1720)" + number +
            R"(","told_by":"担当","told_channel":"phone",)" + values + "}",
        form, forms::Catalogue::built_in());
    if (!said.ok()) FAIL(said.error().text);
    report.form = said->form;
    report.version = said->version;
    for (const auto& [field, value] : said->values) report.put(field, value);
    desk::Message message;
    message.reports = {std::move(report)};
    const auto sent = seat.office().desk().send(message, at(kStart + after));
    if (!sent.ok()) FAIL(sent.error().text);
  }
  void flash(int branch, std::uint32_t stopped, Seconds after, const std::string& delivers = "limited") {
    send("F1", branch, R"("can_deliver":")" + delivers + "\"", after, full_f1(stopped));
  }
  void roads(int branch, const std::string& state, Seconds after) {
    send("F8", branch,
         R"("power_area":"ok","water_area":"ok","isolated":"no","cell_carriers_down":[],)"
         R"("roads":[{"road_id":"国道249号","road_state":")" +
             state + "\"}]",
         after);
  }
  void look() { seat.wait(hours(1)).press("C-r 4"); }
  /// Down to the line that has this text.
  void go_to(const std::string& text) {
    seat.press("g");
    for (int i = 0; i < 60; ++i) {
      const std::string screen = seat.text();
      const std::size_t mark = screen.find("\n>");
      const std::string line =
          mark == std::string::npos ? "" : screen.substr(mark + 2, screen.find('\n', mark + 2) - mark - 2);
      if (line.find(text) != std::string::npos) return;
      seat.press("j");
    }
    INFO(seat.text());
    FAIL("no line with " << text);
  }
};

TEST_CASE_METHOD(Office17,
                 "from the whole to a prefecture, a municipality, a report, and back to where one was") {
  flash(1, 345, minutes(5));
  flash(2, 7, minutes(6));
  look();
  CHECK(seat.shows("供給停止戸数: 352戸"));
  go_to("石川県");
  CHECK(seat.shows("場所別 2 か所"));
  CHECK_FALSE(seat.shows("支部1"));
  seat.press("Enter");
  CHECK(seat.shows("F1 被害速報  石川県"));
  CHECK(seat.shows("報告 2/3 単位"));
  go_to("支部3");
  CHECK(seat.shows("未報告 1 単位"));
  go_to("金沢市");
  seat.press("Enter");
  CHECK(seat.shows("供給停止戸数: 345戸"));
  go_to("支部1");
  const std::string municipality = seat.text();
  seat.press("Enter");
  CHECK(seat.shows("F1 初報"));
  CHECK(seat.shows("担当"));
  seat.press("q");
  CHECK(seat.text() == municipality);
  seat.press("q");
  CHECK(seat.shows(">  石川県金沢市"));  // the cursor is where it was
  CHECK(seat.shows("石川県  "));         // and where that is stands below, whatever has scrolled away
  seat.press("q");
  CHECK(seat.shows("場所別 2 か所"));
  CHECK(seat.shows(">  石川県"));
}

TEST_CASE_METHOD(Office17, "a report on the board is answered, corrected and verified like one of a list") {
  flash(1, 345, minutes(5));
  look();
  go_to("石川県");
  seat.press("Enter");
  go_to("金沢市");
  seat.press("Enter");
  go_to("支部1");
  seat.press("v");
  CHECK(seat.shows("送る前の確認"));
}

TEST_CASE_METHOD(Office17, "the board of another form is a key and its number away") {
  roads(1, "road_close", minutes(5));
  look();
  CHECK(seat.shows("F1 被害速報"));
  seat.press("F");
  seat.type("F8");
  seat.press("Enter");
  INFO(seat.text());
  CHECK(seat.shows("F8 "));
  CHECK(seat.shows("報告 1/6 単位"));
  CHECK_FALSE(seat.shows("停止 —"));  // that is the flash report's
}

TEST_CASE_METHOD(Office17, "what clashes stands on the board of both forms, and opens both reports") {
  flash(1, 345, minutes(5), "normal");
  flash(2, 1, minutes(5), "normal");
  roads(1, "road_close", minutes(10));
  look();
  INFO(seat.text());
  REQUIRE(seat.shows("食い違い 1 件"));
  REQUIRE(seat.shows("X5 "));
  go_to("X5 ");
  seat.press("Enter");
  CHECK(seat.shows("報告を選ぶ"));
  CHECK(seat.shows("F8"));
  seat.press("Enter");
  CHECK(seat.shows("F1 初報"));
  seat.press("q");
  go_to("石川県");
  seat.press("Enter");
  CHECK(seat.shows("X5 "));
  go_to("七尾市");
  seat.press("Enter");
  CHECK_FALSE(seat.shows("X5 "));
}

TEST_CASE_METHOD(Office17,
                 "of several incidents one is shown and reported to, and which one is said wherever one is") {
  keys::Incident real{{2024002}, "奥能登豪雨", "Okunoto rain", false, kStart, {}, {"17"}};
  network.take(network.sign_as_admin(
      kNational, keys::ObjectType::incident,
      keys::encode_document({kNational, real.id.value, 1, kStart, keys::encode_incident(real)})));
  flash(1, 345, minutes(5));
  look();
  INFO(seat.text());
  CHECK(seat.shows("奥能登豪雨"));  // a real one before an exercise
  CHECK_FALSE(seat.shows("345"));
  seat.press("I");
  CHECK(seat.shows("災害を選ぶ"));
  seat.type("2024001");
  seat.press("Enter");
  CHECK(seat.shows("令和6年能登半島地震 訓練 を表示し、報告します"));
  CHECK(seat.shows("345"));
  CHECK(seat.shows("【訓練】"));
  seat.press("1");
  CHECK(seat.shows("令和6年能登半島地震 訓練"));  // below, on every page
  const tui::FactsPtr facts = seat.desk_office().facts().value();
  CHECK(tui::begin_report(*facts->catalogue->form("F1"), *facts).header().incident == kExercise);
}

TEST_CASE_METHOD(Office17, "a clash is gone when one of its reports says something else") {
  flash(1, 345, minutes(5), "normal");
  roads(1, "road_close", minutes(10));
  look();
  REQUIRE(seat.shows("X5 "));
  flash(1, 345, minutes(15), "impossible");
  look();
  CHECK_FALSE(seat.shows("X5 "));
}

TEST_CASE_METHOD(Office17, "without a screen the number of a line opens it, and a form's number its board") {
  flash(1, 345, minutes(5), "normal");
  roads(1, "road_close", minutes(10));
  seat.wait(hours(1)).press("C-r");
  const auto typed = [&](std::vector<std::string> answers) {
    Script script(std::move(answers));
    REQUIRE(tui::plain::run(seat.desk_office(), script).ok());
    return script.printed;
  };
  const auto number_of = [](const std::string& printed, const std::string& text) {
    const std::size_t at = printed.rfind(text), line = printed.rfind('\n', at) + 1;
    return printed.substr(line, printed.find(' ', line) - line);
  };
  const std::string whole = typed({"11", ""});
  INFO(whole);
  REQUIRE(whole.find("X5 ") != std::string::npos);
  const std::string clash = number_of(whole, "X5 "), place = number_of(whole, "石川県  ");
  CHECK(typed({"11", clash, "1"}).find("配送可否: 通常") != std::string::npos);
  const std::string down = typed({"11", place, ""});
  CHECK(down.find("石川県金沢市") != std::string::npos);
  const std::string further = number_of(down, "石川県金沢市");
  const std::string rows = typed({"11", place, further, ""});
  CHECK(typed({"11", place, further, number_of(rows, "支部1 (1700001)  #"), "0"}).find("担当") !=
        std::string::npos);
  CHECK(typed({"11", "Ｆ８", ""}).find("F8 ") != std::string::npos);
  CHECK(typed({"11", "2", ""}).find("2 行には開くものがありません") != std::string::npos);
}

}  // namespace
}  // namespace noroshi::test
