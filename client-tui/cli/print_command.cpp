// noroshi print: a report, a form to fill in, a board, on paper.
#include <algorithm>
#include <cstdio>

#include "client-tui/cli/board.hpp"
#include "client-tui/cli/lookup.hpp"
#include "client-tui/paper/html_page.hpp"
#include "client-tui/paper/sheets.hpp"
#include "client-tui/paper/text_page.hpp"
#include "keys/files.hpp"

namespace noroshi::cli {
namespace {

struct PrintOptions {
  std::string report, blank, out;
  bool board = false, html = false, spelled = false;
  BoardOptions query;
};

struct Document {
  std::string text;
  std::size_t pages = 0;  ///< of plain text; a browser makes its own
  std::size_t codes = 0;
};
Document written(const paper::Sheet& sheet, const PrintOptions& options) {
  Document out;
  out.codes = static_cast<std::size_t>(std::ranges::count_if(
      sheet.blocks, [](const paper::Block& block) { return std::holds_alternative<paper::Code>(block); }));
  if (options.html) {
    out.text = paper::as_html(sheet);
    return out;
  }
  paper::TextPages pages = as_text(sheet, options.spelled ? paper::Codes::spelled : paper::Codes::drawn);
  out.text = std::move(pages.text);
  out.pages = pages.pages;
  return out;
}

Result<Done> put(const Context& context, const paper::Sheet& sheet, const PrintOptions& options) {
  const Document document = written(sheet, options);
  const bool to_file = !options.out.empty();
  // For its owner alone: what it says may be for few.
  if (to_file) TRY_VOID(keys::write_atomically(options.out, view_of(document.text)));
  if (context.json) {
    Json facts{{"file", to_file ? Json(options.out) : Json(nullptr)},
               {"pages", options.html ? Json(nullptr) : Json(document.pages)},
               {"codes", document.codes}};
    if (!to_file) facts["text"] = document.text;
    Context::print(facts);
  } else if (to_file) {
    Context::print(say(Text::printed_to, options.out,
                       options.html ? say(Text::codes_only, document.codes)
                                    : say(Text::pages_codes, document.pages, document.codes)));
  } else {
    // As it is: every text in it is harmless already, and form feeds are its own.
    std::fwrite(document.text.data(), 1, document.text.size(), stdout);
  }
  return kDone;
}

Result<paper::Sheet> report_sheet(Context& context, const std::string& name) {
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Now now, context.now());
  TRY(const desk::StoreRead view, desk->store().read());
  TRY(const Found found, find_report(*desk, view, name));
  const auto envelope = view.envelope(found.letter.entry.id);
  if (!envelope) return no(Code::usage, Text::no_such_report, name);
  return paper::report_sheet(found.letter, found.index, *envelope,
                             fate_of(desk->index(view), found.letter, found.index),
                             {desk->trust(), desk->catalogue(), now.wall});
}

Result<paper::Sheet> blank_sheet(Context& context, const std::string& code) {
  const forms::Catalogue& catalogue = context.catalogue();
  const forms::FormInfo* form = catalogue.form(code);
  if (form == nullptr) return no(Code::usage, Text::no_such_form, code);
  TRY(const Now now, context.now());
  return paper::blank_sheet(*form, catalogue, now.wall);
}

Result<paper::Sheet> board_sheet(Context& context, const BoardOptions& options) {
  TRY(const AskedBoard asked, asked_board(context, options));
  return paper::board_sheet(asked.rolled, asked.by, asked.desk->self().org, asked.around());
}

Result<Done> print(Context& context, const PrintOptions& options) {
  if (!options.report.empty() + !options.blank.empty() + options.board != 1)
    return no(Code::usage, Text::one_of_print);
  if (options.html && options.spelled) return no(Code::usage, Text::print_html_or_spelled);
  TRY(const paper::Sheet sheet, !options.report.empty()  ? report_sheet(context, options.report)
                                : !options.blank.empty() ? blank_sheet(context, options.blank)
                                                         : board_sheet(context, options.query));
  PrintOptions drawn = options;
  drawn.spelled = drawn.spelled || context.ascii;  // blocks are not ASCII
  return put(context, sheet, drawn);
}

}  // namespace

void add_print_command(CLI::App& app, Context& context) {
  const auto options = std::make_shared<PrintOptions>();
  CLI::App* command =
      add_command(app, context, "print", Text::help_print, "noroshi print 17/3.1/42 --html --out report.html",
                  [&context, options] { return print(context, *options); });
  command->add_option("REPORT", options->report, say(Text::help_id));
  command->add_option("--blank", options->blank, say(Text::help_print_blank));
  command->add_flag("--board", options->board, say(Text::help_print_board));
  command->add_flag("--html", options->html, say(Text::help_print_html));
  command->add_flag("--spell-codes", options->spelled, say(Text::help_print_spelled));
  command->add_option("--out", options->out, say(Text::help_print_out));
  add_board_options(*command, options->query);
}

}  // namespace noroshi::cli
