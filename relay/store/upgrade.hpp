// A store of an older format becomes one of kFormat: once, in one transaction, when it is opened.
#pragma once

#include "proto/result.hpp"
#include "relay/lmdb/txn.hpp"
#include "relay/store/schema.hpp"

namespace noroshi::store {

/// Everything in `txn`, which the caller commits; tables that are newer than `from` are there and empty. Rows
/// that cannot be read stay as they are, for mend. Reads every record: seconds for a million.
[[nodiscard]] Result<void> upgrade(lmdb::WriteTxn& txn, const Tables& tables, std::uint64_t from);

/// Makes mail and tally from the inbox and the records, anew.
void tally_mail(lmdb::WriteTxn& txn, const Tables& tables);

}  // namespace noroshi::store
