// noroshi-keys: root ceremony, roster, form catalogue, enrolment, certificates, revocation, epochs, units,
// incidents.
#include <cstdio>
#include <exception>

#include "keys/cli/context.hpp"
#include "keys/completion.hpp"
#include "keys/crypto.hpp"
#include "keys/manual.hpp"
#include "keys/usage.hpp"
#include "proto/quiet.hpp"

using namespace noroshi;
using namespace noroshi::keys;

namespace {

int complain(const Error& error) {
  std::fprintf(stderr, "noroshi-keys: %s\n", error.text.c_str());
  return exit_code(error.code);
}

int run(int argc, char** argv) {
  const auto language = language_asked(argc, argv);
  if (!language) return complain({Code::usage, "--lang: ja, en"});
  speak(*language);
  if (!start_cryptography())
    return complain(no(Code::internal, "暗号ライブラリーを始められません", "libsodium cannot start"));
  forbid_dumps();
  proto::quiet_protobuf();

  CLI::App app(
      said("狼煙の鍵と名簿：根の儀式、組織、端末の登録、失効、暗号期",
           "keys and roster of Noroshi: root ceremony, organisations, enrolment, revocation, epochs"),
      "noroshi-keys");
  app.set_help_flag("-h,--help", said("この説明", "this text"));
  app.get_formatter()->label("Usage", said("使い方", "Usage"));
  app.get_formatter()->label("REQUIRED", said("（必須）", "(required)"));
  cli::Context context;
  std::string ignored;
  app.set_version_flag("--version", "noroshi-keys " NOROSHI_VERSION, said("版", "version"));
  app.add_option("--lang", ignored, "ja en");
  // Before the command as well as behind it.
  cli::add_home_option(app, context);
  app.add_flag("--json", context.json, said("JSON で出力", "print JSON"));
  app.fallthrough();
  app.require_subcommand(1);
  cli::add_root_commands(app, context);
  cli::add_roster_commands(app, context);
  cli::add_catalogue_commands(app, context);
  cli::add_device_commands(app, context);
  cli::add_epoch_commands(app, context);
  cli::add_unit_commands(app, context);
  cli::add_incident_commands(app, context);
  cli::add_revoke_commands(app, context);
  cli::add_card_commands(app, context);
  cli::add_envelope_commands(app, context);
  cli::add_trust_commands(app, context);
  add_manual_option(app);
  add_completion_option(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(manual(app, 1).c_str(), stdout);
    return 0;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return complain(usage_error(app, error));
  }
  if (const auto fine = refuse_empty(app); !fine) return complain(fine.error());
  const auto done = context.run();
  return done ? 0 : complain(done.error());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return complain({Code::internal, error.what()});
  }
}
