#include "proto/forms/annex.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "proto/forms/report_json.hpp"

namespace noroshi::forms {
namespace {

using Json = nlohmann::json;

// ---- Differences ----------------------------------------------------------------------------------------
std::vector<std::string> changed_keys(const Json& before, const Json& after) {
  std::vector<std::string> out;
  for (const auto& [key, value] : before.items())
    if (!after.contains(key) || after[key] != value) out.push_back(key);
  for (const auto& [key, value] : after.items())
    if (!before.contains(key)) out.push_back(key);
  return out;
}

/// The object of `list` whose `key` is `value`.
const Json* find(const Json& list, const char* key, const Json& value) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const Json& one) { return one[key] == value; });
  return found == list.end() ? nullptr : &*found;
}

class Comparison {
 public:
  void note(Change change, std::string place, const Json& label, std::vector<std::string> what = {}) {
    out_.push_back({change, std::move(place), std::move(what), label.value("ja", ""), label.value("en", "")});
  }

  /// Two lists of objects with an identity each; `place` of one for people, `face` its label.
  template <typename Place>
  void compare(const Json& before, const Json& after, const char* identity, const char* face, Place place) {
    for (const Json& old : before) {
      const Json* now = find(after, identity, old[identity]);
      if (!now) {
        note(Change::removed, place(old), old[face]);
        continue;
      }
      const bool retired = now->value("retired", false) && !old.value("retired", false);
      auto what = changed_keys(old, *now);
      std::erase(what, "codes");  // the lists speak for themselves
      if (retired)
        note(Change::retired, place(*now), (*now)[face]);
      else if (!what.empty())
        note(Change::changed, place(*now), (*now)[face], std::move(what));
    }
    for (const Json& now : after)
      if (!find(before, identity, now[identity])) note(Change::added, place(now), now[face]);
  }

  std::vector<Difference> take() { return std::move(out_); }

 private:
  std::vector<Difference> out_;
};

/// The newest version of each form; F0 first.
std::vector<const FormInfo*> newest_forms(const Catalogue& catalogue) {
  std::vector<const FormInfo*> out{&catalogue.header()};
  for (const FormInfo& form : catalogue.forms())
    if (catalogue.form(form.number) == &form) out.push_back(&form);
  return out;
}

Json lists_json(const Catalogue& catalogue) {
  Json out = Json::array();
  for (const auto& [name, list] : catalogue.lists())
    for (const CodeInfo& code : list.codes)
      out.push_back({{"id", name + " " + std::to_string(code.number)},
                     {"name", code.name},
                     {"list", name},
                     {"label", {{"ja", code.label.ja}, {"en", code.label.en}, {"kana", code.label.kana}}}});
  return out;
}

// ---- The annex ------------------------------------------------------------------------------------------
struct Words {
  Language language;
  [[nodiscard]] std::string operator()(const char* ja, const char* en) const {
    return language == Language::ja ? ja : en;
  }
};

std::string kind_text(const FieldInfo& field, Words say) {
  switch (field.kind) {
    case Kind::count: return say("数（約・未満・以上・未確認・規模）", "qualified count");
    case Kind::integer: return say("整数", "whole number");
    case Kind::municipality: return say("市区町村", "municipality");
    case Kind::unit: return say("報告単位", "reporting unit");
    case Kind::decimal: return say("小数", "decimal");
    case Kind::code: return say("選択", "one of a list");
    case Kind::code_set: return say("複数選択", "several of a list");
    case Kind::answer: return say("はい・いいえ・不明", "yes, no, unknown");
    case Kind::time: return say("日時", "date and time");
    case Kind::date: return say("日付", "date");
    case Kind::point: return say("位置", "position");
    case Kind::text: return say("文", "text");
    case Kind::person_text: return say("文（人の名前）", "text, names a person");
    case Kind::references: return say("報告の番号", "reports");
    case Kind::digest: return say("要約値", "digest");
    case Kind::group: return say("行の繰返し", "rows");
  }
  return {};
}

std::string scaled(std::int64_t value, std::uint32_t scale) {
  FieldInfo plain;
  plain.kind = Kind::decimal;
  plain.scale = scale;
  return format(Value(Decimal{value}), plain, Language::en);
}

