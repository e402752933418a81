#include <clocale>
#include <cstdio>

#include "client-tui/cli/context.hpp"
#include "keys/completion.hpp"
#include "keys/crypto.hpp"
#include "keys/manual.hpp"
#include "keys/secret.hpp"
#include "keys/usage.hpp"
#include "proto/quiet.hpp"

namespace noroshi::cli {
namespace {

int complain(const Error& error) {
  std::fprintf(stderr, "noroshi: %s\n", error.text.c_str());
  return exit_code(error.code);
}

}  // namespace

int run_program(int argc, char** argv) {
  const auto spoken = keys::language_asked(argc, argv);
  if (!spoken) return complain({Code::usage, "--lang: ja, en"});
  keys::speak(*spoken);
  Context context;
  // Before the options are built: their help is spoken too.
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with("--lang")) context.lang = *spoken == keys::Language::ja ? "ja" : "en";
    if (word == "--ascii") context.ascii = true;
  }
  if (context.ascii) draw_with(tui::Glyphs::ascii, context);
  if (!keys::start_cryptography()) return complain(no(Code::internal, Text::cryptography_fails));
  keys::forbid_dumps();
  proto::quiet_protobuf();
  std::setlocale(LC_CTYPE, "C.UTF-8");  // what is printed is UTF-8, and columns are counted by it

  CLI::App app(say(Text::help_program), "noroshi");
  app.set_help_flag("-h,--help", say(Text::help_help));
  app.set_version_flag("--version", "noroshi " NOROSHI_VERSION, say(Text::help_version));
  app.get_formatter()->label("Usage", say(Text::help_usage));
  app.get_formatter()->label("REQUIRED", say(Text::help_required));
  app.fallthrough();
  app.require_subcommand(0, 1);
  app.add_option("--lang", context.lang, "ja en");
  add_common_options(app, context);  // before the command as well as behind it
  add_init_command(app, context);
  add_form_commands(app, context);
  add_new_command(app, context);
  add_draft_commands(app, context);
  add_say_command(app, context);
  add_box_commands(app, context);
  add_talk_commands(app, context);
  add_attach_commands(app, context);
  add_register_commands(app, context);
  add_board_commands(app, context);
  add_timeline_commands(app, context);
  add_print_command(app, context);
  add_import_command(app, context);
  add_state_commands(app, context);
  add_doctor_command(app, context);
  add_demo_command(app, context);
  keys::add_manual_option(app);
  keys::add_completion_option(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForAllHelp&) {
    std::fputs(manual_page(app).c_str(), stdout);
    return 0;
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return complain(keys::usage_error(app, error));
  }
  if (const auto fine = keys::refuse_empty(app); !fine) return complain(fine.error());
  if (!context.run) context.run = [&context] { return run_console(context); };
  const auto done = context.run();
  if (!done.ok()) return complain(done.error());
  for (const std::string& line : context.remarks) Context::note(line);
  if (std::fflush(stdout) != 0) return complain(no(Code::io, Text::cannot_print));
  return done->code;
}

}  // namespace noroshi::cli
