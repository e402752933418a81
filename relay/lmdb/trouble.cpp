#include "relay/lmdb/trouble.hpp"

#include <lmdb.h>

#include <cerrno>
#include <string>

namespace noroshi::lmdb {

Trouble trouble_of(int rc) {
  switch (rc) {
    case MDB_SUCCESS: return Trouble::none;
    case MDB_MAP_FULL: return Trouble::map_full;
    case ENOSPC:
    case EDQUOT: return Trouble::disk_full;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE: return Trouble::damaged;
    default: return Trouble::other;
  }
}

Error error_of(int rc, std::string_view doing) {
  const auto error = [&](Code code, std::string_view text) {
    return Error{code, std::string(doing) + ": " + std::string(text)};
  };
  switch (rc) {
    case MDB_MAP_FULL:
      return error(Code::temporary, "the store has reached its configured size: raise it or delete");
    case ENOSPC: return error(Code::temporary, "no space left on the disk of the store");
    case EDQUOT: return error(Code::temporary, "the disk quota of the store's owner is used up");
    case MDB_READERS_FULL: return error(Code::temporary, "too many readers of the store");
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return error(Code::io, "the store's file is damaged: restore it, or begin a new store");
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE: return error(Code::io, "the file is not a store of this program");
    case EACCES:
    case EPERM:
    case EROFS: return error(Code::permission, mdb_strerror(rc));
    case MDB_PANIC: return error(Code::io, "the store must be opened anew after a failed write");
    case MDB_BAD_TXN:
    case MDB_BAD_DBI:
    case MDB_BAD_VALSIZE:
    case MDB_TXN_FULL:
    case MDB_DBS_FULL: return error(Code::internal, mdb_strerror(rc));
    default: return error(Code::io, mdb_strerror(rc));
  }
}

}  // namespace noroshi::lmdb
