// root init, org add, group add.
#include <algorithm>

#include "keys/ceremony.hpp"
#include "keys/cli/context.hpp"
#include "keys/words.hpp"

namespace noroshi::keys::cli {
namespace {

struct RootOptions {
  RootPlan plan;
};

Result<void> root_init(Context& context, const RootOptions& o) {
  TRY(const WallTime now, context.now());
  std::vector<Lock> locks;
  for (int i = 1; i <= o.plan.keys; ++i) {
    const std::string question = said("根の鍵 ", "new passphrase of root key ") + std::to_string(i) + "/" +
                                 std::to_string(o.plan.keys) + said(" の新しいパスフレーズ", "");
    TRY(const SecretBytes* phrase, context.passphrase(question, true));
    locks.push_back({phrase, context.cost(kKdfOffice)});
  }
  TRY(const TrustPtr trust, make_root(context.dir, o.plan, locks, now, context.rng));
  const std::string words = text_of_words(words_of(trust->root_digest(), kRootWords));
  context.put({{"dir", context.dir},
               {"threshold", o.plan.threshold},
               {"keys", o.plan.keys},
               {"root_id", to_hex(trust->root_id().value)},
               {"root_digest", to_hex(trust->root_digest())},
               {"words", words}},
              {said("根を作りました。照合語（登録のとき見比べる）:",
                    "the root is made. Its words (compared at enrolment):"),
               "  " + words,
               said("次: org add で組織を加え、root-N.key をそれぞれの担当者の媒体へ移してください。",
                    "next: org add, then move each root-N.key to its officer's own medium.")});
  return {};
}

Result<void> root_show(Context& context) {
  TRY(const TrustPtr trust, ceremony_trust(context.dir));
  const std::string words = text_of_words(words_of(trust->root_digest(), kRootWords));
  context.put({{"root_id", to_hex(trust->root_id().value)},
               {"root_digest", to_hex(trust->root_digest())},
               {"words", words}},
              {words});
  return {};
}

struct OrgOptions {
  std::uint16_t id = 0;
  std::string kind, name, name_en, home_relays = "1", may_direct;
  int pref = 0;
  std::vector<std::string> hubs;
};

Result<OrgKind> kind_of_name(const std::string& name) {
  static const std::map<std::string, OrgKind> kKinds = {
      {"national", OrgKind::national},       {"ministry", OrgKind::ministry},
      {"association", OrgKind::association}, {"dealer", OrgKind::dealer},
      {"inspector", OrgKind::inspector},     {"other", OrgKind::other}};
  const auto found = kKinds.find(name);
  if (found != kKinds.end()) return found->second;
  return Error{Code::usage, said("組織の種類は national ministry association dealer inspector other です: ",
                                 "a kind is national, ministry, association, dealer, inspector or other: ") +
                                name};
}

/// "1=tcp://hub.example.jp:7411"
Result<Hub> hub_of(const std::string& text, OrgId org) {
  const auto at = text.find('=');
  if (at == std::string::npos)
    return Error{Code::usage,
                 said("--hub は 端末番号=アドレス の形です: ", "--hub is DEVICE=ADDRESS: ") + text};
  TRY(const std::uint32_t dev, number_of(text.substr(0, at), 0x7FFE));
  return Hub{{org, static_cast<std::uint16_t>(dev)}, text.substr(at + 1)};
}

Result<void> org_add(Context& context, const OrgOptions& o) {
  TRY(const WallTime now, context.now());
  Organisation organisation;
  organisation.id = {o.id};
  TRY(organisation.kind, kind_of_name(o.kind));
  if (o.name.find_first_not_of(" \t") == std::string::npos)
    return no(Code::usage, "--name: 名称が空です", "--name: is empty");
  organisation.prefecture = static_cast<std::uint8_t>(o.pref);
  organisation.name = o.name;
  organisation.name_en = o.name_en;
  organisation.role_mask = {0x7F};
  organisation.valid_from = now;
  TRY(organisation.may_direct, orgs_of(o.may_direct));
  for (const std::string& relay : split(o.home_relays, ',')) {
    TRY(const std::uint32_t dev, number_of(relay, 0x7FFE));
    organisation.home_relays.push_back({organisation.id, static_cast<std::uint16_t>(dev)});
  }
  for (const std::string& text : o.hubs) {
    TRY(Hub hub, hub_of(text, organisation.id));
    organisation.hubs.push_back(std::move(hub));
  }
  const std::string question =
      o.name + said(" の管理者の鍵の新しいパスフレーズ", ": new passphrase of the admin key");
  TRY(const SecretBytes* phrase, context.passphrase(question, true));
  TRY_VOID(add_organisation(context.dir, organisation, {phrase, context.cost(kKdfOffice)}, now, context.rng));
  const std::string admin_home = (Home(context.dir) / ("org-" + std::to_string(o.id))).string();
  context.put({{"org", o.id}, {"name", o.name}, {"admin_home", admin_home}},
              {o.name +
                   said(" を名簿の案に加えました。管理者のホーム: ",
                        ": added to the roster's draft. Admin's home: ") +
                   admin_home,
               said("次: roster sign --dir … --key …（しきい値の人数まで）",
                    "next: roster sign --dir … --key …, up to the threshold")});
  return {};
}

struct GroupOptions {
  std::string id, name, name_en, members;
  std::uint16_t owner = 1;
};

Result<void> group_add(Context& context, const GroupOptions& o) {
  TRY(const WallTime now, context.now());
  Group group;
  TRY(const std::uint32_t id, number_of(o.id, 0x0FFF));
  group.id = {static_cast<std::uint16_t>(id)};
  group.owner = {o.owner};
  group.since = now;
  group.name = o.name;
  group.name_en = o.name_en;
  TRY(group.members, orgs_of(o.members));
  std::sort(group.members.begin(), group.members.end());
  group.members.erase(std::unique(group.members.begin(), group.members.end()), group.members.end());
  TRY_VOID(add_group(context.dir, group, now));
  context.put({{"group", o.id}, {"members", group.members.size()}},
              {o.name + said(" を名簿の案に加えました。", ": added to the roster's draft.")});
  return {};
}

}  // namespace

void add_root_commands(CLI::App& app, Context& context) {
  CLI::App* root = add_folder(app, "root", "根の鍵", "root keys");
  const auto init_options = std::make_shared<RootOptions>();
  CLI::App* init = add_command(*root, context, "init", "k-of-n の根の鍵と最初の名簿の案を作る",
                               "make k-of-n root keys and the first draft of the roster",
                               [&context, init_options] { return root_init(context, *init_options); });
  add_dir_option(*init, context);
  add_passphrase_options(*init, context, true);
  init->add_option("--threshold", init_options->plan.threshold,
                   said("必要な署名の数 k", "signatures needed, k"));
  init->add_option("--keys", init_options->plan.keys, said("鍵の数 n", "keys made, n"));
  CLI::App* show = add_command(*root, context, "show", "根の照合語を示す", "show the words of the root",
                               [&context] { return root_show(context); });
  add_dir_option(*show, context);

  CLI::App* org = add_folder(app, "org", "組織", "organisations");
  const auto org_options = std::make_shared<OrgOptions>();
  CLI::App* add = add_command(*org, context, "add", "組織を名簿の案に加え、管理者の鍵を作る",
                              "add an organisation to the roster's draft and make its admin's keys",
                              [&context, org_options] { return org_add(context, *org_options); });
  add_dir_option(*add, context);
  add_passphrase_options(*add, context, true);
  add->add_option("--id", org_options->id, said("組織番号 1〜2047", "number, 1 to 2047"))
      ->required()
      ->check(CLI::Range(1, 2047));
  add->add_option("--kind", org_options->kind, "national ministry association dealer inspector other")
      ->required();
  add->add_option("--pref", org_options->pref,
                  said("都道府県コード（JIS X 0401）", "prefecture (JIS X 0401)"))
      ->check(CLI::Range(0, 47));
  add->add_option("--name", org_options->name, said("名称", "name"))->required();
  add->add_option("--name-en", org_options->name_en, said("英語名称", "name in English"));
  add->add_option(
      "--home-relays", org_options->home_relays,
      said("宛先到達とみなす中継機の端末番号", "device numbers of the relays whose commit means delivered"));
  add->add_option("--hub", org_options->hubs,
                  said("固定アドレスの中継機 番号=アドレス", "relay with a fixed address, DEVICE=ADDRESS"));
  add->add_option("--may-direct", org_options->may_direct,
                  said("指示を出せる組織", "organisations it may direct"));

  CLI::App* group = add_folder(app, "group", "グループ", "groups");
  const auto group_options = std::make_shared<GroupOptions>();
  CLI::App* group_command =
      add_command(*group, context, "add", "グループを名簿の案に加える", "add a group to the roster's draft",
                  [&context, group_options] { return group_add(context, *group_options); });
  add_dir_option(*group_command, context);
  group_command->add_option("--id", group_options->id, said("番号 0x800〜0xFFF", "number, 0x800 to 0xFFF"))
      ->required();
  group_command->add_option("--name", group_options->name, said("名称", "name"))->required();
  group_command->add_option("--name-en", group_options->name_en, said("英語名称", "name in English"));
  group_command->add_option("--members", group_options->members, said("組織番号の並び", "organisations"))
      ->required();
  group_command->add_option("--owner", group_options->owner,
                            said("暗号期を作る組織", "organisation that makes its epochs"));
}

}  // namespace noroshi::keys::cli
