// What the kernel says of batteries, from folders that look like its own.
#include "client-tui/tui/battery.hpp"

#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

namespace noroshi::tui {
namespace {

struct Supplies {
  test::TemporaryDirectory directory;
  void add(const std::string& name, const std::vector<std::pair<std::string, std::string>>& files) const {
    std::filesystem::create_directory(directory.path() / name);
    for (const auto& [file, text] : files) std::ofstream(directory.path() / name / file) << text << '\n';
  }
  [[nodiscard]] std::optional<Battery> read() const { return read_battery(directory.path()); }
};

TEST_CASE_METHOD(Supplies, "a machine on mains alone has no battery") {
  CHECK_FALSE(read_battery(directory.path() / "missing").has_value());
  add("AC", {{"type", "Mains"}, {"online", "1"}});
  CHECK_FALSE(read().has_value());
}

TEST_CASE_METHOD(Supplies, "a battery says how full it is, and whether it is being used up") {
  add("BAT0", {{"type", "Battery"}, {"capacity", "43"}, {"status", "Discharging"}});
  REQUIRE(read().has_value());
  CHECK(read()->percent == 43);
  CHECK_FALSE(read()->on_mains);
  add("BAT1", {{"type", "Battery"}, {"capacity", "93"}, {"status", "Full"}});
  CHECK(read()->percent == 68);
  CHECK_FALSE(read()->on_mains);
}

TEST_CASE_METHOD(Supplies, "the battery of a mouse, and one that says nothing, are none") {
  add("hid-mouse", {{"type", "Battery"}, {"scope", "Device"}, {"capacity", "5"}, {"status", "Discharging"}});
  add("BAT0", {{"type", "Battery"}, {"capacity", "unknown"}});
  CHECK_FALSE(read().has_value());
  add("BAT1", {{"type", "Battery"}, {"capacity", "250"}, {"status", "Charging"}});
  CHECK(read()->percent == 100);
  CHECK(read()->on_mains);
}

}  // namespace
}  // namespace noroshi::tui
