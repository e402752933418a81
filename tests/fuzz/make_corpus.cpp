// Writes the seeds of every target into a corpus folder: make_corpus DIR. Needed again when a format changes;
// inputs that fuzzing found stay beside them.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/seeds.hpp"

namespace {

using noroshi::fuzz::Seed;

void write(const std::filesystem::path& folder, const std::vector<Seed>& seeds) {
  std::filesystem::create_directories(folder);
  for (const Seed& seed : seeds) {
    std::ofstream file(folder / seed.name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.bytes.data()),
               static_cast<std::streamsize>(seed.bytes.size()));
  }
  std::printf("%s: %zu seeds\n", folder.c_str(), seeds.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: make_corpus DIR\n"), 64;
  const std::filesystem::path corpus = argv[1];
  write(corpus / "envelope", noroshi::fuzz::envelope_seeds());
  write(corpus / "object", noroshi::fuzz::object_seeds());
  write(corpus / "key_file", noroshi::fuzz::key_file_seeds());
  write(corpus / "paper", noroshi::fuzz::paper_seeds());
  write(corpus / "frame", noroshi::fuzz::frame_seeds());
  write(corpus / "node", noroshi::fuzz::node_seeds());
  write(corpus / "control", noroshi::fuzz::control_seeds());
  write(corpus / "form_body", noroshi::fuzz::form_body_seeds());
  write(corpus / "catalogue", noroshi::fuzz::catalogue_seeds());
  write(corpus / "picture", noroshi::fuzz::picture_seeds());
  return 0;
}