/// What may be written: bounds, length, list, columns.
std::string limits_text(const FieldInfo& field, Words say) {
  std::string out;
  const auto add = [&](const std::string& part) { out += (out.empty() ? "" : say("、", ", ")) + part; };
  if (field.list && field.kind != Kind::answer) add(field.list->name);
  if (field.min || field.max)
    add((field.min ? scaled(*field.min, field.scale) : "") + "–" +
        (field.max ? scaled(*field.max, field.scale) : ""));
  if (field.chars_max != 0) add(std::to_string(field.chars_max) + say("字", " characters"));
  if (field.kind == Kind::digest && field.bytes_max != 0)
    add(std::to_string(field.bytes_max) + say("バイト", " bytes"));
  if (field.items_max != 0) add(std::to_string(field.items_max) + say("件まで", " at most"));
  std::string columns;
  for (const FieldInfo& column : field.columns)
    columns += (columns.empty() ? "" : say("・", ", ")) + column.label.in(say.language);
  if (!columns.empty()) add(columns);
  return out;
}

std::string duty_text(const FieldInfo& field, Words say) {
  if (field.said_by == SaidBy::derived) return say("計算", "computed");
  if (field.said_by != SaidBy::body) return say("自動", "by the program");
  if (field.required)
    return field.relevant ? say("条件付き必須", "required if it applies") : say("必須", "required");
  return field.warn_empty ? say("推奨", "expected") : "";
}

std::string aggregation_text(Aggregation aggregation, Words say) {
  switch (aggregation) {
    case Aggregation::none: return "";
    case Aggregation::sum: return say("合計", "sum");
    case Aggregation::latest: return say("最新", "latest");
    case Aggregation::max: return say("最大", "maximum");
    case Aggregation::min: return say("最小", "minimum");
    case Aggregation::unite: return say("和集合", "union");
    case Aggregation::list: return say("一覧", "list");
    case Aggregation::derive: return say("計算", "computed");
  }
  return {};
}

std::string class_text(Confidentiality confidentiality, Words say) {
  switch (confidentiality) {
    case Confidentiality::open: return say("公開可", "public");
    case Confidentiality::coarse: return say("粗くして公開", "public when coarsened");
    case Confidentiality::restricted: return say("関係者限り", "parties concerned");
    case Confidentiality::handlers: return say("要機密", "handlers only");
  }
  return {};
}

/// A cell of a Markdown table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2)
    text.replace(at, 1, text[at] == '|' ? "\\|" : "  ");
  return text;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& one : cells) out += " " + cell(one) + " |";
  return out + "\n";
}

std::string form_markdown(const FormInfo& form, Words say) {
  std::string out = "\n## " + form.code + " " + form.label.in(say.language) + say("（第", " (version ") +
                    std::to_string(form.version) + say("版）", ")") + "\n\n";
  if (!form.help.ja.empty()) out += form.help.in(say.language) + "\n\n";
  out += row({say("番号", "No."), say("項目", "Field"), say("単位", "Unit"), say("種類", "Kind"),
              say("範囲・コード表", "Range, list"), say("記入", "Duty"), say("集計", "Roll-up"),
              say("取扱い", "Class"), say("説明", "Help")});
  out += "|---|---|---|---|---|---|---|---|---|\n";
  for (const FieldInfo& field : form.fields)
    out += row({std::to_string(field.number), field.label.in(say.language), field.unit.in(say.language),
                kind_text(field, say), limits_text(field, say), duty_text(field, say),
                aggregation_text(field.aggregation, say), class_text(field.confidentiality, say),
                field.help.in(say.language)});
  if (form.rules.empty()) return out;
  out += "\n" + row({say("規則", "Rule"), say("程度", "Severity"), say("内容", "What it says")}) +
         "|---|---|---|\n";
  for (const RuleInfo& rule : form.rules)
    out += row({rule.id, rule.severity == Severity::error ? say("誤り", "error") : say("注意", "warning"),
                rule.message.in(say.language)});
  return out;
}

std::string lists_markdown(const Catalogue& catalogue, const FormInfo* only, Words say) {
  std::string out = "\n## " + say("コード表", "Code lists") + "\n";
  const auto used = [&](const CodeList& list) {
    const auto has = [&](const FieldInfo& field) {
      return field.list == &list ||
             std::any_of(field.columns.begin(), field.columns.end(),
                         [&](const FieldInfo& column) { return column.list == &list; });
    };
    return !only || std::any_of(only->fields.begin(), only->fields.end(), has);
  };
  for (const auto& [name, list] : catalogue.lists()) {
    if (!used(list)) continue;
    out += "\n### " + name + "\n\n" + row({say("番号", "No."), say("名前", "Name"), say("表示", "Label")}) +
           "|---|---|---|\n";
    for (const CodeInfo& code : list.codes)
      out += row({std::to_string(code.number), code.name, code.label.in(say.language)});
  }
  return out;
}

