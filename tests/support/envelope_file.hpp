// A file of envelopes: for each its length u32 and its bytes.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "proto/bytes.hpp"

namespace noroshi::test {

inline void write_envelope(std::ostream& out, BytesView envelope) {
  const Bytes row = Writer().u32(static_cast<std::uint32_t>(envelope.size())).bytes(envelope).take();
  out.write(reinterpret_cast<const char*>(row.data()), static_cast<std::streamsize>(row.size()));
}

[[nodiscard]] inline std::vector<Bytes> read_envelopes(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const Bytes all{std::istreambuf_iterator<char>(in), {}};
  std::vector<Bytes> out;
  Reader reader(all);
  while (!reader.rest().empty()) out.push_back(bytes_of(reader.bytes(reader.u32())));
  if (!reader.ok() || out.empty()) throw std::runtime_error("no file of envelopes: " + file.string());
  return out;
}

}  // namespace noroshi::test
