#include "tests/support/shell.hpp"

#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "client-tui/cli/context.hpp"

namespace noroshi::test {
namespace {

/// Catches what is written to one descriptor while it lives.
class Catcher {
 public:
  Catcher(std::FILE* stream, int fd) : stream_(stream), fd_(fd), saved_(::dup(fd)), file_(std::tmpfile()) {
    std::fflush(stream_);
    ::dup2(::fileno(file_), fd_);
  }
  ~Catcher() {
    if (file_ != nullptr) finish();
  }
  Catcher(const Catcher&) = delete;
  Catcher& operator=(const Catcher&) = delete;
  std::string finish() {
    std::fflush(stream_);
    ::dup2(saved_, fd_);
    ::close(saved_);
    std::string text;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) text += static_cast<char>(c);
    std::fclose(file_);
    file_ = nullptr;
    return text;
  }

 private:
  std::FILE* stream_;
  int fd_, saved_;
  std::FILE* file_;
};

}  // namespace

std::vector<nlohmann::json> Said::lines() const {
  std::vector<nlohmann::json> out_lines;
  std::istringstream in(out);
  for (std::string line; std::getline(in, line);) out_lines.push_back(nlohmann::json::parse(line));
  return out_lines;
}

Said noroshi(std::vector<std::string> words) {
  words.insert(words.begin(), "noroshi");
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  Catcher out(stdout, STDOUT_FILENO), err(stderr, STDERR_FILENO);
  Said said;
  said.code = cli::run_program(static_cast<int>(argv.size()), argv.data());
  said.out = out.finish();
  said.err = err.finish();
  return said;
}

}  // namespace noroshi::test
