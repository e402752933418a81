// Keys at rest: what opens, what is refused, and what a refusal says.
#include "keys/key_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "keys/files.hpp"
#include "keys/keyring.hpp"
#include "keys/language.hpp"
#include "keys/passphrase.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace noroshi;
using namespace noroshi::test;
using namespace noroshi::keys;

namespace {

SecretBytes phrase(std::string_view text) {
  auto out = normalized_passphrase(view_of(text));
  REQUIRE(out);
  return *std::move(out);
}

SecretBytes some_secrets() {
  SeededRng rng(1);
  return encode_secrets(DeviceKeys::random({17}, RootId{{1}}, rng));
}

/// A file under the cheapest lock that is allowed.
Bytes locked(const SecretBytes& passphrase) {
  SeededRng rng(2);
  auto file = encode_key_file(KeyOwner::device, some_secrets(), {&passphrase, kKdfLeast}, rng);
  REQUIRE(file);
  return *std::move(file);
}

Code code_of(const Result<SecretBytes>& result) {
  REQUIRE_FALSE(result);
  return result.error().code;
}

}  // namespace

TEST_CASE("a key file opens with its passphrase and with no other") {
  const SecretBytes right = phrase("狼煙 lighthouse"), wrong = phrase("狼煙 Lighthouse");
  const Bytes file = locked(right);
  const auto opened = decode_key_file(KeyOwner::device, file, &right);
  REQUIRE(opened);
  CHECK(equal(opened->bytes(), some_secrets().bytes()));
  CHECK(code_of(decode_key_file(KeyOwner::device, file, &wrong)) == Code::permission);
  CHECK(code_of(decode_key_file(KeyOwner::device, file, nullptr)) == Code::permission);
  CHECK(needs_passphrase(file) == true);
}

TEST_CASE("the same words in another normal form open the same file") {
  const SecretBytes composed = phrase("がぎぐ"), decomposed = phrase("か\u3099き\u3099く\u3099");
  CHECK(equal(composed.bytes(), decomposed.bytes()));
  CHECK_FALSE(normalized_passphrase(view_of("\xff\xfe")));
  CHECK_FALSE(normalized_passphrase({}));
}

TEST_CASE("a damaged key file, or one of another kind, is refused whichever byte it is") {
  const SecretBytes right = phrase("x");
  const Bytes file = locked(right);
  // The head decides about cost: those bytes are refused without the wait; a few of the rest stand for all.
  for (const std::size_t at : {0u, 7u, 8u, 9u, 10u, 13u, 14u, 15u, 20u, 33u, 34u, 57u, 58u, 200u}) {
    Bytes wrong = file;
    wrong[at] ^= 0x40;
    CHECK_FALSE(decode_key_file(KeyOwner::device, wrong, &right));
  }
  CHECK(code_of(decode_key_file(KeyOwner::admin, file, &right)) == Code::bad_data);
  for (const std::size_t size : {std::size_t{0}, std::size_t{8}, std::size_t{33}, std::size_t{40}})
    CHECK_FALSE(decode_key_file(KeyOwner::device, BytesView(file).first(size), &right));
}

TEST_CASE("a planted file may ask neither for all memory nor for no work") {
  const SecretBytes right = phrase("x");
  struct Cost {
    std::uint32_t ops, mem_kib;
  };
  for (const Cost cost :
       {Cost{1, kKdfMemMinKib}, Cost{0, kKdfMemMinKib}, Cost{11, kKdfMemMinKib}, Cost{2, kKdfMemMinKib - 1},
        Cost{2, kKdfMemMaxKib + 1}, Cost{0xFFFF'FFFF, 0xFFFF'FFFF}}) {
    Bytes file = locked(right);
    const Bytes numbers = Writer().u32(cost.ops).u32(cost.mem_kib).take();
    std::copy(numbers.begin(), numbers.end(), file.begin() + 10);
    CHECK(code_of(decode_key_file(KeyOwner::device, file, &right)) == Code::bad_data);
    SeededRng rng(1);
    CHECK_FALSE(encode_key_file(KeyOwner::device, some_secrets(), {&right, {cost.ops, cost.mem_kib}}, rng));
  }
}

TEST_CASE("a locked file cannot be passed off as an unattended one") {
  Bytes file = locked(phrase("x"));
  file[9] = 0;  // protection: none
  CHECK_FALSE(decode_key_file(KeyOwner::device, file, nullptr));
  std::fill(file.begin() + 10, file.begin() + 18, std::uint8_t{0});
  CHECK_FALSE(decode_key_file(KeyOwner::device, file, nullptr));
}

TEST_CASE("an unattended file opens without a passphrase and shows damage") {
  SeededRng rng(1);
  const auto file = encode_key_file(KeyOwner::device, some_secrets(), {}, rng);
  REQUIRE(file);
  CHECK(decode_key_file(KeyOwner::device, *file, nullptr));
  CHECK(needs_passphrase(*file) == false);
  for (std::size_t i = 0; i < file->size(); ++i) {
    Bytes wrong = *file;
    wrong[i] ^= 1;
    CHECK_FALSE(decode_key_file(KeyOwner::device, wrong, nullptr));
  }
}

