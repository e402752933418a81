// Lists and reports, read line by line.
#include <array>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/map.hpp"
#include "client-tui/tui/plain/fill.hpp"
#include "client-tui/tui/plain/room.hpp"
#include "client-tui/tui/tabs.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/spoken.hpp"
#include "client-tui/words/support_lines.hpp"
#include "client-tui/words/timeline_lines.hpp"

namespace noroshi::tui::plain {
namespace {

constexpr std::size_t kAtOnce = 10;

/// What can be done with a report: the words of the key table.
constexpr std::array kDeeds{Action::update,  Action::correct, Action::cancel, Action::answer, Action::ask,
                            Action::confirm, Action::hold,    Action::accept, Action::say};

std::string label_of(Action action) {
  for (const Binding& binding : Bindings::standard().all())
    if (binding.action == action) return binding.label.in(language());
  return {};
}

std::string line_of(const Item& item, bool own, const Facts& facts) {
  if (item.closed()) return say(Text::console_list_closed, to_string(item.letter.header.source.device));
  const bool unread = !own && !item.letter.own() && !item.letter.entry.read;
  return (own ? words::delivery_word(item.state) + "  " : "") + (unread ? "* " : "") +
         words::list_line(item.letter, item.reading(), *facts.trust, *facts.catalogue, facts.now.wall,
                          facts.board.query.exercise);
}

void items(bool own, Room& room) {
  for (std::size_t from = 0; !room.gone;) {
    const FactsPtr facts = room.facts;
    const std::vector<Item>& all = own ? facts->own : facts->received;
    const std::size_t end = std::min(from + kAtOnce, all.size());
    for (std::size_t i = from; i < end; ++i)
      room.print(std::to_string(i + 1) + " " + line_of(all[i], own, *facts));
    if (end < all.size()) room.print(say(Text::plain_more, all.size() - end));
    const auto number = pick(say(Text::plain_open), all.size(), room.paper);
    room.gone = !number;
    if (!number) return;
    if (*number > 0) {
      if (!all[*number - 1].closed()) read_report(all[*number - 1], room);
      continue;
    }
    if (end == all.size()) return;  // an empty answer turns the page; behind the last one there is none
    from = end;
  }
}

void drafts(Room& room) {
  const FactsPtr facts = room.facts;
  for (std::size_t i = 0; i < facts->drafts.size(); ++i) {
    const desk::Draft& draft = facts->drafts[i];
    const forms::FormInfo* form = facts->catalogue->form(draft.message.reports.front().form);
    room.print(std::to_string(i + 1) + " " +
               say(Text::console_list_draft, to_short_jst(draft.kept, facts->now.wall),
                   form != nullptr ? form->code + " " + form->label.in(language()) : std::string("?"),
                   draft.number));
  }
  const auto number = pick(say(Text::plain_open), facts->drafts.size(), room.paper);
  room.gone = !number;
  if (!number || *number == 0) return;
  desk::Draft draft = facts->drafts[*number - 1];
  const auto taken = room.office.keep(draft, true);
  if (!taken.ok()) return room.complain(taken.error().text);
  draft.number = *taken;
  write(std::move(draft), room);
}

void verify(const Item& item, forms::Verdict verdict, Room& room) {
  auto draft = begin_verification(item, verdict, *room.facts);
  if (!draft.ok()) return room.complain(draft.error().text);
  review(*draft, room);
}

void carry_out(const Item& item, Action deed, Room& room) {
  using forms::ReportKind;
  const auto child = [&](ReportKind kind) { write(begin_child(item, kind, *room.facts, room.office), room); };
  switch (deed) {
    case Action::update: return child(ReportKind::update);
    case Action::correct: return child(ReportKind::correction);
    case Action::cancel: return child(ReportKind::cancel);
    case Action::answer: return write(begin_answer(item, *room.facts, room.office), room);
    case Action::ask: return write(begin_question(item, *room.facts, room.office.now().wall), room);
    case Action::confirm: return verify(item, forms::Verdict::confirmed, room);
    case Action::hold: return verify(item, forms::Verdict::held, room);
    case Action::accept: {
      const auto done = room.office.acknowledge(item.letter.entry.id, proto::ReceiptKind::accepted);
      return done.ok() ? room.print(say(Text::console_accepted)) : room.complain(done.error().text);
    }
    default:
      for (const std::string& line :
           words::script_lines(item.reading().report, *room.facts->trust, *room.facts->catalogue))
        room.print("  " + line);
  }
}

}  // namespace

void read_list(Tab tab, Room& room) {
  const FactsPtr facts = room.facts;
  const auto print_all = [&](const std::vector<std::string>& lines) {
    for (const std::string& line : lines) room.print(line);
    if (lines.empty()) room.print(say(text_when_empty(tab)));
  };
  switch (tab) {
    case Tab::inbox:
    case Tab::outbox:
      if ((tab == Tab::inbox ? facts->received : facts->own).empty()) return print_all({});
      return items(tab == Tab::outbox, room);
    case Tab::drafts: return facts->drafts.empty() ? print_all({}) : drafts(room);
    case Tab::board:
      if (facts->board.rows.empty() && facts->board.not_heard.empty()) return print_all({});
      return print_all(words::board_lines(facts->board, facts->readings, "muni", *facts->trust,
                                          *facts->catalogue, facts->now.wall));
    case Tab::timeline:
      for (const auto& line :
           words::timeline_lines(facts->timeline, facts->readings, *facts->trust, *facts->catalogue))
        room.print(line.text);
      return;
    case Tab::support:
      if (facts->support.empty()) return print_all({});
      for (const auto& line : words::support_lines(facts->support, facts->readings, *facts->trust,
                                                   *facts->catalogue, facts->now.wall))
        room.print(line.text);
      return;
    case Tab::map: return print_all(map_lines(facts->board, map_places(facts->board)));
    case Tab::nodes:
      if (!facts->relay) return room.complain(facts->relay_trouble);
      return print_all(words::status_lines(*facts->relay, facts->now.wall));
  }
}

void read_report(Item item, Room& room) {
  const FactsPtr facts = room.facts;
  room.print(
      words::report_line(item.letter, item.reading(), *facts->trust, *facts->catalogue, facts->now.wall));
  for (const std::string& line : words::report_lines(item.reading(), *facts->catalogue)) room.print(line);
  for (const auto& delivery : item.deliveries)
    room.print(words::delivery_line(delivery, *facts->trust, facts->now.wall));
  if (!item.letter.own() && !item.letter.entry.read &&
      room.office.acknowledge(item.letter.entry.id, proto::ReceiptKind::read).ok())
    room.look();
  std::string menu;
  for (std::size_t i = 0; i < kDeeds.size(); ++i)
    menu += std::to_string(i + 1) + " " + label_of(kDeeds[i]) + "  ";
  const auto number = pick(menu + say(Text::plain_zero_back), kDeeds.size(), room.paper);
  room.gone = !number;
  if (number && *number > 0) carry_out(item, kDeeds[*number - 1], room);
}

}  // namespace noroshi::tui::plain
