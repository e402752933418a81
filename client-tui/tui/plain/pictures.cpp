// Pictures: one of those on this laptop and on what is plugged in, put on a report or taken off.
#include "client-tui/tui/plain/fill.hpp"
#include "client-tui/tui/plain/room.hpp"
#include "client-tui/words/lines.hpp"
#include "proto/forms/attachment.hpp"
#include "proto/forms/entry.hpp"

namespace noroshi::tui::plain {
namespace {

void offer_position(const Enclosed& picture, forms::Report& report, const forms::FormInfo& form, Room& room) {
  const forms::FieldInfo* place = forms::open_position(report, form, *room.facts->catalogue);
  if (!picture.position || place == nullptr) return;
  room.print(say(Text::console_use_position, forms::typed(*picture.position)));
  const auto yes =
      pick("  1 " + say(Text::console_yes) + "  0 " + say(Text::console_no) + ": ", 1, room.paper);
  room.gone = !yes;
  if (yes == 1) report.put(place->number, *picture.position);
}

void add(forms::Report& report, const forms::FormInfo& form, Room& room) {
  const forms::Catalogue& catalogue = *room.facts->catalogue;
  const auto picture = choose_picture(room);
  if (!picture) return;
  if (!forms::attach(report, picture->file, form, catalogue)) {
    return room.complain(
        say(Text::attach_too_many, form.code, forms::attachments_field(form, catalogue).items_max));
  }
  offer_position(*picture, report, form, room);
}

}  // namespace

std::optional<Enclosed> choose_picture(Room& room) {
  const std::vector<attach::Found> found = room.office.pictures();
  std::vector<Choice> choices;
  for (const attach::Found& one : found)
    choices.push_back({one.path.string(), {}, std::to_string(choices.size() + 1)});
  if (choices.empty()) {
    room.complain(say(Text::console_no_pictures));
    return std::nullopt;
  }
  const auto at = find(say(Text::console_pick_picture) + ": ", choices, room.paper);
  room.gone = !at;
  if (!at || *at == choices.size()) return std::nullopt;
  const auto enclosed = room.office.enclose(found[*at].path);
  if (!enclosed.ok()) {
    room.complain(enclosed.error().text);
    return std::nullopt;
  }
  room.print(enclosed_line(*enclosed, choices[*at].text, *room.facts));
  return *enclosed;
}

void change_files(forms::Report& report, Room& room) {
  const forms::Catalogue& catalogue = *room.facts->catalogue;
  const forms::FormInfo& form = *catalogue.form(report.form);
  const auto* held = report.get<forms::Group>(forms::attachments_field(form, catalogue).number);
  if (held == nullptr) return add(report, form, room);
  const std::size_t count = held->rows.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto file = forms::attachment_of(held->rows[i]);
    room.print("  " + std::to_string(i + 1) + " " + say(Text::console_file_off) +
               (file ? words::file_line(i + 1, *file, catalogue) : ""));
  }
  room.print("  " + std::to_string(count + 1) + " " + say(Text::console_pick_picture));
  const auto number = pick("  " + say(Text::plain_which), count + 1, room.paper);
  room.gone = !number;
  if (!number || *number == 0) return;
  if (*number > count) return add(report, form, room);
  forms::detach(report, *number - 1, form, catalogue);
}

}  // namespace noroshi::tui::plain
