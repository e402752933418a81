// Published answers of the algorithms we build on, and what our wrappers add to them.
#include "keys/primitives.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

using namespace noroshi;
using namespace noroshi::keys;

namespace {

Bytes hex(std::string_view text) {
  const auto bytes = from_hex(text);
  REQUIRE(bytes);
  return *bytes;
}
ByteArray<32> hex32(std::string_view text) {
  return array_of<32>(hex(text));
}

}  // namespace

TEST_CASE("Ed25519 gives and takes the signatures of RFC 8032, 7.1") {
  struct Answer {
    const char *seed, *key, *message, *signature;
  };
  const Answer answers[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf"
       "5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2"
       "eaeb4302aeeb00d291612bb0c00"},
      {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
       "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
       "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c1"
       "5e9716ed28dc027beceea1ec40a"},
  };
  for (const Answer& a : answers) {
    const auto seed = SignSeed::copy_of(hex32(a.seed));
    const SignPublic key{hex32(a.key)};
    CHECK(sign_public(seed) == key);
    CHECK(signature_holds(hex(a.signature), hex(a.message), key));
    Bytes wrong = hex(a.signature);
    wrong[5] ^= 1;
    CHECK_FALSE(signature_holds(wrong, hex(a.message), key));
  }
}

TEST_CASE("an Ed25519 signature with S above the group order is refused") {
  // The same signature with L added to S: RFC 8032 requires 0 ≤ S < L, or every signature has a twin.
  Bytes signature =
      hex("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd2"
          "5bf5f0595bbe24655141438e7a100b");
  const Bytes order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(signature[32 + i]) + order[i];
    signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  const SignPublic key{hex32("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")};
  CHECK_FALSE(signature_holds(signature, {}, key));
}

TEST_CASE("X25519 gives the answers of RFC 7748, 5.2 and 6.1") {
  ByteArray<32> out{};
  REQUIRE(x25519(out, hex32("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
                 hex32("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")));
  CHECK(to_hex(out) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  const auto bob = hex32("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  CHECK(to_hex(x25519_public(bob)) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  REQUIRE(x25519(out, bob, hex32("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")));
  CHECK(to_hex(out) == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

TEST_CASE("ChaCha20-Poly1305 gives the answer of RFC 8439, 2.8.2, and nothing altered opens") {
  const auto key = hex32("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const auto nonce = array_of<12>(hex("070000004041424344454647"));
  const Bytes ad = hex("50515253c0c1c2c3c4c5c6c7");
  const std::string_view text =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
      "would be it.";
  const Bytes sealed = aead_seal(key, nonce, ad, view_of(text));
  CHECK(to_hex(sealed) ==
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71"
        "de0a9e060b29"
        "05d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576"
        "d26586cec64b"
        "61161ae10b594f09e26a7e902ecbd0600691");
  const auto opened = aead_open(key, nonce, ad, sealed);
  REQUIRE(opened);
  CHECK(text_of(*opened) == text);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes wrong = sealed;
    wrong[i] ^= 0x40;
    CHECK_FALSE(aead_open(key, nonce, ad, wrong));
  }
  CHECK_FALSE(aead_open(key, kZeroNonce, ad, sealed));
  CHECK_FALSE(aead_open(key, nonce, {}, sealed));
  CHECK_FALSE(aead_open(key, nonce, ad, {}));
}

TEST_CASE("F is SHA-256 or HMAC-SHA-256 over the padded label and the pieces") {
  const Bytes plain = Writer().bytes(view_of("NORO1 root id")).bytes(Bytes(3)).bytes(view_of("ab")).take();
  CHECK(digest(Label::root_id, {view_of("a"), view_of("b")}) == sha256(plain));
  // SHA-256("abc"), FIPS 180-4
  CHECK(to_hex(sha256(view_of("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(digest(Label::root_id, {view_of("ab")}) != digest(Label::msg_id, {view_of("ab")}));
  CHECK(keyed_digest(Label::root_id, view_of("k"), {view_of("ab")}) !=
        digest(Label::root_id, {view_of("ab")}));
}

TEST_CASE("a signature of one domain, network or text is none of another") {
  const auto seed =
      SignSeed::copy_of(hex32("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  const SignPublic key = sign_public(seed);
  const RootId root{{1, 2, 3}}, other{{1, 2, 4}};
  const auto signature = sign(seed, Domain::epoch, root, {view_of("body")});
  CHECK(signed_by(key, signature, Domain::epoch, root, {view_of("bo"), view_of("dy")}));
  CHECK_FALSE(signed_by(key, signature, Domain::units, root, {view_of("body")}));
  CHECK_FALSE(signed_by(key, signature, Domain::epoch, other, {view_of("body")}));
  CHECK_FALSE(signed_by(key, signature, Domain::epoch, root, {view_of("Body")}));
}

TEST_CASE("points of low order and second spellings of a point are no keys") {
  // Ed25519: the neutral element, a point of order 8, and the neutral element spelled y = p + 1.
  for (const char* point : {"0100000000000000000000000000000000000000000000000000000000000000",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0000000000000000000000000000000000000000000000000000000000000000"})
    CHECK_FALSE(is_sound(SignPublic{hex32(point)}));
  CHECK(is_sound(SignPublic{hex32("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")}));

  // X25519: the low-order points of RFC 7748's security considerations (Bernstein's list), then 9 spelled as
  // p + 9 and with the top bit set.
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "0900000000000000000000000000000000000000000000000000000000000080"})
    CHECK_FALSE(is_sound_x25519(hex32(point)));
  CHECK(is_sound_x25519(hex32("0900000000000000000000000000000000000000000000000000000000000000")));

  // The table is the whole of it: no canonical point that multiplication finds to be of low order is missing.
  test::SeededRng rng(1);
  const auto scalar = Secret<32>::random(rng);
  for (unsigned low = 0; low < 256; ++low)
    for (const unsigned high : {0x00u, 0x57u, 0x7Fu}) {
      ByteArray<32> point{};
      point[0] = static_cast<std::uint8_t>(low);
      point[31] = static_cast<std::uint8_t>(high);
      ByteArray<32> out{};
      if (!x25519(out, scalar.bytes(), point)) CHECK_FALSE(is_sound_x25519(point));
    }
}

TEST_CASE("a secret moves to one owner and is wiped where it was taken from") {
  ByteArray<32> raw{};
  raw.fill(7);
  auto secret = Secret<32>::take(raw);
  CHECK(raw == ByteArray<32>{});
  CHECK(secret.bytes()[31] == 7);
  const Secret<32> moved = std::move(secret);
  CHECK(moved.bytes()[0] == 7);
  static_assert(!std::is_copy_constructible_v<Secret<32>> && !std::is_copy_assignable_v<Secret<32>>);
}
