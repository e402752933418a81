// Repair of a store with rows that cannot be read: a worn SD card, a bit that fell over. No envelope is lost
// by one bad row, and no key says two things under one number:
//   record            set aside in `odd`; its envelope comes back through View::orphans, to be taken in anew
//   name, indexes     made again from the records
//   peer              set aside: the neighbour will find that we forgot, and owes again what it must
//   quota             set aside: the bucket is full again
//   on_time           set aside: that day is counted from here on
//   ledger, last_to   set aside, and the store gets a new name: this key seals nothing more here, the device
//                     needs its next generation; the same if the store's name itself is lost
//   other numbers of meta                     counted anew from what is there
//   seen, chain, due, inbox, behind, told     set aside
// Reads every row: minutes on a large store, and only after damage was met.
#pragma once

#include <string>
#include <vector>

#include "proto/random.hpp"
#include "proto/result.hpp"
#include "relay/lmdb/txn.hpp"
#include "relay/store/schema.hpp"

namespace noroshi::store {

struct Mended {
  std::vector<std::string> set_aside;  ///< "record/000000000000002a"
  bool new_store_id = false;
};

/// Everything in `txn`, which the caller commits.
[[nodiscard]] Result<Mended> mend(lmdb::WriteTxn& txn, const Tables& tables, Rng& rng);

}  // namespace noroshi::store
