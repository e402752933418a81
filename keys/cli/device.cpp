// device request, certify, install, list.
#include <algorithm>

#include "keys/certificate.hpp"
#include "keys/cli/context.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/words.hpp"

namespace noroshi::keys::cli {
namespace {

constexpr std::size_t kRequestBytesMax = 8192;

std::string role_text(Roles roles) {
  std::string out;
  for (int i = 0; i < 7; ++i)
    if (roles.has(static_cast<Role>(i)))
      out += (out.empty() ? "" : " ") + std::string(name_of(static_cast<Role>(i)));
  return out;
}

struct RequestOptions {
  std::uint16_t org = 0, handler = 0;
  std::uint32_t unit = 0;
  std::vector<std::string> roles;
  bool with_relay = false;
  std::string out;
};

Result<void> device_request(Context& context, const RequestOptions& o) {
  RequestPlan plan{{o.org}, {}, o.with_relay, {o.handler}, {o.unit}};
  bool person = false;
  for (const std::string& name : o.roles) {
    const auto role = role_of(name);
    if (!role)
      return Error{Code::usage, said("役割は field desk relay gateway admin auditor reviewer です: ",
                                     "a role is field, desk, relay, gateway, admin, auditor or reviewer: ") +
                                    name};
    plan.roles = plan.roles.with(*role);
    person = person || (*role != Role::relay && *role != Role::gateway);
  }
  Lock lock{nullptr, context.cost(kKdfField)};
  if (person) {
    TRY(lock.passphrase,
        context.passphrase(said("この端末の新しいパスフレーズ", "new passphrase of this device"), true));
  }
  const Home home = context.home_path();
  TRY(const Bytes file, make_request(home, plan, lock, context.rng));
  const std::filesystem::path out = o.out.empty() ? home / "request" : std::filesystem::path(o.out);
  TRY_VOID(write_atomically(out, file, false));
  const std::string words = request_words(file);
  context.put(
      {{"request", out.string()}, {"line", request_line(file)}, {"words", words}},
      {said("登録依頼: ", "request: ") + out.string(), request_line(file),
       said("管理者の画面と見比べる 6 語: ", "six words to compare with the admin's screen: ") + words});
  return {};
}

struct CertifyOptions {
  std::vector<std::string> requests;
  std::uint16_t days = 400, dev = 0;
  bool reads = false;
  std::string out, not_before;
};

/// A file, or the line itself.
Result<Bytes> read_request(const std::string& given) {
  if (auto line = request_from_line(given)) return *std::move(line);
  TRY(Bytes bytes, read_file(given, kRequestBytesMax));
  if (auto line = request_from_line(text_of(bytes))) return *std::move(line);
  return bytes;
}

/// What the roster expects of this organisation's relays and its certificates do not give. One line each.
void warn_of_homes(const Trust& trust, OrgId org, const std::vector<DeviceId>& relays) {
  const Organisation* organisation = trust.organisation(org);
  const std::vector<DeviceId> missing = homeless(trust, org);
  std::string homes, dev;
  for (const DeviceId& home : organisation->home_relays)
    homes += (homes.empty() ? "" : ", ") + to_string(home);
  for (const DeviceId& relay : relays) {
    const auto& listed = organisation->home_relays;
    if (std::find(listed.begin(), listed.end(), relay) != listed.end()) continue;
    Context::note(to_string(relay) +
                  said(" は名簿の宛先中継局ではありません（名簿では " + homes +
                           "）：ここに着いても届いたことに"
                           "なりません。宛先中継局にする機械なら、新しい依頼を --dev 付きで登録してください",
                       " is no home relay in the roster (" + homes +
                           " is): what reaches it only passes on. If it "
                           "was meant to be one, enrol a new request of it with --dev"));
  }
  for (const DeviceId& home : missing)
    Context::note(said("名簿の宛先中継局 ", "the roster's home relay ") + to_string(home) +
                  said(" がまだ登録されていません：登録するまで組織 " + std::to_string(org.value) +
                           " への報告は待機のままです（device certify --dev " + std::to_string(home.dev) +
                           "）",
                       " is not enrolled: until it is (device certify --dev " + std::to_string(home.dev) +
                           "), reports to organisation " + std::to_string(org.value) + " stay queued"));
}

Result<void> device_certify(Context& context, const CertifyOptions& o) {
  const Home home = context.home_path();
  TRY(const WallTime now, context.now());
  TRY(const WallTime not_before, Context::time(o.not_before, now));
  TRY(const AdminKeys admin, context.admin());
  TRY(TrustPtr trust, load_trust(home));
  TRY(const EpochStore epochs, context.admin_epochs(admin));
  std::vector<DeviceId> relays;
  for (const std::string& given : o.requests) {
    TRY(const Bytes file, read_request(given));
    const auto requests = decode_requests(file);
    if (!requests)
      return Error{Code::bad_data,
                   given + ": " + said("登録依頼として読めません", "is no request for enrolment")};
    for (const DeviceRequest& request : *requests) {
      TRY(const std::vector<Bytes> objects, certify(admin, *trust, request, {not_before, o.days, o.dev}));
      TRY(trust, keep(home, trust, objects));
      const DeviceId device{request.org, static_cast<std::uint16_t>(ref_of_object(objects[0])->owner >> 8)};
      const bool carrier = request.roles.has(Role::relay) || request.roles.has(Role::gateway);  // never reads
      if (carrier && requests->size() == 1) relays.push_back(device);  // a laptop's own relay only passes on
      const bool reads = o.reads || request.roles.has(Role::desk) || request.roles.has(Role::admin);
      if (reads && !carrier) TRY_VOID(add_reader(home, device));
      context.put({{"device", to_string(device)},
                   {"roles", role_text(request.roles)},
                   {"handler", request.handler.value},
                   {"until", to_rfc3339(not_before + days(o.days))},
                   {"words", request_words(file)}},
                  {to_string(device) + "  " + role_text(request.roles) + said("  照合語: ", "  words: ") +
                   request_words(file)});
    }
  }
  TRY(const std::vector<DeviceId> readers, load_readers(home));
  const Bytes bundle = encode_bundle(make_bundle(*trust, epochs, admin.org, readers, now, context.rng));
  const std::filesystem::path out = o.out.empty() ? home / "bundle" : std::filesystem::path(o.out);
  TRY_VOID(write_atomically(out, bundle, false));
  context.put({{"bundle", out.string()}, {"bytes", bundle.size()}},
              {said("登録束: ", "bundle: ") + out.string()});
  warn_of_homes(*trust, admin.org, relays);
  return {};
}

struct InstallOptions {
  std::string bundle, root_words;
  bool objects_only = false;
};

Result<void> device_install(Context& context, const InstallOptions& o) {
  const Home home = context.home_path();
  TRY(const Bytes file, read_file(o.bundle, kBundleBytesMax));
  const auto bundle = decode_bundle(file);
  if (!bundle) return Error{Code::bad_data, o.bundle + ": " + said("登録束として読めません", "is no bundle")};
  Lock lock{nullptr, context.cost(kKdfField)};
  if (!o.objects_only && is_present(key_path(home, Which::person))) {
    TRY(const bool needed, needs_passphrase(home, Which::person));
    if (needed) {
      TRY(lock.passphrase,
          context.passphrase(said("この端末のパスフレーズ", "passphrase of this device"), false));
    }
  }
  TRY(const Installed done, install(home, *bundle, o.root_words, lock, context.rng));
  Json devices = Json::array();
  std::string names;
  for (const KeyId key : done.devices) {
    devices.push_back(to_string(key));
    names += (names.empty() ? "" : " ") + to_string(key);
  }
  context.put(
      {{"devices", devices},
       {"roster", done.trust->roster_version()},
       {"epoch_secrets", done.secrets},
       {"left_out", done.objects_left_out}},
      {said("登録しました: ", "installed: ") +
       (names.empty() ? said("（この束にこの端末の証明書はありません）", "(no certificate of this home)")
                      : names)});
  return {};
}

Result<void> device_list(Context& context) {
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  for (const OrgId org : trust->organisations())
    for (const Certificate* c : trust->certificates(org)) {
      const auto revoked = trust->revoked_since(c->key);
      Json facts = {{"key", to_string(c->key)},
                    {"roles", role_text(c->roles)},
                    {"handler", c->handler.value},
                    {"unit", c->default_unit.value},
                    {"until", to_rfc3339(c->expires())}};
      if (revoked) facts["revoked_since"] = to_rfc3339(*revoked);
      context.put(facts, {to_string(c->key) + "  " + role_text(c->roles) + "  ～" + to_rfc3339(c->expires()) +
                          (revoked ? said("  失効 ", "  revoked ") + to_rfc3339(*revoked) : "")});
    }
  return {};
}

}  // namespace

void add_device_commands(CLI::App& app, Context& context) {
  CLI::App* device = add_folder(app, "device", "端末", "devices");
  const auto request_options = std::make_shared<RequestOptions>();
  CLI::App* request =
      add_command(*device, context, "request", "鍵を作り登録を依頼する", "make keys and ask for enrolment",
                  [&context, request_options] { return device_request(context, *request_options); });
  add_home_option(*request, context);
  add_passphrase_options(*request, context, true);
  request->add_option("--org", request_options->org, said("組織番号", "organisation"))->required();
  request->add_option("--handler", request_options->handler, said("情報取扱者番号", "handler's number"));
  request->add_option("--role", request_options->roles, "field desk relay gateway admin auditor reviewer")
      ->required();
  request->add_option("--unit", request_options->unit, said("報告単位の番号", "reporting unit"));
  request->add_flag("--with-relay", request_options->with_relay,
                    said("この機械の中継機の鍵も作る", "keys of this machine's relay too"));
  request->add_option("--out", request_options->out, said("依頼ファイル", "file of the request"));

  const auto certify_options = std::make_shared<CertifyOptions>();
  CLI::App* certify_command =
      add_command(*device, context, "certify", "登録依頼に証明書を出し、登録束を作る",
                  "certify requests and make the bundle",
                  [&context, certify_options] { return device_certify(context, *certify_options); });
  add_home_option(*certify_command, context);
  add_passphrase_options(*certify_command, context, false);
  certify_command
      ->add_option("--request", certify_options->requests,
                   said("依頼ファイルまたは行", "request file or line"))
      ->required();
  certify_command->add_option("--days", certify_options->days, said("有効日数", "days of validity"))
      ->check(CLI::Range(1, 800));
  certify_command->add_option("--dev", certify_options->dev,
                              said("端末番号（既定: 空き番号）", "device number (default: next free)"));
  certify_command->add_option("--not-before", certify_options->not_before,
                              said("有効期間の始め", "begin of validity"));
  certify_command->add_flag("--read", certify_options->reads,
                            said("組織宛ての内容を読める", "may read what comes to the organisation"));
  certify_command->add_option("--out", certify_options->out, said("登録束", "file of the bundle"));

  const auto install_options = std::make_shared<InstallOptions>();
  CLI::App* install_command =
      add_command(*device, context, "install", "登録束を入れる", "install a bundle",
                  [&context, install_options] { return device_install(context, *install_options); });
  add_home_option(*install_command, context);
  add_passphrase_options(*install_command, context, true);
  install_command->add_option("--bundle", install_options->bundle, said("登録束", "bundle"))->required();
  install_command->add_option("--root-digest", install_options->root_words,
                              said("根の照合語 8 語", "the root's 8 words"));
  install_command->add_flag("--objects-only", install_options->objects_only,
                            said("鍵を開かず信頼情報だけ入れる", "take trust objects only, open no key"));

  CLI::App* list = add_command(*device, context, "list", "証明書の一覧", "list certificates",
                               [&context] { return device_list(context); });
  add_home_option(*list, context);
}

}  // namespace noroshi::keys::cli
