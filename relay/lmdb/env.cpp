#include "relay/lmdb/env.hpp"

#include <fcntl.h>
#include <lmdb.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

#include "proto/language.hpp"
#include "relay/lmdb/trouble.hpp"

namespace noroshi::lmdb {
namespace {

/// Map of a data file that only gets its first two pages.
constexpr std::size_t kMakingMap = 1u << 20;

/// A descriptor that closes itself.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Error errno_error(Code code, const std::filesystem::path& path, std::string_view doing) {
  return {code, path.string() + ": " + std::string(doing) + ": " + std::strerror(errno)};
}

Error refusal(const std::filesystem::path& path, std::string_view why) {
  return {Code::permission, path.string() + ": " + std::string(why)};
}

/// Ours alone, or an error that says how to mend it.
Result<void> check_private(const std::filesystem::path& path, const struct stat& facts, const char* mend) {
  if (S_ISLNK(facts.st_mode)) return refusal(path, "is a symbolic link: give the store's real place");
  if (facts.st_uid != ::geteuid()) return refusal(path, "belongs to another user");
  if ((facts.st_mode & 077) != 0)
    return refusal(path, std::string("is open to others: ") + mend + path.string());
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0)
    return errno_error(Code::io, directory, "cannot sync the directory");
  return {};
}

/// The directory, made if missing, checked if not; opened.
Result<Fd> prepare_directory(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) == 0) {
    const auto parent = directory.has_parent_path() ? directory.parent_path() : std::filesystem::path(".");
    TRY_VOID(sync_directory(parent));
  } else if (errno != EEXIST) {
    return errno_error(Code::cannot_make, directory, "cannot make the store's directory");
  }
  struct stat facts {};
  if (::lstat(directory.c_str(), &facts) != 0) return errno_error(Code::io, directory, "cannot look at it");
  TRY_VOID(check_private(directory, facts, "chmod 700 "));
  if (!S_ISDIR(facts.st_mode))
    return Error{Code::cannot_make,
                 directory.string() + said(": ディレクトリではありません", ": is not a directory")};
  Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0) return errno_error(Code::permission, directory, "cannot open the store's directory");
  return fd;
}

/// data.mdb and lock.mdb: missing, or plain files of ours.
Result<void> check_file(const std::filesystem::path& file) {
  struct stat facts {};
  if (::lstat(file.c_str(), &facts) != 0) {
    if (errno == ENOENT) return {};
    return errno_error(Code::io, file, "cannot look at it");
  }
  TRY_VOID(check_private(file, facts, "chmod 600 "));
  if (!S_ISREG(facts.st_mode))
    return Error{Code::cannot_make, file.string() + said(": ファイルではありません", ": is not a file")};
  return {};
}

struct CloseEnv {
  void operator()(MDB_env* env) const { mdb_env_close(env); }
};
using EnvHandle = std::unique_ptr<MDB_env, CloseEnv>;

Result<EnvHandle> open_handle(const std::filesystem::path& directory, std::size_t map_bytes,
                              unsigned tables_max) {
  const auto failed = [&](int rc, std::string_view doing) {
    return within(directory.string(), error_of(rc, doing));
  };
  MDB_env* raw = nullptr;
  if (const int rc = mdb_env_create(&raw); rc != MDB_SUCCESS) return failed(rc, "preparing the store");
  EnvHandle env(raw);
  if (const int rc = mdb_env_set_mapsize(raw, map_bytes); rc != MDB_SUCCESS)
    return failed(rc, "sizing the store");
  if (const int rc = mdb_env_set_maxdbs(raw, tables_max); rc != MDB_SUCCESS)
    return failed(rc, "preparing tables");
  // NOTLS: a snapshot belongs to its object, so that one thread may read while it writes.
  if (const int rc = mdb_env_open(raw, directory.c_str(), MDB_NOTLS, 0600); rc != MDB_SUCCESS)
    return failed(rc, "opening the store");
  if (const int rc = mdb_env_sync(raw, 1); rc != MDB_SUCCESS) return failed(rc, "syncing the store");
  return env;
}

