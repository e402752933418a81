#include "client-tui/tui/plain/room.hpp"

#include "client-tui/words/lines.hpp"

namespace noroshi::tui::plain {

void Room::look() {
  if (auto fresh = office.facts(); fresh.ok()) {
    facts = *std::move(fresh);
  } else {
    complain(fresh.error().text);
  }
}

void Room::contact() {
  constexpr std::size_t kAtOnce = 50;
  const std::vector<Item> last = facts->shelf->window(Shelf::List::received, 0, 1);
  const std::uint64_t newest = last.empty() ? 0 : last.front().letter.entry.arrival;
  if (!office.contact()) return;
  look();
  std::vector<std::string> arrived;
  for (std::size_t from = 0;; from += kAtOnce) {
    const std::vector<Item> items = facts->shelf->window(Shelf::List::received, from, kAtOnce);
    for (const Item& item : items) {
      if (item.closed() || item.letter.entry.arrival <= newest || item.letter.own()) continue;
      arrived.push_back(say(Text::plain_arrived,
                            words::list_line(item.letter, item.reading(), *facts->trust, *facts->catalogue,
                                             facts->now.wall, facts->board().query.exercise)));
    }
    if (items.empty() || items.back().letter.entry.arrival <= newest) break;
  }
  for (auto line = arrived.rbegin(); line != arrived.rend(); ++line) print(*line);
}

}  // namespace noroshi::tui::plain
