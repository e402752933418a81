// The command line as scripts and people rely on it: shapes, exit codes, one line for each error.
#include <ctime>
#include <filesystem>
#include <fstream>

#include "keys/language.hpp"
#include "proto/forms/catalogue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/new_form.hpp"
#include "tests/support/offices.hpp"
#include "tests/support/shell.hpp"

namespace noroshi::cli {
namespace {

using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kStart;
using test::Network;
using test::noroshi;
using test::Office;
using test::PostOffice;
using test::Said;
using Words = std::vector<std::string>;

const Network& network() {
  static const Network usual;
  return usual;
}

/// A home whose clock stands at kStart, through the documented setting for exercises.
void set_clock(const keys::Home& home, WallTime to) {
  const std::int64_t offset = to.unix_seconds() - static_cast<std::int64_t>(std::time(nullptr));
  std::ofstream(home / "config.toml")
      << "[node]\nname = \"試験\"\norg = 17\nclock_offset_s = " << offset << "\n";
}

/// Somebody at a terminal in their own home.
class Person {
 public:
  Person(PostOffice& post, DeviceId device) : Person(network(), post, device) {}
  Person(const Network& network, PostOffice& post, DeviceId device) : office_(network, post, device) {
    set_clock(office_.home(), kStart);
  }
  Said run(Words words) {
    office_.close();
    words.insert(words.end(), {"--home", office_.home().string()});
    if (std::find(words.begin(), words.end(), "--lang") == words.end())
      words.insert(words.end(), {"--lang", "en"});
    return noroshi(std::move(words));
  }
  /// A contact with the relay of this person's organisation.
  void contact(WallTime when = kStart) {
    office_.reopen();
    (void)office_.sync(when);
    office_.close();
  }
  Office& office() { return office_; }

 private:
  Office office_;
};

std::string full_f1_file(const std::filesystem::path& directory) {
  const auto file = directory / "f1.json";
  std::ofstream(file)
      << R"({"occurred_at":"2025-02-04T08:10:00+09:00","hazard_kind":"earthquake","max_intensity":"6+",
    "staff_safety":"all_safe","office_status":"partial","households_stopped":345,"cyl_lost":12,"cyl_scope":"consumer",
    "cyl_fallen":0,"cyl_buried":"?","gas_leaks":0,"fires":0,"explosions":0,"deaths":0,"missing":0,"serious_inj":0,
    "minor_inj":0,"can_deliver":"limited","road_access":"detour","power":"out","comms_working":["sat_data"],
    "help_needed":"none","checked_scope":"some","checked_households":120,"source_kind":"own_obs","confidence":"confirmed",
    "clock_quality":"gnss"})";
  return file.string();
}
Words full_f1(const std::filesystem::path& directory, const Words& more) {
  Words words{"new", "F1", "--incident", "2024001", "--from", full_f1_file(directory)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}
bool one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == text.size() - 1 && text.rfind("noroshi: ", 0) == 0;
}

TEST_CASE("a dry run says what is wrong, how large it is and where the bytes go") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const Said said = branch.run(full_f1(directory.path(), {"--dry-run", "--json"}));
  CHECK(said.code == 0);
  const auto facts = said.one();
  CHECK(facts.at("form") == "F1");
  CHECK(facts.at("valid") == true);
  CHECK(facts.at("exercise") == true);
  CHECK(facts.at("recipients") == nlohmann::json({"1", "2", "17"}));
  std::size_t sum = 0;
  for (const auto& [part, bytes] : facts.at("bytes").items()) sum += bytes.get<std::size_t>();
  CHECK(sum == facts.at("sealed_bytes"));
  CHECK(facts.at("unpadded_bytes") == 192 + facts.at("body_bytes").get<std::size_t>() + 1);
  std::size_t parts = 0;
  for (const auto& [part, bytes] : facts.at("body_parts").items()) parts += bytes.get<std::size_t>();
  CHECK(parts == facts.at("body_bytes"));
  CHECK(facts.at("sealed_bytes") <= 340);
  CHECK(branch.run({"outbox", "--json"}).out.empty());
}

