// Any bytes as a key file of each owner, and any bytes as the secrets in one. An unattended file is read
// again with the check it should have had, so that what is behind it meets mutated bytes too. A passphrase
// costs 64 MiB and a tenth of a second: only the first few inputs whose salt begins with two zeros pay it.
#include "keys/key_file.hpp"
#include "keys/primitives.hpp"
#include "tests/fuzz/accepted.hpp"
#include "tests/support/seeded_random.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::keys;

constexpr std::size_t kHeadBytes = 34, kSaltAt = 18, kCheckBytes = 8;
constexpr int kPaying = 32;
constexpr KeyOwner kOwners[] = {KeyOwner::device, KeyOwner::admin, KeyOwner::recovery, KeyOwner::root};

template <typename Keys>
void said_again(const std::optional<Keys>& keys, BytesView secrets) {
  if (!keys) return;
  NOROSHI_ASSERT(equal(encode_secrets(*keys).bytes(), secrets));
  fuzz::accepted.count();
}

void read_secrets(KeyOwner owner, BytesView secrets) {
  switch (owner) {
    case KeyOwner::device: return said_again(decode_device_keys(secrets), secrets);
    case KeyOwner::admin: return said_again(decode_admin_keys(secrets), secrets);
    case KeyOwner::recovery:
    case KeyOwner::root: return said_again(decode_single_key(secrets), secrets);
  }
}

void read_with_its_check(KeyOwner owner, BytesView file) {
  Bytes mended = bytes_of(file);
  const BytesView head = file.first(kHeadBytes),
                  secrets = file.subspan(kHeadBytes, file.size() - kHeadBytes - kCheckBytes);
  const auto check = digest_to<kCheckBytes>(Label::key_file, {head, secrets});
  std::copy(check.begin(), check.end(), mended.end() - kCheckBytes);
  if (const auto read = decode_key_file(owner, mended, nullptr)) {
    NOROSHI_ASSERT(equal(read->bytes(), secrets));
    read_secrets(owner, read->bytes());
  }
}

void lock_and_open(KeyOwner owner, BytesView file) {
  static int paid = 0;
  if (paid++ >= kPaying) return;
  test::SeededRng rng(1);
  const SecretBytes passphrase = SecretBytes::copy_of(view_of("烽火三月"));
  const SecretBytes secrets = SecretBytes::copy_of(
      file.subspan(kHeadBytes).first(std::min<std::size_t>(file.size() - kHeadBytes, 4096)));
  const auto locked = encode_key_file(owner, secrets, {&passphrase, kKdfLeast}, rng);
  NOROSHI_ASSERT(locked.ok());
  const auto opened = decode_key_file(owner, *locked, &passphrase);
  NOROSHI_ASSERT(opened && equal(opened->bytes(), secrets.bytes()));
  Bytes damaged = *locked;
  damaged.back() ^= 1;
  NOROSHI_ASSERT(!decode_key_file(owner, damaged, &passphrase));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool started = start_cryptography();
  NOROSHI_ASSERT(started);
  const BytesView file(data, size);
  const auto locked = needs_passphrase(file);
  for (const KeyOwner owner : kOwners) {
    (void)decode_key_file(owner, file, nullptr);
    read_secrets(owner, file);
    if (!locked) continue;
    if (!*locked && size >= kHeadBytes + kCheckBytes) read_with_its_check(owner, file);
    if (*locked && file[kSaltAt] == 0 && file[kSaltAt + 1] == 0) lock_and_open(owner, file);
  }
  return 0;
}
