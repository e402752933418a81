// trust list, add: the signed objects of a home.
#include "keys/cli/context.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/object.hpp"

namespace noroshi::keys::cli {
namespace {

struct TrustOptions {
  std::vector<std::string> files;
};

Result<void> trust_list(Context& context) {
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  for (const ObjectRef& ref : trust->inventory()) {
    const std::string type(name_of(ref.type));
    context.put({{"type", type},
                 {"owner", ref.owner},
                 {"version", ref.version},
                 {"hash", to_hex(ref.hash)},
                 {"bytes", trust->object(ref).size()}},
                {type + "  " + std::to_string(ref.owner) + "  " + std::to_string(ref.version) + "  " +
                 std::to_string(trust->object(ref).size()) + said(" バイト", " bytes")});
  }
  return {};
}

/// Files of single objects, or bundles; what does not hold is named and refused.
Result<void> trust_add(Context& context, const TrustOptions& o) {
  const Home home = context.home_path();
  TRY(TrustPtr trust, load_trust(home));
  for (const std::string& name : o.files) {
    TRY(const Bytes file, read_file(name, kBundleBytesMax));
    if (const auto bundle = decode_bundle(file)) {
      trust = Trust::apply_all(trust, bundle->objects);
    } else {
      const ApplyResult result = Trust::apply(trust, file);
      if (result.applied != Applied::added && result.applied != Applied::known)
        return Error{Code::bad_data, name + ": " + result.why};
      trust = result.next;
    }
  }
  TRY_VOID(save_trust(home, *trust));
  context.put(
      {{"roster", trust->roster_version()}, {"state_digest", to_hex(trust->state_digest())}},
      {said("名簿 第", "roster version ") + std::to_string(trust->roster_version()) + said("版", "")});
  return {};
}

}  // namespace

void add_trust_commands(CLI::App& app, Context& context) {
  CLI::App* trust = add_folder(app, "trust", "署名された信頼情報", "signed trust objects");
  add_home_option(
      *add_command(*trust, context, "list", "一覧", "list them", [&context] { return trust_list(context); }),
      context);
  const auto o = std::make_shared<TrustOptions>();
  CLI::App* add = add_command(*trust, context, "add", "ファイルから加える", "add from files",
                              [&context, o] { return trust_add(context, *o); });
  add_home_option(*add, context);
  add->add_option("files", o->files, said("オブジェクトまたは束", "objects or bundles"))->required();
}

}  // namespace noroshi::keys::cli
