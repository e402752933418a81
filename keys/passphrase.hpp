// Passphrases: from the terminal or a descriptor, never from an argument or the environment. NFC, so that the
// same words typed on another system open the same file.
#pragma once

#include <string_view>

#include "keys/secret.hpp"
#include "proto/result.hpp"

namespace noroshi::keys {

/// Longer ones are a mistake (a file piped in).
inline constexpr std::size_t kPassphraseBytesMax = 1024;

/// Shorter ones are guessed however dear each guess is made. Characters, so that eight kana do.
inline constexpr std::size_t kPassphraseCharsMin = 8;

/// One line of `fd` up to LF or the end; the descriptor stays open, so a second line can follow.
[[nodiscard]] Result<SecretBytes> passphrase_from_fd(int fd);
/// Asks on the controlling terminal without echo; with `twice`, a second time, and both must agree.
[[nodiscard]] Result<SecretBytes> passphrase_from_terminal(std::string_view question, bool twice);
/// A new one must have kPassphraseCharsMin characters.
[[nodiscard]] Result<void> check_new_passphrase(const SecretBytes& passphrase);
/// NFC of a UTF-8 text; refuses what is not UTF-8, empty or too long.
[[nodiscard]] Result<SecretBytes> normalized_passphrase(BytesView text);

}  // namespace noroshi::keys
