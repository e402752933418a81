#include "client-tui/desk/draft.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "keys/keyring.hpp"
#include "keys/language.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::desk {
namespace {

using Json = nlohmann::json;

std::string context_of(std::uint64_t number) {
  return "desk draft " + std::to_string(number);
}

/// {"reports":[…],"to":[17],"level":"flash","field":46,"typing":"34","kept":"…"}; reports as `new --from`
/// reads.
std::string encode(const Draft& draft, const forms::Catalogue& catalogue) {
  Json out;
  out["reports"] = Json::array();
  for (const forms::Report& report : draft.message.reports)
    out["reports"].push_back(forms::to_json(report, catalogue));
  out["to"] = Json::array();
  for (const RecipientId to : draft.message.recipients) out["to"].push_back(to.value);
  if (draft.message.level) out["level"] = proto::name_of(*draft.message.level);
  if (draft.field != 0) out["field"] = draft.field, out["typing"] = draft.typing;
  out["owner"] = draft.owner;
  out["kept"] = to_rfc3339(draft.kept);
  return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Error unreadable(std::uint64_t number) {
  const std::string name = std::to_string(number);
  return keys::no(Code::bad_data, "下書 " + name + " は読めません（そのまま残します）",
                  "draft " + name + " cannot be read (it stays as it is)");
}

template <typename T>
T value_or(const Json& json, const char* key, T otherwise) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, std::string>) {
    return found->is_string() ? found->get<std::string>() : otherwise;
  } else {
    return found->is_number_unsigned() ? found->get<T>() : otherwise;
  }
}

Result<Draft> decode(std::uint64_t number, std::string_view text, const forms::Catalogue& catalogue) {
  const Json json = Json::parse(text, nullptr, false);
  // Drafts of the first version were the bare list of reports.
  const Json& reports = json.is_object() ? json.value("reports", Json::array()) : json;
  if (!reports.is_array() || reports.empty()) return unreadable(number);
  Draft out;
  out.number = number;
  for (const Json& one : reports) {
    TRY(forms::Report report, forms::report_from_json(one, "", catalogue));
    out.message.reports.push_back(std::move(report));
  }
  if (!json.is_object()) return out;
  for (const Json& to : json.value("to", Json::array())) {
    if (to.is_number_unsigned()) out.message.recipients.push_back({to.get<std::uint16_t>()});
  }
  out.message.level = proto::level_of(value_or<std::string>(json, "level", ""));
  out.owner = value_or<std::uint64_t>(json, "owner", 0);
  out.field = value_or<std::uint32_t>(json, "field", 0);
  out.typing = value_or<std::string>(json, "typing", "");
  out.kept = parse_time(value_or<std::string>(json, "kept", "")).value_or(WallTime{});
  return out;
}

Result<Draft> open(const Desk& desk, const SealedDraft& sealed) {
  const auto plain = keys::open_at_rest(desk.keyring().store_key(), context_of(sealed.number), sealed.sealed);
  if (!plain) return unreadable(sealed.number);
  return decode(sealed.number, text_of(*plain), desk.catalogue());
}

/// Nothing if it is gone or cannot be read: then it is nobody's to write over.
std::optional<Draft> as_kept(const Desk& desk, const StoreView& view, std::uint64_t number) {
  for (const SealedDraft& sealed : view.drafts()) {
    if (sealed.number != number) continue;
    auto draft = open(desk, sealed);
    return draft.ok() ? std::optional(*std::move(draft)) : std::nullopt;
  }
  return std::nullopt;
}

using NamedFiles = std::map<ByteArray<32>, forms::Attachment>;  // by digest
NamedFiles files_of(const Draft& draft, const Desk& desk) {
  NamedFiles out;
  for (const forms::Report& report : draft.message.reports) {
    for (const forms::Attachment& file : forms::attachments_of(report, desk.catalogue()))
      out.emplace(file.sha256, file);
  }
  return out;
}

/// Forgets the files that this draft names no more, and no other one does. One that cannot be read may name
/// any of them.
void forget_files(StoreTurn& turn, const Desk& desk, std::uint64_t number, NamedFiles files) {
  if (files.empty()) return;
  for (const SealedDraft& sealed : turn.drafts()) {
    if (sealed.number == number) continue;
    const auto draft = open(desk, sealed);
    if (!draft.ok()) return;
    for (const auto& [digest, file] : files_of(*draft, desk)) files.erase(digest);
  }
  for (const auto& [digest, file] : files) forget_kept(turn, desk.keyring().store_key(), file, desk.self());
}

void put(StoreTurn& turn, Desk& desk, const Draft& draft, std::uint64_t number) {
  const std::string text = encode(draft, desk.catalogue());
  turn.put_draft(
      number, keys::seal_at_rest(desk.keyring().store_key(), context_of(number), view_of(text), desk.rng()));
}

}  // namespace

std::uint64_t keep(StoreTurn& turn, Desk& desk, const Draft& draft) {
  const std::uint64_t number = turn.put_draft(std::nullopt, {});
  put(turn, desk, draft, number);
  return number;
}

Result<std::uint64_t> keep(Desk& desk, const Draft& draft, bool take_over) {
  TRY(StoreTurn turn, desk.store().write());
  const std::optional<Draft> before = as_kept(desk, turn, draft.number);
  const bool still_ours = draft.number != 0 && (take_over || (before && before->owner == draft.owner));
  const std::uint64_t number = still_ours ? draft.number : turn.put_draft(std::nullopt, {});
  put(turn, desk, draft, number);
  if (still_ours && before) {  // a picture may have been taken off
    NamedFiles files = files_of(*before, desk);
    for (const auto& [digest, file] : files_of(draft, desk)) files.erase(digest);
    forget_files(turn, desk, number, std::move(files));
  }
  TRY_VOID(turn.commit());
  return number;
}

Result<std::vector<Draft>> drafts(Desk& desk, std::vector<std::uint64_t>* unreadable_numbers) {
  TRY(const StoreRead view, desk.store().read());
  std::vector<Draft> out;
  for (const SealedDraft& sealed : view.drafts()) {
    auto draft = open(desk, sealed);
    if (draft.ok()) {
      out.push_back(*std::move(draft));
    } else if (unreadable_numbers != nullptr) {
      unreadable_numbers->push_back(sealed.number);
    }
  }
  TRY_VOID(view.check());
  return out;
}

bool is_named_by_draft(const StoreView& view, const Desk& desk, const ReportId& report) {
  return std::ranges::any_of(view.drafts(), [&](const SealedDraft& sealed) {
    const auto draft = open(desk, sealed);
    return draft.ok() && std::ranges::any_of(draft->message.reports, [&](const forms::Report& one) {
             return std::ranges::count(one.header().parents, report) > 0;
           });
  });
}

Result<void> drop(Desk& desk, std::uint64_t number) {
  TRY(StoreTurn turn, desk.store().write());
  if (const auto draft = as_kept(desk, turn, number))
    forget_files(turn, desk, number, files_of(*draft, desk));
  turn.drop_draft(number);
  return turn.commit();
}

Result<void> give_up(Desk& desk, const std::vector<forms::Attachment>& files) {
  if (files.empty()) return {};
  TRY(StoreTurn turn, desk.store().write());
  NamedFiles named;
  for (const forms::Attachment& file : files) named.emplace(file.sha256, file);
  forget_files(turn, desk, 0, std::move(named));
  return turn.commit();
}

}  // namespace noroshi::desk
