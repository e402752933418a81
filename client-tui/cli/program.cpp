#include <cstdio>
#include <cstring>

#include "client-tui/cli/context.hpp"
#include "keys/crypto.hpp"
#include "keys/secret.hpp"

namespace noroshi::cli {
namespace {

int complain(const Error& error) {
  std::fprintf(stderr, "noroshi: %s\n", error.text.c_str());
  return exit_code(error.code);
}

/// --lang is read before everything else, so that help and errors speak it too. Nothing for a language there
/// is not.
std::optional<keys::Language> language_asked(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--lang") == 0 && i + 1 < argc) return keys::language_of(argv[i + 1]);
    if (std::strncmp(argv[i], "--lang=", 7) == 0) return keys::language_of(argv[i] + 7);
  }
  return keys::language_of_locale();
}

}  // namespace

int run_program(int argc, char** argv) {
  const auto spoken = language_asked(argc, argv);
  if (!spoken) return complain({Code::usage, "--lang: ja, en"});
  keys::speak(*spoken);
  if (!keys::start_cryptography()) return complain(no(Code::internal, Text::cryptography_fails));
  keys::forbid_dumps();

  CLI::App app(say(Text::help_program), "noroshi");
  app.set_help_flag("-h,--help", say(Text::help_help));
  app.set_version_flag("--version", "noroshi " NOROSHI_VERSION, say(Text::help_version));
  std::string ignored;
  app.add_option("--lang", ignored, "ja en");
  app.get_formatter()->label("Usage", say(Text::help_usage));
  app.get_formatter()->label("REQUIRED", say(Text::help_required));
  app.fallthrough();
  app.require_subcommand(1);
  Context context;
  add_init_command(app, context);
  add_form_commands(app, context);
  add_new_command(app, context);
  add_draft_commands(app, context);
  add_box_commands(app, context);
  add_talk_commands(app, context);
  add_register_commands(app, context);
  add_board_commands(app, context);
  add_state_commands(app, context);
  add_doctor_command(app, context);
  add_demo_command(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return complain(no(Code::usage, Text::wrong_usage, error.what()));
  }
  const auto done = context.run();
  if (!done.ok()) return complain(done.error());
  if (std::fflush(stdout) != 0) return complain(no(Code::io, Text::cannot_print));
  return done->code;
}

}  // namespace noroshi::cli
