// The daemon's log: one line an event on stderr, key=value, names and numbers only: never content, positions
// or personal data. Under journald the level stands in front as <n>; elsewhere the time does.
//
//   time=2026-01-02T03:04:05Z level=info event=link_up peer=1/2 link=全国
//
// What strangers can cause is counted, not repeated: of each event only the first kBurst lines in kEvery are
// written, then one line says how many were held back.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "proto/time.hpp"

namespace noroshi::daemon {

enum class LogLevel : std::uint8_t { error = 3, warning = 4, info = 6 };

class Log {
 public:
  struct Field {
    std::string_view key;
    std::string value;
  };
  Log();
  void line(LogLevel level, std::string_view event, std::initializer_list<Field> fields, Instant now);
  void info(std::string_view event, std::initializer_list<Field> fields, Instant now) {
    line(LogLevel::info, event, fields, now);
  }
  void warning(std::string_view event, std::initializer_list<Field> fields, Instant now) {
    line(LogLevel::warning, event, fields, now);
  }
  void error(std::string_view event, std::initializer_list<Field> fields, Instant now) {
    line(LogLevel::error, event, fields, now);
  }

 private:
  void write(LogLevel level, std::string_view event, std::initializer_list<Field> fields);
  struct Burst {
    Instant began;
    unsigned written = 0, held = 0;
  };
  bool journald_ = false;
  std::map<std::string, Burst, std::less<>> bursts_;
};

/// As a value in a line: quoted if it must be, control characters as \xNN.
[[nodiscard]] std::string log_value(std::string_view text);

}  // namespace noroshi::daemon
