// Lists and reports, read line by line.
#include <array>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/list_lines.hpp"
#include "client-tui/tui/map.hpp"
#include "client-tui/tui/plain/fill.hpp"
#include "client-tui/tui/plain/room.hpp"
#include "client-tui/tui/tabs.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/spoken.hpp"
#include "proto/forms/text.hpp"

namespace noroshi::tui::plain {
namespace {

constexpr std::size_t kAtOnce = 10;

/// What can be done with a report: the words of the key table.
constexpr std::array kDeeds{Action::update, Action::correct,    Action::cancel, Action::answer,
                            Action::ask,    Action::confirm,    Action::hold,   Action::accept,
                            Action::say,    Action::save_files, Action::recall};

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
                          facts.board().query.exercise);
}

void items(bool own, Room& room) {
  for (std::size_t from = 0; !room.gone;) {
    const FactsPtr facts = room.facts;
    const Shelf::List list = own ? Shelf::List::own : Shelf::List::received;
    const std::size_t all = facts->shelf->size(list), end = std::min(from + kAtOnce, all);
    std::size_t number_of = from;
    for (const Item& item : facts->shelf->window(list, from, kAtOnce))
      room.print(std::to_string(++number_of) + " " + line_of(item, own, *facts));
    if (end < all) room.print(say(Text::plain_more, all - end));
    const auto number = pick(say(Text::plain_open), all, room.paper);
    room.gone = !number;
    if (!number) return;
    if (*number > 0) {
      for (Item& item : facts->shelf->window(list, *number - 1, 1))
        if (!item.closed()) read_report(std::move(item), room);
      continue;
    }
    if (end == all) return;  // an empty answer turns the page; behind the last one there is none
    from = end;
  }
}

void choose_report(const std::vector<ReportId>& reports, Room& room) {
  const FactsPtr facts = room.facts;
  std::vector<Item> items;
  for (const ReportId& id : reports) {
    auto item = facts->shelf->find(id);
    if (item && !item->closed()) items.push_back(*std::move(item));
  }
  if (items.size() == 1) return read_report(std::move(items.front()), room);
  for (std::size_t i = 0; i < items.size(); ++i)
    room.print(std::to_string(i + 1) + " " + line_of(items[i], false, *facts));
  const auto number = pick(say(Text::plain_open), items.size(), room.paper);
  room.gone = !number;
  if (number && *number > 0) read_report(std::move(items[*number - 1]), room);
}

void lines(const Looking& look, Room& room);

/// What somebody answers below a list: the number of a line, a form of the board, or nothing to read on.
/// False: neither, so no more of it.
bool answer(const std::string& text, const Looking& look, const ListLines& all, Room& room) {
  const std::string wanted = forms::fold_for_search(text);
  for (const forms::FormInfo& form : room.facts->catalogue->forms()) {
    if (look.tab != Tab::board || forms::fold_for_search(form.code) != wanted) continue;
    lines({Tab::board, form.number, {}}, room);
    return false;
  }
  const auto number = number_typed(text);
  if (!number || *number == 0) return false;
  if (*number > all.size()) {
    room.complain(say(Text::plain_one_to, all.size()));
    return true;
  }
  const ListLine line = all.window(*number - 1, 1).front();
  if (line.locality) {
    lines({Tab::board, look.form, line.locality}, room);
  } else if (line.item != nullptr) {
    read_report(*line.item, room);
  } else if (!line.reports.empty()) {
    choose_report(line.reports, room);
  } else {
    room.complain(say(Text::plain_opens_nothing, *number));
  }
  return true;
}

/// A list a page at a time: the number of a line opens what it speaks of, an empty answer turns the page.
void lines(const Looking& look, Room& room) {
  constexpr std::size_t kPage = 100;
  const std::unique_ptr<ListLines> all = lines_of(look, room.facts);
  if (all->size() == 0) room.print(say(text_when_empty(look.tab)));
  for (std::size_t from = 0; from < all->size() && !room.gone; from += kPage) {
    std::size_t number = from;
    bool opens = false;
    for (const ListLine& line : all->window(from, kPage)) {
      ++number;
      opens = opens || line.opens();
      room.print(line.opens() ? std::to_string(number) + " " + line.text : line.text);
    }
    const bool last = from + kPage >= all->size();
    if (last && !opens) return;
    if (!last) room.print(say(Text::plain_more, all->size() - from - kPage));
    for (;;) {
      const auto typed = room.paper.ask(say(!opens                   ? Text::plain_turn
                                            : look.tab == Tab::board ? Text::plain_board
                                                                     : Text::plain_open));
      room.gone = !typed;
      if (!typed || typed->empty()) break;
      if (!answer(*typed, look, *all, room) || room.gone) return;
    }
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
    case Action::recall: {
      auto draft = room.office.recall(item.letter.entry.id);
      if (!draft.ok()) return room.complain(draft.error().text);
      room.print(say(Text::console_recalled, draft->number));
      return write(*std::move(draft), room);
    }
    case Action::accept: {
      const auto done = room.office.acknowledge(item.letter.entry.id, proto::ReceiptKind::accepted);
      return done.ok() ? room.print(say(Text::console_accepted)) : room.complain(done.error().text);
    }
    case Action::save_files: {
      if (item.files.empty()) return room.complain(say(Text::no_files, to_string(item.reading().facts.id)));
      const auto folder = room.office.save_files(item);
      return folder.ok() ? room.print(say(Text::file_saved, *folder)) : room.complain(folder.error().text);
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
      if (facts->shelf->size(tab == Tab::inbox ? Shelf::List::received : Shelf::List::own) == 0)
        return print_all({});
      return items(tab == Tab::outbox, room);
    case Tab::drafts: return facts->drafts.empty() ? print_all({}) : drafts(room);
    case Tab::board:
    case Tab::timeline:
    case Tab::support: return lines({tab, 1, {}}, room);
    case Tab::map: return print_all(map_lines(facts->board(), map_places(facts->board())));
    case Tab::nodes: return lines({tab, 1, {}}, room);
  }
}

void read_report(Item item, Room& room) {
  const FactsPtr facts = room.facts;
  room.print(
      words::report_line(item.letter, item.reading(), *facts->trust, *facts->catalogue, facts->now.wall));
  for (const std::string& line : words::report_lines(item.reading(), *facts->catalogue)) room.print(line);
  for (const std::string& line : words::file_lines(item.files, *facts->catalogue)) room.print("  " + line);
  const auto progress = item.letter.own() ? room.office.progress(item.letter.entry.id) : std::nullopt;
  for (const std::string& line : words::delivery_lines(item.letter, item.deliveries, progress, facts->relay,
                                                       *facts->trust, facts->now.wall))
    room.print(line);
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
