// Pictures at the console: chosen, captioned, taken off, sent, and taken out where they arrive.
#include <fstream>
#include <iterator>

#include "client-tui/tui/plain/plain.hpp"
#include "tests/support/camera.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/tui/script.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

namespace fs = std::filesystem;

struct Photographer {
  Photographer() {
    fs::create_directories(card / "DCIM");
    put("DCIM/IMG_0001.JPG", photograph(noise(320, 240), 320, 240, {1, 37.39055, 136.89917, ""}), 100);
    put("notes.jpg", bytes_of(view_of("これは写真ではありません")), 200);
    seat.desk_office().look_for_pictures_in({card});
  }
  void put(const std::string& name, const Bytes& bytes, int age_s) const {
    std::ofstream(card / name, std::ios::binary) << text_of(bytes);
    fs::last_write_time(card / name, fs::file_time_type::clock::now() - std::chrono::seconds(age_s));
  }
  /// The newest own report, whatever went along with it.
  desk::Reading last_report() {
    desk::Desk& desk = seat.office().desk();
    const auto view = desk.store().read();
    const auto line = desk.index(*view).window(desk::IndexView::List::outbox, 0, 1);
    return desk.letters(*view).read(line.at(0).msg)->reports.at(0);
  }
  std::vector<forms::Attachment> attached() {
    return forms::attachments_of(last_report().report, seat.office().desk().catalogue());
  }

  TemporaryDirectory directory;
  fs::path card = directory.path() / "card";
  Network network;
  PostOffice post;
  Seat seat{network, post, field_of(kIshikawa)};
};

TEST_CASE_METHOD(Photographer,
                 "without a screen a picture is put on any report at the last look, and taken off") {
  Script script({"1", "1", "9", "3", "2", "2", "4", "1",  // the first report
                 "6", "1", "1",                           // a picture, and where it was taken
                 "6", "2", "1",                           // the same once more
                 "6", "1",                                // one off
                 "1", "0"});
  REQUIRE(tui::plain::run(seat.desk_office(), script).ok());
  INFO(script.printed);
  CHECK(attached().size() == 1);
  CHECK(last_report().report.find(forms::field::position) != nullptr);
  CHECK(desk::drafts(seat.office().desk())->empty());
}

TEST_CASE_METHOD(Photographer, "a picture is five keys from the first screen to the relay") {
  REQUIRE(seat.shows("p  写真を送る"));
  seat.press("p");
  REQUIRE(seat.shows("IMG_0001.JPG"));
  seat.press("Enter");
  INFO(seat.text());
  REQUIRE(seat.shows("F9"));
  REQUIRE(seat.shows("添付1"));
  REQUIRE(seat.shows("にして付けました"));
  seat.press("C-s");
  INFO(seat.text());
  REQUIRE(seat.shows("添付 1:"));
  REQUIRE(seat.shows("報告の後から届きます"));
  seat.press("s");
  CHECK(seat.shows("送信待ちに入りました"));
  REQUIRE(attached().size() == 1);
  CHECK(desk::drafts(seat.office().desk())->empty());

  Seat ministry(network, post, desk_of(kMinistry));
  ministry.wait({10});
  ministry.press("1 Enter");
  INFO(ministry.text());
  REQUIRE(ministry.shows("添付 1:"));
  CHECK_FALSE(ministry.shows("まだ届いていません"));
  ministry.press("w");
  REQUIRE(ministry.shows("書き出しました"));
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(ministry.office().home() / "files")) {
    ++files;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string held(std::istreambuf_iterator<char>(file), {});
    CHECK(held.size() == attached().front().size);
    CHECK(held.find("Exif") == std::string::npos);
  }
  CHECK(files == 1);
}

TEST_CASE_METHOD(Photographer,
                 "in a form a picture gives its position, gets a caption, and is taken off again") {
  seat.press("8").type("F3").press("Enter C-p Enter");
  INFO(seat.text());
  REQUIRE(seat.shows("撮影した位置 37.39055"));
  seat.press("Enter");
  REQUIRE(seat.shows("添付1"));
  // A caption.
  seat.press("C-p Down Enter").type("容器の刻印").press("C-s C-p");
  REQUIRE(seat.shows("外す: 添付 1: 容器の刻印"));
  seat.press("Esc");
  const auto draft = desk::drafts(seat.office().desk())->front().message.reports.front();
  const forms::Catalogue& catalogue = seat.office().desk().catalogue();
  const forms::FormInfo& form = *catalogue.form("F3");
  const auto place = std::ranges::find(form.fields, forms::Kind::point, &forms::FieldInfo::kind);
  REQUIRE(place != form.fields.end());
  REQUIRE(draft.get<forms::Point>(place->number) != nullptr);
  CHECK(draft.get<forms::Point>(place->number)->lat_e5 == 3'739'055);
  REQUIRE(forms::attachments_of(draft, catalogue).size() == 1);
  CHECK(forms::attachments_of(draft, catalogue).front().caption == "容器の刻印");
  // Off again.
  seat.press("C-p Down Down Enter");
  CHECK_FALSE(seat.shows("添付1"));
}

TEST_CASE_METHOD(Photographer, "without a screen a picture is chosen by its number and follows its message") {
  Script script({"16", "1", ".", "1", "0"});
  REQUIRE(tui::plain::run(seat.desk_office(), script).ok());
  INFO(script.printed);
  CHECK(script.printed.find("IMG_0001.JPG") != std::string::npos);
  REQUIRE(attached().size() == 1);
  // And is written out by a number too.
  Script again({"10", "1", "10", "0"});
  REQUIRE(tui::plain::run(seat.desk_office(), again).ok());
  INFO(again.printed);
  CHECK(again.printed.find("書き出しました") != std::string::npos);
}

TEST_CASE_METHOD(Photographer, "what is no picture is refused in a line, and nothing is attached") {
  seat.press("8").type("F3").press("Enter C-p Down Enter");
  INFO(seat.text());
  CHECK(seat.shows("写真"));
  CHECK_FALSE(seat.shows("添付1"));
  seat.desk_office().look_for_pictures_in({});
  seat.press("C-p");
  CHECK(seat.shows("写真が見つかりません"));
}

}  // namespace
}  // namespace noroshi::test
