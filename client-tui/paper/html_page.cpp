#include "client-tui/paper/html_page.hpp"

#include <fmt/format.h>

#include "client-tui/paper/qr.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "keys/language.hpp"

namespace noroshi::paper {
namespace {

/// A module of 1 mm: a version 10 code is 65 mm with its quiet zone, read by any telephone at arm's length,
/// also from a copy of a fax.
constexpr double kModule_mm = 1.0;

constexpr std::string_view kStyle = R"(
@page { size: A4; margin: 14mm 15mm 16mm; @bottom-right { content: counter(page) "/" counter(pages); font-size: 9pt; } }
* { box-sizing: border-box; }
body { font: 10.5pt/1.5 "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif; color: #000; background: #fff; margin: 0 auto; max-width: 180mm; }
table.page { width: 100%; border-collapse: collapse; }
table.page > thead td { border-bottom: 0.5mm solid #000; padding: 0 0 1.5mm; }
table.page > tbody td { padding: 2mm 0 0; }
.head { display: flex; justify-content: space-between; gap: 6mm; }
.marks { font-weight: bold; }
h2 { font-size: 11.5pt; margin: 4mm 0 1.5mm; border-left: 1.5mm solid #000; padding-left: 2mm; break-after: avoid; }
.entry { display: flex; break-inside: avoid; border-bottom: 0.1mm solid #999; }
.entry > :first-child { flex: 0 0 52mm; padding-right: 3mm; }
.entry > :last-child { white-space: pre-wrap; overflow-wrap: anywhere; }
p { margin: 0.8mm 0; white-space: pre-wrap; overflow-wrap: anywhere; break-inside: avoid; }
p.strong { font-weight: bold; border: 0.3mm solid #000; padding: 1mm 2mm; }
.blank { break-inside: avoid; margin: 2.5mm 0 0; }
.blank .row { display: flex; align-items: flex-end; gap: 2mm; min-height: 8mm; }
.blank .label { flex: 0 0 58mm; }
.blank .rule { flex: 1; border-bottom: 0.25mm solid #000; height: 8mm; }
.blank .short { flex: 0 0 40mm; }
.blank .digit { width: 9mm; height: 9mm; border: 0.3mm solid #000; }
.choice { display: inline-block; margin: 0.5mm 5mm 0.5mm 0; white-space: nowrap; }
.box { display: inline-block; width: 3.6mm; height: 3.6mm; border: 0.25mm solid #000; margin-right: 1.5mm; vertical-align: -0.4mm; }
.box.one { border-radius: 50%; }
.codes { display: flex; flex-wrap: wrap; gap: 6mm; }
figure { margin: 3mm 0; break-inside: avoid; }
figcaption { font-size: 9pt; }
figure code { display: block; max-width: 82mm; font: 5.5pt/1.3 monospace; overflow-wrap: anywhere; }
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : tui::printable(text, tui::Lines::many)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

/// One path; a run of dark modules in a row is one rectangle of it.
std::string svg(const Modules& modules) {
  const int side = modules.size + 2 * kQuiet;
  std::string path;
  for (int row = 0; row < modules.size; ++row) {
    for (int column = 0; column < modules.size; ++column) {
      if (!modules.at(row, column)) continue;
      int run = 1;
      while (modules.at(row, column + run)) ++run;
      path += fmt::format("M{} {}h{}v1h-{}z", column + kQuiet, row + kQuiet, run, run);
      column += run;
    }
  }
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}mm" height="{0}mm" viewBox="0 0 {1} {1}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{1}v{1}H0z"/><path d="{2}"/></svg>)",
      side * kModule_mm, side, path);
}

std::string html_of(const Section& section) {
  return "<h2>" + escaped(section.title) + "</h2>\n";
}
std::string html_of(const Entry& entry) {
  return "<div class=\"entry\"><span>" + escaped(entry.label) + "</span><span>" + escaped(entry.text) +
         "</span></div>\n";
}
std::string html_of(const Line& line) {
  return (line.strong ? "<p class=\"strong\">" : "<p>") + escaped(line.text) + "</p>\n";
}
std::string html_of(const Blank& blank) {
  std::string out =
      "<div class=\"blank\"><div class=\"row\"><span class=\"label\">" + escaped(blank.label) + "</span>";
  if (blank.digit) {
    out += "<span class=\"digit\"></span>";
  } else if (!blank.frame.empty()) {
    out += "<span>" + escaped(blank.frame) + "</span>";
  } else if (blank.lines > 0) {
    out += blank.unit.empty() ? "<span class=\"rule\"></span>" : "<span class=\"rule short\"></span>";
  }
  out += escaped(blank.unit) + "</div>";
  for (int i = 1; i < blank.lines; ++i) out += "<div class=\"row\"><span class=\"rule\"></span></div>";
  for (const std::string& choice : blank.choices) {
    const char* box = blank.digit     ? ""
                      : blank.several ? "<span class=\"box\"></span>"
                                      : "<span class=\"box one\"></span>";
    out += "<span class=\"choice\">" + (box + escaped(choice)) + "</span>\n";
  }
  return out + "</div>\n";
}
std::string html_of(const Code& code) {
  const auto modules = qr_modules(code.text);
  return "<figure><figcaption>" + escaped(code.caption) + "</figcaption>" + (modules ? svg(*modules) : "") +
         "<code>" + escaped(code.text) + "</code></figure>\n";
}

}  // namespace

std::string as_html(const Sheet& sheet) {
  const bool ja = keys::language() == keys::Language::ja;
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<title>{}{}</title>\n<style>{}</style>\n</head>\n<body>\n",
      ja ? "ja" : "en", escaped(sheet.marks), escaped(sheet.what), kStyle);
  out += fmt::format(
      "<table class=\"page\"><thead><tr><td><div class=\"head\"><span><span "
      "class=\"marks\">{}</span>{}</span></div>"
      "<div class=\"head\"><span>{}</span><span>{}</span></div></td></tr></thead>\n<tbody><tr><td>\n",
      escaped(sheet.marks), escaped(sheet.who), escaped(sheet.what), escaped(sheet.when));
  bool codes = false;
  for (const Block& block : sheet.blocks) {
    const bool code = std::holds_alternative<Code>(block);
    if (code != codes) out += code ? "<div class=\"codes\">\n" : "</div>\n";
    codes = code;
    out += std::visit([](const auto& one) { return html_of(one); }, block);
  }
  if (codes) out += "</div>\n";
  return out + "</td></tr></tbody></table>\n</body>\n</html>\n";
}

}  // namespace noroshi::paper
