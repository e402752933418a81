// LD_PRELOAD this under any program over LMDB and its commits are no longer synced: the mistake that
// check_trace.py must find. It lives here, outside every product library, so that no configuration can reach
// it.
#include <dlfcn.h>
#include <sys/types.h>

struct MDB_env;
extern "C" int mdb_env_open(MDB_env* env, const char* path, unsigned flags, mode_t mode) {
  constexpr unsigned kNoSync = 0x10000;  // MDB_NOSYNC
  using Open = int (*)(MDB_env*, const char*, unsigned, mode_t);
  const auto real = reinterpret_cast<Open>(::dlsym(RTLD_NEXT, "mdb_env_open"));
  return real(env, path, flags | kNoSync, mode);
}
