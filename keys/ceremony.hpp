// The root ceremony's directory: officers' keys, the first root, and the drafts (of the roster, of the form
// catalogue) that collect their signatures.
//
//   DIR/root-N.key          officer N's key, under its passphrase; to be carried away on its own stick
//   DIR/root.object         the first root, signed by all
//   DIR/roster.draft        "NORODRF1" | body length u32 | body | count u8 | signatures as in an object
//   DIR/roster.object       the newest roster that k distinct officers have signed
//   DIR/catalogue.draft, DIR/catalogue.object   the same for the form catalogue
//   DIR/org-N/              home of organisation N's admin, to be carried to it
//   DIR/org-N-recovery.key  its recovery key, to be kept elsewhere
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "keys/document.hpp"
#include "keys/home.hpp"
#include "keys/object.hpp"
#include "keys/root.hpp"
#include "keys/roster.hpp"

namespace noroshi::keys {

using Ceremony = std::filesystem::path;

/// A roster or catalogue before it is published. Any change of it drops the signatures.
struct RootDraft {
  ObjectType type{};
  Bytes body;
  std::vector<ObjectSignature> signatures;
};

struct RootPlan {
  int threshold = 3;
  int keys = 5;
};
/// Makes the officers' keys, the first root and an empty first draft. Refuses (cannot_make) a directory that
/// has a root. `locks[i]` protects key i + 1.
[[nodiscard]] Result<TrustPtr> make_root(const Ceremony& dir, const RootPlan& plan,
                                         const std::vector<Lock>& locks, WallTime now, Rng& rng);

/// Trust of what is published in the directory: root, and roster and catalogue if there are.
[[nodiscard]] Result<TrustPtr> ceremony_trust(const Ceremony& dir);
/// The draft; made from the published roster (next version, its digest as previous) if there is none.
[[nodiscard]] Result<Roster> draft_roster(const Ceremony& dir, WallTime now);
/// Replaces the draft, without signatures.
[[nodiscard]] Result<void> save_draft(const Ceremony& dir, const Roster& roster);
/// Whether the draft has been published as it is.
[[nodiscard]] Result<std::optional<Bytes>> published_roster(const Ceremony& dir);

/// Adds an organisation: admin home with its keys, recovery key, entry in the draft. National body and
/// ministry direct everybody; `lock` protects the organisation's files.
[[nodiscard]] Result<void> add_organisation(const Ceremony& dir, Organisation organisation, const Lock& lock,
                                            WallTime now, Rng& rng);
[[nodiscard]] Result<void> add_group(const Ceremony& dir, const Group& group, WallTime now);

/// Who has signed the draft so far.
struct DraftState {
  Roster roster;
  std::vector<int> signers;  ///< officers, from 1
  int threshold = 0;
  bool published = false;
};
/// Only signatures that hold count.
[[nodiscard]] Result<DraftState> draft_state(const Ceremony& dir);
/// Appends one officer's signature; with the k-th, publishes: roster.object, and root and roster into every
/// org-N/.
[[nodiscard]] Result<DraftState> sign_draft(const Ceremony& dir, const SingleKey& officer);

// ---- The form catalogue: what it says is packed by proto/forms, and no matter here
/// The newest one published, then signatures of who has signed the draft after it.
struct CatalogueState {
  Document document;
  std::vector<int> signers;  ///< officers, from 1
  int threshold = 0;
  bool published = false;
};
/// Replaces the draft, without signatures: the version after the published one. Refuses (bad_data) what no
/// object has room for.
[[nodiscard]] Result<CatalogueState> draft_catalogue(const Ceremony& dir, Bytes packed, WallTime now);
/// Refuses (unavailable) a directory without a draft.
[[nodiscard]] Result<CatalogueState> catalogue_state(const Ceremony& dir);
/// With the k-th signature publishes: catalogue.object, and a copy into every org-N/.
[[nodiscard]] Result<CatalogueState> sign_catalogue(const Ceremony& dir, const SingleKey& officer);
[[nodiscard]] std::filesystem::path catalogue_path(const Ceremony& dir);

}  // namespace noroshi::keys
