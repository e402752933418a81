// noroshi print and import: what comes out of a home on paper, and what is refused on the way back.
#include <fmt/format.h>

#include <algorithm>
#include <clocale>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "client-tui/tui/text/grapheme.hpp"
#include "keys/paper.hpp"
#include "proto/forms/catalogue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/offices.hpp"
#include "tests/support/shell.hpp"

namespace noroshi::cli {
namespace {

std::string content_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// The branch at Wajima without any line: one report, sealed and going nowhere.
struct Branch {
  test::Network network;
  test::PostOffice post;
  test::Office office{network, post, test::field_of(test::kIshikawa)};
  test::TemporaryDirectory directory;
  std::string id;
  Bytes envelope;

  Branch() {
    const desk::Sent sent = office.report(345, test::kStart);
    id = fmt::format("{}/{}.0", to_string(sent.key), sent.seq);
    const auto view = office.desk().store().read();
    envelope = *view->envelope(sent.msg_id);
    std::ofstream(office.home() / "config.toml")
        << "[node]\nname = \"試験\"\norg = 17\nclock_offset_s = "
        << test::kStart.unix_seconds() - static_cast<std::int64_t>(std::time(nullptr)) << "\n";
  }
  test::Said run(std::vector<std::string> words, const char* language = "ja") {
    office.close();
    words.insert(words.end(), {"--home", office.home().string(), "--lang", language});
    return test::noroshi(std::move(words));
  }
  std::string file(const std::string& name, const std::string& content) {
    const auto path = directory.path() / name;
    std::ofstream(path, std::ios::binary) << content;
    return path.string();
  }
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE_METHOD(Branch, "a printed report says what it is on every page and carries its envelope") {
  const test::Said said = run({"print", id, "--spell-codes"});
  CHECK(said.code == 0);
  CHECK(said.out.starts_with("【訓練】"));
  for (const char* part : {"石川県", "供給停止戸数", "345戸", "署名", "印刷日時", "宛先"})
    CHECK(has(said.out, part));
  CHECK(has(said.out, id));
  keys::PaperParts read;
  for (const std::string& part : keys::paper_parts_in(said.out))
    CHECK(read.add(part) == keys::PaperParts::Read::taken);
  CHECK(read.whole() == envelope);
  const test::Said english = run({"print", id}, "en");
  CHECK(english.out.starts_with("[EXERCISE]"));
  CHECK(has(english.out, "Signed by"));
}

TEST_CASE_METHOD(Branch,
                 "printing to a file says where, is for its owner alone, and counts pages and codes") {
  const std::string page = (directory.path() / "report.html").string();
  const test::Said html = run({"print", id, "--html", "--out", page, "--json"});
  CHECK(html.code == 0);
  CHECK(html.one().at("file") == page);
  CHECK(html.one().at("codes") == keys::paper_parts(envelope).size());
  CHECK(content_of(page).starts_with("<!DOCTYPE html>"));
  CHECK((std::filesystem::status(page).permissions() & std::filesystem::perms::mask) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(run({"print", id, "--json"}).one().at("pages") == 3);
  CHECK(has(run({"print", id, "--out", page}).out, page));
}

TEST_CASE_METHOD(Branch, "a blank form has every field that is asked, F1 with its six answers first") {
  std::setlocale(LC_CTYPE, "C.UTF-8");
  for (const forms::FormInfo& form : forms::Catalogue::built_in().forms()) {
    const test::Said said = run({"print", "--blank", form.code});
    CHECK(said.code == 0);
    std::istringstream lines(said.out);
    for (std::string line; std::getline(lines, line);)
      CHECK(tui::columns(line) <= 76 + (line.starts_with('\f') ? 4 : 0));
    for (const forms::FieldInfo* field : forms::Catalogue::built_in().asked(form)) {
      INFO(form.code << " " << field->label.ja);
      CHECK((has(said.out, field->label.ja) || field->kind == forms::Kind::digest || field->retired));
    }
  }
  const std::string f1 = run({"print", "--blank", "F1"}).out;
  CHECK(f1.find("1 全員無事") < f1.find("市区町村"));
  CHECK(f1.find("市区町村") < f1.find("容器流出本数"));
  CHECK(run({"print", "--blank", "F99"}).code == 64);
}

TEST_CASE_METHOD(Branch, "a printed board has its totals with coverage, its rows and who is silent") {
  const test::Said said = run({"print", "--board", "--incident", std::to_string(test::kExercise.value)});
  CHECK(said.code == 0);
  CHECK(said.out.starts_with("【訓練】"));
  for (const char* part : {"供給停止戸数", "345戸", "未報告の報告単位"}) CHECK(has(said.out, part));
}

TEST_CASE_METHOD(Branch, "print wants exactly one thing to print") {
  CHECK(run({"print"}).code == 64);
  CHECK(run({"print", id, "--board"}).code == 64);
  CHECK(run({"print", id, "--html", "--spell-codes"}).code == 64);
  CHECK(run({"print", "17/9.1/9.0"}).code == 64);
}

TEST_CASE_METHOD(Branch, "what is no envelope is refused before any relay is asked, each in one clear line") {
  const std::vector<std::string> parts = keys::paper_parts(envelope),
                                 others = keys::paper_parts(Bytes(400, 9));
  std::string slip = parts[0];
  slip.back() = slip.back() == 'A' ? 'B' : 'A';
  Bytes cut = envelope;
  cut.resize(100);
  const auto refused = [&](std::vector<std::string> words, const std::string& because) {
    words.insert(words.begin(), "import");
    const test::Said said = run(words, "en");
    CHECK(said.code == 65);
    CHECK(said.out.empty());
    CHECK(std::count(said.err.begin(), said.err.end(), '\n') == 1);
    INFO(said.err);
    CHECK(has(said.err, because));
  };
  refused({"--qr-text", parts[0]}, "not yet 2");
  refused({"--qr-text", slip, parts[1]}, "code 1/2 was read wrongly");
  refused({"--qr-text", parts[0], others[1]}, "of another envelope");
  refused({"--qr-text", "hello"}, "neither an envelope");
  refused({file("nothing", "")}, "neither an envelope");
  refused({file("cut", std::string(text_of(cut)))}, "no whole envelope");
  CHECK(run({"import"}).code == 64);
  CHECK(run({"import", (directory.path() / "missing").string()}).code == 74);
}

TEST_CASE_METHOD(Branch,
                 "bytes, hexadecimal and texts are envelopes; without a relay nothing is taken: exit 69") {
  const std::vector<std::string> parts = keys::paper_parts(envelope);
  const std::string raw = run({"show", id, "--raw"}).out;
  CHECK(from_hex(raw.substr(0, raw.size() - 1)) == envelope);
  for (const std::string& content :
       {std::string(text_of(envelope)), raw, "scanned\n" + parts[1] + "\n" + parts[0] + "\n"}) {
    const test::Said said = run({"import", file("source", content)});
    CHECK(said.code == 69);
    CHECK(has(said.err, "中継局"));
  }
  CHECK(run({"import", "--qr-text", parts[1], parts[0], parts[1]}).code == 69);
}

}  // namespace
}  // namespace noroshi::cli