TEST_CASE("a report that breaks a rule is not sent: exit 65 and one line that names the rule") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const Words wrong = full_f1(directory.path(), {"--set", "households_served=100", "--send"});
  const Said said = branch.run(wrong);
  CHECK(said.code == 65);
  CHECK(said.out.empty());
  CHECK(one_line(said.err));
  CHECK(said.err.find("R1:") != std::string::npos);
}

TEST_CASE("sending without a relay keeps the report safe: exit 75, state signed") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const Said said = branch.run(full_f1(directory.path(), {"--send"}));
  CHECK(said.code == 75);
  CHECK(one_line(said.err));
  const auto sent = said.one();
  CHECK(sent.at("state") == "signed");
  CHECK(sent.at("id") == "17/21.1/1.0");
  CHECK(sent.at("msg_id").get<std::string>().size() == 32);
  CHECK(sent.at("recipients") == nlohmann::json({"1", "2", "17"}));
  branch.contact();
  CHECK(post.mailbox(kMinistry).size() == 1);
  const auto line = branch.run({"outbox", "--json"}).one();
  CHECK(line.at("state") == "queued");
  CHECK(line.at("values").at("households_stopped") == nlohmann::json({{"value", 345}, {"state", "exact"}}));
}

TEST_CASE("the ministry's inbox and board have the shapes that scripts rely on") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), ministry(post, desk_of(kMinistry));
  test::TemporaryDirectory directory;
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  branch.contact();
  ministry.contact();
  branch.contact();

  const auto line = ministry.run({"inbox", "--json"}).one();
  CHECK(line.at("id") == "17/21.1/1.0");
  CHECK(line.at("form") == "F1");
  CHECK(line.at("unit") == 1700001);
  CHECK(line.at("muni") == "17201");
  CHECK(line.at("fate") == "standing");
  CHECK(line.at("verdict") == "unconfirmed");
  CHECK(line.at("values").at("cyl_buried").at("state") == "unconfirmed");

  const auto board = ministry.run({"board", "--json", "--by", "muni"}).one();
  CHECK(board.at("incident") == 2024001);
  CHECK(board.at("exercise") == true);
  CHECK(board.at("coverage").at("units_heard") == 1);
  CHECK(board.at("coverage").at("units_expected") == 6);
  CHECK(board.at("coverage").at("households_checked") == 120);
  CHECK(board.at("coverage").at("households_served") == 12000);
  CHECK(board.at("totals").at("households_stopped").at("value") == 345);
  CHECK(board.at("totals").at("households_stopped").at("verified").is_null());
  CHECK(board.at("totals").at("cyl_buried").at("value").is_null());
  CHECK(board.at("totals").at("cyl_buried").at("unconfirmed") == 1);
  CHECK(board.at("totals").at("cyl_lost").at("scope") == "consumer");
  CHECK(board.at("rows").at(0).at("pref") == "17");
  CHECK(board.at("rows").at(0).at("muni") == "17201");
  CHECK(board.at("by_muni").size() == 6);
  CHECK(ministry.run({"not-reported", "--json"}).lines().size() == 5);

  const auto opened = branch.run({"outbox", "--json"}).one();
  CHECK(opened.at("per_recipient").at(1) ==
        nlohmann::json({{"org", "2"}, {"state", "opened"}, {"at", to_rfc3339(kStart)}, {"by", "2/11"}}));
}

TEST_CASE("six answers are a whole report, and the proxy's words stand with it") {
  PostOffice post;
  Person association(post, desk_of(kIshikawa));
  const Said said = association.run({"new", "F1", "--six", "1-9-3-2-2-4", "--for", "1700002", "--told-by",
                                     "店主", "--told-at", "2025-02-04T08:50", "--channel", "phone",
                                     "--incident", "2024001", "--send"});
  REQUIRE(said.code == 75);
  const auto line = association.run({"show", "17/11.1/1.0", "--json"}).one();
  CHECK(line.at("unit") == 1700002);
  CHECK(line.at("proxy") == true);
  CHECK(line.at("muni") == "17202");
  CHECK(line.at("values").at("six_supply") == "to_100");
  CHECK(line.at("values").at("told_channel") == "phone");
  CHECK(line.at("values").at("source_kind") == "telephone");
  CHECK(line.at("values").at("checked_scope") == "office");
  CHECK(association.run({"new", "F1", "--six", "7-9-3-2-2-4"}).code == 64);
}

