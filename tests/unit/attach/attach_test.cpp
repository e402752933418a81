// What a camera, a card and a folder have, made fit for a thin line.
#include <fstream>

#include "client-tui/attach/exif.hpp"
#include "client-tui/attach/file.hpp"
#include "tests/support/camera.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace noroshi::attach {
namespace {

using test::Camera;
using test::noise;
using test::photograph;

/// A picture of single grey pixels, row by row.
Picture greys(int width, int height, const std::vector<int>& rows) {
  Picture out{width, height, {}};
  for (const int grey : rows) out.pixels.insert(out.pixels.end(), 3, static_cast<std::uint8_t>(grey));
  return out;
}
std::vector<int> rows_of(const Picture& picture) {
  std::vector<int> out;
  for (std::size_t i = 0; i < picture.pixels.size(); i += 3) out.push_back(picture.pixels[i]);
  return out;
}
bool holds(BytesView bytes, std::string_view part) {
  return text_of(bytes).find(part) != std::string_view::npos;
}

TEST_CASE("a photograph of twelve million pixels becomes one of 40 kB with nothing beside its pixels") {
  const Camera camera{6, 37.39055, 136.89917, "2024:01:02 11:25:00"};
  const Bytes taken = photograph(noise(4'000, 3'000), 4'000, 3'000, camera);
  REQUIRE(holds(taken, "Exif"));
  const auto sent = prepare(taken, "DSC_0001.JPG", kPictureBytes);
  REQUIRE(sent.ok());
  CHECK(sent->file.bytes.size() <= 40'000);
  CHECK(sent->was == taken.size());
  CHECK(sent->media == forms::MediaType::jpeg);
  CHECK_FALSE(holds(sent->file.bytes, "Exif"));
  CHECK(exif_of(sent->file.bytes).position == std::nullopt);
  CHECK((sent->file.original == taken));
  // Held sideways, and upright now.
  const auto seen = decode(sent->file.bytes);
  REQUIRE(seen.ok());
  CHECK(seen->width < seen->height);
  REQUIRE(sent->position.has_value());
  CHECK(sent->position->lat_e5 == 3'739'055);
  CHECK(sent->position->lon_e5 == 13'689'917);
  CHECK(sent->taken == parse_time("2024-01-02T11:25:00+09:00"));
}

TEST_CASE("a smooth picture keeps its pixels, since they are cheap") {
  Picture sky{1'280, 960, Bytes(std::size_t{1'280} * 960 * 3, 200)};
  const auto small = jpeg_within(sky, kPictureBytes);
  REQUIRE(small.ok());
  const auto seen = decode(*small);
  REQUIRE(seen.ok());
  CHECK(seen->width == 1'280);
  CHECK(seen->height == 960);
}

TEST_CASE("a camera held in any of eight ways gives an upright picture") {
  // 1 2 3
  // 4 5 6
  const Picture stored = greys(3, 2, {1, 2, 3, 4, 5, 6});
  const std::vector<std::pair<int, std::vector<int>>> ways{
      {1, {1, 2, 3, 4, 5, 6}}, {2, {3, 2, 1, 6, 5, 4}}, {3, {6, 5, 4, 3, 2, 1}}, {4, {4, 5, 6, 1, 2, 3}},
      {5, {1, 4, 2, 5, 3, 6}}, {6, {4, 1, 5, 2, 6, 3}}, {7, {6, 3, 5, 2, 4, 1}}, {8, {3, 6, 2, 5, 1, 4}}};
  for (const auto& [orientation, upright_rows] : ways) {
    INFO(orientation);
    const Picture turned = upright(stored, orientation);
    CHECK(rows_of(turned) == upright_rows);
    CHECK(turned.width == (orientation < 5 ? 3 : 2));
  }
  CHECK(rows_of(upright(stored, 0)) == rows_of(stored));
  CHECK(rows_of(upright(stored, 9)) == rows_of(stored));
}

TEST_CASE("a smaller picture is the mean of the larger one, and never larger than it") {
  const Picture four = greys(4, 2, {0, 100, 10, 20, 100, 200, 30, 40});
  const Picture two = smaller(four, 2);
  CHECK(two.width == 2);
  CHECK(two.height == 1);
  CHECK(rows_of(two) == std::vector<int>{100, 25});
  CHECK(rows_of(smaller(four, 100)) == rows_of(four));
  CHECK(smaller(greys(1, 5, {1, 2, 3, 4, 5}), 2).width == 1);
}

TEST_CASE("what is transparent in a drawing is paper") {
  Bytes pixels;
  for (int i = 0; i < 64 * 64; ++i) pixels.insert(pixels.end(), {0, 0, 0, 0});
  const auto sent = prepare(test::drawing(pixels, 64, 64), "map.png", kPictureBytes);
  REQUIRE(sent.ok());
  CHECK(is_jpeg(sent->file.bytes));
  const auto seen = decode(sent->file.bytes);
  REQUIRE(seen.ok());
  CHECK(seen->pixels.front() > 250);
}

TEST_CASE("a table, a text and a document stay as they are; what runs is not taken") {
  const auto of = [](std::string_view bytes, std::string_view name) {
    return prepare(view_of(bytes), name, kPictureBytes);
  };
  CHECK(of("%PDF-1.7\n…", "a.pdf")->media == forms::MediaType::pdf);
  CHECK(of("戸数,345\r\n", "b.csv")->media == forms::MediaType::csv);
  CHECK(of("\x8c\xcb\x90\x94,345\r\n", "b.csv")->media == forms::MediaType::csv);  // Shift_JIS
  CHECK(of("本文\n", "c.TXT")->media == forms::MediaType::text);
  CHECK(of("本文\n", "c.txt")->file.bytes == bytes_of(view_of("本文\n")));
  CHECK(of("本文\n", "c.txt")->file.original.empty());
  const std::string program("\177ELF\2\1\1\0", 8), telephone("\0\0\0\30ftypheic", 12);
  const std::vector<std::pair<std::string, std::string>> others{
      {program, "a.txt"},      {"MZ\220\3", "setup.csv"},    {"#!/bin/sh\n", "run.sh"},
      {"<html>", "page.html"}, {telephone, "IMG_0001.HEIC"}, {"", "empty.jpg"}};
  for (const auto& [bytes, name] : others) {
    INFO(name);
    const auto refused = of(bytes, name);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == Code::bad_data);
    CHECK(refused.error().text.find(name) != std::string::npos);
    CHECK(refused.error().text.find('\n') == std::string::npos);
  }
}

