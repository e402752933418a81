// The console without a screen: answers in, lines out.
#include "client-tui/tui/plain/plain.hpp"

#include "client-tui/desk/talk.hpp"
#include "client-tui/words/lines.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/tui/script.hpp"
#include "tests/unit/tui/seat.hpp"

using namespace noroshi;
using namespace noroshi::test;

namespace {

struct Printed {
  std::string text;
  [[nodiscard]] bool says(const std::string& part) const { return text.find(part) != std::string::npos; }
};

struct Clerk {
  Network network;
  PostOffice post;
  Seat seat{network, post, field_of(kIshikawa)};
  Printed run(std::vector<std::string> answers) { return run_at(seat, std::move(answers)); }
  static Printed run_at(Seat& at, std::vector<std::string> answers) {
    Script script(std::move(answers));
    REQUIRE(tui::plain::run(at.desk_office(), script).ok());
    return {script.printed};
  }
};

const std::vector<std::string> kFirst{"1", "1", "9", "3", "2", "2", "4", "1", "1", "0"};

}  // namespace

TEST_CASE_METHOD(Clerk, "without a screen a first report is seven answers and a signature") {
  const Printed script = run(kFirst);
  INFO(script.text);
  CHECK(script.says("送信待ちに入りました"));
  CHECK(seat.sent() == 1);
  CHECK(seat.desk_office().facts().value()->drafts.empty());
}

TEST_CASE_METHOD(Clerk, "without a screen a follow-up asks for the figures with what they take") {
  run(kFirst);
  const Printed script = run({"3", "", "いろは", "345", ".", "1", "0"});
  INFO(script.text);
  REQUIRE(seat.sent() == 2);
  CHECK(seat.last_sent().report.header().kind == forms::ReportKind::update);
}

TEST_CASE_METHOD(Clerk, "without a screen a report that has not left is taken back and sent anew") {
  seat.office().relay().holds = true;
  run(kFirst);
  const Printed script = run({"10", "1", "11", ".", "1", "0"});
  INFO(script.text);
  CHECK(script.says("11 取り戻す（出る前）"));
  CHECK(script.says("取り戻しました"));
  seat.office().relay().let_go();
  CHECK(post.posted().size() == 1);
}

TEST_CASE_METHOD(Clerk, "without a screen a line that dies leaves a draft to go on with") {
  const Printed script = run({"8", "F9", "9", "停止戸数の内訳"});
  INFO(script.text);
  CHECK(seat.sent() == 0);
  REQUIRE(seat.desk_office().facts().value()->drafts.size() == 1);
  const Printed again = run({"7", "1", ".k", "0"});
  INFO(again.text);
  CHECK(again.says("下書に残しました"));
}

TEST_CASE_METHOD(Clerk,
                 "without a screen what was half typed on one is said, and never becomes another field's") {
  seat.press("8").type("F1").press("Enter C-f").type("備考").press("Enter").type("道路不通");
  seat.leave();
  CHECK(run({"7", "1", ".k", "0"}).says("書きかけ: 道路不通"));
  CHECK(desk::drafts(seat.office().desk())->front().typing == "道路不通");
  run({"7", "1", ".b", ".k", "0"});
  CHECK(desk::drafts(seat.office().desk())->front().typing.empty());
}

TEST_CASE("without a screen a report is read, asked about and answered") {
  Network network;
  PostOffice post;
  Seat branch(network, post, field_of(kIshikawa));
  Clerk::run_at(branch, kFirst);
  Seat ministry(network, post, desk_of(kMinistry));
  ministry.wait({10});
  const Printed asked =
      Clerk::run_at(ministry, {"6", "1", "5", ".h", "停止戸数の内訳", ".", "1", "", "10", "0"});
  INFO(asked.text);
  CHECK(asked.says("供給停止戸数"));
  CHECK(ministry.sent() >= 1);
}

TEST_CASE_METHOD(Clerk, "without a screen what comes from elsewhere is shown without its power") {
  Script script({"0"});
  script.print("\x1b]0;owned\x07 \xe2\x80\xae evil");
  CHECK(script.printed == "<1B>]0;owned<07> <202E> evil\n");
  script.printed.clear();
  script.print("本文: 一行目\n0 終わる");
  CHECK(script.printed == "本文: 一行目\n      0 終わる\n");
}

TEST_CASE("a text of several lines cannot pass for lines of the program") {
  forms::Report report = desk::talk(forms::ActKind::message, forms::Catalogue::built_in());
  report.put(forms::field::body, std::string("一行目\n1 署名して送る"));
  CHECK(words::report_summary(report, forms::Catalogue::built_in()) == "連絡: 一行目 1 署名して送る");
  desk::Reading reading;
  reading.report = std::move(report);
  for (const std::string& line : words::report_lines(reading, forms::Catalogue::built_in()))
    CHECK(line.find("\n1 ") == std::string::npos);
}