TEST_CASE("what was read over the telephone is taken down only if the check words agree") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), association(post, desk_of(kIshikawa));
  test::TemporaryDirectory directory;
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  const auto read = branch.run({"say", "17/21.1/1.0", "--json"}).one();
  const std::string words = read.at("words"), sections = read.at("sections");
  CHECK(read.at("lines").at(0).at("said") == "F one Flash damage report");
  CHECK(branch.run({"say", "17/21.1/1.0"}).out.find(words) != std::string::npos);

  const auto shown = branch.run({"show", "17/21.1/1.0", "--json"}).one();
  const auto take_down = [&](const std::string& lost, const Words& more) {
    Words typed =
        full_f1(directory.path(), {"--for", std::to_string(shown.at("unit").get<int>()), "--channel", "phone",
                                   "--told-by", "支部長", "--told-at", "2025-02-04T08:50"});
    typed.insert(typed.end(),
                 {"--set", "cyl_lost=" + lost, "--set", "muni=" + shown.at("muni").get<std::string>(),
                  "--set", "as_of=" + shown.at("as_of").get<std::string>()});
    typed.insert(typed.end(), more.begin(), more.end());
    return association.run(typed);
  };
  // Before anything is compared, a dry run says the words of what was typed.
  CHECK(take_down("12", {"--json"}).one().at("check").at("words") == words);
  CHECK(take_down("13", {"--json"}).one().at("check").at("words") != words);

  const Said wrong = take_down("13", {"--check", words, "--send"});
  CHECK(wrong.code == 65);
  CHECK(one_line(wrong.err));
  CHECK(wrong.err.find(words) != std::string::npos);
  CHECK(wrong.err.find("section syllables") != std::string::npos);
  const Said narrowed = take_down("13", {"--check", words, "--check-sections", sections, "--send"});
  CHECK(narrowed.code == 65);
  CHECK(narrowed.err.find("Cylinders drifted away") != std::string::npos);
  CHECK(narrowed.err.find("Gas leaks") == std::string::npos);
  CHECK(association.run({"outbox", "--json"}).out.empty());

  CHECK(take_down("12", {"--check", "かきこさ", "--send"}).code == 64);
  CHECK(take_down("12", {"--check", "かきくけ-" + words.substr(0, 12), "--send"}).code == 64);
  CHECK(take_down("13", {"--check", words, "--check-sections", "か", "--send"}).code == 64);
  CHECK(take_down("12", {"--check-sections", sections, "--send"}).code == 64);
  CHECK(take_down("12", {"--check", words, "--draft"}).code == 64);
  CHECK(take_down("12", {"--check", words, "--send"}).code == 75);
}

TEST_CASE("six digits and two words are enough for a first report by telephone") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), association(post, desk_of(kIshikawa));
  const auto read = branch.run({"say", "--six", "1-9-3-2-2-4", "--json"}).one();
  CHECK(read.at("lines").size() == 6);
  const std::string words = read.at("words");
  const auto take_down = [&](const std::string& six) {
    return association
        .run({"new", "F1", "--six", six, "--for", "1700002", "--channel", "phone", "--told-by", "店主",
              "--told-at", "2025-02-04T08:50", "--incident", "2024001", "--check", words, "--send"})
        .code;
  };
  CHECK(take_down("1-9-3-2-2-3") == 65);
  CHECK(take_down("1-9-3-2-2-4") == 75);
  CHECK(branch.run({"say", "--six", "1-9-3"}).code == 64);
  CHECK(branch.run({"say"}).code == 64);
}

TEST_CASE("a draft is read as it would be sent, with what need not be typed") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  REQUIRE(branch.run({"new", "F1", "--six", "1-9-3-2-2-4", "--incident", "2024001", "--draft"}).code == 0);
  const auto draft = branch.run({"drafts", "--json"}).one().at("draft").get<int>();
  const Said read = branch.run({"say", "--draft", std::to_string(draft), "--lang", "ja"});
  CHECK(read.code == 0);
  CHECK(read.out.find("訓練、訓練、訓練") == 0);
  CHECK(read.out.find("報告単位: いち なな まる") != std::string::npos);
  CHECK(read.out.find("時点: ") != std::string::npos);
  CHECK(read.out.find("確認の語: ") != std::string::npos);
  CHECK(branch.run({"say", "--draft", "99"}).code == 64);
}

