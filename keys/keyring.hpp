// What one device can read with: its identity, its store key and the epoch secrets that were delivered to it,
// kept sealed under that key. And the seal for whatever else a device keeps at rest (the client's cache of
// opened reports).
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "keys/home.hpp"
#include "keys/identity.hpp"
#include "keys/seal.hpp"
#include "keys/trust.hpp"

namespace noroshi::keys {

/// XChaCha20-Poly1305 under a key of the store key and `context`, bound to `context`: bytes sealed as one
/// thing never open as another. 40 bytes longer than `plain`.
[[nodiscard]] Bytes seal_at_rest(const Secret<32>& store_key, std::string_view context, BytesView plain,
                                 Rng& rng);
[[nodiscard]] std::optional<Bytes> open_at_rest(const Secret<32>& store_key, std::string_view context,
                                                BytesView sealed);
/// What a row is called that must be found by something nobody else may read: equal things have equal names,
/// and without the store key a name says nothing of the thing, nor can it be guessed.
[[nodiscard]] ByteArray<16> name_at_rest(const Secret<32>& store_key, BytesView thing);

/// Secrets of one file under one store key.
class EpochStore {
 public:
  /// An empty one if the file is missing. Refuses (bad_data) what does not open under this key.
  [[nodiscard]] static Result<EpochStore> load(std::filesystem::path file, Secret<32> store_key);
  /// Adds what is not held yet; how many were new. Not yet on disk.
  std::size_t add(std::vector<EpochSecret> secrets);
  [[nodiscard]] Result<void> save(Rng& rng) const;
  [[nodiscard]] const std::vector<EpochSecret>& secrets() const { return secrets_; }
  [[nodiscard]] const EpochSecret* find(RecipientId owner, std::uint32_t number) const;
  [[nodiscard]] const Secret<32>& store_key() const { return store_key_; }

 private:
  EpochStore(std::filesystem::path file, Secret<32> store_key)
      : file_(std::move(file)), store_key_(std::move(store_key)) {}
  std::filesystem::path file_;
  Secret<32> store_key_;
  std::vector<EpochSecret> secrets_;
};

class Keyring {
 public:
  /// Opens the key file and the secrets beside it. Errors of load_identity.
  [[nodiscard]] static Result<Keyring> load(const Home& home, Which which, const SecretBytes* passphrase,
                                            const Trust& trust);
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const Secret<32>& store_key() const { return epochs_.store_key(); }
  /// Everything that `open` may try: epochs, and this device's own box key. Valid until the next `take`.
  [[nodiscard]] std::span<const EpochSecret> secrets() const { return epochs_.secrets(); }
  /// Content of an opened ctype 4 envelope: keeps what is genuine (delivery.hpp) and writes it down. How many
  /// were new.
  [[nodiscard]] Result<std::size_t> take_delivery(BytesView content, const Trust& trust, Rng& rng);
  [[nodiscard]] Result<std::size_t> take(std::vector<EpochSecret> secrets, const Trust& trust, Rng& rng);

 private:
  Keyring(Identity identity, EpochStore epochs)
      : identity_(std::move(identity)), epochs_(std::move(epochs)) {}
  Identity identity_;
  EpochStore epochs_;
};

}  // namespace noroshi::keys
