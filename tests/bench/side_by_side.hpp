// A large thing beside a small one: figures of both, each run in a process of its own, in turn.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/support/must.hpp"

namespace noroshi::bench {

using Clock = std::chrono::steady_clock;
/// Name with its unit → value.
using Figures = std::map<std::string, double>;

/// Milliseconds.
inline double since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

inline double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Of this process: RssAnon of proc(5), which leaves out the pages of mapped files.
inline double anonymous_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == "RssAnon:" && status >> kib) return kib / 1024;
  }
  return 0;
}

/// In the measured process: at work, as far as `ready` is concerned.
inline void say_ready() {
  std::printf("ready\t0\n");
  std::fflush(stdout);
}
inline void say(const Figures& figures) {
  for (const auto& [what, value] : figures) std::printf("%s\t%f\n", what.c_str(), value);
}

/// Runs `self --measure HOME` and hears what it says; `ready` names the time from its start to say_ready.
inline Figures measured(const std::string& self, const std::string& home, const std::string& ready) {
  const auto begin = Clock::now();
  std::FILE* pipe = ::popen(("exec " + self + " --measure " + home).c_str(), "r");
  if (pipe == nullptr) test::fail("no process");
  Figures out;
  for (char line[256]; std::fgets(line, sizeof line, pipe) != nullptr;) {
    const std::string text(line);
    const std::size_t tab = text.find('\t');
    if (tab == std::string::npos) continue;
    if (text.starts_with("ready"))
      out[ready] = since(begin);
    else
      out[text.substr(0, tab)] = std::atof(text.c_str() + tab + 1);
  }
  if (::pclose(pipe) != 0) test::fail("the measured process failed");
  return out;
}

struct Side {
  std::string name, home;
};

/// Medians of `runs` runs of each, in turn, as a table.
inline void compare(const std::string& self, const std::string& ready, const Side& few, const Side& many,
                    int runs) {
  std::map<std::string, std::vector<double>> values[2];
  for (int run = 0; run < runs; ++run) {
    for (const int which : {0, 1}) {
      for (const auto& [what, value] : measured(self, (which == 0 ? few : many).home, ready))
        values[which][what].push_back(value);
    }
  }
  std::printf("| medians of %d runs in turn | %s | %s | ratio |\n|---|---|---|---|\n", runs, few.name.c_str(),
              many.name.c_str());
  for (const auto& [what, of_few] : values[0]) {
    const double a = median(of_few), b = median(values[1][what]);
    std::printf("| %s | %.2f | %.2f | %.2f |\n", what.c_str(), a, b, a > 0 ? b / a : 0.0);
  }
}

}  // namespace noroshi::bench