TEST_CASE("an update, a correction and a cancel follow each other by their parents") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  REQUIRE(branch.run({"new", "F1", "--update", "17/21.1/1.0", "--set", "households_stopped=400", "--send"})
              .code == 75);
  CHECK(branch.run({"new", "F1", "--correct", "17/21.1/2.0", "--set", "households_stopped=40", "--send"})
            .code == 65);
  REQUIRE(branch
              .run({"new", "F1", "--correct", "17/21.1/2.0", "--set", "households_stopped=40", "--reason",
                    "桁違い", "--send"})
              .code == 75);
  const auto board = branch.run({"board", "--json"}).one();
  CHECK(board.at("totals").at("households_stopped").at("value") == 40);
  CHECK(board.at("rows").size() == 1);
  CHECK(branch.run({"show", "17/21.1/2.0", "--json"}).one().at("fate") == "superseded");
  REQUIRE(branch.run({"new", "F1", "--cancel", "17/21.1/3.0", "--reason", "誤報", "--send"}).code == 75);
  CHECK(branch.run({"board", "--json"}).one().at("totals").at("households_stopped").at("value") == 400);
  CHECK(branch.run({"show", "17/21.1/3.0", "--json"}).one().at("fate") == "cancelled");
}

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

TEST_CASE("drafts may be wrong, are kept sealed, and are read back as --from reads them") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const Said kept =
      branch.run({"new", "F1", "--set", "households_stopped=345", "--set", "remarks=CANARY-55", "--draft"});
  CHECK(kept.code == 0);
  CHECK(kept.one() == nlohmann::json({{"draft", 1}, {"state", "draft"}}));
  CHECK(branch.run({"drafts", "--json"}).one().at("draft") == 1);
  const Said shown = branch.run({"drafts", "show", "1"});
  CHECK(shown.one().at(0).at("values").at("households_stopped").at("value") == 345);
  std::ifstream file(branch.office().home() / "desk" / "data.mdb", std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  CHECK(bytes.find("CANARY-55") == std::string::npos);
  CHECK(branch.run({"drafts", "drop", "1"}).code == 0);
  CHECK(branch.run({"drafts", "show", "1"}).code == 64);
}

TEST_CASE("each trouble has its exit code and one line") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  const auto fails = [&](Words words, int code) {
    const Said said = branch.run(std::move(words));
    INFO(said.err);
    CHECK(said.code == code);
    CHECK(one_line(said.err));
  };
  fails({"status"}, 69);
  fails({"sync"}, 69);
  fails({"board", "--by", "town"}, 64);
  fails({"new", "F77"}, 64);
  fails({"new", "F1", "--nonsense"}, 64);
  fails({"new", "F1", "--priority", "asap"}, 64);
  fails({"new", "F1", "--to", "999"}, 64);
  fails({"new", "F1", "--set", "households_stopped"}, 64);
  fails({"new", "F1", "--set", "households_stopped=many"}, 65);
  fails({"new", "F1", "--from", "/nonexistent.json"}, 74);
  fails({"new", "F1", "--incident", "77"}, 64);
  fails({"new", "F1", "--update", "17/21.1/99.0"}, 64);
  fails({"show", "17/21.1/99.0"}, 64);
  fails({"unit", "show", "5"}, 64);
  fails({"new", "F1", "--six", ""}, 64);
  fails({"ask", "2", "--subject", "戸数", "--body", "いつ", "--due", "2020-01-01T00:00"}, 64);
  fails({"inbx"}, 64);
  fails({"unit", "lst"}, 64);
  CHECK(noroshi({"board", "--home", "/nonexistent", "--lang", "en"}).code != 0);
  std::ofstream(branch.office().home() / "config.toml") << "[node\n";
  fails({"board"}, 78);
}

