// Pictures and documents, as people send them and take them out from the command line.
#include <iterator>

#include "tests/support/camera.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/cli/person.hpp"

namespace noroshi::cli {
namespace {

std::string contents(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Photographer {
  Photographer() {
    const Bytes taken = test::photograph(test::noise(400, 300), 400, 300, {1, 37.39055, 136.89917, ""});
    std::ofstream(photo, std::ios::binary) << text_of(taken);
    std::ofstream(table) << "戸数,345\r\n";
  }
  test::TemporaryDirectory directory;
  std::string photo = (directory.path() / "IMG_0001.jpg").string(),
              table = (directory.path() / "list.csv").string();
  PostOffice post;
  Person branch{post, field_of(kIshikawa)}, ministry{post, desk_of(kMinistry)};
};

TEST_CASE_METHOD(Photographer,
                 "a picture and a table go behind a message and are taken out at the ministry") {
  const Said sent = branch.run({"attach", photo, table, "--incident", "2024001", "--text", "倉庫の様子",
                                "--caption", "倉庫", "--picture-kb", "30", "--json"});
  INFO(sent.err);
  REQUIRE(sent.code == 75);
  CHECK(sent.err.find("IMG_0001.jpg: ") != std::string::npos);
  const std::string id = sent.one().at("id");
  branch.contact();
  ministry.contact();
  const std::string out = (directory.path() / "out").string();
  std::filesystem::create_directory(out);
  const Said taken = ministry.run({"files", id, "--save", out, "--json"});
  REQUIRE(taken.code == 0);
  const auto lines = taken.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].at("media_type") == "image/jpeg");
  CHECK(lines[0].at("caption") == "倉庫");
  CHECK(lines[0].at("complete") == true);
  CHECK(lines[0].at("size") <= 30'000);
  CHECK(contents(lines[1].at("saved").get<std::string>()) == contents(table));
  CHECK(contents(lines[0].at("saved").get<std::string>()).find("Exif") == std::string::npos);
  const auto shown = ministry.run({"show", id, "--json"}).one();
  CHECK(shown.at("files").size() == 2);
  // The original stays with who took it.
  CHECK(ministry.run({"files", id, "--save", out, "--original"}).code == 69);
  const auto original = branch.run({"files", id, "--save", out, "--original", "--json"}).lines();
  CHECK(contents(original.at(0).at("saved").get<std::string>()) == contents(photo));
}

TEST_CASE_METHOD(Photographer, "a form takes a picture along and is told where it was taken") {
  const Said dry = branch.run({"new", "F3", "--incident", "2024001", "--attach", photo, "--json"});
  INFO(dry.err);
  CHECK(dry.err.find("--set ") != std::string::npos);
  CHECK(dry.err.find("37.39055") != std::string::npos);
  const auto facts = dry.one();
  CHECK(facts.at("files") == 1);
  CHECK(facts.at("files_sealed_bytes") > 1'000);
}

TEST_CASE_METHOD(Photographer, "before a picture is sent its size can be asked, and nothing goes out") {
  const Said dry = branch.run({"attach", photo, "--incident", "2024001", "--dry-run", "--json"});
  REQUIRE(dry.code == 0);
  CHECK(dry.one().at("files") == 1);
  CHECK(branch.run({"outbox", "--json"}).out.empty());
}

TEST_CASE_METHOD(Photographer, "what cannot be attached is refused in one line before anything is kept") {
  const auto program = directory.path() / "setup.exe";
  std::ofstream(program) << "MZ" << '\0';
  const auto refused = [&](Words words, int code) {
    const Said said = branch.run(std::move(words));
    INFO(said.err);
    CHECK(said.code == code);
    CHECK(std::count(said.err.begin(), said.err.end(), '\n') == 1);
  };
  refused({"attach", program.string(), "--incident", "2024001"}, 65);
  refused({"attach", (directory.path() / "absent.jpg").string(), "--incident", "2024001"}, 74);
  refused({"attach", photo, "--picture-kb", "1", "--incident", "2024001"}, 64);
  refused({"new", "F1", "--caption", "何か", "--incident", "2024001"}, 64);
  REQUIRE(branch.run(full_f1(directory.path(), {"--send"})).code == 75);
  CHECK(branch.run({"files", "17/21.1/1.0"}).code == 64);
  CHECK(branch.run({"outbox", "--json"}).lines().size() == 1);
}

}  // namespace
}  // namespace noroshi::cli