TEST_CASE("a picture that is cut off is sent as far as it goes, one that is none is refused") {
  const Bytes whole = photograph(noise(640, 480), 640, 480);
  CHECK(prepare(BytesView(whole).first(whole.size() / 2), "half.jpg", kPictureBytes).ok());
  for (std::size_t size : {4u, 20u, 200u}) {
    const auto refused = prepare(BytesView(whole).first(size), "stump.jpg", kPictureBytes);
    CHECK((refused.ok() || refused.error().code == Code::bad_data));
  }
  CHECK_FALSE(prepare(view_of("\xFF\xD8\xFF\xE0 not a picture"), "a.jpg", kPictureBytes).ok());
  Bytes huge = test::drawing(Bytes(16, 0), 2, 2);
  huge[16] = 0x7F;  // the width that its head says
  const auto refused = prepare(huge, "bomb.png", kPictureBytes);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == Code::bad_data);
}

TEST_CASE("what a camera wrote is believed only where it can be") {
  const Bytes pixels = noise(16, 16);
  const auto written = [&](const Camera& camera) { return exif_of(photograph(pixels, 16, 16, camera)); };
  CHECK(written({1, -33.5, -70.25, ""}).position->lat_e5 == -3'350'000);
  CHECK(written({1, -33.5, -70.25, ""}).position->lon_e5 == -7'025'000);
  CHECK(written({1, 0.0, 0.0, ""}).position == std::nullopt);     // nothing heard yet
  CHECK(written({1, 137.5, 20.0, ""}).position == std::nullopt);  // no such latitude
  CHECK(written({1, {}, {}, "0000:00:00 00:00:00"}).taken == std::nullopt);
  CHECK(exif_of(view_of("\xFF\xD8\xFF")).orientation == 1);
  Bytes torn = photograph(pixels, 16, 16, {8, 37.0, 137.0, "2024:01:02 11:25:00"});
  for (std::size_t i = 12; i < 150; ++i) {  // no byte of it makes the reader fall
    Bytes bent = torn;
    bent[i] ^= 0xFF;
    (void)exif_of(bent);
  }
}

TEST_CASE("pictures are found newest first, in folders of folders, and never through links") {
  namespace fs = std::filesystem;
  test::TemporaryDirectory directory;
  const fs::path card = directory.path() / "card", out = directory.path() / "out";
  fs::create_directories(card / "DCIM/100");
  fs::create_directories(out);
  const auto put = [](const fs::path& path, int age_s) {
    std::ofstream(path) << "x";
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::seconds(age_s));
  };
  put(card / "DCIM/100/old.JPG", 300);
  put(card / "DCIM/100/new.jpeg", 100);
  put(card / "middle.png", 200);
  put(card / "notes.txt", 1);
  put(out / "secret.jpg", 1);
  fs::create_directory_symlink(out, card / "link");
  fs::create_symlink(out / "secret.jpg", card / "secret.jpg");
  std::vector<std::string> names;
  for (const Found& found : pictures_in({directory.path() / "absent", card}, 10))
    names.push_back(found.path.filename().string());
  CHECK(names == std::vector<std::string>{"new.jpeg", "middle.png", "old.JPG"});
  CHECK(pictures_in({card}, 2).size() == 2);
}

TEST_CASE("a file outside is called by its report, whatever somebody called it") {
  const ReportId id{{{{17}, 3}, 1}, 42, 0};
  CHECK(outside_name(id, 2, forms::MediaType::jpeg) == "17-3.1-42.0-2.jpg");
  CHECK(outside_name(id, 1, forms::MediaType{99}) == "17-3.1-42.0-1.bin");
}

}  // namespace
}  // namespace noroshi::attach