TEST_CASE("a mistyped command or option names the nearest, and a limit that was missed is shown") {
  CHECK(noroshi({"inbx", "--lang", "en"}).err.find("did you mean inbox?") != std::string::npos);
  CHECK(noroshi({"unit", "lst", "--lang", "en"}).err.find("did you mean list?") != std::string::npos);
  CHECK(noroshi({"new", "--incidnt", "1", "--lang", "en"}).err.find("did you mean --incident?") !=
        std::string::npos);
  const Said ja = noroshi({"init", "--org", "17", "--kdf-ops", "99", "--lang", "ja"});
  CHECK(ja.err.find("99 は範囲の外です（2〜10）") != std::string::npos);
  CHECK(noroshi({"show", "--lang", "ja"}).err.find("ID は必須です") != std::string::npos);
}

TEST_CASE("options of every command may stand before it") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  const Said said = noroshi(
      {"--home", branch.office().home().string(), "--json", "unit", "show", "1700002", "--lang", "en"});
  CHECK(said.one().at("unit") == 1700002);
}

TEST_CASE("page 1 with some figures beside it is a report") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  const Said said = branch.run({"new", "F1", "--incident", "2024001", "--six", "1-9-3-2-2-4", "--set",
                                "households_stopped=20", "--dry-run", "--json"});
  CHECK(said.code == 0);
  CHECK(said.one().at("valid") == true);
  CHECK_FALSE(said.one().at("problems").empty());
}

TEST_CASE("every missing field is named at once, by key and label, and a label may be typed for its key") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  const Said said =
      branch.run({"new", "F1", "--incident", "2024001", "--set", "households_stopped=20", "--send"});
  CHECK(said.code == 65);
  CHECK(one_line(said.err));
  CHECK(said.err.find("occurred_at (") != std::string::npos);
  CHECK(said.err.find("checked_scope (") != std::string::npos);
  const auto form = noroshi({"form", "show", "F1", "--json", "--lang", "en"}).one();
  for (const auto& field : form.at("fields")) {
    if (field.at("key") != "households_stopped") continue;
    for (const char* language : {"ja", "en"}) {
      const std::string label = field.at("label").at(language);
      const Said typed = branch.run(
          {"new", "F1", "--incident", "2024001", "--six", "1-9-3-2-2-4", "--set", label + "=20", "--json"});
      CHECK(typed.one().at("values").at("households_stopped").at("value") == 20);
    }
  }
  CHECK(branch.run({"new", "F1", "--set", "households_stopped=many", "--lang", "ja"}).err.find("の数") !=
        std::string::npos);
}

TEST_CASE("an empty box says so in one line") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  CHECK(branch.run({"inbox"}).out == "nothing has arrived\n");
  CHECK(branch.run({"outbox"}).out == "nothing has been sent\n");
  CHECK(branch.run({"inbox", "--json"}).out.empty());
}

TEST_CASE("two reports under one number, from a copied home, are marked and have to be told apart") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), ministry(post, desk_of(kMinistry));
  test::TemporaryDirectory directory;
  const std::string copy = (directory.path() / "copy").string();
  branch.office().close();
  std::filesystem::copy(branch.office().home(), copy, std::filesystem::copy_options::recursive);
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  REQUIRE(noroshi(full_f1(directory.path(),
                          {"--set", "households_stopped=99", "--send", "--home", copy, "--lang", "en"}))
              .code == 75);
  const auto raw = noroshi({"show", "17/21.1/1.0", "--raw", "--json", "--home", copy, "--lang", "en"}).one();
  branch.contact();
  post.post(*from_hex(raw.at("envelope").get<std::string>()), kStart);
  ministry.contact();
  const auto lines = ministry.run({"inbox", "--json"}).lines();
  REQUIRE(lines.size() == 2);
  for (const auto& line : lines) CHECK(line.at("marks").at(0) == "equivocal");
  const std::string other = raw.at("msg_id").get<std::string>().substr(0, 12);
  for (const Words& words :
       {Words{"show", "17/21.1/1.0"}, Words{"answer", "17/21.1/1.0", "はい"}, Words{"ack", "17/21.1/1.0"}}) {
    const Said said = ministry.run(words);
    CHECK(said.code == 64);
    CHECK(one_line(said.err));
    CHECK(said.err.find(other) != std::string::npos);
  }
  const auto one = ministry.run({"show", other, "--json"}).one();
  CHECK(one.at("values").at("households_stopped").at("value") == 99);
}

