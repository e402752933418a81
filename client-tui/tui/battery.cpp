#include "client-tui/tui/battery.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace noroshi::tui {
namespace {

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

std::optional<Battery> read_battery(const std::filesystem::path& supplies) {
  int sum = 0, count = 0;
  bool draining = false;
  std::error_code none;
  for (const auto& supply : std::filesystem::directory_iterator(supplies, none)) {
    // A wireless mouse has a battery too: scope is Device.
    if (first_line(supply.path() / "type") != "Battery" || first_line(supply.path() / "scope") == "Device")
      continue;
    std::ifstream in(supply.path() / "capacity");
    int percent = 0;
    if (!(in >> percent)) continue;
    sum += std::clamp(percent, 0, 100);
    ++count;
    draining = draining || first_line(supply.path() / "status") == "Discharging";
  }
  if (count == 0) return std::nullopt;
  return Battery{sum / count, !draining};
}

}  // namespace noroshi::tui
