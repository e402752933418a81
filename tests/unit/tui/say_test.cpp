// Reading aloud at the console: the script behind one key, the same words at both ends of the line.
#include "client-tui/words/spoken.hpp"

#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

/// "かきこさ-せたとね" of the page that is open, turned to its end.
std::string words_shown(Seat& seat) {
  const std::string text = seat.press("End").text();
  const std::string mark = "確認の語: ";
  const auto at = text.find(mark);
  REQUIRE(at != std::string::npos);
  return text.substr(at + mark.size(), 25);
}

TEST_CASE("a report is read aloud with one key, and its check words are those of its values") {
  Network network;
  PostOffice post;
  Seat seat(network, post, field_of(kIshikawa));
  seat.press("1 1 9 3 2 2 4 1 s 0 2 Enter").press("y");
  REQUIRE(seat.shows("電話で読み上げる"));
  CHECK(seat.shows("訓練、訓練、訓練"));
  CHECK(seat.shows("様式コード: F いち 被害速報"));
  const forms::Script script =
      forms::script(seat.last_sent().report, forms::Catalogue::built_in(), forms::Language::ja);
  CHECK(words_shown(seat) == words::check_words(script.check));
  seat.press("q");
  CHECK_FALSE(seat.shows("確認の語"));
}

TEST_CASE("a report is written out for printing with one key, and the file is named") {
  Network network;
  PostOffice post;
  Seat seat(network, post, field_of(kIshikawa));
  seat.press("1 1 9 3 2 2 4 1 s 0 2 Enter").press("p");
  CHECK(seat.shows("書き出しました"));
  const auto folder = seat.office().home() / "print";
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    ++files;
    CHECK(file.path().filename() == "17-21.1-1.0.html");
    CHECK(std::filesystem::file_size(file.path()) > 2'000);
  }
  CHECK(files == 1);
}

TEST_CASE("whoever takes it down sees the same words before signing") {
  Network network;
  PostOffice post;
  Seat caller(network, post, field_of(kIshikawa));
  caller.press("1 1 9 3 2 2 4 1 y");
  const std::string read = words_shown(caller);
  Seat other(network, post, field_of(kIshikawa));
  other.press("1 1 9 3 2 2 3 1 y");
  CHECK(words_shown(other) != read);
  other.press("q");
  CHECK(other.shows("送る前の確認"));
  CHECK(other.sent() == 0);
}

TEST_CASE("the line that is read is marked, and every size of window is drawn") {
  Network network;
  PostOffice post;
  Seat seat(network, post, field_of(kIshikawa));
  seat.press("1 1 9 3 2 2 4 1 y").press("Down Down");
  CHECK(seat.shows("> 様式コード"));
  seat.press("Down");
  CHECK(seat.shows("> 報告単位"));
  for (const tui::Size size : {tui::Size{1, 1}, {2, 5}, {5, 20}, {16, 60}, {43, 132}}) {
    seat.resize(size);
    CHECK(seat.screen().size() == size);
  }
}

}  // namespace
}  // namespace noroshi::test
