#include "proto/forms/catalogue.hpp"

#include <algorithm>

#include "proto/forms/embedded.hpp"

namespace noroshi::forms {

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::count: return "count";
    case Kind::integer: return "integer";
    case Kind::municipality: return "municipality";
    case Kind::unit: return "unit";
    case Kind::decimal: return "decimal";
    case Kind::code: return "code";
    case Kind::code_set: return "code_set";
    case Kind::answer: return "answer";
    case Kind::time: return "time";
    case Kind::date: return "date";
    case Kind::point: return "point";
    case Kind::text: return "text";
    case Kind::person_text: return "person_text";
    case Kind::references: return "references";
    case Kind::digest: return "digest";
    case Kind::group: return "group";
  }
  return "?";
}

const CodeInfo* CodeList::by_number(std::uint32_t number) const {
  const auto found =
      std::lower_bound(codes.begin(), codes.end(), number,
                       [](const CodeInfo& code, std::uint32_t wanted) { return code.number < wanted; });
  return found != codes.end() && found->number == number ? &*found : nullptr;
}

const CodeInfo* CodeList::by_name(std::string_view name_wanted) const {
  const auto found = std::find_if(codes.begin(), codes.end(),
                                  [&](const CodeInfo& code) { return code.name == name_wanted; });
  return found == codes.end() ? nullptr : &*found;
}

const Catalogue& Catalogue::built_in() {
  static const Catalogue catalogue = [] {
    auto loaded = load(built_in_bytes());
    if (!loaded) bug(loaded.error().text.c_str(), __FILE__, __LINE__);
    return std::move(*loaded);
  }();
  return catalogue;
}

BytesView Catalogue::built_in_bytes() {
  return view_of(embedded::catalogue());
}

namespace {

template <typename Matches>
const FormInfo* newest(const std::vector<FormInfo>& forms, Matches matches) {
  const auto found = std::find_if(forms.rbegin(), forms.rend(), matches);
  return found == forms.rend() ? nullptr : &*found;
}

const FieldInfo* by_number(const std::vector<FieldInfo>& fields, FieldNo number) {
  const auto found =
      std::lower_bound(fields.begin(), fields.end(), number,
                       [](const FieldInfo& field, FieldNo wanted) { return field.number < wanted; });
  return found != fields.end() && found->number == number ? &*found : nullptr;
}

const FieldInfo* by_key(const std::vector<FieldInfo>& fields, std::string_view key) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const FieldInfo& field) { return field.key == key; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace

const FormInfo* Catalogue::form(std::string_view code) const {
  return newest(forms_, [&](const FormInfo& info) { return info.code == code; });
}

const FormInfo* Catalogue::form(FormNo number) const {
  return newest(forms_, [&](const FormInfo& info) { return info.number == number; });
}

const FormInfo* Catalogue::form(FormNo number, std::uint8_t version) const {
  const FormInfo* exact =
      newest(forms_, [&](const FormInfo& info) { return info.number == number && info.version == version; });
  return exact ? exact : form(number);
}

const FieldInfo* Catalogue::field(const FormInfo& form, std::string_view key) const {
  const FieldInfo* own = by_key(form.fields, key);
  return own ? own : by_key(header_->fields, key);
}

const FieldInfo* Catalogue::field(const FormInfo& form, FieldNo number) const {
  const FieldInfo* own = by_number(form.fields, number);
  return own ? own : by_number(header_->fields, number);
}

const FieldInfo* Catalogue::header_field(FieldNo number) const {
  return by_number(header_->fields, number);
}

namespace {

/// Whether a form requires or expects a field of the header, always or by a rule.
bool names(const FormInfo& form, const std::string& key) {
  const auto has = [&](const std::vector<std::string>& keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
  };
  return has(form.header_required) || has(form.header_expected) ||
         std::any_of(form.rules.begin(), form.rules.end(),
                     [&](const RuleInfo& rule) { return rule.check == Check::required && has(rule.fields); });
}

}  // namespace

std::vector<const FieldInfo*> Catalogue::asked(const FormInfo& form) const {
  std::vector<const FieldInfo*> out;
  for (const auto* fields : {&form.fields, &header_->fields})
    for (const FieldInfo& field : *fields)
      if (field.ask > 0 && !field.retired && (!field.on_demand || names(form, field.key)))
        out.push_back(&field);
  std::stable_sort(out.begin(), out.end(),
                   [](const FieldInfo* a, const FieldInfo* b) { return a->ask < b->ask; });
  return out;
}

std::vector<const Phrase*> Catalogue::phrases(const FormInfo& form, std::string_view key) const {
  std::vector<const Phrase*> out;
  for (const auto* phrases : {&form.phrases, &header_->phrases})
    for (const Phrase& phrase : *phrases)
      if (phrase.field == key) out.push_back(&phrase);
  return out;
}

const CodeList* Catalogue::list(std::string_view name) const {
  const auto found = lists_.find(name);
  return found == lists_.end() ? nullptr : &found->second;
}

}  // namespace noroshi::forms
