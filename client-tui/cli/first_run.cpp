#include "client-tui/cli/first_run.hpp"

#include <charconv>

#include "keys/files.hpp"

namespace noroshi::cli {
namespace {

using tui::plain::Paper;
using Answer = std::optional<std::string>;

/// The answer, or what stands in brackets for an empty one. A full stop leaves.
Answer ask(Paper& paper, const std::string& question, const std::string& otherwise) {
  const auto line = paper.ask(question + (otherwise.empty() ? "" : " [" + otherwise + "]") + ": ");
  if (!line || *line == ".") return std::nullopt;
  return line->empty() ? otherwise : *line;
}

/// Asks again until it is a number of that range; an empty answer is 0 where it may be left out.
std::optional<std::uint32_t> ask_number(Paper& paper, Text question, std::uint32_t known, std::uint32_t least,
                                        std::uint32_t most, bool may_be_empty) {
  for (;;) {
    const Answer answer = ask(paper, say(question), known == 0 ? "" : std::to_string(known));
    if (!answer) return std::nullopt;
    if (answer->empty() && may_be_empty) return 0;
    std::uint32_t number = 0;
    const char* const end = answer->data() + answer->size();
    const auto [at, error] = std::from_chars(answer->data(), end, number);
    if (error == std::errc{} && at == end && number >= least && number <= most) return number;
    paper.print(say(Text::first_run_number, least, most));
  }
}

/// A request is some hundred bytes.
constexpr std::size_t kRequestMost = 4'096;
constexpr std::uint32_t kOrgMost = 0x7FF, kHandlerMost = 0xFFFF;

/// Everything once; nothing if somebody leaves.
std::optional<FirstRun> ask_all(FirstRun first, Paper& paper) {
  const auto org = ask_number(paper, Text::first_run_org, first.org, 1, kOrgMost, false);
  if (!org) return std::nullopt;
  const auto role = ask_number(paper, Text::first_run_role, first.role == "desk" ? 2 : 1, 1, 2, false);
  if (!role) return std::nullopt;
  const Answer site = ask(paper, say(Text::first_run_site), first.site);
  if (!site) return std::nullopt;
  std::optional<std::uint32_t> unit = 0;
  if (*role == 1) unit = ask_number(paper, Text::first_run_unit, first.unit, 1, UINT32_MAX, true);
  if (!unit) return std::nullopt;
  const auto handler = ask_number(paper, Text::first_run_handler, first.handler, 1, kHandlerMost, true);
  if (!handler) return std::nullopt;
  const auto relay = ask_number(paper, Text::first_run_relay, first.without_relay ? 2 : 1, 1, 2, false);
  if (!relay) return std::nullopt;
  first.org = static_cast<std::uint16_t>(*org);
  first.role = *role == 2 ? "desk" : "field";
  first.site = *site;
  first.unit = *unit;
  first.handler = static_cast<std::uint16_t>(*handler);
  first.without_relay = *relay == 2;
  return first;
}

std::string number_or_none(std::uint32_t number) {
  return number == 0 ? say(Text::first_run_unknown) : std::to_string(number);
}

}  // namespace

std::optional<FirstRun> ask_first_run(const FirstRun& known, Paper& paper) {
  paper.print(say(Text::first_run_begin));
  FirstRun first = known;
  for (;;) {
    const auto all = ask_all(first, paper);
    if (!all) return std::nullopt;
    first = *all;
    paper.print(say(Text::first_run_read_back, first.org,
                    say(first.role == "desk" ? Text::first_run_desk : Text::first_run_field), first.site,
                    number_or_none(first.unit), number_or_none(first.handler),
                    say(first.without_relay ? Text::first_run_no : Text::first_run_yes)));
    const auto agreed = ask_number(paper, Text::first_run_agreed, 1, 1, 2, false);
    if (!agreed) return std::nullopt;
    if (*agreed == 1) return first;
  }
}

Result<Done> guide(Context& context, Paper& paper) {
  const keys::Home home = context.home();
  const auto request = keys::read_file(home / "request", kRequestMost);
  if (!keys::is_present(keys::key_path(home, keys::Which::person)) || !request.ok()) {
    if (::isatty(STDIN_FILENO) == 0) return no(Code::io, Text::no_home_here, home.string());
    paper.print(say(Text::first_run_welcome, home.string()));
    const auto asked = ask_first_run({}, paper);
    return asked ? begin_home(context, *asked) : kDone;
  }
  paper.print(say(Text::init_request, (home / "request").string()));
  paper.print(keys::request_line(*request));
  // Behind the long line, where it is still seen.
  paper.print(say(Text::first_run_waiting));
  paper.print(say(Text::init_words, keys::request_words(*request)));
  paper.print(say(Text::init_next, home.string()));
  return Done{exit_code(Code::unavailable)};
}

}  // namespace noroshi::cli
