#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "proto/forms/entry.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/wire_value.hpp"
#include "proto/language.hpp"
#include "proto/nearest.hpp"

namespace noroshi::forms {
namespace {

using Json = nlohmann::json;

std::string nearest_key(std::string_view key, const FormInfo& form, const Catalogue& catalogue) {
  std::vector<std::string> keys;
  for (const auto* fields : {&form.fields, &catalogue.header().fields})
    for (const FieldInfo& field : *fields) keys.push_back(field.key);
  return nearest(key, keys);
}

/// The field that a person means: by key, else by its label in either language.
const FieldInfo* field_meant(std::string_view name, const FormInfo& form, const Catalogue& catalogue) {
  if (const FieldInfo* field = catalogue.field(form, name)) return field;
  const std::string folded = fold_for_search(name);
  for (const auto* fields : {&form.fields, &catalogue.header().fields})
    for (const FieldInfo& field : *fields)
      if (folded == fold_for_search(field.label.ja) || folded == fold_for_search(field.label.en))
        return &field;
  return nullptr;
}

std::optional<std::int64_t> whole_of(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    return value <= std::uint64_t{1} << 53 ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
  }
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) {
    const double value = json.get<double>();
    if (std::floor(value) == value && std::abs(value) < 9e15) return static_cast<std::int64_t>(value);
    return std::nullopt;
  }
  if (!json.is_string()) return std::nullopt;
  const std::string text = fold_for_search(json.get_ref<const std::string&>());
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string names_of(const CodeList& list) {
  std::string out;
  for (const CodeInfo& code : list.codes) out += (out.empty() ? "" : ", ") + code.name;
  return out;
}

Result<std::uint32_t> code_of(const Json& json, const FieldInfo& field, const std::string& where) {
  if (json.is_string()) {
    if (const CodeInfo* code = field.list->by_name(json.get_ref<const std::string&>())) return code->number;
  }
  // A number is what to_json writes for a code that the list does not have; the lists' own names win (震度
  // "5-", "7").
  if (const auto number = json.is_number() ? whole_of(json) : std::nullopt;
      number && *number >= 1 && *number <= 0xFFFF)
    return static_cast<std::uint32_t>(*number);
  return bad(where, said("次のどれかです: ", "is one of ") + names_of(*field.list));
}

Result<Value> count_of(const Json& json, const std::string& where) {
  const auto number = [&](const Json& value) -> Result<std::uint32_t> {
    const auto whole = whole_of(value);
    if (!whole || *whole < 0 || *whole > kCountMax)
      return bad(where, said("0〜9999999 の数、または未確認の ? です",
                             "a number from 0 to 9999999, or ? for unconfirmed"));
    return static_cast<std::uint32_t>(*whole);
  };
  if (json.is_string()) {
    const auto typed_count = parse_count(json.get_ref<const std::string&>());
    if (!typed_count)
      return bad(where, said("0〜9999999 の数、または 約1200、100未満、未確認 のように書きます",
                             "a number from 0 to 9999999, or as people write it: about 1200, under 100, ?"));
    return Value(*typed_count);
  }
  if (!json.is_object()) {
    TRY(const std::uint32_t value, number(json));
    return Value(Count{value, CountState::exact});
  }
  for (const auto& [key, part] : json.items())
    if (key != "value" && key != "state")
      return bad(where, said("value と state だけです。ないもの: ", "has only value and state, not ") + key);
  Count count;
  if (const auto state = json.find("state"); state != json.end()) {
    const auto known =
        state->is_string() ? count_state_of(state->get_ref<const std::string&>()) : std::nullopt;
    if (!known)
      return bad(where, said("state は次のどれかです: ", "state is one of ") +
                            "exact, approx, less_than, at_least, unconfirmed, not_applicable, magnitude");
    count.state = *known;
  }
  const auto value = json.find("value");
  const bool has = value != json.end() && !value->is_null();
  if (has_value(count.state) != has)
    return bad(where, has ? said("この state に value は付きません", "this state has no value")
                          : said("この state には value が要ります", "this state needs a value"));
  if (has) {
    TRY(count.value, number(*value));
  }
  return Value(count);
}

Result<Value> point_of(const Json& json, const std::string& where) {
  if (!json.is_object())
    return bad(where, said("次の形です: ", "looks like ") +
                          R"({"lat":37.2861,"lon":136.7345,"accuracy_m":10,"method":"gnss"})");
  for (const auto& [key, part] : json.items())
    if (key != "lat" && key != "lon" && key != "accuracy_m" && key != "method")
      return bad(where, said("ない項目です: ", "has no ") + key);
  const auto degrees = [&](const char* key, double most) -> Result<std::int32_t> {
    const auto part = json.find(key);
    if (part == json.end() || !part->is_number())
      return bad(where, key + said(" がありません", " is missing"));
    const double value = part->get<double>();
    if (!(std::abs(value) <= most)) return bad(where, key + said(" が範囲の外です", " is out of range"));
    return static_cast<std::int32_t>(std::lround(value * 1e5));
  };
  Point point;
  TRY(point.lat_e5, degrees("lat", 90));
  TRY(point.lon_e5, degrees("lon", 180));
  if (const auto accuracy = json.find("accuracy_m"); accuracy != json.end() && !accuracy->is_null()) {
    const auto metres = whole_of(*accuracy);
    if (!metres || *metres < 0 || *metres > 99'999)
      return bad(where, said("accuracy_m は 0〜99999 です", "accuracy_m is 0 to 99999"));
    point.accuracy_m = static_cast<std::uint32_t>(*metres);
  }
  if (const auto method = json.find("method"); method != json.end()) {
    static constexpr std::string_view kMethods[] = {"gnss", "map", "address", "estimated"};
    const auto found = std::find(
        std::begin(kMethods), std::end(kMethods),
        method->is_string() ? std::string_view(method->get_ref<const std::string&>()) : std::string_view());
    if (found == std::end(kMethods))
      return bad(where,
                 said("method は次のどれかです: ", "method is one of ") + "gnss, map, address, estimated");
    point.method = static_cast<PointMethod>(found - std::begin(kMethods) + 1);
  }
  return Value(point);
}

Result<Value> value_of(const Json& json, const FieldInfo& field, const std::string& where);

Result<Value> group_of(const Json& json, const FieldInfo& field, const std::string& where) {
  if (!json.is_array()) return bad(where, said("行の並び [ ] です", "is a list of rows"));
  Group out;
  for (const Json& cells : json) {
    const std::string place = where + "[" + std::to_string(out.rows.size()) + "]";
    if (!cells.is_object()) return bad(place, said("{ } で書きます", "is an object"));
    Row& row = out.rows.emplace_back();
    for (const auto& [key, cell] : cells.items()) {
      const auto column = std::find_if(field.columns.begin(), field.columns.end(),
                                       [&, &name = key](const FieldInfo& one) { return one.key == name; });
      if (column == field.columns.end()) return bad(place, said("ない項目です: ", "has no ") + key);
      TRY(Value value, value_of(cell, *column, place + "." + key));
      row.cells.emplace(column->number, std::move(value));
    }
  }
  return Value(std::move(out));
}

Result<Value> value_of(const Json& json, const FieldInfo& field, const std::string& where) {
  const std::string* text = json.is_string() ? &json.get_ref<const std::string&>() : nullptr;
  switch (field.kind) {
    case Kind::count: return count_of(json, where);
    case Kind::municipality: {
      if (text)
        if (const auto code = parse_municipality(*text)) return Value(std::int64_t{*code});
      const auto number = whole_of(json);
      if (number && *number >= 1 && *number <= 47'999) return Value(*number);
      return bad(where,
                 said("市区町村コード 5 桁（検査数字つきなら 6 桁）です: \"17204\"",
                      "is a municipality code of five digits, or six with the check digit: \"17204\""));
    }
    case Kind::integer:
    case Kind::unit: {
      const auto number = whole_of(json);
      if (!number) return bad(where, said("整数です", "is a whole number"));
      return Value(*number);
    }
    case Kind::decimal: {
      if (!json.is_number()) return bad(where, said("数です", "is a number"));
      const double scaled = json.get<double>() * std::pow(10.0, field.scale);
      if (!(std::abs(scaled) < 9e15)) return bad(where, said("範囲の外です", "is out of range"));
      return Value(Decimal{std::llround(scaled)});
    }
    case Kind::code: {
      TRY(const std::uint32_t code, code_of(json, field, where));
      return Value(CodeValue{code});
    }
    case Kind::code_set: {
      if (!json.is_array())
        return bad(where, said("次の並びです: ", "is a list of ") + names_of(*field.list));
      CodeSet set;
      for (const Json& one : json) {
        TRY(const std::uint32_t code, code_of(one, field, where));
        if (code > 63) return bad(where, said("組の符号は 63 までです", "a set has codes up to 63"));
        set.add(code);
      }
      return Value(set);
    }
    case Kind::answer: {
      if (json.is_boolean()) return Value(json.get<bool>() ? forms::Answer::yes : forms::Answer::no);
      TRY(const std::uint32_t code, code_of(json, field, where));
      return Value(static_cast<forms::Answer>(code & 3));
    }
    case Kind::time: {
      const auto time = text ? parse_time(*text) : std::nullopt;
      if (!time) return bad(where, said("日時です: ", "is a time: ") + "\"2024-01-01T16:10:00+09:00\"");
      return Value(*time);
    }
    case Kind::date: {
      const auto date = text ? parse_date(*text) : std::nullopt;
      if (!date) return bad(where, said("日付です: ", "is a date: ") + "\"2024-01-31\"");
      return Value(*date);
    }
    case Kind::point: return point_of(json, where);
    case Kind::text:
    case Kind::person_text: {
      if (!text) return bad(where, said("文字です", "is a text"));
      auto clean = clean_text(*text);
      if (!clean) return bad(where, clean.error().text);
      return Value(std::move(*clean));
    }
    case Kind::references: {
      References out;
      const auto take = [&](const Json& one) {
        const auto id = one.is_string() ? parse_report_id(one.get_ref<const std::string&>()) : std::nullopt;
        if (id) out.push_back(*id);
        return id.has_value();
      };
      const bool all = json.is_array() ? std::all_of(json.begin(), json.end(), take) : take(json);
      if (!all)
        return bad(where, said("報告の番号の並びです: ", "is a list of report ids: ") + "[\"17/3.1/42.0\"]");
      return Value(std::move(out));
    }
    case Kind::digest: {
      auto bytes = text ? from_hex(*text) : std::nullopt;
      if (!bytes) return bad(where, said("16 進です", "is hexadecimal"));
      return Value(std::move(*bytes));
    }
    case Kind::group: return group_of(json, field, where);
  }
  return bad(where, said("種類が分かりません", "is of no kind"));
}

/// null clears the field.
Result<void> put_json(Report& report, const FormInfo& form, const std::string& key, const Json& json,
                      const Catalogue& catalogue) {
  const FieldInfo* field = catalogue.field(form, key);
  if (!field) {
    const std::string meant = nearest_key(key, form, catalogue);
    return bad(key,
               said("様式 " + form.code + " にない項目です", "form " + form.code + " has no such field") +
                   (meant.empty() ? said("（noroshi form show を見てください）", "; see noroshi form show")
                                  : said("（近いもの: " + meant + "）", "; the nearest is " + meant)));
  }
  if (field->said_by != SaidBy::body)
    return bad(key, said("入力しません：封書・名簿・プログラムが示します",
                         "is not typed: the envelope, the roster or the program says it"));
  if (json.is_null()) {
    report.clear(field->number);
    return {};
  }
  TRY(Value value, value_of(json, *field, key));
  const bool text_or_list_empty =
      (std::get_if<std::string>(&value) && std::get<std::string>(value).empty()) ||
      (json.is_array() && json.empty());
  if (!text_or_list_empty)
    if (const auto why = unfit(value, *field)) return bad(key, *why);
  report.put(field->number, std::move(value));
  return {};
}

}  // namespace

Result<Report> report_from_json(const Json& json, std::string_view form_code, const Catalogue& catalogue) {
  if (!json.is_object()) return bad(said("報告", "report"), said("JSON の { } です", "is a JSON object"));
  const bool wrapped = json.contains("values") && json["values"].is_object();
  std::string code(form_code);
  if (wrapped && json.contains("form")) {
    if (!json["form"].is_string())
      return bad("form", said("様式の符号です: ", "is a form's code: ") + "\"F1\"");
    if (!code.empty() && json["form"] != code)
      return bad("form", said(json["form"].get<std::string>() + " です。指定は " + code,
                              "is " + json["form"].get<std::string>() + ", not " + code));
    code = json["form"];
  }
  const FormInfo* form = catalogue.form(code);
  if (!form) return bad("form", said("様式 " + code + " はありません", "there is no form " + code));
  Report out = new_report(*form);
  for (const auto& [key, value] : (wrapped ? json["values"] : json).items())
    TRY_VOID(put_json(out, *form, key, value, catalogue));
  return out;
}

Result<Report> report_from_json_text(std::string_view text, std::string_view form,
                                     const Catalogue& catalogue) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return bad(said("報告", "report"), said("JSON ではありません", "is not JSON"));
  return report_from_json(json, form, catalogue);
}

Result<void> apply(const Template& begin, Report& report, const Catalogue& catalogue) {
  for (const auto& [key, value] : begin.set) TRY_VOID(set_from_text(report, key, value, catalogue));
  return {};
}

Result<void> set_from_text(Report& report, std::string_view key, std::string_view value,
                           const Catalogue& catalogue) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (!form) return bad("form", said("様式の目録にありません", "is not in the catalogue"));
  const FieldInfo* field = field_meant(key, *form, catalogue);
  const bool json_value = !value.empty() && (value.front() == '{' || value.front() == '[');
  Json json;
  if (json_value) {
    json = Json::parse(value, nullptr, false);
    if (json.is_discarded()) return bad(std::string(key), said("JSON ではありません", "is not JSON"));
  } else if (field && field->kind == Kind::code_set) {
    json = Json::array();
    for (std::size_t from = 0; from <= value.size() && !value.empty();) {
      const std::size_t comma = std::min(value.find(',', from), value.size());
      json.push_back(std::string(value.substr(from, comma - from)));
      from = comma + 1;
    }
  } else if (field && field->kind == Kind::decimal) {
    json = Json::parse(value, nullptr, false);
    if (json.is_discarded()) return bad(std::string(key), said("数です", "is a number"));
  } else {
    json = std::string(value);
  }
  return put_json(report, *form, field != nullptr ? field->key : std::string(key), json, catalogue);
}

}  // namespace noroshi::forms
