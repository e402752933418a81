// roster sign, show, verify, diff.
#include "keys/ceremony.hpp"
#include "keys/cli/context.hpp"

namespace noroshi::keys::cli {
namespace {

Json facts_of(const DraftState& state) {
  return {{"version", state.roster.head.version},
          {"issued", to_rfc3339(state.roster.head.issued)},
          {"signed_by", state.signers},
          {"threshold", state.threshold},
          {"published", state.published}};
}

std::string line_of(const DraftState& state) {
  return said("名簿の案 第", "roster draft, version ") + std::to_string(state.roster.head.version) +
         said("版: 署名 ", ": signed ") + std::to_string(state.signers.size()) + "/" +
         std::to_string(state.threshold) + (state.published ? said("（公布済み）", " (published)") : "");
}

Result<void> roster_sign(Context& context, const std::string& key) {
  TRY(const SingleKey officer, context.officer(key));
  TRY(const DraftState state, sign_draft(context.dir, officer));
  context.put(facts_of(state), {line_of(state)});
  return {};
}

/// --dir: the draft; --home: what a node holds.
Result<void> roster_show(Context& context) {
  TrustPtr trust;
  if (!context.dir.empty()) {
    TRY(const DraftState state, draft_state(context.dir));
    context.put(facts_of(state), {line_of(state)});
    if (!state.published) return {};
    TRY(trust, ceremony_trust(context.dir));
  } else {
    TRY(trust, load_trust(context.home_path()));
  }
  TRY(const WallTime now, context.now());
  const RosterState state = trust->roster_state(now);
  context.put({{"version", trust->roster_version()},
               {"issued", to_rfc3339(trust->roster_issued())},
               {"state", std::string(1, letter(state))},
               {"state_digest", to_hex(trust->state_digest())}},
              {said("名簿 第", "roster version ") + std::to_string(trust->roster_version()) +
               said("版、状態 ", ", state ") + letter(state)});
  for (const OrgId id : trust->organisations()) {
    const Organisation& o = *trust->organisation(id);
    Json relays = Json::array();
    for (const DeviceId& relay : o.home_relays) relays.push_back(to_string(relay));
    context.put(
        {{"org", id.value},
         {"name", o.name},
         {"name_en", o.name_en},
         {"prefecture", o.prefecture},
         {"home_relays", relays},
         {"devices", trust->certificates(id).size()}},
        {"  " + std::to_string(id.value) + "  " + said(o.name, o.name_en.empty() ? o.name : o.name_en)});
  }
  for (const Group* group : trust->groups())
    context.put({{"group", group->id.value}, {"name", group->name}, {"members", group->members.size()}},
                {"  " + std::to_string(group->id.value) + "  " +
                 said(group->name, group->name_en.empty() ? group->name : group->name_en)});
  return {};
}

Result<void> roster_verify(Context& context) {
  TRY(const DraftState state, draft_state(context.dir));
  context.put(facts_of(state), {line_of(state)});
  if (static_cast<int>(state.signers.size()) < state.threshold)
    return Error{Code::permission,
                 said("署名が足りません: あと ", "signatures are missing: ") +
                     std::to_string(state.threshold - static_cast<int>(state.signers.size())) +
                     said(" 人の roster sign が要ります", " more officers must run roster sign")};
  return {};
}

/// What the draft changes against the published roster.
Result<void> roster_diff(Context& context) {
  TRY(const DraftState state, draft_state(context.dir));
  TRY(const auto published, published_roster(context.dir));
  Roster base;
  if (published)
    if (const auto parsed = parse_object(*published))
      if (const auto decoded = decode_roster(parsed->body)) base = *decoded;
  for (const auto& [id, entry] : delta_between(base, state.roster).changes) {
    const char* change = entry.empty() ? "removed" : base.entries.contains(id) ? "changed" : "added";
    context.put({{"id", id}, {"change", change}}, {std::to_string(id) + "  " + change});
  }
  return {};
}

}  // namespace

void add_roster_commands(CLI::App& app, Context& context) {
  CLI::App* roster = add_folder(app, "roster", "名簿", "roster");
  const auto key = std::make_shared<std::string>();
  CLI::App* sign = add_command(*roster, context, "sign", "名簿の案に署名する（k 人目で公布）",
                               "sign the roster's draft (the k-th signature publishes it)",
                               [&context, key] { return roster_sign(context, *key); });
  add_dir_option(*sign, context);
  sign->add_option("--key", *key, said("根の鍵ファイル", "root key file"))->required();
  add_passphrase_options(*sign, context, false);
  CLI::App* show = add_command(*roster, context, "show", "名簿を示す", "show the roster",
                               [&context] { return roster_show(context); });
  show->add_option("--dir", context.dir, said("根の儀式のディレクトリ", "directory of the root ceremony"));
  add_home_option(*show, context);
  CLI::App* verify =
      add_command(*roster, context, "verify", "案の署名を確かめる", "check the draft's signatures",
                  [&context] { return roster_verify(context); });
  add_dir_option(*verify, context);
  CLI::App* diff = add_command(*roster, context, "diff", "公布済みの名簿との違い", "what the draft changes",
                               [&context] { return roster_diff(context); });
  add_dir_option(*diff, context);
}

}  // namespace noroshi::keys::cli
