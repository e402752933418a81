// `noroshi demo`: plays a scenario on real processes of this machine and counts what was delivered.
#pragma once

#include <filesystem>
#include <string>

namespace noroshi::cli::demo {

struct Options {
  std::string scenario = "noto";  ///< a name of share/noroshi/demo, or a file
  std::filesystem::path
      keep;  ///< everything stays here; empty: a temporary directory, removed unless something failed
  bool check = false;     ///< only counts again what `keep` holds
  bool drop_one = false;  ///< withholds one report that is written down as sent: the count must find it
  bool japanese = true;
};

/// Ends with the board of the ministry and the line `delivered N duplicated 0 lost 0`. The process's exit
/// code: 0 only if the count says so; 75 when interrupted.
[[nodiscard]] int run(const Options& options);

}  // namespace noroshi::cli::demo
