// The one shape of everything signed that is not an envelope (PROTOCOL.md, "Objects"):
//
//   type u8 | body | count u8 | count × (kind u8 | signer id | sig 64)
//
//   kind 0 root       index u8: i of the signed object's own root list, 0x80 | i of the root before it (root
//   objects only)
//        1 org admin  index u8: number of the admin key in the roster entry
//        2 recovery   index u8: 0
//        3 device     org u16 | dev u16 | gen u8; nothing on a contact object, which names its signer in the
//        body
//
// A signature covers DST24 ‖ root_id ‖ type ‖ body as they are stored; nothing is written anew before it is
// checked. The body tells its own length (each codec draws its layout), so no length field stands in front.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "keys/labels.hpp"
#include "keys/primitives.hpp"
#include "proto/bytes.hpp"
#include "proto/ids.hpp"
#include "proto/object.hpp"
#include "proto/time.hpp"

namespace noroshi::keys {

using proto::ObjectRef;
using proto::ObjectType;

enum class SignerKind : std::uint8_t { root = 0, admin = 1, recovery = 2, device = 3 };

struct ObjectSignature {
  SignerKind kind{};
  std::uint8_t index = 0;  ///< kinds 0–2
  KeyId device;            ///< kind 3; zeros on a contact object
  ByteArray<64> signature{};
};

/// At most this many signatures an object: twice the roots of a root change, with room.
inline constexpr std::size_t kSignaturesMax = 32;

/// A parsed object; `body` points into the bytes it came from.
struct SignedObject {
  ObjectType type{};
  BytesView signed_part;  ///< type ‖ body
  BytesView body;
  std::vector<ObjectSignature> signatures;
};

/// Nothing for unknown types, too long or short bytes, unknown signer kinds, no signature at all.
[[nodiscard]] std::optional<SignedObject> parse_object(BytesView bytes);
/// Length of the body that follows the type byte, as its own fields say it; nothing if they do not fit.
[[nodiscard]] std::optional<std::size_t> body_length(ObjectType type, BytesView after_type);

/// The signing domain of a type; nothing for types that this version does not read.
[[nodiscard]] std::optional<Domain> domain_of(ObjectType type);
/// "roster", "certificate", …: stable, for programs; and for people, in the language spoken.
[[nodiscard]] std::string_view name_of(ObjectType type);
[[nodiscard]] std::string spoken_name(ObjectType type);

/// Who signs, while an object is made.
struct Signer {
  SignerKind kind{};
  std::uint8_t index = 0;
  KeyId device{};
  const SignSeed* seed = nullptr;
};
/// One signature over type ‖ body: what an officer adds to a draft.
[[nodiscard]] ObjectSignature sign_body(ObjectType type, BytesView body, const RootId& root,
                                        const Signer& signer);
[[nodiscard]] Bytes join_object(ObjectType type, BytesView body,
                                const std::vector<ObjectSignature>& signatures);
/// Both in one step.
[[nodiscard]] Bytes sign_object(ObjectType type, BytesView body, const RootId& root,
                                const std::vector<Signer>& signers);
[[nodiscard]] bool object_signed_by(const SignedObject& object, const ObjectSignature& signature,
                                    const SignPublic& key, const RootId& root);

/// F(8, "NORO1 state", ∅, type ‖ body). Not over the signatures: which officers signed makes no other
/// document.
[[nodiscard]] ByteArray<8> object_hash(BytesView signed_part);

/// A time as objects carry it: u32 seconds since 2024, clamped.
[[nodiscard]] std::uint32_t stamp(WallTime time);

}  // namespace noroshi::keys