/// The first pages of a new data file are written and synced aside, then it gets its name: a power cut in
/// between must not leave a file that is no database. Another process may be doing the same: the first name
/// stays.
Result<void> make_data_file(const std::filesystem::path& directory) {
  const auto file = directory / "data.mdb";
  if (std::filesystem::exists(file)) return {};
  std::string aside = (directory / "making-XXXXXX").string();
  if (::mkdtemp(aside.data()) == nullptr)
    return errno_error(Code::cannot_make, directory, "cannot make a data file");
  Result<void> outcome;
  if (const auto made = open_handle(aside, kMakingMap, 1); !made) outcome = made.error();
  if (outcome && ::link((aside + "/data.mdb").c_str(), file.c_str()) != 0 && errno != EEXIST)
    outcome = errno_error(Code::cannot_make, file, "cannot name the data file");
  std::error_code ignored;
  std::filesystem::remove_all(aside, ignored);
  return outcome;
}

}  // namespace

struct Env::Impl {
  Fd lock;  // the directory, held with flock while `exclusive`
  EnvHandle env;
  std::atomic<int> readers{0}, writers{0};

  [[nodiscard]] bool busy() const { return readers > 0 || writers > 0; }
  int begin(unsigned flags, MDB_txn*& txn) const {
    const int rc = mdb_txn_begin(env.get(), nullptr, flags, &txn);
    if (rc != MDB_MAP_RESIZED || busy()) return rc;
    // Another process has grown the map: take its size.
    if (const int adopted = mdb_env_set_mapsize(env.get(), 0); adopted != MDB_SUCCESS) return adopted;
    return mdb_txn_begin(env.get(), nullptr, flags, &txn);
  }
};

Env::Env(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Env::Env(Env&&) noexcept = default;
Env& Env::operator=(Env&& other) noexcept {
  if (impl_) NOROSHI_ASSERT(!impl_->busy());
  impl_ = std::move(other.impl_);
  return *this;
}
Env::~Env() {
  if (impl_) NOROSHI_ASSERT(!impl_->busy());
}

Result<Env> Env::open(const EnvOptions& options) {
  auto impl = std::make_unique<Impl>();
  TRY(impl->lock, prepare_directory(options.directory));
  TRY_VOID(check_file(options.directory / "data.mdb"));
  TRY_VOID(check_file(options.directory / "lock.mdb"));
  if (options.exclusive && ::flock(impl->lock.get(), LOCK_EX | LOCK_NB) != 0)
    return Error{Code::unavailable,
                 options.directory.string() + said(": 別のプログラムがこの保管庫を開いています",
                                                   ": another program has this store open")};

  TRY_VOID(make_data_file(options.directory));
  TRY(impl->env, open_handle(options.directory, options.map_bytes, options.tables_max));
  int dead = 0;
  if (const int rc = mdb_reader_check(impl->env.get(), &dead); rc != MDB_SUCCESS)
    return within(options.directory.string(), error_of(rc, "clearing dead readers"));
  TRY_VOID(sync_directory(options.directory));
  return Env(std::move(impl));
}

Result<std::vector<Dbi>> Env::tables(std::span<const char* const> names) {
  TRY(WriteTxn txn, write());
  std::vector<Dbi> out;
  for (const char* name : names) {
    MDB_dbi handle = 0;
    if (!txn.hold(mdb_dbi_open(txn.txn_, name, MDB_CREATE, &handle), "opening a table")) break;
    out.push_back({handle});
  }
  TRY_VOID(txn.commit());
  return out;
}

Result<ReadTxn> Env::read() const {
  MDB_txn* txn = nullptr;
  if (const int rc = impl_->begin(MDB_RDONLY, txn); rc != MDB_SUCCESS)
    return error_of(rc, "beginning to read");
  return ReadTxn(txn, impl_->readers);
}

Result<WriteTxn> Env::write() {
  NOROSHI_ASSERT(impl_->writers == 0);
  MDB_txn* txn = nullptr;
  if (const int rc = impl_->begin(0, txn); rc != MDB_SUCCESS) return error_of(rc, "beginning to write");
  return WriteTxn(txn, impl_->writers);
}

Result<void> Env::grow(std::size_t map_bytes) {
  if (impl_->busy()) return Error{Code::temporary, "the store cannot grow while it is being read"};
  if (const int rc = mdb_env_set_mapsize(impl_->env.get(), map_bytes); rc != MDB_SUCCESS)
    return error_of(rc, "growing the store");
  return {};
}

Env::Size Env::size() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(impl_->env.get(), &info);
  mdb_env_stat(impl_->env.get(), &stat);
  return {info.me_mapsize, (info.me_last_pgno + 1) * stat.ms_psize};
}

}  // namespace noroshi::lmdb
