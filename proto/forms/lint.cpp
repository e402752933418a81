#include "proto/forms/lint.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "proto/forms/report.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/utf8.hpp"

namespace noroshi::forms {
namespace {

/// A reading has kana, digits and marks, never a kanji.
bool reads(const std::string& kana) {
  const auto scalars = scalars_of(kana);
  return scalars && std::none_of(scalars->begin(), scalars->end(),
                                 [](char32_t c) { return c >= 0x3400 && c <= 0x9FFF; });
}

class Linter {
 public:
  explicit Linter(const Catalogue& catalogue) : catalogue_(catalogue) {}

  std::vector<Finding> run() {
    check_form(catalogue_.header());
    for (const FormInfo& form : catalogue_.forms()) check_form(form);
    check_numbers();
    for (const auto& [name, list] : catalogue_.lists())
      for (const CodeInfo& code : list.codes) check_label(name + "." + code.name, code.label, true);
    return std::move(findings_);
  }

 private:
  void say(const std::string& place, std::string ja, std::string en) {
    findings_.push_back({place, std::move(ja), std::move(en)});
  }

  void check_label(const std::string& place, const Label& label, bool needs_kana) {
    if (label.ja.empty()) say(place, "日本語の表示名がありません", "has no Japanese label");
    if (label.en.empty()) say(place, "英語の表示名がありません", "has no English label");
    if (needs_kana && label.kana.empty()) say(place, "読みがありません", "has no reading");
    if (!reads(label.kana)) say(place, "読みに漢字があります", "has a kanji in its reading");
  }
  /// A text that may be missing, but not in one language only.
  void check_text(const std::string& place, const Label& text) {
    if (text.ja.empty() != text.en.empty())
      say(place, "説明・単位・文が片方の言語にしかありません",
          "has a help, unit or text in one language only");
  }

  void check_form(const FormInfo& form) {
    check_label(form.code, form.label, true);
    check_text(form.code, form.help);
    for (const FieldInfo& field : form.fields) check_field(form, field);
    check_order(form);
    check_slots(form, form.slots);
    check_slots(form, form.texts);
    for (const RuleInfo& rule : form.rules) check_rule(form, rule);
    check_beginnings(form);
  }

  void check_field(const FormInfo& form, const FieldInfo& field) {
    const std::string place = form.code + "." + field.key;
    check_face(place, field);
    const bool typed = field.said_by == SaidBy::body && !field.retired;
    const bool own = &form != &catalogue_.header();  // the program fills in the header's
    if (typed && own && field.required && field.ask == 0)
      say(place, "必須なのに尋ねられません", "is required but never asked");
    if (typed && own && field.ask != 0 && field.page == 0) say(place, "ページがありません", "has no page");
    if (typed && field.kind == Kind::count && field.aggregation == Aggregation::none)
      say(place, "件数の集計方法がありません", "is a count without aggregation");
    check_derived(form, field);
    if (field.aggregation == Aggregation::derive && !field.derive)
      say(place, "計算方法がありません", "is derived, but nothing says how");
    for (const FieldInfo& column : field.columns) {
      check_face(place + "." + column.key, column);
      if (column.aggregation != Aggregation::none)
        say(place + "." + column.key, "行の中の項目は集計されません",
            "is a column: columns are not aggregated");
    }
  }

  /// A figure is as confidential as what it is made of. A mesh is what may be told of a position.
  void check_derived(const FormInfo& form, const FieldInfo& field) {
    if (!field.derive || field.derive->how == Derivation::How::mesh) return;
    for (const auto* keys : {&field.derive->from, &field.derive->minus, &field.derive->minus_if_said}) {
      for (const std::string& key : *keys) {
        const FieldInfo* part = catalogue_.field(form, key);
        if (part == nullptr || part->confidentiality <= field.confidentiality) continue;
        say(form.code + "." + field.key, "計算のもとの " + key + " より公開の範囲が広くなっています",
            "is told to more people than " + key + ", which it is made of");
      }
    }
  }

  void check_face(const std::string& place, const FieldInfo& field) {
    check_label(place, field.label, true);
    check_text(place, field.help);
    check_text(place, field.unit);
    const bool body = field.said_by == SaidBy::body;
    if (body && field.is_text() && field.chars_max == 0)
      say(place, "文字数の上限がありません", "is a text without a limit");
    if (field.kind == Kind::person_text && field.confidentiality != Confidentiality::handlers)
      say(place, "個人名は要機密にします", "names a person: it is for the handlers only");
    if (field.min && field.max && *field.min > *field.max)
      say(place, "範囲の下限が上限より大きい", "has a range that is empty");
    // All ones of a slot mean that the code stands in the extras: legal, but it costs five bytes each time.
    if (field.kind == Kind::code && field.slot != 0 && field.bits > 1 && field.list &&
        field.list->codes.back().number >= (1u << field.bits) - 1)
      say(place, "コードがスロットの幅に入りません", "has codes beyond the width of its slot");
    if (field.kind == Kind::group && field.columns.empty())
      say(place, "列がありません", "is a group without columns");
  }