TEST_CASE("a clock older than the newest signed document is named, and the report is sent all the same") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa)), ministry(post, desk_of(kMinistry));
  set_clock(branch.office().home(), WallTime::from_unix(946'684'800));
  test::TemporaryDirectory directory;
  const Said said = branch.run(full_f1(directory.path(), {"--priority", "flash", "--send"}));
  CHECK(said.code == 75);
  CHECK(said.err.find("set date and time") != std::string::npos);
  branch.contact();
  ministry.contact();
  const auto line = ministry.run({"inbox", "--json"}).one();
  CHECK(line.at("priority") == "flash");
  CHECK(line.at("marks").at(0) == "time_doubtful");
}

TEST_CASE("without an incident asked for, a report goes to no exercise") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const Said said =
      branch.run({"new", "F1", "--from", full_f1_file(directory.path()), "--dry-run", "--json"});
  CHECK(said.one().at("exercise") == false);
  CHECK_FALSE(said.one().at("values").contains("incident_id"));
}

TEST_CASE("several rows make one body, and an update carries the other rows along") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  const auto file = directory / "rows.json";
  std::ifstream single(full_f1_file(directory.path()));
  nlohmann::json row = nlohmann::json::parse(single), other = row;
  row["muni"] = "17204";
  other["muni"] = "17205";
  std::ofstream(file) << nlohmann::json::array({row, other});
  REQUIRE(branch.run({"new", "F1", "--incident", "2024001", "--from", file.string(), "--send"}).code == 75);
  CHECK(branch.run({"board", "--json"}).one().at("totals").at("households_stopped").at("value") == 690);
  REQUIRE(
      branch.run({"new", "F1", "--update", "17/21.1/1.1", "--set", "households_stopped=5", "--send"}).code ==
      75);
  const auto board = branch.run({"board", "--json"}).one();
  CHECK(board.at("rows").size() == 2);
  CHECK(board.at("totals").at("households_stopped").at("value") == 350);
}

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

TEST_CASE("the doctor names every prerequisite and the command that mends it") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  const Said said = branch.run({"doctor", "--json"});
  CHECK(said.code == 78);  // no relay runs here
  bool relay_named = false;
  for (const auto& line : said.lines()) {
    CHECK((line.at("state") == "ok" || line.at("state") == "warn" || line.at("state") == "ng"));
    if (line.at("check") == "relay") {
      relay_named = true;
      CHECK(line.at("state") == "ng");
      CHECK(line.at("command").is_string());
    }
    if (line.at("check") == "clock") CHECK(line.at("state") == "ok");
  }
  CHECK(relay_named);
}

TEST_CASE("every command speaks both languages and shows an example") {
  for (const char* name : {"init",   "new",          "drafts", "inbox",  "outbox", "show",     "ask",
                           "answer", "message",      "verify", "ack",    "board",  "timeline", "overdue",
                           "map",    "not-reported", "gaps",   "status", "sync",   "doctor",   "demo"}) {
    const Said ja = noroshi({name, "--help", "--lang", "ja"}), en = noroshi({name, "--help", "--lang", "en"});
    INFO(name);
    CHECK(ja.code == 0);
    CHECK(ja.out != en.out);
    CHECK(en.out.find("Example: noroshi ") != std::string::npos);
  }
}

TEST_CASE("people read the board in Japanese with its coverage") {
  PostOffice post;
  Person branch(post, field_of(kIshikawa));
  test::TemporaryDirectory directory;
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  const Said said = branch.run({"board", "--lang", "ja"});
  CHECK(said.out.find("[訓練]") != std::string::npos);
  CHECK(said.out.find("報告 1/6 単位  停止 345 ／ 確認 120 ／ 供給 12,000戸") != std::string::npos);
  CHECK(said.out.find("容器埋没本数: 1 未確認") != std::string::npos);
}

}  // namespace
}  // namespace noroshi::cli
