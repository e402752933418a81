#include "client-tui/cli/demo/screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace noroshi::cli::demo {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLiveEvery{200};
constexpr std::chrono::seconds kPlainEvery{10};
constexpr std::size_t kLabelColumns = 24;
constexpr std::size_t kBarColumns = 24;

/// Columns of a label: ASCII takes one, what our labels hold beyond it (kana, kanji) two.
std::size_t columns(const std::string& text) {
  std::size_t out = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += 1;
    else if (byte >= 0xC0)
      out += 2;
  }
  return out;
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string drawn(const Bar& bar) {
  const std::size_t full = bar.total == 0 ? 0 : bar.done * kBarColumns / bar.total;
  std::string cells;
  for (std::size_t i = 0; i < kBarColumns; ++i) cells += i < full ? "█" : "░";
  return fmt::format("  {} {} {:>3}/{:<3} {}", padded(bar.label, kLabelColumns), cells, bar.done, bar.total,
                     bar.note);
}

}  // namespace

void Screen::act(const std::string& title) {
  const auto seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
  line(live_ ? fmt::format("\x1b[1m{:6.1f} s  {}\x1b[0m", seconds, title)
             : fmt::format("{:6.1f} s  {}", seconds, title));
}

void Screen::note(const std::string& text) {
  line("          " + text);
}

void Screen::text(const std::string& text) {
  line(text);
}

void Screen::line(const std::string& text) {
  clear();
  fmt::print("{}\n", text);
  if (live_) draw();
  std::fflush(stdout);
}

void Screen::progress(const std::vector<Bar>& bars) {
  bars_ = bars;
  const auto now = Clock::now();
  if (now - drawn_ < (live_ ? Clock::duration(kLiveEvery) : Clock::duration(kPlainEvery))) return;
  drawn_ = now;
  if (live_) {
    clear();
    draw();
  } else {
    std::string plain;
    for (const Bar& bar : bars_)
      plain += fmt::format("{}{} {}/{}", plain.empty() ? "" : " · ", bar.label, bar.done, bar.total);
    fmt::print("          {}\n", plain);
  }
  std::fflush(stdout);
}

void Screen::draw() {
  for (const Bar& bar : bars_) fmt::print("{}\n", drawn(bar));
  block_lines_ = bars_.size();
}

void Screen::clear() {
  if (block_lines_ == 0) return;
  fmt::print("\x1b[{}A\x1b[J", block_lines_);
  block_lines_ = 0;
}

}  // namespace noroshi::cli::demo
