// The questions of a first run, as somebody answers them.
#include "client-tui/cli/first_run.hpp"

#include <deque>

#include "keys/language.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::cli {
namespace {

class Answers final : public tui::plain::Paper {
 public:
  explicit Answers(std::deque<std::string> lines) : lines_(std::move(lines)) {
    keys::speak(keys::Language::ja);
  }
  std::string printed;

 private:
  void put(const std::string& text) override { printed += text; }
  std::optional<std::string> read() override {
    if (lines_.empty()) return std::nullopt;
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    return line;
  }
  std::deque<std::string> lines_;
};

TEST_CASE("a field laptop is asked six things, and reads them back before it makes keys") {
  Answers paper({"17", "1", "輪島支部", "1700001", "", "", "1"});
  const auto first = ask_first_run({}, paper);
  REQUIRE(first.has_value());
  CHECK(first->org == 17);
  CHECK(first->role == "field");
  CHECK(first->site == "輪島支部");
  CHECK(first->unit == 1700001);
  CHECK(first->handler == 0);
  CHECK_FALSE(first->without_relay);
  CHECK(paper.printed.find("組織 17  役割 現場  場所 輪島支部  報告単位 1700001  取扱者 未定  中継局 あり") !=
        std::string::npos);
}

TEST_CASE("a headquarters has no unit, and what was answered wrongly is asked again with what was said") {
  Answers paper({"abc", "0", "3000", "2", "2", "本部", "7", "2", "2", "1", "", "", "", "", "1"});
  const auto first = ask_first_run({}, paper);
  REQUIRE(first.has_value());
  CHECK(first->org == 1);
  CHECK(first->role == "desk");
  CHECK(first->site == "本部");
  CHECK(first->handler == 7);
  CHECK(first->without_relay);
  CHECK(paper.printed.find("1 から 2047 までの数を入れてください") != std::string::npos);
  CHECK(paper.printed.find("[本部]") != std::string::npos);
}

TEST_CASE("whoever leaves, or whose line ends, has made nothing") {
  Answers left({"17", "."});
  CHECK_FALSE(ask_first_run({}, left).has_value());
  Answers ended({"17", "1"});
  CHECK_FALSE(ask_first_run({}, ended).has_value());
}

}  // namespace
}  // namespace noroshi::cli
