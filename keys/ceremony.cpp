#include "keys/ceremony.hpp"

#include <algorithm>

#include "keys/files.hpp"
#include "keys/language.hpp"
#include "proto/limits.hpp"

namespace noroshi::keys {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDraftMagic = "NORODRF1";
constexpr Seconds kRefreshAfter = days(7), kExpires = days(90);

fs::path officer_path(const Ceremony& dir, int n) {
  return dir / ("root-" + std::to_string(n) + ".key");
}
fs::path root_path(const Ceremony& dir) {
  return dir / "root.object";
}
fs::path draft_path(const Ceremony& dir) {
  return dir / "roster.draft";
}
fs::path roster_path(const Ceremony& dir) {
  return dir / "roster.object";
}
fs::path catalogue_draft_path(const Ceremony& dir) {
  return dir / "catalogue.draft";
}
fs::path org_home(const Ceremony& dir, OrgId org) {
  return dir / ("org-" + std::to_string(org.value));
}
fs::path recovery_path(const Ceremony& dir, OrgId org) {
  return dir / ("org-" + std::to_string(org.value) + "-recovery.key");
}

Error damaged(const fs::path& file) {
  return {Code::bad_data, file.string() + ": " + said("壊れています", "is damaged")};
}

Roster with_dates(Roster roster, WallTime now) {
  roster.head.issued = now;
  roster.head.refresh_after = now + kRefreshAfter;
  roster.head.expires = now + kExpires;
  return roster;
}

bool directs_everybody(OrgKind kind) {
  return kind == OrgKind::national || kind == OrgKind::ministry;
}

/// National body and ministry direct every other organisation of the roster.
void renew_direction(Roster& roster) {
  std::vector<OrgId> all;
  for (const auto& [id, entry] : roster.entries)
    if (id <= 0x07FF) all.push_back({id});
  for (auto& [id, entry] : roster.entries) {
    if (id > 0x07FF) continue;
    auto organisation = decode_organisation({id}, entry);
    NOROSHI_ASSERT(organisation);
    if (!directs_everybody(organisation->kind)) continue;
    organisation->may_direct.clear();
    for (const OrgId other : all)
      if (other != organisation->id) organisation->may_direct.push_back(other);
    entry = encode_organisation(*organisation);
  }
}

/// What stands in a draft must be whole before anybody signs it.
bool holds(ObjectType type, BytesView body) {
  return type == ObjectType::roster ? decode_roster(body).has_value() : decode_document(body).has_value();
}

// magic | body length u32 | body | count u8 | signatures as in an object
Bytes encode_draft(const RootDraft& draft) {
  const Bytes object = join_object(draft.type, draft.body, draft.signatures);
  Writer out;
  out.bytes(view_of(kDraftMagic)).u32(static_cast<std::uint32_t>(draft.body.size()));
  out.bytes(BytesView(object).subspan(1));
  return out.take();
}

std::optional<RootDraft> decode_draft(ObjectType type, BytesView file) {
  Reader in(file);
  if (!equal(in.bytes(kDraftMagic.size()), view_of(kDraftMagic))) return std::nullopt;
  const std::size_t length = in.u32();
  RootDraft draft{type, bytes_of(in.bytes(length)), {}};
  if (!in.ok() || !holds(type, draft.body)) return std::nullopt;
  if (in.rest().size() == 1 && in.rest()[0] == 0) return draft;
  const Bytes object = Writer().u8(static_cast<std::uint8_t>(type)).bytes(draft.body).bytes(in.rest()).take();
  const auto parsed = parse_object(object);
  if (!parsed || parsed->body.size() != length) return std::nullopt;
  draft.signatures = parsed->signatures;
  return draft;
}

Result<RootDraft> load_draft(ObjectType type, const fs::path& path) {
  TRY(const Bytes file, read_file(path, kObjectBytesMax + 64));
  auto draft = decode_draft(type, file);
  if (!draft) return damaged(path);
  return *std::move(draft);
}

/// Officers whose signature over the draft holds, from 1.
std::vector<int> signers_of(const RootDraft& draft, const Root& root, const RootId& root_id) {
  std::vector<int> out;
  const Bytes object = join_object(draft.type, draft.body, draft.signatures);
  const auto parsed = parse_object(object);
  if (!parsed) return out;
  for (const ObjectSignature& s : parsed->signatures) {
    if (s.kind != SignerKind::root || s.index >= root.keys.size()) continue;
    if (object_signed_by(*parsed, s, root.keys[s.index], root_id)) out.push_back(s.index + 1);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Result<Root> first_root(const Ceremony& dir, Bytes* object = nullptr) {
  TRY(const Bytes bytes, read_file(root_path(dir), kObjectBytesMax));
  const auto parsed = parse_object(bytes);
  const auto root = parsed ? decode_root(parsed->body) : std::nullopt;
  if (!root) return damaged(root_path(dir));
  if (object) *object = bytes;
  return *root;
}

/// Appends an officer's signature where it is not there yet.
Result<void> sign_as(const SingleKey& officer, RootDraft& draft, const Root& root) {
  if (officer.id >= root.keys.size() || root.keys[officer.id] != sign_public(officer.key))
    return no(Code::permission, "この鍵はこの根の鍵ではありません", "this is no key of this root");
  const RootId root_id = root_id_of(encode_root(root));
  const std::vector<int> before = signers_of(draft, root, root_id);
  if (std::find(before.begin(), before.end(), officer.id + 1) != before.end()) return {};
  draft.signatures.push_back(sign_body(
      draft.type, draft.body, root_id,
      {.kind = SignerKind::root, .index = static_cast<std::uint8_t>(officer.id), .seed = &officer.key}));
  return {};
}

/// Hands everything published to every admin home of this directory.
Result<void> hand_out(const Ceremony& dir, const Trust& trust, BytesView root_object) {
  for (const OrgId id : trust.organisations()) {
    const fs::path home = org_home(dir, id);
    if (!is_present(home)) continue;
    TRY([[maybe_unused]] const TrustPtr pinned, pin_root(home, root_object));
    for (const ObjectRef& ref : trust.inventory()) TRY_VOID(save_object(home, ref, trust.object(ref)));
  }
  return {};
}

}  // namespace

Result<TrustPtr> make_root(const Ceremony& dir, const RootPlan& plan, const std::vector<Lock>& locks,
                           WallTime now, Rng& rng) {
  if (plan.keys < 1 || plan.keys > static_cast<int>(kRootKeysMax) || plan.threshold < 1 ||
      plan.threshold > plan.keys)
    return no(Code::usage, "根の鍵は 1〜15 本、しきい値はその本数までです",
              "1 to 15 root keys, and a threshold up to their number");
  NOROSHI_ASSERT(locks.size() == static_cast<std::size_t>(plan.keys));
  TRY_VOID(make_private_directory(dir));
  if (is_present(root_path(dir)))
    return Error{Code::cannot_make,
                 root_path(dir).string() + ": " + said("根が既にあります", "there is a root already")};
  std::vector<SignSeed> seeds;
  Root root{1, now, static_cast<std::uint8_t>(plan.threshold), {}};
  for (int i = 0; i < plan.keys; ++i) {
    seeds.push_back(SignSeed::random(rng));
    root.keys.push_back(sign_public(seeds.back()));
  }
  const Bytes body = encode_root(root);
  std::vector<Signer> signers;
  for (std::size_t i = 0; i < seeds.size(); ++i)
    signers.push_back({.kind = SignerKind::root, .index = static_cast<std::uint8_t>(i), .seed = &seeds[i]});
  const Bytes object = sign_object(ObjectType::root, body, root_id_of(body), signers);
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    const SingleKey officer{static_cast<std::uint16_t>(i), seeds[i].copy()};
    TRY_VOID(write_key_file(officer_path(dir, static_cast<int>(i) + 1), KeyOwner::root,
                            encode_secrets(officer), locks[i], rng));
  }
  TRY_VOID(write_atomically(root_path(dir), object, false));
  Roster roster;
  roster.head.version = 1;
  roster.head.quotas = shipped_quotas();
  TRY_VOID(save_draft(dir, with_dates(std::move(roster), now)));
  return Trust::begin(object);
}

Result<TrustPtr> ceremony_trust(const Ceremony& dir) {
  TRY(const Bytes root, read_file(root_path(dir), kObjectBytesMax));
  TRY(TrustPtr trust, Trust::begin(root));
  for (const fs::path& path : {roster_path(dir), catalogue_path(dir)}) {
    if (!is_present(path)) continue;
    TRY(const Bytes object, read_file(path, kObjectBytesMax));
    const ApplyResult result = Trust::apply(trust, object);
    if (result.applied != Applied::added) return Error{Code::bad_data, path.string() + ": " + result.why};
    trust = result.next;
  }
  return trust;
}

Result<std::optional<Bytes>> published_roster(const Ceremony& dir) {
  if (!is_present(roster_path(dir))) return std::optional<Bytes>{};
  TRY(Bytes bytes, read_file(roster_path(dir), kObjectBytesMax));
  return std::optional(std::move(bytes));
}

Result<void> save_draft(const Ceremony& dir, const Roster& roster) {
  return write_atomically(draft_path(dir), encode_draft({ObjectType::roster, encode_roster(roster), {}}),
                          false);
}

Result<Roster> draft_roster(const Ceremony& dir, WallTime now) {
  TRY(const auto published, published_roster(dir));
  TRY(const RootDraft draft, load_draft(ObjectType::roster, draft_path(dir)));
  Roster roster = *decode_roster(draft.body);
  if (published) {
    const auto parsed = parse_object(*published);
    const auto base = parsed ? decode_roster(parsed->body) : std::nullopt;
    if (!base) return damaged(roster_path(dir));
    if (roster.head.version <= base->head.version) {  // the draft is what was published: begin the next one
      roster = *base;
      ++roster.head.version;
      roster.head.previous = roster_digest(*base);
    }
  }
  return with_dates(std::move(roster), now);
}

Result<void> add_organisation(const Ceremony& dir, Organisation organisation, const Lock& lock, WallTime now,
                              Rng& rng) {
  TRY(const Root root, first_root(dir));
  TRY(Roster roster, draft_roster(dir, now));
  const std::uint16_t id = organisation.id.value;
  if (id < 1 || id > 0x07FF)
    return no(Code::usage, "組織番号は 1〜2047 です", "an organisation's number is 1 to 2047");
  if (roster.entries.contains(id))
    return no(Code::usage, "その組織番号は使われています", "that organisation number is taken");
  AdminKeys admin{organisation.id,         root_id_of(encode_root(root)), 1,
                  Secret<32>::random(rng), Secret<32>::random(rng),       Secret<32>::random(rng)};
  const SingleKey recovery{id, Secret<32>::random(rng)};
  organisation.admin_number = admin.number;
  organisation.admin = sign_public(admin.now);
  organisation.admin_next = sign_public(admin.next);
  organisation.recovery = sign_public(recovery.key);
  roster.entries[id] = encode_organisation(organisation);
  renew_direction(roster);
  const fs::path home = org_home(dir, organisation.id);
  TRY_VOID(make_private_directory(home));
  TRY_VOID(write_key_file(admin_key_path(home), KeyOwner::admin, encode_secrets(admin), lock, rng));
  TRY_VOID(write_key_file(recovery_path(dir, organisation.id), KeyOwner::recovery, encode_secrets(recovery),
                          lock, rng));
  return save_draft(dir, roster);
}

Result<void> add_group(const Ceremony& dir, const Group& group, WallTime now) {
  TRY(Roster roster, draft_roster(dir, now));
  if (proto::kind_of(group.id) != proto::RecipientKind::group)
    return no(Code::usage, "グループ番号は 0x800〜0xFFF です", "a group's number is 0x800 to 0xFFF");
  for (const OrgId member : group.members)
    if (!roster.entries.contains(member.value))
      return no(Code::usage, "名簿の案にない組織があります", "a member is not in the roster's draft");
  roster.entries[group.id.value] = encode_group(group);
  return save_draft(dir, roster);
}

Result<DraftState> draft_state(const Ceremony& dir) {
  TRY(const Root root, first_root(dir));
  TRY(const RootDraft draft, load_draft(ObjectType::roster, draft_path(dir)));
  TRY(const auto published, published_roster(dir));
  DraftState state{*decode_roster(draft.body), {}, root.threshold, false};
  state.signers = signers_of(draft, root, root_id_of(encode_root(root)));
  const auto parsed = published ? parse_object(*published) : std::nullopt;
  state.published = parsed && equal(parsed->body, draft.body);
  return state;
}

Result<DraftState> sign_draft(const Ceremony& dir, const SingleKey& officer) {
  Bytes root_object;
  TRY(const Root root, first_root(dir, &root_object));
  TRY(RootDraft draft, load_draft(ObjectType::roster, draft_path(dir)));
  const RootId root_id = root_id_of(encode_root(root));
  if (decode_roster(draft.body)->entries.empty())
    return no(Code::usage, "名簿の案に組織がありません：先に org add を実行してください",
              "the roster's draft has no organisation: run org add first");
  TRY_VOID(sign_as(officer, draft, root));
  TRY_VOID(write_atomically(draft_path(dir), encode_draft(draft), false));
  if (signers_of(draft, root, root_id).size() >= root.threshold) {
    const Bytes object = join_object(ObjectType::roster, draft.body, draft.signatures);
    TRY_VOID(write_atomically(roster_path(dir), object, false));
    TRY(const TrustPtr trust, ceremony_trust(dir));
    TRY_VOID(hand_out(dir, *trust, root_object));
  }
  return draft_state(dir);
}

// ---- the form catalogue
fs::path catalogue_path(const Ceremony& dir) {
  return dir / "catalogue.object";
}

Result<CatalogueState> draft_catalogue(const Ceremony& dir, Bytes packed, WallTime now) {
  TRY(const TrustPtr trust, ceremony_trust(dir));
  const auto published = trust->catalogue();
  const Document document{{}, 0, published ? published->version + 1 : 1, now, std::move(packed)};
  if (document.content.size() > kObjectBytesMax)
    return no(Code::bad_data, "様式集が大きすぎます", "the catalogue is too large");
  const RootDraft draft{ObjectType::catalogue, encode_document(document), {}};
  TRY_VOID(write_atomically(catalogue_draft_path(dir), encode_draft(draft), false));
  return catalogue_state(dir);
}

Result<CatalogueState> catalogue_state(const Ceremony& dir) {
  TRY(const Root root, first_root(dir));
  if (!is_present(catalogue_draft_path(dir)))
    return no(Code::unavailable, "様式集の案がありません：先に catalogue draft を実行してください",
              "there is no draft of a catalogue: run catalogue draft first");
  TRY(const RootDraft draft, load_draft(ObjectType::catalogue, catalogue_draft_path(dir)));
  TRY(const TrustPtr trust, ceremony_trust(dir));
  CatalogueState state{*decode_document(draft.body), {}, root.threshold, false};
  state.signers = signers_of(draft, root, root_id_of(encode_root(root)));
  const auto published = trust->catalogue();
  state.published = published && published->version == state.document.version;
  return state;
}

Result<CatalogueState> sign_catalogue(const Ceremony& dir, const SingleKey& officer) {
  Bytes root_object;
  TRY(const Root root, first_root(dir, &root_object));
  TRY(const CatalogueState before, catalogue_state(dir));
  if (before.published) return before;  // k have signed it: one signature more says nothing new
  TRY(RootDraft draft, load_draft(ObjectType::catalogue, catalogue_draft_path(dir)));
  TRY_VOID(sign_as(officer, draft, root));
  TRY_VOID(write_atomically(catalogue_draft_path(dir), encode_draft(draft), false));
  if (signers_of(draft, root, root_id_of(encode_root(root))).size() >= root.threshold) {
    const Bytes object = join_object(draft.type, draft.body, draft.signatures);
    TRY_VOID(write_atomically(catalogue_path(dir), object, false));
    TRY(const TrustPtr trust, ceremony_trust(dir));
    TRY_VOID(hand_out(dir, *trust, root_object));
  }
  return catalogue_state(dir);
}

}  // namespace noroshi::keys
