// How much is left in this laptop, as the kernel says it (Linux,
// Documentation/ABI/testing/sysfs-class-power).
#pragma once

#include <filesystem>
#include <optional>

namespace noroshi::tui {

struct Battery {
  int percent = 0;        ///< 0 … 100; the mean of several
  bool on_mains = false;  ///< nothing of it is used
};

/// Nothing where there is no battery, or none that says how full it is. Some small files are read.
[[nodiscard]] std::optional<Battery> read_battery(
    const std::filesystem::path& supplies = "/sys/class/power_supply");

}  // namespace noroshi::tui
