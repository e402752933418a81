#include "relay/lmdb/trouble.hpp"

#include <lmdb.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "proto/language.hpp"

namespace noroshi::lmdb {

int or_no_space(int rc, MDB_env* env) {
  // A turn writes some hundred kilobytes: what is left may be less than it needed.
  constexpr std::uint64_t kNothing = 1u << 20;
  const char* directory = nullptr;
  struct statvfs disk {};
  if (rc != EIO || mdb_env_get_path(env, &directory) != MDB_SUCCESS || ::statvfs(directory, &disk) != 0)
    return rc;
  return std::uint64_t{disk.f_bavail} * disk.f_frsize < kNothing ? ENOSPC : rc;
}

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
  const auto error = [&](Code code, std::string_view ja, std::string_view en) {
    return no(code, ja, std::string(doing) + ": " + std::string(en));
  };
  const auto as_it_says = [&](Code code) {
    return Error{code, said("保管庫を使えません: ", "the store cannot be used: ") + std::string(doing) +
                           ": " + mdb_strerror(rc)};
  };
  switch (rc) {
    case MDB_MAP_FULL:
      return error(Code::temporary,
                   "保管庫が決められた大きさに達しました: 大きくするか、要らないものを消してください",
                   "the store has reached its configured size: raise it or delete");
    case ENOSPC:
      return error(Code::temporary, "保管庫のディスクに空きがありません: 要らないファイルを消してください",
                   "no space left on the disk of the store: delete what is not needed");
    case EDQUOT:
      return error(Code::temporary,
                   "保管庫のディスクの割当てを使い切りました: 要らないファイルを消してください",
                   "the disk quota of the store's owner is used up: delete what is not needed");
    case MDB_READERS_FULL:
      return error(Code::temporary, "保管庫を読むプログラムが多すぎます: どれかを終えてください",
                   "too many readers of the store: end one of the programs");
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
      return error(Code::io, "保管庫のファイルが壊れています: 控えから戻すか、新しく始めてください",
                   "the store's file is damaged: restore it, or begin a new store");
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
      return error(Code::io, "このプログラムの保管庫ではありません",
                   "the file is not a store of this program");
    case EACCES:
    case EPERM:
    case EROFS: return as_it_says(Code::permission);
    case MDB_PANIC:
      return error(Code::io, "保管庫に書けなかったため、開き直す必要があります",
                   "the store must be opened anew after a failed write");
    case MDB_BAD_TXN:
    case MDB_BAD_DBI:
    case MDB_BAD_VALSIZE:
    case MDB_TXN_FULL:
    case MDB_DBS_FULL: return as_it_says(Code::internal);
    default: return as_it_says(Code::io);
  }
}

}  // namespace noroshi::lmdb
