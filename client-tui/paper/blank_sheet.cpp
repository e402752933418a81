#include <algorithm>

#include "client-tui/paper/sheets.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/six.hpp"
#include "proto/forms/spoken.hpp"

namespace noroshi::paper {
namespace {

using forms::FieldInfo;
using forms::Kind;
using words::language;
using words::say;
using words::Text;

/// What the form itself says, or only a device knows.
constexpr forms::FieldNo kFormCode = 2;
/// More rows than that are written on a second sheet.
constexpr std::size_t kRowsPrinted = 3;
/// Written characters in a ruled line, and the most lines for one text.
constexpr std::size_t kCharsInALine = 34;
constexpr int kLinesMax = 6;

bool is_six(const FieldInfo& field) {
  return std::ranges::find(forms::kSixFields, field.number) != forms::kSixFields.end();
}

int lines_for(const FieldInfo& field) {
  const std::size_t chars = field.chars_max != 0 ? field.chars_max : kCharsInALine;
  return std::clamp(static_cast<int>((chars + kCharsInALine - 1) / kCharsInALine), 1, kLinesMax);
}

Blank place_for(const FieldInfo& field, const std::string& label) {
  Blank out{.label = label + (field.required ? " *" : ""),
            .unit = field.unit.in(language()),
            .choices = {},
            .several = field.kind == Kind::code_set,
            .digit = is_six(field),
            .frame = {},
            .lines = 1};
  if (field.kind == Kind::time) out.frame = say(Text::paper_time_frame);
  if (field.kind == Kind::date) out.frame = say(Text::paper_date_frame);
  if (field.kind == Kind::point) out.frame = say(Text::paper_point_frame);
  if (field.is_text()) out.lines = lines_for(field);
  if (field.list == nullptr) return out;
  out.lines = 0;
  for (const forms::CodeInfo& code : field.list->codes)
    out.choices.push_back((out.digit ? std::to_string(code.number) + " " : "") + code.label.in(language()));
  return out;
}

void put(Sheet& sheet, const FieldInfo& field) {
  const std::string& label = field.label.in(language());
  if (field.kind == Kind::digest || field.retired) return;  // no hand writes it; nobody asks for it
  if (field.kind != Kind::group) {
    sheet.blocks.push_back(place_for(field, label));
    return;
  }
  const std::size_t rows = std::min(field.items_max != 0 ? field.items_max : kRowsPrinted, kRowsPrinted);
  for (std::size_t row = 1; row <= rows; ++row) {
    sheet.blocks.push_back(Line{say(Text::paper_row, label, row)});
    for (const FieldInfo& column : field.columns) put(sheet, column);
  }
}

}  // namespace

Sheet blank_sheet(const forms::FormInfo& form, const forms::Catalogue& catalogue, WallTime now) {
  const forms::SpokenOrder order = forms::spoken_order(&form, catalogue);
  Sheet sheet;
  sheet.who = fmt::format("{} {}", form.code, form.label.in(language()));
  sheet.what = fmt::format("{}  v{}", say(Text::paper_blank), form.version);
  sheet.when = say(Text::paper_printed) + " " + to_jst(now);
  sheet.blocks.push_back(Line{say(Text::paper_blank_note)});
  const auto begin = [&](const std::string& title) { sheet.blocks.push_back(Section{title}); };
  const auto put_if = [&](const std::vector<const FieldInfo*>& fields, const auto& wanted) {
    for (const FieldInfo* field : fields)
      if (wanted(*field)) put(sheet, *field);
  };
  if (std::ranges::any_of(order.own, [](const FieldInfo* field) { return is_six(*field); })) {
    begin(say(Text::paper_six));
    put_if(order.own, is_six);
  }
  begin(catalogue.header().label.in(language()));
  put_if(order.header, [](const FieldInfo& field) { return field.number != kFormCode; });
  begin(form.label.in(language()));
  put_if(order.own, [](const FieldInfo& field) { return !is_six(field); });
  begin(say(Text::paper_call));
  const auto said = [&](const FieldInfo& field) {
    return std::ranges::find(order.header, &field) != order.header.end() ||
           std::ranges::find(order.own, &field) != order.own.end();
  };
  put_if(catalogue.asked(form), [&](const FieldInfo& field) { return !said(field); });
  for (const Text own : {Text::paper_organisation, Text::paper_writer, Text::paper_call_back})
    sheet.blocks.push_back(Blank{.label = say(own), .unit = {}, .choices = {}, .frame = {}});
  sheet.blocks.push_back(Blank{
      .label = say(Text::paper_written_at), .unit = {}, .choices = {}, .frame = say(Text::paper_time_frame)});
  sheet.blocks.push_back(
      Blank{.label = say(Text::paper_check_words), .unit = {}, .choices = {}, .frame = {}});
  return sheet;
}

}  // namespace noroshi::paper
