// revoke: by the admin, or by the device itself.
#include <algorithm>
#include <charconv>

#include "keys/certificate.hpp"
#include "keys/cli/context.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/object.hpp"

namespace noroshi::keys::cli {
namespace {

struct RevokeOptions {
  std::string device, since, reason = "other", out;
  bool unknown = false;
};

/// "17/3" every generation, "17/3.2" that one.
Result<KeyId> key_of(const std::string& text) {
  const auto dot = text.find('.');
  const auto device = parse_device_id(text.substr(0, dot));
  KeyId key;
  if (device) key.device = *device;
  if (!device || device->dev == 0 || device->dev > 0x7FFE)
    return Error{Code::usage, said("端末は 組織/番号 または 組織/番号.世代 です: ",
                                   "a device is ORG/NUMBER or ORG/NUMBER.GENERATION: ") +
                                  text};
  if (dot != std::string::npos) {
    TRY(const std::uint32_t gen, number_of(text.substr(dot + 1), 0xFF));
    key.gen = static_cast<std::uint8_t>(gen);
  }
  return key;
}

Result<Revocation> revocation_of(const Context& context, const RevokeOptions& o, KeyId key) {
  TRY(const WallTime now, context.now());
  const auto reason = revocation_reason_of(o.reason);
  if (!reason)
    return Error{Code::usage,
                 said("理由は lost stolen compromised replaced restored left other です: ",
                      "a reason is lost, stolen, compromised, replaced, restored, left or other: ") +
                     o.reason};
  TRY(const WallTime since, Context::time(o.since, now));
  return Revocation{key, since, *reason, now};
}

void put(const Context& context, const Revocation& r, std::size_t bytes) {
  const std::string name = r.key.gen ? to_string(r.key) : to_string(r.key.device);
  context.put({{"device", name},
               {"since", to_rfc3339(r.since)},
               {"reason", std::string(name_of(r.reason))},
               {"bytes", bytes}},
              {said("失効: ", "revoked: ") + name + said("（", " (since ") + to_rfc3339(r.since) +
               said(" 以降、", ", ") + std::string(name_of(r.reason)) + said("）", ")")});
}

/// A mistyped number must not look like a laptop that is locked out.
bool knows(const Trust& trust, KeyId key) {
  return key.gen != 0 ? trust.certificate(key) != nullptr : trust.newest_certificate(key.device) != nullptr;
}

/// The entry, and the organisation's cumulative list with it.
Result<void> revoke_by_admin(Context& context, const RevokeOptions& o) {
  const Home home = context.home_path();
  TRY(const KeyId key, key_of(o.device));
  TRY(const AdminKeys admin, context.admin());
  TRY(TrustPtr trust, load_trust(home));
  if (key.device.org != admin.org)
    return Error{Code::permission, said("自組織の端末だけを失効できます",
                                        "an admin revokes devices of its own organisation only")};
  TRY(const Revocation entry, revocation_of(context, o, key));
  if (!o.unknown && !knows(*trust, key))
    return Error{
        Code::bad_data,
        to_string(key.device) +
            said(": この端末の証明書はここにありません。noroshi-keys device list で番号を確かめてください"
                 "（それでも失効させるなら --unknown）",
                 ": no certificate of this device is here; compare its number with noroshi-keys "
                 "device list (--unknown revokes it all the same)")};
  TRY(const Bytes object, sign_as_admin(admin, *trust, ObjectType::revocation, encode_revocation(entry)));
  RevocationList list{admin.org, entry.issued, {}};
  const BytesView held = trust->object({ObjectType::revocation_list, admin.org.value, 0, {}});
  if (const auto parsed = parse_object(held))
    if (auto before = decode_revocation_list(parsed->body)) {
      list.entries = std::move(before->entries);
      list.issued = std::max(list.issued, before->issued + Seconds{1});
    }
  const auto same = std::find_if(list.entries.begin(), list.entries.end(),
                                 [&](const Revocation& r) { return r.key == key; });
  if (same == list.entries.end())
    list.entries.push_back(entry);
  else
    same->since = std::min(same->since, entry.since);
  std::sort(list.entries.begin(), list.entries.end(),
            [](const Revocation& a, const Revocation& b) { return a.key < b.key; });
  TRY(const Bytes list_object,
      sign_as_admin(admin, *trust, ObjectType::revocation_list, encode_revocation_list(list)));
  TRY(trust, keep(home, trust, {object, list_object}));
  put(context, entry, object.size());
  return {};
}

Result<void> revoke_self(Context& context, const RevokeOptions& o) {
  const Home home = context.home_path();
  TRY(TrustPtr trust, load_trust(home));
  TRY(const SecretBytes* phrase,
      context.passphrase(said("この端末のパスフレーズ", "passphrase of this device"), false));
  TRY(const Identity identity, load_identity(home, Which::person, phrase, *trust));
  TRY(const Revocation entry, revocation_of(context, o, {identity.device(), 0}));
  const Bytes object =
      sign_object(ObjectType::revocation, encode_revocation(entry), trust->root_id(),
                  {{.kind = SignerKind::device, .device = identity.key(), .seed = &identity.secrets().sign}});
  if (!o.out.empty()) {  // to be kept elsewhere, for the day this device is lost: trust add FILE makes it
                         // count
    TRY_VOID(write_atomically(o.out, object, false));
    put(context, entry, object.size());
    return {};
  }
  TRY(trust, keep(home, trust, {object}));
  put(context, entry, object.size());
  return {};
}

}  // namespace

void add_revoke_commands(CLI::App& app, Context& context) {
  const auto o = std::make_shared<RevokeOptions>();
  CLI::App* revoke =
      add_command(app, context, "revoke",
                  "端末を失効させる（例: revoke --device 17/3 --since 2024-01-02T10:00 --reason stolen）",
                  "revoke a device (revoke --device 17/3 --since 2024-01-02T10:00 --reason stolen)",
                  [&context, o] { return revoke_by_admin(context, *o); });
  const auto add_options = [&](CLI::App& command) {
    add_home_option(command, context);
    add_passphrase_options(command, context, false);
    command.add_option("--since", o->since,
                       said("この時刻以降に作られたものを拒む", "what was created from then on is refused"));
    command.add_option("--reason", o->reason, "lost stolen compromised replaced restored left other");
  };
  add_options(*revoke);
  revoke->add_option("--device", o->device, said("端末 組織/番号[.世代]", "device ORG/NUMBER[.GENERATION]"));
  revoke->add_flag("--unknown", o->unknown,
                   said("ここに証明書がなくても失効させる", "even if no certificate of it is here"));
  revoke->require_subcommand(0, 1);
  CLI::App* self =
      add_command(*revoke, context, "self", "自分の鍵を失効させる", "revoke this device's own key",
                  [&context, o] { return revoke_self(context, *o); });
  add_options(*self);
  self->add_option("--out", o->out,
                   said("署名だけして保管用のファイルに書く（まだ失効させない）",
                        "only sign it into a file to keep (revokes nothing yet)"));
}

}  // namespace noroshi::keys::cli