TEST_CASE("the secrets of every kind of file come back as they were") {
  SeededRng rng(3);
  const auto device = DeviceKeys::random({17}, RootId{{7}}, rng);
  const auto back = decode_device_keys(encode_secrets(device).bytes());
  REQUIRE(back);
  CHECK(back->org == OrgId{17});
  CHECK(back->root == device.root);
  CHECK(back->store == device.store);
  CHECK(back->now.sign_public() == device.now.sign_public());
  CHECK(back->next.link_public() == device.next.link_public());
  CHECK(equal(back->store_key.bytes(), device.store_key.bytes()));
  CHECK(equal(back->now.hedge.bytes(), device.now.hedge.bytes()));
  const AdminKeys admin{
      {17}, RootId{{7}}, 3, Secret<32>::random(rng), Secret<32>::random(rng), Secret<32>::random(rng)};
  const auto admin_back = decode_admin_keys(encode_secrets(admin).bytes());
  REQUIRE(admin_back);
  CHECK(admin_back->number == 3);
  CHECK(equal(admin_back->next.bytes(), admin.next.bytes()));
  const auto single = decode_single_key(encode_secrets(SingleKey{5, Secret<32>::random(rng)}).bytes());
  REQUIRE(single);
  CHECK(single->id == 5);
  CHECK_FALSE(decode_device_keys(encode_secrets(admin).bytes()));
  CHECK_FALSE(decode_single_key({}));
}

TEST_CASE("a key file that others could read, or that is not ours, is refused with what to do about it") {
  const TemporaryDirectory parent;
  const std::filesystem::path home = parent.path() / "home";
  REQUIRE(make_private_directory(home));
  const auto file = home / "relay.key";
  SeededRng rng(1);
  REQUIRE(write_key_file(file, KeyOwner::device, some_secrets(), {}, rng));
  REQUIRE(read_key_file(file, KeyOwner::device, nullptr));
  struct stat found {};
  REQUIRE(::stat(file.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777u) == 0600);

  for (const mode_t mode : {0644u, 0640u, 0604u, 0666u, 0610u}) {
    ::chmod(file.c_str(), mode);
    const auto refused = read_key_file(file, KeyOwner::device, nullptr);
    CHECK(code_of(refused) == Code::permission);
    CHECK(refused.error().text.find("chmod 0600 " + file.string()) != std::string::npos);
    CHECK(refused.error().text.find('\n') == std::string::npos);
  }
  ::chmod(file.c_str(), 0600);

  for (const mode_t mode : {0755u, 0770u, 0701u}) {
    ::chmod(home.c_str(), mode);
    const auto refused = read_key_file(file, KeyOwner::device, nullptr);
    CHECK(code_of(refused) == Code::permission);
    CHECK(refused.error().text.find("chmod 0700 " + home.string()) != std::string::npos);
  }
  ::chmod(home.c_str(), 0700);

  const auto link = home / "link.key";
  std::filesystem::create_symlink(file, link);
  CHECK(code_of(read_key_file(link, KeyOwner::device, nullptr)) == Code::permission);
  REQUIRE(::mkfifo((home / "pipe.key").c_str(), 0600) == 0);
  CHECK(code_of(read_key_file(home / "pipe.key", KeyOwner::device, nullptr)) == Code::permission);
  CHECK(code_of(read_key_file(home, KeyOwner::device, nullptr)) == Code::permission);
  CHECK(code_of(read_key_file(home / "none.key", KeyOwner::device, nullptr)) == Code::io);
  std::ofstream(home / "large.key") << std::string(100'000, 'x');
  ::chmod((home / "large.key").c_str(), 0600);
  CHECK(code_of(read_key_file(home / "large.key", KeyOwner::device, nullptr)) == Code::bad_data);

  if (::geteuid() == 0) {
    REQUIRE(::chown(file.c_str(), 12345, 12345) == 0);
    CHECK(code_of(read_key_file(file, KeyOwner::device, nullptr)) == Code::permission);
  }
}

TEST_CASE("a refusal is said in the language spoken") {
  const TemporaryDirectory home;
  speak(Language::ja);
  const auto ja = read_key_file(home.path() / "none.key", KeyOwner::device, nullptr);
  speak(Language::en);
  const auto en = read_key_file(home.path() / "none.key", KeyOwner::device, nullptr);
  CHECK(ja.error().text.ends_with("ファイルがありません"));
  CHECK(en.error().text.ends_with("there is no such file"));
}

TEST_CASE("writing replaces a file whole and leaves nothing behind") {
  const TemporaryDirectory home;
  const auto file = home.path() / "trust";
  REQUIRE(write_atomically(file, view_of("one")));
  REQUIRE(write_atomically(file, view_of("two"), false));
  CHECK(text_of(*read_file(file, 10)) == "two");
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(home.path())) ++files;
  CHECK(files == 1);
  CHECK(write_atomically(home.path() / "no" / "file", {}).error().code == Code::cannot_make);
  CHECK(read_file(file, 2).error().code == Code::bad_data);
}

TEST_CASE("what is sealed at rest opens under its key and its name alone") {
  SeededRng rng(1);
  const auto key = Secret<32>::random(rng), other = Secret<32>::random(rng);
  const Bytes sealed = seal_at_rest(key, "report", view_of("秘密"), rng);
  CHECK(text_of(*open_at_rest(key, "report", sealed)) == "秘密");
  CHECK_FALSE(open_at_rest(key, "draft", sealed));
  CHECK_FALSE(open_at_rest(other, "report", sealed));
  CHECK(std::search(sealed.begin(), sealed.end(), std::begin("秘密"), std::end("秘密") - 1) == sealed.end());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes wrong = sealed;
    wrong[i] ^= 1;
    CHECK_FALSE(open_at_rest(key, "report", wrong));
  }
  CHECK(seal_at_rest(key, "report", view_of("秘密"), rng) != sealed);
}
