#include "keys/cli/context.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>

#include "keys/passphrase.hpp"

namespace noroshi::keys::cli {

Home Context::home_path() const {
  if (!home.empty()) return home;
  if (const char* value = std::getenv("NOROSHI_HOME"); value && *value) return value;
  const char* user = std::getenv("HOME");
  return Home(user ? user : ".") / ".local/share/noroshi";
}

Result<WallTime> Context::now() const {
  return time(clock, WallTime::from_unix(std::time(nullptr)));
}

Result<WallTime> Context::time(const std::string& text, WallTime otherwise) {
  if (text.empty()) return otherwise;
  const auto parsed = parse_time(text);
  if (!parsed)
    return Error{
        Code::usage,
        said("時刻として読めません（例 2024-01-01T16:10）: ", "is no time (like 2024-01-01T16:10): ") + text};
  return *parsed;
}

Result<const SecretBytes*> Context::passphrase(const std::string& question, bool fresh) {
  if (passphrase_fd >= 0) {
    if (!given_) {
      TRY(given_, passphrase_from_fd(passphrase_fd));
    }
    if (fresh) TRY_VOID(check_new_passphrase(*given_));
    return &*given_;
  }
  TRY(SecretBytes answer, passphrase_from_terminal(question, fresh));
  if (fresh) TRY_VOID(check_new_passphrase(answer));
  asked_.push_back(std::make_unique<SecretBytes>(std::move(answer)));
  return asked_.back().get();
}

KdfCost Context::cost(KdfCost usual) const {
  return {kdf_ops ? kdf_ops : usual.ops, kdf_mem_mib ? kdf_mem_mib * 1024 : usual.mem_kib};
}

Result<AdminKeys> Context::admin() {
  TRY(const SecretBytes* phrase,
      passphrase(said("管理者の鍵のパスフレーズ", "passphrase of the admin key"), false));
  return load_admin_keys(home_path(), phrase);
}

Result<SingleKey> Context::officer(const std::string& file) {
  TRY(const SecretBytes* phrase,
      passphrase(said("根の鍵のパスフレーズ", "passphrase of the root key"), false));
  TRY(const SecretBytes secrets, read_key_file(file, KeyOwner::root, phrase));
  auto key = decode_single_key(secrets.bytes());
  if (!key)
    return no(Code::bad_data, file + ": 鍵ファイルが壊れています", file + ": the key file is damaged");
  return *std::move(key);
}

Result<EpochStore> Context::admin_epochs(const AdminKeys& admin_keys) const {
  return EpochStore::load(home_path() / "admin.epochs", admin_keys.store_key.copy());
}

void Context::note(const std::string& line) {
  std::fprintf(stderr, "noroshi-keys: %s\n", line.c_str());
}

void Context::put(const Json& facts, const std::vector<std::string>& lines) const {
  if (json) {
    std::cout << facts.dump() << '\n';
    return;
  }
  for (const std::string& line : lines) std::cout << line << '\n';
}

CLI::App* add_command(CLI::App& parent, Context& context, const std::string& name, std::string_view ja,
                      std::string_view en, std::function<Result<void>()> run) {
  CLI::App* command = parent.add_subcommand(name, said(ja, en));
  command->set_help_flag("-h,--help", said("この説明", "this text"));
  command->add_flag("--json", context.json, said("JSON で出力", "print JSON"));
  command->add_option(
      "--clock", context.clock,
      said("この時刻として働く（訓練・試験用）", "work as if it were this time (rehearsals, tests)"));
  command->callback([&context, command, run = std::move(run)] {
    if (command->get_subcommands().empty()) context.run = run;  // else a command within it has been chosen
  });
  return command;
}

CLI::App* add_folder(CLI::App& parent, const std::string& name, std::string_view ja, std::string_view en) {
  CLI::App* group = parent.add_subcommand(name, said(ja, en));
  group->set_help_flag("-h,--help", said("この説明", "this text"));
  group->require_subcommand(1);
  return group;
}

void add_home_option(CLI::App& command, Context& context) {
  command.add_option("--home", context.home,
                     said("鍵と信頼情報の場所（既定 $NOROSHI_HOME）",
                          "where keys and trust are kept (default $NOROSHI_HOME)"));
}

void add_dir_option(CLI::App& command, Context& context) {
  command.add_option("--dir", context.dir, said("根の儀式のディレクトリ", "directory of the root ceremony"))
      ->required();
}

void add_passphrase_options(CLI::App& command, Context& context, bool makes_file) {
  command.add_option("--passphrase-fd", context.passphrase_fd,
                     said("パスフレーズを読むファイル記述子", "descriptor to read the passphrase from"));
  if (!makes_file) return;
  command
      .add_option("--kdf-ops", context.kdf_ops, said("Argon2id の回数 2〜10", "Argon2id operations, 2 to 10"))
      ->check(CLI::Range(kKdfOpsMin, kKdfOpsMax));
  command
      .add_option("--kdf-mem", context.kdf_mem_mib,
                  said("Argon2id のメモリー MiB、64〜1024", "Argon2id memory in MiB, 64 to 1024"))
      ->check(CLI::Range(kKdfMemMinKib / 1024, kKdfMemMaxKib / 1024));
}

Result<TrustPtr> keep(const Home& home, TrustPtr trust, const std::vector<Bytes>& objects) {
  for (const Bytes& object : objects) {
    const ApplyResult result = Trust::apply(trust, object);
    if (result.applied != Applied::added && result.applied != Applied::known)
      return Error{Code::bad_data, result.why};
    trust = result.next;
  }
  TRY_VOID(save_trust(home, *trust));
  return trust;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::string current;
  for (const char c : text) {
    if (c == separator)
      out.push_back(std::exchange(current, {}));
    else if (c != ' ')
      current += c;
  }
  if (!current.empty() || !out.empty()) out.push_back(current);
  return out;
}

Result<std::uint32_t> number_of(const std::string& text, std::uint32_t max) {
  const bool hex = text.starts_with("0x");
  const std::string_view digits = std::string_view(text).substr(hex ? 2 : 0);
  std::uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
  if (error != std::errc{} || end != digits.data() + digits.size() || value > max)
    return Error{Code::usage, text + said(": 0〜", ": is no number from 0 to ") + std::to_string(max) +
                                  said(" の数ではありません", "")};
  return value;
}

Result<std::vector<OrgId>> orgs_of(const std::string& text) {
  std::vector<OrgId> out;
  for (const std::string& part : split(text, ',')) {
    TRY(const std::uint32_t id, number_of(part, 0x07FF));
    out.push_back({static_cast<std::uint16_t>(id)});
  }
  return out;
}

}  // namespace noroshi::keys::cli
