// catalogue draft, sign, verify, show, export: forms that join those of every program, as k officers sign
// them.
#include <algorithm>

#include "keys/ceremony.hpp"
#include "keys/cli/context.hpp"
#include "keys/files.hpp"
#include "proto/forms/catalogue_file.hpp"

namespace noroshi::keys::cli {
namespace {

/// What protoc writes for a whole catalogue is a sixth of this.
constexpr std::size_t kSetBytesMax = forms::kUnpackedCatalogueMax;

forms::Language spoken() {
  return language() == Language::ja ? forms::Language::ja : forms::Language::en;
}

/// The catalogue that a trust gives, as this program reads it; the built-in one before the first.
Result<forms::Joined> joined(const Trust& trust) {
  const auto newest = trust.catalogue();
  if (!newest) return forms::join(forms::Catalogue::built_in_bytes());
  TRY(const Bytes set, forms::unpack_catalogue(newest->packed));
  return forms::join(set);
}

/// What the set changes against the built-in catalogue: forms only, the rest is `noroshi form diff`.
void put_changes(Context& context, BytesView packed) {
  const auto set = forms::unpack_catalogue(packed);
  const auto now = set ? forms::join(*set) : Result<forms::Joined>(set.error());
  if (!now) {
    context.put(
        {{"usable", false}, {"why", now.error().text}},
        {said("  このプログラムでは使えません: ", "  cannot be used by this program: ") + now.error().text});
    return;
  }
  for (const forms::FormInfo& form : now->catalogue.forms()) {
    const forms::FormInfo* was = forms::Catalogue::built_in().form(form.number);
    if (was && was->version == form.version) continue;
    context.put({{"form", form.code},
                 {"version", form.version},
                 {"new", was == nullptr},
                 {"ja", form.label.ja},
                 {"en", form.label.en}},
                {"  " + form.code + " v" + std::to_string(form.version) + "  " + form.label.in(spoken())});
  }
}

void put_state(Context& context, const CatalogueState& state) {
  const Document& document = state.document;
  context.put(
      {{"version", document.version},
       {"issued", to_rfc3339(document.issued)},
       {"packed_bytes", document.content.size()},
       {"signed_by", state.signers},
       {"threshold", state.threshold},
       {"published", state.published}},
      {said("様式集の案 第", "catalogue draft, version ") + std::to_string(document.version) +
       said("版（", " (") + std::to_string(document.content.size()) +
       said(" バイト）: 署名 ", " bytes): signed ") + std::to_string(state.signers.size()) + "/" +
       std::to_string(state.threshold) + (state.published ? said("（公布済み）", " (published)") : "")});
  put_changes(context, document.content);
}

/// What a person should mend before anybody signs; every finding a line.
Result<void> check(const forms::Joined& after, const forms::Joined& before) {
  const std::vector<forms::Finding> findings = forms::lint(after, before.catalogue);
  if (findings.empty()) return {};
  for (const forms::Finding& finding : findings) Context::note(finding.place + ": " + finding.text(spoken()));
  return Error{Code::bad_data, std::to_string(findings.size()) +
                                   said(" 件の指摘：直してから catalogue draft をやり直してください",
                                        " findings: mend them and run catalogue draft again")};
}

Result<void> catalogue_draft(Context& context, const std::vector<std::string>& files) {
  TRY(const WallTime now, context.now());
  TRY(const TrustPtr trust, ceremony_trust(context.dir));
  std::vector<Bytes> sets;
  for (const std::string& file : files) {
    TRY(Bytes set, read_file(file, kSetBytesMax));
    sets.push_back(std::move(set));
  }
  TRY(const Bytes set, forms::gather(sets));
  TRY(const forms::Joined after, forms::join(set));
  TRY(const forms::Joined before, joined(*trust));
  TRY_VOID(check(after, before));
  TRY(Bytes packed, forms::pack_catalogue(set));
  TRY(const CatalogueState state, draft_catalogue(context.dir, std::move(packed), now));
  put_state(context, state);
  return {};
}

Result<void> catalogue_sign(Context& context, const std::string& key) {
  TRY(const SingleKey officer, context.officer(key));
  TRY(const CatalogueState state, sign_catalogue(context.dir, officer));
  put_state(context, state);
  if (state.published && !context.json)
    context.put({}, {said("次: 中継機のある一台で noroshi-keys trust add ",
                          "next: on one relay, noroshi-keys trust add ") +
                     catalogue_path(context.dir).string()});
  return {};
}

Result<void> catalogue_verify(Context& context) {
  TRY(const CatalogueState state, catalogue_state(context.dir));
  put_state(context, state);
  const int missing = state.threshold - static_cast<int>(state.signers.size());
  if (missing <= 0) return {};
  return Error{Code::permission,
               said("署名が足りません: あと ", "signatures are missing: ") + std::to_string(missing) +
                   said(" 人の catalogue sign が要ります", " more officers must run catalogue sign")};
}

/// --dir: the draft; --home: what a node holds.
Result<void> catalogue_show(Context& context) {
  if (!context.dir.empty()) {
    TRY(const CatalogueState state, catalogue_state(context.dir));
    put_state(context, state);
    return {};
  }
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  const auto newest = trust->catalogue();
  if (!newest) {
    context.put({{"version", 0}}, {said("署名された様式集はまだありません：組み込みの様式だけです",
                                        "no signed catalogue yet: the built-in forms only")});
    return {};
  }
  context.put({{"version", newest->version},
               {"issued", to_rfc3339(newest->issued)},
               {"packed_bytes", newest->packed.size()}},
              {said("様式集 第", "catalogue version ") + std::to_string(newest->version) +
               said("版（", " (") + std::to_string(newest->packed.size()) + said(" バイト）", " bytes)")});
  put_changes(context, newest->packed);
  return {};
}

/// The files that were signed, for the next version to begin with.
Result<void> catalogue_export(Context& context, const std::string& out) {
  TRY(const TrustPtr trust,
      context.dir.empty() ? load_trust(context.home_path()) : ceremony_trust(context.dir));
  const auto newest = trust->catalogue();
  if (!newest)
    return no(Code::unavailable, "署名された様式集はまだありません", "there is no signed catalogue yet");
  TRY(const Bytes set, forms::unpack_catalogue(newest->packed));
  TRY_VOID(write_atomically(out, set));
  context.put({{"version", newest->version}, {"file", out}, {"bytes", set.size()}}, {out});
  return {};
}

}  // namespace

void add_catalogue_commands(CLI::App& app, Context& context) {
  CLI::App* folder = add_folder(app, "catalogue", "様式集", "form catalogue");
  const auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* draft = add_command(*folder, context, "draft", "新しい様式・変えた様式を点検し、様式集の案にする",
                                "check new and changed forms and make them the catalogue's draft",
                                [&context, files] { return catalogue_draft(context, *files); });
  add_dir_option(*draft, context);
  draft
      ->add_option("files", *files,
                   said("protoc の FileDescriptorSet", "FileDescriptorSets, as protoc writes them"))
      ->required();
  const auto key = std::make_shared<std::string>();
  CLI::App* sign = add_command(*folder, context, "sign", "様式集の案に署名する（k 人目で公布）",
                               "sign the catalogue's draft (the k-th signature publishes it)",
                               [&context, key] { return catalogue_sign(context, *key); });
  add_dir_option(*sign, context);
  sign->add_option("--key", *key, said("根の鍵ファイル", "root key file"))->required();
  add_passphrase_options(*sign, context, false);
  CLI::App* verify =
      add_command(*folder, context, "verify", "案の署名を確かめる", "check the draft's signatures",
                  [&context] { return catalogue_verify(context); });
  add_dir_option(*verify, context);
  CLI::App* show = add_command(*folder, context, "show", "様式集を示す", "show the catalogue",
                               [&context] { return catalogue_show(context); });
  const auto add_places = [&](CLI::App* command) {
    command->add_option("--dir", context.dir,
                        said("根の儀式のディレクトリ", "directory of the root ceremony"));
    add_home_option(*command, context);
  };
  add_places(show);
  const auto out = std::make_shared<std::string>();
  CLI::App* written =
      add_command(*folder, context, "export", "署名された様式のファイルを取り出す（次の版の土台）",
                  "write the signed files out, for the next version to begin with",
                  [&context, out] { return catalogue_export(context, *out); });
  add_places(written);
  written->add_option("--out", *out, said("出力ファイル", "file to write"))->required();
}

}  // namespace noroshi::keys::cli
