// A file that holds nothing but room: given back to the file system when it is full, so that a store which
// cannot take anything new can still write what it owes (acks, receipts, deletions).
#pragma once

#include <cstddef>
#include <filesystem>

namespace noroshi::store {

class Ballast {
 public:
  Ballast(std::filesystem::path directory, std::size_t bytes)
      : file_(std::move(directory) / "ballast"), bytes_(bytes) {}
  /// Takes its room on disk, if the file system has it. True if it is held now.
  bool take();
  /// Gives it back. True if there was something to give.
  bool release();
  [[nodiscard]] bool held() const;

 private:
  std::filesystem::path file_;
  std::size_t bytes_;
};

}  // namespace noroshi::store
