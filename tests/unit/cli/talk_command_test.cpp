// Questions, answers, messages, bulletins, notes and acknowledgements, as people type them.
#include "tests/support/catch.hpp"
#include "tests/unit/cli/person.hpp"

namespace noroshi::cli {
namespace {

TEST_CASE("a question, its answer, a message, a note and an acknowledgement find their way") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), association(post, desk_of(kIshikawa)),
      ministry(post, desk_of(kMinistry));
  test::TemporaryDirectory directory;
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  branch.contact();
  association.contact();
  ministry.contact();
  REQUIRE(association.run({"verify", "17/21.1/1.0", "--confirm"}).code == 75);
  CHECK(ministry.run({"verify", "17/21.1/1.0", "--confirm"}).code == 77);
  REQUIRE(
      ministry.run({"ask", "17", "--subject", "戸数", "--body", "全戸ですか", "--regarding", "17/21.1/1.0"})
          .code == 75);
  REQUIRE(ministry.run({"message", "17,1700001", "明朝8時に会議", "--incident", "2024001"}).code == 75);
  ministry.contact();
  association.contact();
  const auto inbox = association.run({"inbox", "--json"}).lines();
  const auto question = std::find_if(inbox.begin(), inbox.end(), [](const auto& line) {
    return line.at("values").value("act_kind", "") == "inquiry";
  });
  REQUIRE(question != inbox.end());
  CHECK(question->at("values").contains("answer_due"));
  const std::string id = question->at("id");
  REQUIRE(association.run({"answer", id, "はい、全戸です"}).code == 75);
  CHECK(association.run({"answer", "17/21.1/1.0", "はい"}).code == 65);  // a report asks nothing
  REQUIRE(association.run({"ack", id, "--accept"}).code == 75);
  association.contact();
  ministry.contact();
  const auto answers = ministry.run({"inbox", "--json"}).lines();
  const bool answered = std::any_of(answers.begin(), answers.end(), [&](const auto& line) {
    return line.at("values").value("answer_text", "") == "はい、全戸です" &&
           line.at("values").at("regarding").at(0) == id;
  });
  CHECK(answered);
  const auto board = ministry.run({"board", "--json"}).one();
  CHECK(board.at("totals").at("households_stopped").at("verified") == 345);
  CHECK(board.at("rows").at(0).at("verdict") == "confirmed");
  const auto asked = ministry.run({"show", id, "--json"}).one();
  CHECK(asked.at("per_recipient").at(0).at("state") == "accepted");
}

TEST_CASE("a bulletin is read wherever it was posted, and nobody is asked for an answer") {
  PostOffice post;
  Person association(post, desk_of(kIshikawa)), ministry(post, desk_of(kMinistry));
  REQUIRE(ministry
              .run({"bulletin", "流出した容器に触れず、火気を近づけないでください。", "--to", "17",
                    "--subject", "流出容器", "--area", "17", "--incident", "2024001"})
              .code == 75);
  ministry.contact();
  association.contact();
  const auto read = association.run({"inbox", "--json"}).one();
  CHECK(read.at("values").at("act_kind") == "bulletin");
  CHECK(read.at("values").at("subject") == "流出容器");
  CHECK(read.at("exercise") == true);
  CHECK(association.run({"overdue", "--json"}).out.find("流出容器") == std::string::npos);
  CHECK(association.run({"answer", read.at("id"), "はい"}).code == 65);
  CHECK(ministry.run({"bulletin", ""}).code == 64);
}

}  // namespace
}  // namespace noroshi::cli
