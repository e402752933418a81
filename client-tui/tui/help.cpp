// Everything that can be done where somebody is: typing narrows the list, Enter does it.
#include <algorithm>

#include "client-tui/tui/pages.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {
namespace {

/// The name of an action as a command: "tab_inbox" is `inbox`, as on the command line.
std::string verb_of(const Binding& binding) {
  std::string out(binding.name.starts_with("tab_") ? binding.name.substr(4) : binding.name);
  std::ranges::replace(out, '_', '-');
  return out;
}

struct Press {
  Action action{};
  Key key;
};

}  // namespace

PagePtr help_page(const Bindings& bindings, const std::vector<Where>& places, const Facts& facts) {
  std::vector<Choice> choices;
  std::vector<Press> presses;
  bool writes = false;
  for (const Binding* binding : bindings.at(places)) {
    if (binding->action == Action::help) continue;  // one is there already
    std::string keys;
    for (const Key& key : binding->keys) keys += (keys.empty() ? "" : " ") + name_of(key);
    choices.push_back({binding->label.in(language()), {}, keys, {verb_of(*binding)}});
    presses.push_back({binding->action, binding->keys.front()});
    writes = writes || binding->action == Action::new_report;
  }
  FormChoices offered;
  if (writes) offered = form_choices(facts);
  for (const Choice& form : offered.choices)
    choices.push_back({"new " + form.key + "  " + form.text, form.kana, {}, {form.key, "new " + form.key}});
  return pick_page(say(Text::console_help_title, bindings.key(Action::back, {})), std::move(choices),
                   [presses, forms = std::move(offered.forms)](std::size_t choice, Turn& turn) {
                     if (choice >= presses.size()) return begin_form(*forms[choice - presses.size()], turn);
                     const Press& press = presses[choice];
                     // Nothing is signed by a choice in a list: the list says the key, a hand presses it.
                     if (press.action == Action::send)
                       return turn.say(say(Text::console_send_by_key, name_of(press.key)));
                     turn.press = press.key;
                   });
}

}  // namespace noroshi::tui
