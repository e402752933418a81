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
  const std::uint64_t newest = facts->received.empty() ? 0 : facts->received.front().letter.entry.arrival;
  if (!office.contact()) return;
  look();
  for (auto item = facts->received.rbegin(); item != facts->received.rend(); ++item) {
    if (item->closed() || item->letter.entry.arrival <= newest || item->letter.own()) continue;
    print(say(Text::plain_arrived,
              words::list_line(item->letter, item->reading(), *facts->trust, *facts->catalogue,
                               facts->now.wall, facts->board.query.exercise)));
  }
}

}  // namespace noroshi::tui::plain
