// noroshi demo: plays a scenario on real processes of this machine (client-tui/cli/demo/).
#include "client-tui/cli/context.hpp"
#include "client-tui/cli/demo/demo.hpp"

namespace noroshi::cli {

void add_demo_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<demo::Options>();
  const auto broken = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("demo", say(Text::help_demo));
  command->set_help_flag("-h,--help", say(Text::help_help));
  command->footer(say(Text::help_example) + " noroshi demo --scenario noto");
  command->add_option("--scenario", options->scenario, say(Text::help_scenario));
  command->add_option("--keep", options->keep, say(Text::help_keep));
  command->add_flag("--check", options->check, say(Text::help_check));
  command->add_option("--break", *broken, say(Text::help_break));
  command->callback([&context, options, broken] {
    context.run = [options, broken]() -> Result<Done> {
      if (!broken->empty() && *broken != "drop-one") return no(Code::usage, Text::no_such_break, *broken);
      if (options->check && options->keep.empty()) return no(Code::usage, Text::check_needs_keep);
      options->drop_one = !broken->empty();
      options->japanese = language() == forms::Language::ja;
      return Done{demo::run(*options)};
    };
  });
}

}  // namespace noroshi::cli
