// store_facts DIR: what a store says of itself, as JSON: delivered here; of envelopes that come in pieces, how
// many bytes are here; and for each neighbour what is owed by way of it and which numbers are on the way to
// it, unacknowledged. For a copy of a stopped or dead relay's store.
#include <cstdio>
#include <nlohmann/json.hpp>

#include "keys/random.hpp"
#include "relay/store/disk.hpp"

namespace {

using namespace noroshi;

Result<nlohmann::json> facts_of(const std::string& directory) {
  keys::SystemRng rng;
  TRY(const auto disk, store::Disk::open({.directory = directory, .ballast = 0}, rng));
  nlohmann::json facts{{"delivered", 0}, {"peers", nlohmann::json::object()}};
  std::vector<store::View::Peer> peers;
  {
    TRY(const auto view, disk->view());
    facts["delivered"] = view->inbox_end();
    peers = view->peers();
  }
  TRY(const auto turn, disk->begin());
  std::uint64_t pieces = 0;
  for (const core::Partial& partial : turn->partials())
    for (const core::PieceHere& piece : turn->pieces(partial.id))
      pieces += static_cast<std::uint64_t>(piece.stretch.to - piece.stretch.from);
  facts["piece_bytes"] = pieces;
  for (const auto& peer : peers) {
    std::uint64_t owed = 0;
    for (int level = 0; level < proto::kLevels; ++level)
      owed += turn->queued(peer.id, static_cast<proto::Level>(level)).records;
    facts["peers"][to_string(peer.id)] = {{"owed", owed}, {"unacked", turn->outstanding(peer.id).size()}};
  }
  return facts;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: store_facts DIR\n"), 64;
  const auto facts = facts_of(argv[1]);
  if (!facts) return std::fprintf(stderr, "store_facts: %s\n", facts.error().text.c_str()), 1;
  std::printf("%s\n", facts->dump().c_str());
  return 0;
}
