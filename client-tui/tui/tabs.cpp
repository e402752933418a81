#include "client-tui/tui/tabs.hpp"

#include <algorithm>

namespace noroshi::tui {
namespace {

struct TabFace {
  Tab tab;
  Action action;
  Text word;
  Text empty;
};
constexpr TabFace kTabs[] = {
    {Tab::inbox, Action::tab_inbox, Text::console_inbox, Text::console_list_empty_inbox},
    {Tab::outbox, Action::tab_outbox, Text::console_outbox, Text::console_list_empty_outbox},
    {Tab::drafts, Action::tab_drafts, Text::console_drafts, Text::console_list_empty_drafts},
    {Tab::board, Action::tab_board, Text::console_board, Text::console_list_empty_board},
    {Tab::timeline, Action::tab_timeline, Text::console_timeline, Text::timeline_empty},
    {Tab::map, Action::tab_map, Text::console_map, Text::map_empty},
    {Tab::nodes, Action::tab_nodes, Text::console_nodes, Text::console_relay_absent},
    {Tab::support, Action::tab_support, Text::console_support, Text::console_list_empty_support},
};

/// How many things there are in a tab that somebody should know of without going there.
std::size_t waiting_in(Tab tab, const Facts& facts) {
  switch (tab) {
    case Tab::inbox: return facts.shelf->size(Shelf::List::received);
    case Tab::outbox: return facts.shelf->size(Shelf::List::own);
    case Tab::drafts: return facts.drafts.size();
    case Tab::timeline:
      return facts.timeline().overdue.size() + facts.timeline().missed.size() +
             static_cast<std::size_t>(
                 std::ranges::count_if(facts.timeline().questions, &desk::Question::overdue));
    case Tab::support:
      return static_cast<std::size_t>(std::ranges::count_if(
          facts.support, [](const desk::SupportRequest& one) { return one.found.unanswered; }));
    case Tab::board:
    case Tab::map:
    case Tab::nodes: return 0;
  }
  return 0;
}

}  // namespace

std::string tabs_title(Tab at, const Facts& facts, const Bindings& bindings) {
  std::string out;
  for (const TabFace& face : kTabs) {
    const std::size_t count = waiting_in(face.tab, facts);
    const std::string name = bindings.key(face.action, {Where::tabs}) + say(face.word) +
                             (count > 0 ? " " + std::to_string(count) : "");
    out += (out.empty() ? "" : "  ") + (face.tab == at ? "[" + name + "]" : name);
  }
  return out;
}

std::optional<Tab> tab_of(Action action) {
  const auto* face = std::ranges::find_if(kTabs, [&](const TabFace& one) { return one.action == action; });
  if (face == std::end(kTabs)) return std::nullopt;
  return face->tab;
}

Text text_when_empty(Tab tab) {
  return kTabs[static_cast<std::size_t>(tab)].empty;
}

}  // namespace noroshi::tui
