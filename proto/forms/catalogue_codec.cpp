// Reads a catalogue out of a FileDescriptorSet: the annotations are extensions that this program knows, so
// the descriptors need not be linked into a pool, and a form of next year is read by the program of this
// year.
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/rule_codec.hpp"

namespace noroshi::forms {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;

constexpr std::uint32_t kTextSlotMax = 31;
constexpr std::uint32_t kSlotMax = 1000;
constexpr int kNestingMax = 8;

Error bad(const std::string& what) {
  return {Code::bad_data, "form catalogue: " + what};
}

/// "HelpNeeded" → "HELP_NEEDED".
std::string upper_snake(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isupper(byte) && !out.empty()) out += '_';
    out += static_cast<char>(std::toupper(byte));
  }
  return out;
}

Confidentiality confidentiality_of(schema::Confidentiality in) {
  switch (in) {
    case schema::open: return Confidentiality::open;
    case schema::coarse: return Confidentiality::coarse;
    case schema::restricted: return Confidentiality::restricted;
    default: return Confidentiality::handlers;  // what this program cannot name it keeps closest
  }
}

/// Numbers of both enums run alike; what is beyond the last is the fallback.
template <typename Out, typename In>
Out alike(In in, Out last, Out fallback) {
  const int number = static_cast<int>(in);
  return number >= 0 && number <= static_cast<int>(last) ? static_cast<Out>(number) : fallback;
}

/// Bits of a slot; 0 for kinds that have no place in the bit stream.
std::uint32_t slot_bits(Kind kind, std::uint32_t asked) {
  switch (kind) {
    case Kind::count: return 3;
    case Kind::code: return asked == 0 ? 4 : asked;
    case Kind::answer: return 2;
    case Kind::point: return 3;
    case Kind::text:
    case Kind::person_text:
    case Kind::digest:
    case Kind::group: return 0;
    default: return 1;
  }
}

/// Slots are append-only: what this program knows stands where it stood, or older reports would be misread.
Result<void> check_slots(const FormInfo& ours, const FormInfo& theirs) {
  for (const FieldInfo& field : ours.fields) {
    if (field.slot == 0) continue;
    const auto same = [&](const FieldInfo& other) {
      return other.number == field.number && other.kind == field.kind && other.slot == field.slot &&
             other.bits == field.bits;
    };
    if (std::none_of(theirs.fields.begin(), theirs.fields.end(), same))
      return bad(ours.code + "." + field.key + ": slot moved");
  }
  return {};
}

Result<void> check_slots(const Catalogue& ours, const Catalogue& theirs) {
  TRY_VOID(check_slots(ours.header(), theirs.header()));
  const auto slotted = [](const FormInfo& form) {
    return std::count_if(form.fields.begin(), form.fields.end(),
                         [](const FieldInfo& field) { return field.slot != 0; });
  };
  if (slotted(ours.header()) != slotted(theirs.header())) return bad("a new slot in the header");
  for (const FormInfo& form : theirs.forms())
    if (const FormInfo* known = ours.form(form.number)) TRY_VOID(check_slots(*known, form));
  return {};
}

}  // namespace

class CatalogueReader {
 public:
  Result<Catalogue> read(const google::protobuf::FileDescriptorSet& files) {
    for (const auto& file : files.file())
      for (const auto& message : file.message_type()) TRY_VOID(index(message, "." + file.package(), 0));
    for (const auto& [name, message] : messages_) {
      if (!message->options().HasExtension(schema::form)) continue;
      TRY(FormInfo form, form_of(*message));
      if (form.number != 0) {
        out_.forms_.push_back(std::move(form));
      } else {
        if (out_.header_) return bad("two headers");
        out_.header_ = std::move(form);
      }
    }
    if (!out_.header_) return bad("no header F0");
    std::sort(out_.forms_.begin(), out_.forms_.end(), [](const FormInfo& a, const FormInfo& b) {
      return std::pair(a.number, a.version) < std::pair(b.number, b.version);
    });
    TRY_VOID(check());
    return std::move(out_);
  }

 private:
  Result<void> index(const DescriptorProto& message, const std::string& scope, int depth) {
    if (depth > kNestingMax) return bad("messages nest too deep");
    const std::string name = scope + "." + message.name();
    if (!messages_.emplace(name, &message).second)
      return bad(message.name() + " stands in two files: give the changed file the name of the old one");
    for (const auto& list : message.enum_type()) TRY_VOID(add_list(list, message.name(), name));
    for (const auto& nested : message.nested_type()) TRY_VOID(index(nested, name, depth + 1));
    return {};
  }

