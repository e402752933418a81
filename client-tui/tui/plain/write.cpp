// Filling in, the last look, sending.
#include <algorithm>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/plain/fill.hpp"
#include "client-tui/tui/plain/room.hpp"
#include "client-tui/tui/review_lines.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/spoken.hpp"
#include "proto/forms/six.hpp"

namespace noroshi::tui::plain {
namespace {

std::string place(std::size_t at, std::size_t count) {
  return say(Text::console_list_place, at + 1, count);
}

/// A field that was left is on the disk.
void keep(desk::Draft& draft, Room& room) {
  const auto number = room.office.keep(draft, false);
  if (!number.ok()) return room.complain(say(Text::console_form_not_kept_why, number.error().text));
  draft.number = *number;
}

void leave(const desk::Draft& draft, Room& room) {
  if (draft.number != 0) room.print(say(Text::console_form_left, draft.number));
  room.look();
}

/// Where the question behind that field is, now that its answer may have changed what matters.
std::size_t behind(forms::FieldNo field, const std::vector<const forms::FieldInfo*>& fields, std::size_t at) {
  const auto found = std::ranges::find(fields, field, &forms::FieldInfo::number);
  return found == fields.end() ? at : static_cast<std::size_t>(found - fields.begin()) + 1;
}

void send(desk::Draft& draft, Room& room) {
  const auto sent =
      room.office.send(draft.message, draft.number != 0 ? std::optional(draft.number) : std::nullopt);
  if (!sent.ok()) return room.complain(sent.error().text);
  room.contact();
  room.look();
  const bool here = room.office.reached(*sent) == desk::Delivery::signed_here;
  room.print(say(here ? Text::console_sent_here : Text::console_sent,
                 to_string(ReportId{sent->key, sent->seq, 0}), sent->bytes));
}

void choose_level(desk::Draft& draft, Room& room) {
  for (int level = 0; level < static_cast<int>(proto::kLevels); ++level)
    room.print("  " + std::to_string(level + 1) + " " + words::level_word(static_cast<proto::Level>(level)));
  const auto number = pick(say(Text::console_review_level) + ": ", proto::kLevels, room.paper);
  room.gone = !number;
  if (number && *number > 0) draft.message.level = static_cast<proto::Level>(*number - 1);
}

void choose_recipients(desk::Draft& draft, const desk::Prepared& prepared, Room& room) {
  auto& to = draft.message.recipients;
  if (to.empty()) to = prepared.recipients;
  const std::vector<OrgId> orgs = room.facts->trust->organisations();
  for (;;) {
    for (std::size_t i = 0; i < orgs.size(); ++i) {
      const bool in = std::ranges::find(to, proto::to_org(orgs[i])) != to.end();
      room.print("  " + std::to_string(i + 1) + (in ? " [x] " : " [ ] ") +
                 words::org_name(orgs[i], *room.facts->trust));
    }
    const auto number = pick(say(Text::plain_switch), orgs.size(), room.paper);
    room.gone = !number;
    if (!number || *number == 0) return;
    const RecipientId id = proto::to_org(orgs[*number - 1]);
    if (std::erase(to, id) == 0) to.push_back(id);
  }
}

void read_aloud(const desk::Prepared& prepared, Room& room) {
  for (const forms::Report& report : prepared.reports) {
    for (const std::string& line : words::script_lines(report, *room.facts->trust, *room.facts->catalogue))
      room.print("  " + line);
  }
}

}  // namespace

bool review(desk::Draft& draft, Room& room) {
  enum : std::size_t { leave_it, send_it, keep_it, level, to, aloud, files };
  while (!room.gone) {
    const auto prepared = room.office.prepare(draft.message);
    if (!prepared.ok()) {
      room.complain(prepared.error().text);
      return false;
    }
    for (const ReviewLine& line : review_lines(*prepared, *room.facts)) room.print(line.text);
    const auto wish = pick(say(Text::plain_review_menu), files, room.paper);
    room.gone = !wish;
    switch (wish.value_or(leave_it)) {
      case leave_it: return false;
      case send_it:
        if (prepared->sendable()) {
          send(draft, room);
          return true;
        }
        room.complain(say(Text::console_review_blocked));
        break;
      case keep_it:
        keep(draft, room);
        leave(draft, room);
        return true;
      case level: choose_level(draft, room); break;
      case to: choose_recipients(draft, *prepared, room); break;
      case aloud: read_aloud(*prepared, room); break;
      case files:
        change_files(draft.message.reports.front(), room);
        keep(draft, room);
        break;
      default: break;
    }
  }
  return false;
}

void write(desk::Draft draft, Room& room) {
  forms::Report& report = draft.message.reports.front();
  const forms::Catalogue& catalogue = *room.facts->catalogue;
  const forms::FormInfo* form = catalogue.form(report.form);
  if (form == nullptr)
    return room.complain(say(Text::console_no_form, words::form_code(report.form, catalogue)));
  room.print(form->code + " " + form->label.in(language()) + "  " + say(Text::plain_commands));
  std::vector<const forms::FieldInfo*> fields = asked_now(report, *form, catalogue);
  std::size_t at = first_asked(report, fields);
  if (!draft.typing.empty()) room.print(say(Text::plain_typing, draft.typing));
  if (draft.field != 0) at = std::max<std::size_t>(behind(draft.field, fields, at + 1), 1) - 1;
  while (!room.gone) {
    bool done = at >= fields.size();
    if (!done) {
      const forms::FieldInfo& field = *fields[at];
      const Answered answer = fill(field, place(at, fields.size()), report.values, room);
      // What was half typed on a screen stays until its question has been answered.
      const bool left = answer == Answered::gone || answer == Answered::kept;
      if (!left || draft.field != field.number) draft.typing.clear();
      draft.field = field.number;
      keep(draft, room);
      fields = asked_now(report, *form, catalogue);
      if (answer == Answered::gone) room.gone = true;
      if (left) return leave(draft, room);
      if (answer == Answered::back) at = std::max<std::size_t>(behind(field.number, fields, at + 1), 2) - 2;
      if (answer == Answered::next) at = behind(field.number, fields, at);
      done = answer == Answered::done;
    }
    if (!done) continue;
    if (review(draft, room)) return;
    at = 0;
    if (room.gone) return leave(draft, room);
    room.print(say(Text::plain_again));
  }
}

void write(Result<desk::Draft> draft, Room& room) {
  if (!draft.ok()) return room.complain(draft.error().text);
  write(*std::move(draft), room);
}

void first_report(forms::Report report, Room& room) {
  constexpr std::size_t kQuestions = forms::kSixFields.size() + 1;
  const forms::Catalogue& catalogue = *room.facts->catalogue;
  const forms::FormInfo& form = *catalogue.form("F1");
  Values answers;
  for (std::size_t at = 0; at < kQuestions;) {
    const bool scope = at + 1 == kQuestions;
    const forms::FieldInfo& field =
        *catalogue.field(form, scope ? forms::field::checked_scope : forms::kSixFields[at]);
    const Answered answer = fill(field, place(at, kQuestions), answers, room);
    if (answer == Answered::gone) room.gone = true;
    if (answer == Answered::gone || answer == Answered::kept) return;
    if (answer == Answered::back) {
      if (at == 0) return;
      --at;
    } else if (answers.contains(field.number)) {
      ++at;
    } else {
      room.complain(say(Text::console_six_hint));
    }
  }
  forms::SixAnswers six;
  for (std::size_t i = 0; i < six.keys.size(); ++i)
    six.keys[i] = static_cast<std::uint8_t>(std::get<forms::CodeValue>(answers[forms::kSixFields[i]]).number);
  const auto scope = static_cast<forms::CheckedScope>(
      std::get<forms::CodeValue>(answers[forms::field::checked_scope]).number);
  std::optional<std::uint32_t> households;
  if (scope == forms::CheckedScope::some) {
    const auto number = pick(say(Text::console_six_households) + ": ", forms::kCountMax, room.paper);
    room.gone = !number;
    if (!number) return;
    households = static_cast<std::uint32_t>(*number);
  }
  desk::Draft draft;
  draft.message.reports = {std::move(report)};
  forms::apply_six(draft.message.reports.front(), six, scope, households);
  keep(draft, room);
  if (!review(draft, room) && !room.gone) write(std::move(draft), room);
}

}  // namespace noroshi::tui::plain
