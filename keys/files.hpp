// Files that matter: read only if nobody else could have read or planted them, written so that a crash leaves
// the old or the new one. Every refusal is one line in the language spoken: what, where, what to do.
#pragma once

#include <filesystem>

#include "keys/secret.hpp"
#include "proto/bytes.hpp"
#include "proto/result.hpp"

namespace noroshi::keys {

/// A file of secrets. Refused (permission): a symbolic link, not a regular file, another owner, any right for
/// group or others, in a directory that others may write or enter. Refused (bad_data): above `max` bytes.
/// Missing: unavailable.
[[nodiscard]] Result<SecretBytes> read_private(const std::filesystem::path& file, std::size_t max);
/// A file of signed or public bytes: anybody's, at most `max`.
[[nodiscard]] Result<Bytes> read_file(const std::filesystem::path& file, std::size_t max);
/// Temporary file beside it, fsync, rename, fsync of the directory.
[[nodiscard]] Result<void> write_atomically(const std::filesystem::path& file, BytesView bytes,
                                            bool secret = true);
/// Makes it (and its parents) with mode 0700, or checks one that exists: owner and mode as for read_private.
[[nodiscard]] Result<void> make_private_directory(const std::filesystem::path& directory);
/// Exists, whatever it is.
[[nodiscard]] bool is_present(const std::filesystem::path& file);

}  // namespace noroshi::keys