  Result<void> add_list(const EnumDescriptorProto& list, const std::string& owner, const std::string& scope) {
    CodeList out;
    out.name = upper_snake(owner) + (list.name() == "Code" ? "" : "_" + upper_snake(list.name()));
    for (const auto& value : list.value()) {
      if (value.number() == 0 || !value.options().HasExtension(schema::code)) continue;
      if (value.number() < 0) return bad("code list " + out.name + ": negative number");
      const auto& face = value.options().GetExtension(schema::code);
      out.codes.push_back({static_cast<std::uint32_t>(value.number()),
                           face.name().empty() ? value.name() : face.name(), label_of(face.label())});
    }
    if (out.codes.empty()) return {};
    std::sort(out.codes.begin(), out.codes.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    const std::string key = out.name;
    const auto [place, fresh] = out_.lists_.emplace(key, std::move(out));
    if (!fresh) return bad("two code lists " + key);
    lists_by_type_[scope + "." + list.name()] = &place->second;
    return {};
  }

  Result<FormInfo> form_of(const DescriptorProto& message) {
    const auto& face = message.options().GetExtension(schema::form);
    if (face.version() < 1 || face.version() > 255 || face.number() > 0xFFFF || face.code().empty())
      return bad(message.name() + ": code, number or version");
    FormInfo out;
    out.code = face.code();
    out.number = static_cast<FormNo>(face.number());
    out.version = static_cast<std::uint8_t>(face.version());
    out.label = label_of(face.label());
    out.help = label_of(face.help());
    out.snapshot = face.snapshot();
    out.header_required = strings_of(face.header_required());
    out.header_expected = strings_of(face.header_expected());
    for (const auto& field : message.field()) {
      TRY(FieldInfo info, field_of(field, out.code, 0));
      out.fields.push_back(std::move(info));
    }
    std::sort(out.fields.begin(), out.fields.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    for (std::size_t i = 0; i < out.fields.size(); ++i)
      if (out.fields[i].slot != 0) (out.fields[i].is_text() ? out.texts : out.slots).push_back(i);
    const auto by_slot = [&](std::size_t a, std::size_t b) {
      return out.fields[a].slot < out.fields[b].slot;
    };
    std::sort(out.slots.begin(), out.slots.end(), by_slot);
    std::sort(out.texts.begin(), out.texts.end(), by_slot);
    out.row = face.row();
    out.single = face.single();
    for (const auto& rule : face.rules())
      if (auto info = rule_of(rule)) out.rules.push_back(std::move(*info));
    if (face.has_classes()) out.classes = classes_of(face.classes());
    for (const auto& phrase : face.phrases())
      out.phrases.push_back({phrase.field(), label_of(phrase.text())});
    for (const auto& in : face.templates()) {
      Template& one = out.templates.emplace_back();
      one.label = label_of(in.label());
      for (const auto& set : in.set()) one.set.emplace_back(set.field(), set.value());
    }
    return out;
  }

  Result<FieldInfo> field_of(const FieldDescriptorProto& in, const std::string& form, int depth) {
    const std::string place = form + "." + in.name();
    const auto& face = in.options().GetExtension(schema::field);
    FieldInfo out;
    out.number = static_cast<FieldNo>(in.number());
    out.key = in.name();
    out.label = label_of(face.label());
    out.help = label_of(face.help());
    out.unit = label_of(face.unit());
    TRY_VOID(set_kind(out, in, face, place, depth));
    out.required = face.required();
    out.warn_empty = face.warn_empty();
    if (face.has_min()) out.min = face.min();
    if (face.has_max()) out.max = face.max();
    out.scale = std::min<std::uint32_t>(face.scale(), 9);
    out.chars_max = face.chars();
    out.bytes_max = face.bytes() != 0 ? face.bytes() : out.is_text() ? std::size_t{3} * face.chars() : 0;
    out.items_max = face.items();
    if (face.has_relevant()) out.relevant = when_of(face.relevant());
    out.prefill = alike(face.prefill(), Prefill::relay, Prefill::none);
    out.aggregation = alike(face.aggregation(), Aggregation::derive, Aggregation::none);
    out.confidentiality = confidentiality_of(face.confidentiality());
    out.ask = face.ask();
    out.page = face.page();
    out.on_demand = face.on_demand();
    out.ahead = face.ahead();
    out.send = face.send();
    out.slot = face.slot();
    out.said_by = alike(face.said_by(), SaidBy::derived, SaidBy::derived);
    if (face.has_derive()) out.derive = derivation_of(face.derive());
    out.retired = in.options().deprecated();
    out.bits = out.slot == 0 ? 0 : slot_bits(out.kind, face.bits());
    if (out.slot > (out.is_text() ? kTextSlotMax : kSlotMax)) return bad(place + ": slot");
    if (out.slot != 0 && !out.is_text() && (out.bits == 0 || out.bits > 8))
      return bad(place + ": this kind has no slot");
    if (out.slot != 0 && (depth > 0 || out.said_by != SaidBy::body))
      return bad(place + ": does not travel in a slot");
    return out;
  }

  Result<void> set_kind(FieldInfo& out, const FieldDescriptorProto& in, const schema::Field& face,
                        const std::string& place, int depth) {
    const bool repeated = in.label() == FieldDescriptorProto::LABEL_REPEATED;
    const std::string package = ".noroshi.forms.schema.";
    switch (in.type()) {
      case FieldDescriptorProto::TYPE_STRING:
        out.kind = face.kind() == schema::person_text ? Kind::person_text : Kind::text;
        return {};
      case FieldDescriptorProto::TYPE_BYTES: out.kind = Kind::digest; return {};
      case FieldDescriptorProto::TYPE_UINT32:
      case FieldDescriptorProto::TYPE_UINT64:
      case FieldDescriptorProto::TYPE_INT32:
      case FieldDescriptorProto::TYPE_INT64:
        out.kind = face.kind() == schema::municipality  ? Kind::municipality
                   : face.kind() == schema::unit_number ? Kind::unit
                                                        : Kind::integer;
        return {};
      case FieldDescriptorProto::TYPE_ENUM: {
        const auto list = lists_by_type_.find(in.type_name());
        if (list == lists_by_type_.end()) return bad(place + ": unknown code list " + in.type_name());
        out.list = list->second;
        out.kind = in.type_name() == package + "Answer.Code" ? Kind::answer
                   : repeated                                ? Kind::code_set
                                                             : Kind::code;
        if (out.kind == Kind::code_set && out.list->codes.back().number > 63)
          return bad(place + ": too many codes for a set");
        return {};
      }
      case FieldDescriptorProto::TYPE_MESSAGE: break;
      default: return bad(place + ": a type that is no kind of field");
    }
    const std::string& type = in.type_name();
    if (type == package + "Count")
      out.kind = Kind::count;
    else if (type == package + "Decimal")
      out.kind = Kind::decimal;
    else if (type == package + "Time")
      out.kind = Kind::time;
    else if (type == package + "Date")
      out.kind = Kind::date;
    else if (type == package + "Point")
      out.kind = Kind::point;
    else if (type == package + "Reference")
      out.kind = Kind::references;
    else {
      const auto message = messages_.find(type);
      if (!repeated || depth > 0 || message == messages_.end())
        return bad(place + ": a type that is no kind of field");
      out.kind = Kind::group;
      for (const auto& column : message->second->field()) {
        TRY(FieldInfo info, field_of(column, place, depth + 1));
        out.columns.push_back(std::move(info));
      }
      std::sort(out.columns.begin(), out.columns.end(),
                [](const auto& a, const auto& b) { return a.number < b.number; });
    }
    return {};
  }

  // ---- A catalogue holds together: numbers, slots, and every name that a rule says ----------------------
  Result<void> check() const {
    for (std::size_t i = 0; i + 1 < out_.forms_.size(); ++i)
      if (out_.forms_[i].number == out_.forms_[i + 1].number &&
          out_.forms_[i].version == out_.forms_[i + 1].version)
        return bad(out_.forms_[i].code + " stands in it twice");
    TRY_VOID(check_form(*out_.header_));
    for (const FormInfo& form : out_.forms_) TRY_VOID(check_form(form));
    return {};
  }

  Result<void> check_form(const FormInfo& form) const {
    std::set<std::string> keys;
    std::set<std::pair<bool, std::uint32_t>> slots;
    for (const FieldInfo& field : form.fields) {
      const bool header_has_it = &form != &*out_.header_ && out_.header_field(field.number);
      if (header_has_it || !keys.insert(field.key).second)
        return bad(form.code + "." + field.key + ": twice");
      if (field.slot != 0 && !slots.emplace(field.is_text(), field.slot).second)
        return bad(form.code + "." + field.key + ": slot " + std::to_string(field.slot) + " twice");
      if (field.relevant) TRY_VOID(check_when(form, *field.relevant, field.key));
      if (field.derive) TRY_VOID(check_derivation(form, field));
    }
    for (const auto* names : {&form.header_required, &form.header_expected})
      for (const std::string& key : *names)
        if (!out_.field(form, key)) return bad(form.code + ": no header field " + key);
    for (const RuleInfo& rule : form.rules) {
      TRY_VOID(check_when(form, rule.when, rule.id));
      for (const std::string& key : rule.fields)
        if (!out_.field(form, key)) return bad(form.code + " " + rule.id + ": no field " + key);
      if (!rule.total.empty() && !out_.field(form, rule.total))
        return bad(form.code + " " + rule.id + ": no field " + rule.total);
      const bool pair =
          rule.check == Check::le || rule.check == Check::time_order || rule.check == Check::near;
      const bool sum = rule.check == Check::sum_le || rule.check == Check::sum_eq;
      if ((pair && rule.fields.size() != 2) || (sum && rule.total.empty()))
        return bad(form.code + " " + rule.id + ": terms");
    }
    if (form.classes)
      for (const ClassStep& step : form.classes->steps) {
        TRY_VOID(check_when(form, step.when, "classes"));
        for (const Reach& reach : step.reach) TRY_VOID(check_names(form, reach.parts, "classes"));
      }
    if (!form.row.empty()) TRY_VOID(check_names(form, {form.row}, "row"));
    for (const Phrase& phrase : form.phrases) TRY_VOID(check_names(form, {phrase.field}, "phrases"));
    for (const Template& one : form.templates)
      for (const auto& [key, value] : one.set) TRY_VOID(check_names(form, {key}, "templates"));
    return {};
  }

  Result<void> check_names(const FormInfo& form, const std::vector<std::string>& keys,
                           const std::string& place) const {
    for (const std::string& key : keys)
      if (!out_.field(form, key)) return bad(form.code + " " + place + ": no field " + key);
    return {};
  }

  /// A derived value stands on fields that are there, and its codes on its list.
  Result<void> check_derivation(const FormInfo& form, const FieldInfo& field) const {
    if (field.said_by != SaidBy::derived) return bad(form.code + "." + field.key + ": derived, but typed");
    const Derivation& how = *field.derive;
    TRY_VOID(check_names(form, how.from, field.key));
    TRY_VOID(check_names(form, how.minus, field.key));
    TRY_VOID(check_names(form, how.minus_if_said, field.key));
    for (const DeriveStep& step : how.steps) TRY_VOID(check_when(form, step.when, field.key));
    std::vector<std::string> codes{how.before, how.after};
    for (const DeriveStep& step : how.steps) codes.push_back(step.code);
    if (how.how == Derivation::How::classes && form.classes)
      for (const ClassStep& step : form.classes->steps) codes.push_back(step.code);
    for (const std::string& code : codes)
      if (!code.empty() && (!field.list || !field.list->by_name(code)))
        return bad(form.code + "." + field.key + ": no code " + code);
    return {};
  }

  Result<void> check_when(const FormInfo& form, const When& when, const std::string& place) const {
    for (const auto* conditions : {&when.all, &when.any})
      for (const Condition& condition : *conditions) {
        const FieldInfo* field = out_.field(form, condition.field);
        if (!field) return bad(form.code + " " + place + ": no field " + condition.field);
        for (const std::string& code : condition.is)
          if (!field->list || !field->list->by_name(code))
            return bad(form.code + " " + place + ": " + condition.field + " has no code " + code);
      }
    return {};
  }

  Catalogue out_;
  std::map<std::string, const DescriptorProto*> messages_;
  std::map<std::string, const CodeList*> lists_by_type_;
};

Result<Catalogue> Catalogue::load(BytesView bytes) {
  google::protobuf::FileDescriptorSet files;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      !files.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return bad("no FileDescriptorSet");
  TRY(Catalogue catalogue, CatalogueReader().read(files));
  if (!equal(bytes, built_in_bytes())) TRY_VOID(check_slots(built_in(), catalogue));
  return catalogue;
}

}  // namespace noroshi::forms
