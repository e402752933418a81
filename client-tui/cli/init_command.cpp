// noroshi init: the first run on a laptop. Keys of the person and of this machine's relay, the request, a
// configuration to begin with; then what to do next. On an enrolled home it prints the card.
#include <unistd.h>

#include "client-tui/cli/first_run.hpp"
#include "client-tui/cli/standard_paper.hpp"
#include "keys/card.hpp"
#include "keys/certificate.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"

namespace noroshi::cli {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out + "\"";
}

Result<void> write_configuration(const keys::Home& home, const FirstRun& options) {
  const auto file = home / "noroshid.toml";
  if (keys::is_present(file)) return {};
  const std::string text = fmt::format(
      "# noroshid --home {}\n[node]\nname = {}\norg = {}\n\n"
      "# One for each neighbour:\n# [[link]]\n# name = \"…\"\n# bearer = \"tcp\"\n# peer = \"{}/1\"\n"
      "# address = \"tcp://192.0.2.1:7117\"\n# profile = \"satellite-2400\"\n",
      home.string(), quoted(options.site.empty() ? std::to_string(options.org) : options.site), options.org,
      options.org);
  return keys::write_atomically(file, view_of(text), false);
}

/// An enrolled relay introduces itself to its neighbours with one line.
Result<Done> print_card(Context& context, const FirstRun& options) {
  TRY(const keys::TrustPtr trust, keys::load_trust(context.home()));
  TRY(const keys::Identity relay, keys::load_identity(context.home(), keys::Which::relay, nullptr, *trust));
  const std::string card = keys::encode_card(
      {relay.root_id(), relay.key(), relay.link_public(), relay.sign_public(), options.address});
  if (context.json) {
    Context::print(Json{{"home", context.home().string()}, {"enrolled", true}, {"card", card}});
  } else {
    Context::print(say(Text::init_card));
    Context::print(card);
  }
  return kDone;
}

Result<Done> init(Context& context, const FirstRun& options) {
  const keys::Home home = context.home();
  if (keys::is_enrolled(home)) return print_card(context, options);
  if (options.org == 0) {
    if (context.json || ::isatty(STDIN_FILENO) == 0) return no(Code::usage, Text::init_needs_org);
    StandardPaper paper;
    const auto asked = ask_first_run(options, paper);
    return asked ? begin_home(context, *asked) : kDone;
  }
  return begin_home(context, options);
}

}  // namespace

Result<Done> begin_home(Context& context, const FirstRun& options) {
  const keys::Home home = context.home();
  const auto role = keys::role_of(options.role);
  if (!role) return no(Code::usage, Text::init_no_such_role, options.role);
  keys::RequestPlan plan;
  plan.org = {options.org};
  plan.roles = keys::Roles{}.with(*role);
  plan.with_relay = !options.without_relay;
  plan.handler = {options.handler};
  plan.unit = {options.unit};
  keys::Lock lock;
  TRY(lock.passphrase, context.passphrase(say(Text::new_passphrase_of_device), true));
  if (options.kdf_ops != 0) lock.cost.ops = options.kdf_ops;
  if (options.kdf_mem_mib != 0) lock.cost.mem_kib = options.kdf_mem_mib * 1024;
  TRY(const Bytes request, keys::make_request(home, plan, lock, context.rng));
  const auto file = home / "request";
  TRY_VOID(keys::write_atomically(file, request, false));
  TRY_VOID(write_configuration(home, options));
  const std::string words = keys::request_words(request);
  if (context.json) {
    Context::print(Json{{"home", home.string()},
                        {"enrolled", false},
                        {"request", file.string()},
                        {"line", keys::request_line(request)},
                        {"words", words},
                        {"config", (home / "noroshid.toml").string()}});
    return kDone;
  }
  Context::print(say(Text::init_done, home.string()));
  Context::print(say(Text::init_request, file.string()));
  Context::print(keys::request_line(request));
  Context::print(say(Text::init_words, words));
  Context::print(say(Text::init_next, home.string()));
  return kDone;
}

void add_init_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<FirstRun>();
  CLI::App* command =
      add_command(app, context, "init", Text::help_init, "noroshi init --org 17 --site 輪島支部",
                  [&context, options] { return init(context, *options); });
  command->add_option("--org", options->org, say(Text::help_org));
  command->add_option("--site", options->site, say(Text::help_site));
  command->add_option("--unit", options->unit, say(Text::help_unit_number));
  command->add_option("--handler", options->handler, say(Text::help_handler));
  command->add_option("--role", options->role, "field desk");
  command->add_option("--address", options->address, say(Text::help_address));
  command->add_flag("--without-relay", options->without_relay, say(Text::help_without_relay));
  command->add_option("--kdf-ops", options->kdf_ops, say(Text::help_kdf))
      ->check(CLI::Range(keys::kKdfOpsMin, keys::kKdfOpsMax));
  command->add_option("--kdf-mem", options->kdf_mem_mib, say(Text::help_kdf))
      ->check(CLI::Range(keys::kKdfMemMinKib / 1024, keys::kKdfMemMaxKib / 1024));
}

}  // namespace noroshi::cli
