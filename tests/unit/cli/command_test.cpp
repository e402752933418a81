// The command line as scripts and people rely on it: shapes, exit codes, one line for each error.
#include "keys/language.hpp"
#include "proto/forms/catalogue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/new_form.hpp"
#include "tests/unit/cli/person.hpp"

namespace noroshi::cli {
namespace {

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
  for (const char* name :
       {"init",         "new",      "drafts", "inbox", "outbox", "show",     "ask",     "answer",
        "message",      "bulletin", "verify", "ack",   "board",  "timeline", "overdue", "map",
        "not-reported", "gaps",     "status", "sync",  "doctor", "demo"}) {
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
