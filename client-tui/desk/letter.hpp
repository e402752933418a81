// One envelope as the desk reads it: the clear facts, and the reports in it if it could be opened.
#pragma once

#include <optional>
#include <vector>

#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/store.hpp"
#include "keys/secret.hpp"
#include "keys/trust.hpp"
#include "proto/forms/body.hpp"

namespace noroshi::desk {

/// What was read from an envelope, as it is kept under the store key. The defaults that the body leaves out
/// are those of the certificate and the register at that time: they stay, whatever becomes of both.
struct Content {
  Bytes body;         ///< encoded reports, unpadded
  keys::Seed seed{};  ///< opens and proves the envelope to whoever gets it; zeros for own ones
  UnitId default_unit;
  std::optional<HandlerId> default_handler;
  std::optional<std::uint32_t> municipality;
};
[[nodiscard]] Bytes encode(const Content& content);
[[nodiscard]] std::optional<Content> decode_content(BytesView bytes);
/// What the reading of an envelope is sealed as (keys::seal_at_rest).
[[nodiscard]] std::string reading_context(const MsgId& id);

/// What `key`'s bodies leave out, by its certificate and the register. Writer and reader must agree.
[[nodiscard]] forms::BodyContext body_context(KeyId key, WallTime created, const keys::Trust& trust);
[[nodiscard]] forms::BodyContext body_context(const proto::Header& header, const Content& content);

struct Letter {
  Entry entry;
  proto::Header header;
  std::vector<RecipientId> recipients;  ///< of the wraps; the dst of a clear one
  /// Empty unless opened (or own) and understood: what no form contradicted when it came, one that has come
  /// since may.
  std::vector<Reading> reports;
  [[nodiscard]] bool own() const { return entry.state == ReadState::own; }
};

/// Cannot be opened, or says what the forms in use do not hold, and its author has not sealed it again
/// either.
[[nodiscard]] bool is_closed(const StoreView& view, const Letter& letter);

/// Reads letters of one snapshot.
class Letters {
 public:
  /// Everything named must outlive it.
  Letters(const StoreView& store, const keys::Secret<32>& store_key, const keys::Trust& trust,
          const forms::Catalogue& catalogue)
      : store_(&store), store_key_(&store_key), trust_(&trust), catalogue_(&catalogue) {}

  [[nodiscard]] std::optional<Letter> read(const MsgId& id) const;
  /// Own ones in order of sealing; delivered ones in order of arrival, own ones that came back included.
  [[nodiscard]] std::vector<Letter> own() const;
  [[nodiscard]] std::vector<Letter> received() const;
  /// Every report of both, for folding.
  [[nodiscard]] std::vector<Reading> readings() const;
  /// What is kept of one envelope; nothing if it was never opened.
  [[nodiscard]] std::optional<Content> content(const MsgId& id) const;

 private:
  [[nodiscard]] std::vector<Letter> all(const std::vector<MsgId>& ids) const;
  [[nodiscard]] Facts facts_of(const Letter& letter, const forms::Report& report, std::uint8_t index) const;
  const StoreView* store_;
  const keys::Secret<32>* store_key_;
  const keys::Trust* trust_;
  const forms::Catalogue* catalogue_;
};

/// The association whose register holds a unit: as registered, else by its number (unit = association ×
/// 100,000 + n).
[[nodiscard]] OrgId association_of(UnitId unit, const keys::Trust& trust);
[[nodiscard]] OrgId association_by_number(UnitId unit);
/// The register of units, as the roll-up and the time line expect reports of them.
[[nodiscard]] std::vector<ExpectedUnit> expected_units(const keys::Trust& trust);

}  // namespace noroshi::desk
