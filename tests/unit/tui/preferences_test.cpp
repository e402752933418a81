// console.toml: what it may say, and what it is told when it says something else.
#include "client-tui/tui/preferences.hpp"

#include "keys/language.hpp"
#include "tests/support/catch.hpp"

namespace noroshi::tui {
namespace {

std::string why_not(std::string_view text) {
  keys::speak(keys::Language::en);
  const auto read = parse_preferences(text, "console.toml");
  if (read.ok()) return "";
  CHECK(read.error().code == Code::config);
  CHECK(read.error().text.find('\n') == std::string::npos);
  return read.error().text;
}

TEST_CASE("without a file everything is as the documents say") {
  const Preferences usual = parse_preferences("", "console.toml").value();
  CHECK_FALSE(usual.slow.has_value());
  CHECK_FALSE(usual.glyphs.has_value());
  CHECK(usual.theme == Theme::dark);
  CHECK(usual.bell == proto::Level::flash);
  CHECK(usual.hook.empty());
  CHECK(usual.gpsd_port == 0);
  CHECK(usual.bindings.key(Action::search, {Where::list}) == "/");
}

TEST_CASE("a whole file is read") {
  const Preferences mine = parse_preferences(R"(
    [ui]
    slow = "yes"
    glyphs = "ascii"
    theme = "light"
    bell = "never"
    hook = "/usr/local/bin/siren"
    gpsd_port = 2947
    pictures = ["/media/card", "/srv/pictures"]
    [keys.list]
    search = ["s", "C-f"]
    [keys.typing]
    undo = ["C-z"]
  )",
                                             "console.toml")
                               .value();
  CHECK(mine.gpsd_port == 2947);
  CHECK(mine.slow == true);
  CHECK(mine.glyphs == Glyphs::ascii);
  CHECK(mine.theme == Theme::light);
  CHECK_FALSE(mine.bell.has_value());
  CHECK(mine.hook == "/usr/local/bin/siren");
  CHECK(mine.pictures == std::vector<std::filesystem::path>{"/media/card", "/srv/pictures"});
  CHECK(mine.bindings.action(typed("s"), {Where::list}) == Action::search);
  CHECK_FALSE(mine.bindings.action(typed("/"), {Where::list}).has_value());
  // C-f was a page down there; that has PgDn and the space bar still.
  CHECK(mine.bindings.key(Action::page_down, {Where::list}) == "PgDn");
  CHECK(mine.bindings.action({Key::Kind::control, "z"}, {Where::typing}) == Action::undo);
}

TEST_CASE("what is wrong is said with its file, its line and what to write") {
  CHECK(why_not("[ui]\nslow = true") == "console.toml:2: ui.slow: must be a text in quotes");
  CHECK(why_not("[ui]\n\nbell = \"loud\"") ==
        "console.toml:3: ui.bell: must be one of flash urgent routine bulk never");
  CHECK(why_not("[ui]\nthem = \"dark\"") == "console.toml:2: ui.them: unknown key, did you mean theme?");
  CHECK(why_not("[ui]\nhook = \"siren\"") == "console.toml:2: ui.hook: write a path that begins with /");
  CHECK(why_not("[keys]\nlist = 1").find("must be a table: [keys.PLACE]") != std::string::npos);
  CHECK(why_not("[keys.lsit]\nup = [\"k\"]").find("unknown word: lsit, did you mean list?") !=
        std::string::npos);
  CHECK(why_not("[keys.list]\nserach = [\"k\"]").find("unknown word: serach, did you mean search?") !=
        std::string::npos);
  CHECK(why_not("[keys.list]\nsearch = [\"Hyper-x\"]").find("is no name of a key: Hyper-x") !=
        std::string::npos);
  CHECK(why_not("ui = ").starts_with("console.toml:1: is no TOML: "));
}

TEST_CASE("keys that terminals and input methods need cannot be given away") {
  for (const std::string key : {"C-j", "C-m", "C-i", "C-h", "C-o", "C-\\\\"})
    CHECK(why_not("[keys.list]\nsearch = [\"" + key + "\"]").find("need this key") != std::string::npos);
}

TEST_CASE("a letter stays a letter where letters are typed") {
  CHECK(why_not("[keys.form]\nreview = [\"s\"]").find("letters are typed here") != std::string::npos);
  CHECK(why_not("[keys.pick]\nopen = [\"l\"]").find("letters are typed here") != std::string::npos);
}

TEST_CASE("no action is left without a key") {
  CHECK(why_not("[keys.list]\nsearch = []").find("no key is left for \"search\"") != std::string::npos);
  CHECK(why_not("[keys.review]\nkeep = [\"s\"]").find("no key is left for \"sign, seal and send\"") !=
        std::string::npos);
  CHECK(why_not("[keys.review]\nkeep = [\"s\"]\nsend = [\"S\"]").empty());
}

TEST_CASE("the Linux console is known not to draw Japanese") {
  CHECK(glyphs_of("linux") == Glyphs::ascii);
  CHECK(glyphs_of("xterm-256color") == Glyphs::all);
}

}  // namespace
}  // namespace noroshi::tui
