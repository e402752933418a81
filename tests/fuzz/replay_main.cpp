// Runs a fuzz target over a folder of inputs, as an ordinary test: each committed input, and each with its
// last byte cut and its first bit flipped. Fails if the folder is missing or empty, or if the target accepted
// none of it.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "tests/fuzz/accepted.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  for (int i = 1; i < argc; ++i) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i], error)) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      ++inputs;
      if (bytes.empty()) continue;
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size() - 1);
      bytes[0] ^= 0x80;
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
  }
  std::printf("%zu inputs replayed\n", inputs);
  return noroshi::fuzz::accepted.inputs() > 0 ? 0 : 1;
}
