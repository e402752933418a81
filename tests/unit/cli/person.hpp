// Somebody at a terminal in their own home, and what they type most.
#pragma once

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/offices.hpp"
#include "tests/support/shell.hpp"

namespace noroshi::cli {

using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kStart;
using test::Network;
using test::noroshi;
using test::Office;
using test::PostOffice;
using test::Said;
using test::usual_network;
using Words = std::vector<std::string>;

/// A home whose clock stands at kStart, through the documented setting for exercises.
inline void set_clock(const keys::Home& home, WallTime to) {
  const std::int64_t offset = to.unix_seconds() - static_cast<std::int64_t>(std::time(nullptr));
  std::ofstream(home / "config.toml")
      << "[node]\nname = \"試験\"\norg = 17\nclock_offset_s = " << offset << "\n";
}

/// Somebody at a terminal in their own home.
class Person {
 public:
  Person(PostOffice& post, DeviceId device) : Person(usual_network(), post, device) {}
  Person(const Network& network, PostOffice& post, DeviceId device) : office_(network, post, device) {
    set_clock(office_.home(), kStart);
  }
  Said run(Words words) {
    office_.close();
    words.insert(words.end(), {"--home", office_.home().string()});
    if (std::find(words.begin(), words.end(), "--lang") == words.end())
      words.insert(words.end(), {"--lang", "en"});
    return noroshi(std::move(words));
  }
  /// A contact with the relay of this person's organisation.
  void contact(WallTime when = kStart) {
    office_.reopen();
    (void)office_.sync(when);
    office_.close();
  }
  Office& office() { return office_; }

 private:
  Office office_;
};

inline std::string full_f1_file(const std::filesystem::path& directory) {
  const auto file = directory / "f1.json";
  std::ofstream(file)
      << R"({"occurred_at":"2025-02-04T08:10:00+09:00","hazard_kind":"earthquake","max_intensity":"6+",
    "staff_safety":"all_safe","office_status":"partial","households_stopped":345,"cyl_lost":12,"cyl_scope":"consumer",
    "cyl_fallen":0,"cyl_buried":"?","gas_leaks":0,"fires":0,"explosions":0,"deaths":0,"missing":0,"serious_inj":0,
    "minor_inj":0,"can_deliver":"limited","road_access":"detour","power":"out","comms_working":["sat_data"],
    "help_needed":"none","checked_scope":"some","checked_households":120,"source_kind":"own_obs","confidence":"confirmed",
    "clock_quality":"gnss"})";
  return file.string();
}
inline Words full_f1(const std::filesystem::path& directory, const Words& more) {
  Words words{"new", "F1", "--incident", "2024001", "--from", full_f1_file(directory)};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}
inline bool one_line(const std::string& text) {
  return !text.empty() && text.find('\n') == text.size() - 1 && text.rfind("noroshi: ", 0) == 0;
}

}  // namespace noroshi::cli
