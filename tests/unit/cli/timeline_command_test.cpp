// noroshi timeline, overdue, map, inbox --overdue: what is late, as scripts and people read it.
#include <algorithm>
#include <ctime>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/offices.hpp"
#include "tests/support/shell.hpp"

namespace noroshi::cli {
namespace {

/// A desk of the association whose clock the test sets, through the documented setting for exercises.
class Clerk {
 public:
  Clerk(const test::Network& network, test::PostOffice& post)
      : office_(network, post, test::desk_of(test::kIshikawa)) {}
  test::Said run_at(WallTime now, std::vector<std::string> words, const char* language = "en") {
    office_.close();
    std::ofstream(office_.home() / "config.toml")
        << "[node]\nname = \"試験\"\norg = 17\nclock_offset_s = "
        << now.unix_seconds() - static_cast<std::int64_t>(std::time(nullptr)) << "\n";
    words.insert(words.end(), {"--home", office_.home().string(), "--lang", language});
    return test::noroshi(std::move(words));
  }
  void contact(WallTime now) {
    office_.reopen();
    static_cast<void>(office_.sync(now));
  }

 private:
  test::Office office_;
};

struct Association {
  test::Network network;
  test::PostOffice post;
  Clerk desk{network, post};
  /// The branch reports half an hour after the begin.
  void branch_reports() {
    test::Office branch(network, post, test::field_of(test::kIshikawa));
    static_cast<void>(branch.report(345, test::kStart + minutes(30)));
    static_cast<void>(branch.sync(test::kStart + minutes(30)));
    desk.contact(test::kStart + minutes(35));
  }
};
/// Lines of one kind.
std::vector<nlohmann::json> of_kind(const test::Said& said, const std::string& kind) {
  std::vector<nlohmann::json> out;
  for (const auto& line : said.lines()) {
    if (line.at("kind") == kind) out.push_back(line);
  }
  return out;
}

TEST_CASE_METHOD(Association, "overdue lists each silent unit once, with the form, since when, and exit 0") {
  branch_reports();
  const test::Said said = desk.run_at(test::kStart + hours(2), {"overdue", "--json"});
  CHECK(said.code == 0);
  const auto late = of_kind(said, "report");
  CHECK(late.size() == 5);
  CHECK(said.lines().size() == 5);
  for (const auto& line : late) {
    CHECK(line.at("unit") != 1'700'001);
    CHECK(line.at("form") == "F1");
    CHECK(line.at("phase") == "t1h");
    CHECK(line.at("due") == to_rfc3339(test::kStart + hours(1)));
    CHECK(line.at("last_heard").is_null());
  }
}

TEST_CASE_METHOD(Association, "a unit that has spoken is overdue again after the interval of the register") {
  branch_reports();
  const auto late = of_kind(desk.run_at(test::kStart + hours(5), {"overdue", "--json"}), "report");
  const auto found =
      std::find_if(late.begin(), late.end(), [](const auto& line) { return line.at("unit") == 1'700'001; });
  REQUIRE(found != late.end());
  CHECK(found->at("phase").is_null());
  CHECK_FALSE(found->at("last_heard").is_null());
}

TEST_CASE_METHOD(Association, "the time line has the steps with their coverage, and what came and when") {
  branch_reports();
  const test::Said said = desk.run_at(test::kStart + hours(2), {"timeline", "--json"});
  const auto steps = of_kind(said, "step");
  REQUIRE_FALSE(steps.empty());
  CHECK(steps[0].at("phase") == "t1h");
  CHECK(steps[0].at("answered") == 1);
  CHECK(steps[0].at("expected") == 6);
  const auto came = of_kind(said, "received");
  REQUIRE(came.size() == 1);
  CHECK(came[0].at("form") == "F1");
  CHECK(came[0].at("unit") == 1'700'001);
  const test::Said people = desk.run_at(test::kStart + hours(2), {"timeline"}, "ja");
  CHECK(people.out.find("期限超過 5 件") != std::string::npos);
  CHECK(people.out.find("経過 2時間0分（〜3時間）") != std::string::npos);
  CHECK(people.out.find("報告 1/6 単位") != std::string::npos);
}

TEST_CASE_METHOD(Association,
                 "an unanswered question is open, then overdue, and the asked one finds it in the inbox") {
  REQUIRE(desk.run_at(test::kStart, {"ask", "1700001", "--subject", "道路", "--body", "通れますか",
                                     "--incident", "2024001"})
              .code == 75);
  const auto open = of_kind(desk.run_at(test::kStart + hours(1), {"timeline", "--json"}), "question");
  REQUIRE(open.size() == 1);
  CHECK(open[0].at("overdue") == false);
  CHECK(open[0].at("unit") == 1'700'001);
  CHECK(of_kind(desk.run_at(test::kStart + hours(1), {"overdue", "--json"}), "question").empty());
  const auto late = of_kind(desk.run_at(test::kStart + hours(4), {"overdue", "--json"}), "question");
  REQUIRE(late.size() == 1);
  CHECK(late[0].at("subject") == "道路");
}

TEST_CASE_METHOD(Association, "the inbox shows only what waits past its time when it is asked to") {
  branch_reports();
  {
    test::Office branch(network, post, test::field_of(test::kIshikawa, 1));  // a number of its own
    forms::Report report = test::full_f1(12);
    report.put(forms::field::next_contact_at, test::kStart + hours(2));
    desk::Message message;
    message.reports = {report};
    REQUIRE(branch.desk().send(message, {{}, test::kStart + minutes(20)}).ok());
    static_cast<void>(branch.sync(test::kStart + minutes(20)));
  }
  desk.contact(test::kStart + minutes(36));
  CHECK(desk.run_at(test::kStart + minutes(50), {"inbox", "--overdue", "--json"}).out.empty());
  const test::Said late = desk.run_at(test::kStart + hours(4), {"inbox", "--overdue", "--json"});
  REQUIRE(late.lines().size() == 1);
  CHECK(late.one().at("values").at("households_stopped").at("value") == 12);
}

TEST_CASE_METHOD(Association,
                 "the map is a table where there is no terminal, and one object a line in JSON") {
  branch_reports();
  const auto places = desk.run_at(test::kStart + hours(2), {"map", "--json"}).lines();
  REQUIRE(places.size() >= 3);
  const auto wajima = std::find_if(places.begin(), places.end(),
                                   [](const auto& place) { return place.at("units_heard") == 1; });
  REQUIRE(wajima != places.end());
  CHECK(wajima->at("households_stopped").at("value") == 345);
  CHECK(wajima->at("lat").get<double>() > 36);
  const test::Said people = desk.run_at(test::kStart + hours(2), {"map"}, "ja");
  CHECK(people.code == 0);
  CHECK(people.out.find("報告 0/1 単位") != std::string::npos);
  CHECK(people.out.find("未 未報告") != std::string::npos);
  CHECK(people.out.find("\u2801") == std::string::npos);
}

TEST_CASE_METHOD(Association,
                 "a call goes to the associations of its area, is followed, and reaches the laptops") {
  const test::Said sent = desk.run_at(
      test::kStart + minutes(40),
      {"call", "--area", "17", "--form", "F1", "--due", "2099-01-01T00:00", "--incident", "2024001"});
  INFO(sent.err);
  REQUIRE(sent.code == 75);
  CHECK(sent.one().at("recipients") == nlohmann::json::array({"17"}));
  const auto calls = of_kind(desk.run_at(test::kStart + minutes(41), {"timeline", "--json"}), "call");
  REQUIRE(calls.size() == 1);
  CHECK(calls[0].at("area") == 17);
  CHECK(calls[0].at("answered") == 0);
  CHECK(calls[0].at("expected").get<int>() >= 1);
  const test::Said nobody =
      desk.run_at(test::kStart + minutes(40), {"call", "--area", "47", "--incident", "2024001"});
  CHECK(nobody.code == 64);
  const test::Said spoken = desk.run_at(test::kStart + minutes(41), {"timeline"}, "ja");
  CHECK(spoken.out.find("呼集 1 件") != std::string::npos);
}

}  // namespace
}  // namespace noroshi::cli
