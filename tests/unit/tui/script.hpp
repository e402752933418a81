// A console without a screen whose answers are prepared beforehand.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client-tui/tui/plain/paper.hpp"

namespace noroshi::test {

/// When the answers run out the line is dead.
class Script final : public tui::plain::Paper {
 public:
  explicit Script(std::vector<std::string> answers) : answers_(std::move(answers)) {}
  std::string printed;

 private:
  void put(const std::string& text) override { printed += text; }
  std::optional<std::string> read() override {
    if (at_ == answers_.size()) return std::nullopt;
    printed += "\n";
    return answers_[at_++];
  }
  std::vector<std::string> answers_;
  std::size_t at_ = 0;
};

}  // namespace noroshi::test
