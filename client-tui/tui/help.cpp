// Everything that can be pressed where somebody is; typing narrows the list.
#include "client-tui/tui/pages.hpp"
#include "client-tui/words/text.hpp"

namespace noroshi::tui {

PagePtr help_page(const Bindings& bindings, std::vector<Where> places) {
  std::vector<Choice> choices;
  for (const Binding* binding : bindings.at(places)) {
    std::string keys;
    for (const Key& key : binding->keys) keys += (keys.empty() ? "" : " ") + name_of(key);
    choices.push_back({binding->label.in(language()), {}, keys});
  }
  return pick_page(say(Text::console_help_title), std::move(choices));
}

}  // namespace noroshi::tui
