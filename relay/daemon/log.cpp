#include "relay/daemon/log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace noroshi::daemon {
namespace {

constexpr unsigned kBurst = 30;
constexpr Millis kEvery{10'000};

std::string_view name_of(LogLevel level) {
  return level == LogLevel::error ? "error" : level == LogLevel::warning ? "warning" : "info";
}

}  // namespace

Log::Log() : journald_(std::getenv("JOURNAL_STREAM") != nullptr) {}

void Log::line(LogLevel level, std::string_view event, std::initializer_list<Field> fields, Instant now) {
  auto found = bursts_.find(event);
  if (found == bursts_.end()) found = bursts_.emplace(std::string(event), Burst{now, 0, 0}).first;
  Burst& burst = found->second;
  if (now - burst.began >= kEvery) {
    if (burst.held > 0)
      write(LogLevel::warning, "held_back",
            {{"of", std::string(event)}, {"lines", std::to_string(burst.held)}});
    burst = {now, 0, 0};
  }
  if (burst.written >= kBurst) {
    ++burst.held;
    return;
  }
  ++burst.written;
  write(level, event, fields);
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<Field> fields) {
  std::string out = journald_ ? fmt::format("<{}>", static_cast<int>(level))
                              : fmt::format("time={:%Y-%m-%dT%H:%M:%SZ} level={} ",
                                            fmt::gmtime(std::time(nullptr)), name_of(level));
  out += fmt::format("event={}", event);
  for (const Field& field : fields) out += fmt::format(" {}={}", field.key, log_value(field.value));
  out += '\n';
  // One write a line, so that lines of several processes do not mix. A log that nobody takes is not our
  // trouble.
  (void)!::write(STDERR_FILENO, out.data(), out.size());
}

std::string log_value(std::string_view text) {
  std::string out;
  bool quote = text.empty();
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
      quote = true;
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    quote = quote || c == ' ' || c == '=' || c == '"' || c == '\\';
    out += c;
  }
  return quote ? '"' + out + '"' : out;
}

}  // namespace noroshi::daemon