/// A cell of CSV. A spreadsheet would run what begins with = + - or @.
std::string quoted(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos)
    text.insert(0, "'");
  for (std::size_t at = 0; (at = text.find('"', at)) != std::string::npos; at += 2) text.insert(at, "\"");
  return "\"" + text + "\"";
}

std::string line(const std::vector<std::string>& cells) {
  std::string out;
  for (const std::string& one : cells) out += (out.empty() ? "" : ",") + quoted(one);
  return out + "\r\n";
}

}  // namespace

std::string_view name_of(Change change) {
  switch (change) {
    case Change::added: return "added";
    case Change::retired: return "retired";
    case Change::removed: return "removed";
    case Change::changed: return "changed";
  }
  return "?";
}

std::vector<Difference> differences(const Catalogue& before, const Catalogue& after) {
  Comparison out;
  const auto forms_json = [](const Catalogue& catalogue) {
    Json all = Json::array();
    for (const FormInfo* form : newest_forms(catalogue)) {
      Json one = form_to_json(*form, catalogue);
      // The header's rules stand before the form's own; they are compared once, with F0.
      Json& rules = one["rules"];
      rules.erase(rules.begin(), rules.end() - static_cast<std::ptrdiff_t>(form->rules.size()));
      all.push_back(std::move(one));
    }
    return all;
  };
  const Json old_forms = forms_json(before), new_forms = forms_json(after);
  for (const Json& now : new_forms) {
    const std::string code = now["form"];
    const Json* old = find(old_forms, "form", code);
    if (!old) {
      out.note(Change::added, code, now["label"]);
      continue;
    }
    auto what = changed_keys(*old, now);
    for (const char* part : {"fields", "header", "rules"}) std::erase(what, part);
    if (!what.empty()) out.note(Change::changed, code, now["label"], std::move(what));
    const auto field = [&](const Json& one) { return code + "." + one["key"].get<std::string>(); };
    const auto rule = [&](const Json& one) { return code + " " + one["id"].get<std::string>(); };
    out.compare((*old)["fields"], now["fields"], "number", "label", field);
    out.compare((*old)["rules"], now["rules"], "id", "message", rule);
  }
  for (const Json& old : old_forms)
    if (!find(new_forms, "form", old["form"])) out.note(Change::removed, old["form"], old["label"]);
  out.compare(lists_json(before), lists_json(after), "id", "label", [](const Json& one) {
    return one["list"].get<std::string>() + "." + one["name"].get<std::string>();
  });
  return out.take();
}

std::string annex_markdown(const Catalogue& catalogue, const FormInfo* only, Language language) {
  const Words say{language};
  std::string out = "# " + say("様式集", "Forms") + "\n";
  if (only) return out + form_markdown(*only, say) + lists_markdown(catalogue, only, say);
  for (const FormInfo* form : newest_forms(catalogue)) out += form_markdown(*form, say);
  return out + lists_markdown(catalogue, nullptr, say);
}

std::string annex_csv(const Catalogue& catalogue, const FormInfo* only, Language language) {
  const Words say{language};
  std::string out = "\xEF\xBB\xBF";
  out += line({say("様式", "form"), say("版", "version"), say("番号", "number"), say("キー", "key"),
               say("項目", "label"), say("読み", "reading"), say("単位", "unit"), say("種類", "kind"),
               say("範囲・コード表", "range"), say("記入", "duty"), say("集計", "roll-up"),
               say("取扱い", "class"), say("説明", "help")});
  for (const FormInfo* form : newest_forms(catalogue)) {
    if (only && form != only) continue;
    for (const FieldInfo& field : form->fields)
      out += line({form->code, std::to_string(form->version), std::to_string(field.number), field.key,
                   field.label.in(language), field.label.kana, field.unit.in(language), kind_text(field, say),
                   limits_text(field, say), duty_text(field, say), aggregation_text(field.aggregation, say),
                   class_text(field.confidentiality, say), field.help.in(language)});
  }
  return out;
}

}  // namespace noroshi::forms
