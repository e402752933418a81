// Sheets as text and as HTML: whatever stands on them, they stay within their paper and are only text.
#include <clocale>

#include "client-tui/paper/html_page.hpp"
#include "client-tui/paper/qr.hpp"
#include "client-tui/paper/text_page.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "keys/crypto.hpp"
#include "keys/paper.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::paper {
namespace {

[[maybe_unused]] const char* const kUtf8 = std::setlocale(LC_CTYPE, "C.UTF-8");

std::vector<std::string> lines_of(const std::string& text, char end = '\n') {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (c == end) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string repeated(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

std::string code_text() {
  return keys::paper_parts(Bytes(340, 0xA5)).front();
}

Sheet usual() {
  Sheet sheet{.marks = "【訓練】",
              .who = "石川県エルピーガス協会 (17)",
              .what = "F1",
              .when = "2024/1/2 11:20",
              .blocks = {}};
  return sheet;
}

TEST_CASE("no line is wider than the page and no page longer, whatever is printed") {
  Sheet sheet = usual();
  sheet.who = repeated("非常に長い名前の協会", 10);
  for (int i = 0; i < 40; ++i) {
    sheet.blocks.push_back(Section{repeated("見出し", 20)});
    sheet.blocks.push_back(Entry{repeated("項目", 1 + i), repeated("値は長い。long words stay whole ", i)});
    sheet.blocks.push_back(Line{repeated("x", 7 * i), i % 2 == 0});
    sheet.blocks.push_back(Blank{.label = repeated("欄", i),
                                 .unit = "戸",
                                 .choices = {repeated("選択肢", i), "b"},
                                 .several = true,
                                 .frame = {},
                                 .lines = i % 4});
  }
  const TextPages printed = as_text(sheet, Codes::drawn);
  const std::vector<std::string> pages = lines_of(printed.text, '\f');
  CHECK(pages.size() == printed.pages);
  REQUIRE(printed.pages > 3);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    const std::vector<std::string> lines = lines_of(pages[i]);
    CHECK(lines.size() <= static_cast<std::size_t>(kRows));
    CHECK(lines[0].ends_with(" " + std::to_string(i + 1) + "/" + std::to_string(pages.size())));
    CHECK(lines[0].starts_with("【訓練】"));
    CHECK(lines[1].ends_with("2024/1/2 11:20"));
    CHECK_FALSE(lines.back().starts_with("[ 見出し"));  // a heading is never the last line
    for (const std::string& line : lines) CHECK(tui::columns(line) <= kColumns);
  }
}

TEST_CASE("a text that would act on a printer or a page is only text") {
  Sheet sheet = usual();
  sheet.blocks = {Entry{"label", "before\fafter \x1b[2J"},
                  Line{"<script>alert(1)</script> & \"quoted\" 'so'"}};
  const TextPages printed = as_text(sheet, Codes::drawn);
  CHECK(printed.pages == 1);
  CHECK(printed.text.find('\f') == std::string::npos);
  CHECK(printed.text.find('\x1b') == std::string::npos);
  CHECK(printed.text.find("<0C>") != std::string::npos);
  const std::string html = as_html(sheet);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; &#39;so&#39;") !=
        std::string::npos);
  CHECK(html.find('\x1b') == std::string::npos);
}

TEST_CASE("a page of HTML asks for nothing from anywhere") {
  Sheet sheet = usual();
  sheet.blocks = {Code{"code 1/1", code_text()},
                  Blank{.label = "x", .unit = {}, .choices = {"a"}, .frame = {}}};
  const std::string html = as_html(sheet);
  for (const char* asked : {"src=", "href=", "url(", "@import", "<script", "<link", "<img", "<iframe"})
    CHECK(html.find(asked) == std::string::npos);
  CHECK(html.find("default-src 'none'") != std::string::npos);
  CHECK(html.find("size: A4") != std::string::npos);
  CHECK(html.find("<svg") != std::string::npos);
}

/// The modules that half blocks draw; nothing if another character stands among them.
std::optional<Modules> modules_in(const std::vector<std::string>& rows, int size, int left) {
  Modules out{.size = size, .dark = std::vector<bool>(static_cast<std::size_t>(size * size))};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    int column = -left - kQuiet;
    for (const tui::Grapheme& one : tui::graphemes(rows[row])) {
      const std::string drawn = rows[row].substr(one.begin, one.end - one.begin);
      if (drawn != "█" && drawn != "▀" && drawn != "▄" && drawn != " ") return std::nullopt;
      for (const int lower : {0, 1}) {
        const int at = static_cast<int>(row) * 2 + lower - kQuiet;
        const bool dark = drawn == "█" || drawn == (lower != 0 ? "▄" : "▀");
        if (dark && (at < 0 || at >= size || column < 0 || column >= size)) return std::nullopt;
        if (dark) out.dark[static_cast<std::size_t>(at * size + column)] = true;
      }
      ++column;
    }
  }
  return out;
}

TEST_CASE("a drawn code has every module in its place, four white ones around, and stays on one page") {
  REQUIRE(keys::start_cryptography());
  const std::optional<Modules> modules = qr_modules(code_text());
  REQUIRE(modules);
  CHECK(modules->size == 57);  // version 10
  Sheet sheet = usual();
  for (int i = 0; i < 30; ++i) sheet.blocks.push_back(Line{"before"});
  sheet.blocks.push_back(Code{"CAPTION", code_text()});
  const TextPages printed = as_text(sheet, Codes::drawn);
  CHECK(printed.pages == 2);
  const std::vector<std::string> lines = lines_of(lines_of(printed.text, '\f').at(1));
  REQUIRE(lines.at(3) == "CAPTION");
  const std::vector<std::string> rows(lines.begin() + 4, lines.end());
  CHECK(rows.size() == 33);
  const auto read = modules_in(rows, modules->size, (kColumns - modules->size - 2 * kQuiet) / 2);
  REQUIRE(read);
  CHECK(read->dark == modules->dark);
}

TEST_CASE("the largest part that there is fits the page too") {
  REQUIRE(keys::start_cryptography());
  for (const std::string& part : keys::paper_parts(Bytes(keys::kPaperEnvelopeMax, 1))) {
    const auto modules = qr_modules(part);
    REQUIRE(modules);
    CHECK(modules->size + 2 * kQuiet <= kColumns);
  }
}

TEST_CASE("a printer without half blocks prints the text of a code, which is found again") {
  REQUIRE(keys::start_cryptography());
  Sheet sheet = usual();
  const std::vector<std::string> parts = keys::paper_parts(Bytes(500, 3));
  for (const std::string& part : parts) sheet.blocks.push_back(Code{"CODE", part});
  const TextPages printed = as_text(sheet, Codes::spelled);
  CHECK(printed.text.find("█") == std::string::npos);
  CHECK(keys::paper_parts_in(printed.text) == parts);
}

}  // namespace
}  // namespace noroshi::paper