  void check_order(const FormInfo& form) {
    std::map<std::uint32_t, std::string> asked;
    const bool header = &form == &catalogue_.header();
    for (const auto* fields : {&form.fields, &catalogue_.header().fields}) {
      if (header && fields != &form.fields) break;
      for (const FieldInfo& field : *fields) {
        if (field.ask == 0 || field.retired) continue;
        const auto [at, fresh] = asked.emplace(field.ask, field.key);
        if (!fresh && at->second != field.key)
          say(form.code + "." + field.key,
              "尋ねる順番 " + std::to_string(field.ask) + " が " + at->second + " と重なります",
              "has the order of asking " + std::to_string(field.ask) + " of " + at->second);
      }
      if (&form.fields == &catalogue_.header().fields) break;
    }
  }

  void check_slots(const FormInfo& form, const std::vector<std::size_t>& places) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const FieldInfo& field = form.fields[places[i]];
      if (field.slot == i + 1) continue;
      say(form.code + "." + field.key, "スロットに欠番があります（" + std::to_string(i + 1) + "）",
          "leaves slot " + std::to_string(i + 1) + " empty");
      return;
    }
  }

  void check_rule(const FormInfo& form, const RuleInfo& rule) {
    const std::string place = form.code + " " + rule.id;
    check_label(place, rule.message, false);
    if (rule.id.empty() || !rules_.insert(rule.id).second)
      say(place, "規則の番号が重なります", "has the id of another rule");
    if (!rule.form.empty() && !catalogue_.form(rule.form))
      say(place, "様式 " + rule.form + " がありません", "asks for form " + rule.form + ", which is not here");
    if ((rule.check == Check::le || rule.check == Check::sum_le || rule.check == Check::sum_eq) &&
        !alike(form, rule))
      say(place, "種類や小数の桁が違う項目を比べています", "compares fields of different kinds or scales");
  }

  /// What is compared is all counts and whole numbers, or all decimals of one scale.
  bool alike(const FormInfo& form, const RuleInfo& rule) const {
    std::vector<std::string> keys = rule.fields;
    if (!rule.total.empty()) keys.push_back(rule.total);
    std::set<std::pair<bool, std::uint32_t>> sorts;
    for (const std::string& key : keys)
      if (const FieldInfo* field = catalogue_.field(form, key))
        sorts.emplace(field->kind == Kind::decimal, field->kind == Kind::decimal ? field->scale : 0);
    return sorts.size() == 1;
  }

  void check_beginnings(const FormInfo& form) {
    for (const Phrase& phrase : form.phrases) {
      const FieldInfo* field = catalogue_.field(form, phrase.field);
      const std::string place = form.code + "." + phrase.field;
      check_label(place, phrase.text, false);
      if (!field || !field->is_text())
        say(place, "定型文は文の項目に付けます", "has a phrase, but is no text");
      else if (field->chars_max != 0 && char_count(phrase.text.ja) > field->chars_max)
        say(place, "定型文が長すぎます", "has a phrase that is too long for it");
    }
    for (const Template& one : form.templates) {
      check_label(form.code, one.label, false);
      Report report = new_report(form);
      for (const auto& [key, value] : one.set) {
        const auto set = set_from_text(report, key, value, catalogue_);
        if (!set)
          say(form.code + " " + one.label.ja, "ひな形の値が読めません：" + set.error().text,
              "has a template value that does not read: " + set.error().text);
      }
    }
  }

  /// A number is one field for ever: forms that share it mean the same by it.
  void check_numbers() {
    std::map<FieldNo, const FieldInfo*> seen;
    for (const FormInfo& form : catalogue_.forms())
      for (const FieldInfo& field : form.fields) {
        const auto [at, fresh] = seen.emplace(field.number, &field);
        if (!fresh && (at->second->key != field.key || at->second->kind != field.kind))
          say(form.code + "." + field.key,
              "番号 " + std::to_string(field.number) + " は " + at->second->key + " のものです",
              "has the number " + std::to_string(field.number) + " of " + at->second->key);
      }
  }

  const Catalogue& catalogue_;
  std::set<std::string> rules_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint(const Catalogue& catalogue) {
  return Linter(catalogue).run();
}

}  // namespace noroshi::forms
