// epoch new, list, publish, void.
#include "keys/epoch.hpp"

#include "keys/cli/context.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/object.hpp"

namespace noroshi::keys::cli {
namespace {

struct EpochOptions {
  std::string owner, out;
  std::uint32_t incident = 0, first = 0, last = 0, successor = 0;
  int weeks = kEpochWeeksAhead;
};

Result<RecipientId> owner_of(const EpochOptions& o, OrgId own) {
  if (o.owner.empty()) return proto::to_org(own);
  TRY(const std::uint32_t id, number_of(o.owner, 0x0FFF));
  return RecipientId{static_cast<std::uint16_t>(id)};
}

Json facts_of(const EpochKey& e) {
  return {{"owner", e.owner.value},
          {"number", e.number},
          {"incident", e.incident.value},
          {"not_before", to_rfc3339(e.not_before)},
          {"not_after", to_rfc3339(e.not_after)}};
}
std::string line_of(const EpochKey& e) {
  return std::to_string(e.owner.value) + "/" + std::to_string(e.number) + "  " + to_rfc3339(e.not_before) +
         " ～ " + to_rfc3339(e.not_after) +
         (e.incident.value ? said("  事案 ", "  incident ") + std::to_string(e.incident.value) : "");
}

Result<void> epoch_new(Context& context, const EpochOptions& o) {
  const Home home = context.home_path();
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(TrustPtr trust, load_trust(home));
  TRY(EpochStore store, context.admin_epochs(admin));
  TRY(const RecipientId owner, owner_of(o, admin.org));
  std::vector<NewEpochs> made;
  if (o.incident != 0) {
    TRY(NewEpochs epochs, make_incident_epoch(admin, *trust, owner, {o.incident}, now, context.rng));
    made.push_back(std::move(epochs));
  } else {
    TRY(NewEpochs epochs, make_epochs(admin, *trust, owner, now, o.weeks, context.rng));
    made.push_back(std::move(epochs));
  }
  if (!trust->transport(admin.org)) {
    TRY(NewEpochs transport, make_transport(admin, *trust, now, context.rng));
    made.push_back(std::move(transport));
  }
  // Secrets first: a published epoch whose secret was lost would swallow reports.
  std::vector<Bytes> objects;
  for (NewEpochs& epochs : made) {
    store.add(std::move(epochs.secrets));
    for (Bytes& object : epochs.objects) objects.push_back(std::move(object));
  }
  TRY_VOID(store.save(context.rng));
  TRY(trust, keep(home, trust, objects));
  for (const Bytes& object : objects)
    if (const auto parsed = parse_object(object); parsed && parsed->type == ObjectType::epoch)
      if (const auto epoch = decode_epoch(parsed->body)) context.put(facts_of(*epoch), {line_of(*epoch)});
  return {};
}

Result<void> epoch_list(Context& context, const EpochOptions& o) {
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  std::vector<RecipientId> owners;
  if (o.owner.empty()) {
    for (const OrgId org : trust->organisations()) owners.push_back(proto::to_org(org));
    for (const Group* group : trust->groups()) owners.push_back(group->id);
  } else {
    TRY(const RecipientId owner, owner_of(o, {}));
    owners.push_back(owner);
  }
  for (const RecipientId owner : owners)
    for (const EpochKey* epoch : trust->epochs(owner)) context.put(facts_of(*epoch), {line_of(*epoch)});
  return {};
}

Result<void> epoch_publish(Context& context, const EpochOptions& o) {
  const Home home = context.home_path();
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(const TrustPtr trust, load_trust(home));
  TRY(const EpochStore store, context.admin_epochs(admin));
  TRY(const std::vector<DeviceId> readers, load_readers(home));
  const Bundle bundle = make_bundle(*trust, store, admin.org, readers, now, context.rng);
  const std::filesystem::path out = o.out.empty() ? home / "bundle" : std::filesystem::path(o.out);
  TRY_VOID(write_atomically(out, encode_bundle(bundle), false));
  context.put({{"bundle", out.string()},
               {"objects", bundle.objects.size()},
               {"deliveries", bundle.deliveries.size()}},
              {said("配布束: ", "bundle: ") + out.string() +
               said("（各端末で device install）", " (device install on each machine)")});
  return {};
}

Result<void> epoch_void(Context& context, const EpochOptions& o) {
  const Home home = context.home_path();
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(TrustPtr trust, load_trust(home));
  TRY(const RecipientId owner, owner_of(o, admin.org));
  const EpochVoid gone{owner, o.first, o.last ? o.last : o.first, o.successor, now};
  if (!decode_epoch_void(encode_epoch_void(gone)))
    return Error{Code::usage, said("暗号期の範囲が正しくありません", "the range of epochs is wrong")};
  TRY(const Bytes object, sign_as_admin(admin, *trust, ObjectType::epoch_void, encode_epoch_void(gone)));
  TRY(trust, keep(home, trust, {object}));
  context.put(
      {{"owner", owner.value}, {"first", gone.first}, {"last", gone.last}, {"successor", gone.successor}},
      {said("無効にしました: ", "voided: ") + std::to_string(owner.value) + "/" + std::to_string(gone.first) +
       "–" + std::to_string(gone.last)});
  return {};
}

}  // namespace

void add_epoch_commands(CLI::App& app, Context& context) {
  CLI::App* epoch = add_folder(app, "epoch", "暗号期", "epochs");
  const auto o = std::make_shared<EpochOptions>();
  const auto add_owner = [&](CLI::App* command) {
    command->add_option("--owner", o->owner,
                        said("組織またはグループ（既定: 自組織）", "organisation or group (default: own)"));
  };
  CLI::App* make = add_command(*epoch, context, "new", "今週から先の暗号期（または事案の暗号期）を作る",
                               "make the epochs from this week on, or one of an incident",
                               [&context, o] { return epoch_new(context, *o); });
  add_home_option(*make, context);
  add_passphrase_options(*make, context, false);
  add_owner(make);
  make->add_option("--weeks", o->weeks, said("何週先まで", "weeks ahead"))->check(CLI::Range(0, 52));
  make->add_option("--incident", o->incident, said("事案の番号", "number of the incident"));
  CLI::App* list = add_command(*epoch, context, "list", "暗号期の一覧", "list epochs",
                               [&context, o] { return epoch_list(context, *o); });
  add_home_option(*list, context);
  add_owner(list);
  CLI::App* publish = add_command(*epoch, context, "publish", "信頼情報と秘密の配布束を作る",
                                  "make a bundle of trust objects and secrets",
                                  [&context, o] { return epoch_publish(context, *o); });
  add_home_option(*publish, context);
  add_passphrase_options(*publish, context, false);
  publish->add_option("--out", o->out, said("配布束", "file of the bundle"));
  CLI::App* gone = add_command(*epoch, context, "void", "暗号期を無効にする", "void epochs",
                               [&context, o] { return epoch_void(context, *o); });
  add_home_option(*gone, context);
  add_passphrase_options(*gone, context, false);
  add_owner(gone);
  gone->add_option("--first", o->first, said("最初の番号", "first number"))->required();
  gone->add_option("--last", o->last, said("最後の番号", "last number"));
  gone->add_option("--successor", o->successor, said("代わりの番号", "number to use instead"));
}

}  // namespace noroshi::keys::cli
