#include "client-tui/paper/sheets.hpp"
#include "client-tui/words/board_lines.hpp"
#include "client-tui/words/names.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::paper {
namespace {

using words::language;
using words::say;
using words::Text;

/// A board says what the strictest of its reports says.
forms::Confidentiality strictest(const desk::Rolled& rolled, const forms::Catalogue& catalogue) {
  forms::Confidentiality out = forms::Confidentiality::open;
  for (const desk::Reading& reading : rolled.readings)
    out = std::max(out, forms::confidentiality_of(reading.report, catalogue));
  return out;
}

}  // namespace

Sheet board_sheet(const desk::Rolled& rolled, std::optional<desk::Division> by, OrgId reader,
                  const Around& around) {
  const desk::Board& board = rolled.board;
  const forms::FormInfo* form = around.catalogue.form(board.query.form);
  const std::vector<words::Line> lines = words::board_lines(rolled, by, around);
  Sheet sheet;
  sheet.marks = marks_of(board.query.exercise, strictest(rolled, around.catalogue));
  sheet.who = words::org_name(reader, around.trust);
  sheet.what = say(Text::paper_board, words::form_code(board.query.form, around.catalogue),
                   form != nullptr ? form->label.in(language()) : "");
  sheet.when = say(Text::paper_printed) + " " + to_jst(around.now);
  sheet.blocks.push_back(Section{lines.front().text});  // the incident and its as-of
  for (std::size_t i = 1; i < lines.size(); ++i) sheet.blocks.push_back(Line{lines[i].text});
  if (board.not_heard.empty()) return sheet;
  sheet.blocks.push_back(Section{say(Text::paper_not_heard)});
  for (const UnitId id : board.not_heard) {
    const keys::Unit* unit = around.trust.unit(id);
    const std::uint32_t served = unit != nullptr ? unit->households_served : 0;
    sheet.blocks.push_back(
        Line{say(Text::silent_line, words::unit_name(id, around.trust), forms::with_commas(served))});
  }
  return sheet;
}

}  // namespace noroshi::paper
