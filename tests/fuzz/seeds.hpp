// Where fuzzing starts from: for every target, whole and true inputs of every kind that its parser takes,
// made by the product itself from fixed seeds. `make_corpus` writes them into the tree.
#pragma once

#include <string>
#include <vector>

#include "proto/bytes.hpp"

namespace noroshi::fuzz {

struct Seed {
  std::string name;
  Bytes bytes;
};

[[nodiscard]] std::vector<Seed> envelope_seeds();
[[nodiscard]] std::vector<Seed> object_seeds();
[[nodiscard]] std::vector<Seed> key_file_seeds();
[[nodiscard]] std::vector<Seed> paper_seeds();
[[nodiscard]] std::vector<Seed> frame_seeds();
[[nodiscard]] std::vector<Seed> node_seeds();
[[nodiscard]] std::vector<Seed> control_seeds();
[[nodiscard]] std::vector<Seed> form_body_seeds();
[[nodiscard]] std::vector<Seed> catalogue_seeds();
[[nodiscard]] std::vector<Seed> picture_seeds();

}  // namespace noroshi::fuzz
