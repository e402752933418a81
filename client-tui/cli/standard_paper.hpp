// Standard input and output as the paper of programs that work line by line.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "client-tui/tui/plain/paper.hpp"

namespace noroshi::cli {

/// A line that waits for its answer is out before anything is read.
class StandardPaper final : public tui::plain::Paper {
 public:
  StandardPaper() = default;
  ~StandardPaper() override { std::free(line_); }

 private:
  void put(const std::string& text) override { std::fwrite(text.data(), 1, text.size(), stdout); }
  std::optional<std::string> read() override {
    std::fflush(stdout);
    const ssize_t length = ::getline(&line_, &room_, stdin);
    if (length < 0) return std::nullopt;
    std::string line(line_, static_cast<std::size_t>(length));
    if (line.ends_with('\n')) line.pop_back();
    if (!echoed_) print(line);  // a record of a script reads like that of a person
    return line;
  }
  const bool echoed_ = ::isatty(STDIN_FILENO) != 0;  // by the terminal
  char* line_ = nullptr;                             // getline's own
  std::size_t room_ = 0;
};

}  // namespace noroshi::cli
