#include "client-tui/desk/gaps.hpp"

namespace noroshi::desk {
namespace {

/// Number of the message before this one, as exactly as it is known; 0 = none, or not known.
Seq predecessor(const Link& link) {
  if (link.before != 0) return link.before;
  if (link.prev == 0 || link.prev == proto::kNoVisibleLink || link.prev >= link.seq) return 0;
  return link.seq - link.prev;
}

}  // namespace

std::vector<Gap> gaps(const StoreView& store) {
  std::vector<Gap> out;
  for (const auto& [key, recipient] : store.chains()) {
    Seq below = 0;
    for (const Link& link : store.chain(key, recipient)) {
      const Seq before = predecessor(link);
      if (before != 0 && before > below) {
        const auto entry = store.entry(link.id);
        out.push_back({key, recipient, before, below, link.seq, entry ? entry->first_seen : WallTime{}});
      }
      below = link.seq;
    }
  }
  return out;
}

}  // namespace noroshi::desk
