#include "client-tui/words/names.hpp"

#include "proto/forms/places.hpp"

namespace noroshi::words {

const forms::FieldInfo* field_of(forms::FormNo form, forms::FieldNo field,
                                 const forms::Catalogue& catalogue) {
  const forms::FormInfo* info = catalogue.form(form);
  return info != nullptr ? catalogue.field(*info, field) : catalogue.header_field(field);
}

const forms::FieldInfo* field_named(forms::FormNo form, std::string_view key,
                                    const forms::Catalogue& catalogue) {
  const forms::FormInfo* info = catalogue.form(form);
  return catalogue.field(info != nullptr ? *info : catalogue.header(), key);
}

std::string code_label(const forms::FieldInfo& field, std::uint32_t code) {
  const auto* known = field.list != nullptr ? field.list->by_number(code) : nullptr;
  return known != nullptr ? known->label.in(language()) : std::to_string(code);
}

std::string org_name(OrgId org, const keys::Trust& trust) {
  const keys::Organisation* listed = trust.organisation(org);
  if (listed == nullptr) return std::to_string(org.value);
  return fmt::format("{} ({})", in_language(listed->name, listed->name_en), org.value);
}
std::string unit_name(UnitId unit, const keys::Trust& trust) {
  const keys::Unit* listed = trust.unit(unit);
  return listed != nullptr ? fmt::format("{} ({})", listed->name, unit.value) : std::to_string(unit.value);
}

std::string recipient_text(RecipientId id) {
  switch (proto::kind_of(id)) {
    case proto::RecipientKind::organisation: return std::to_string(id.value);
    case proto::RecipientKind::own_device: return fmt::format("dev {}", id.value & 0x7FFF);
    case proto::RecipientKind::transport: return fmt::format("transport {}", id.value & 0x07FF);
    default: return fmt::format("0x{:03X}", id.value);
  }
}
std::string recipient_name(RecipientId id, const keys::Trust& trust) {
  if (proto::kind_of(id) == proto::RecipientKind::organisation) return org_name({id.value}, trust);
  const keys::Group* group = trust.group(id);
  return group != nullptr
             ? fmt::format("{} ({})", in_language(group->name, group->name_en), recipient_text(id))
             : recipient_text(id);
}
std::string form_code(forms::FormNo form, const forms::Catalogue& catalogue) {
  const forms::FormInfo* known = catalogue.form(form);
  return known != nullptr ? known->code : fmt::format("F{}", form);
}

std::string value_text(const forms::Value& value, const forms::FieldInfo& field, const keys::Trust& trust) {
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number != nullptr && field.kind == forms::Kind::unit)
    return unit_name({static_cast<std::uint32_t>(*number)}, trust);
  if (number != nullptr && field.kind == forms::Kind::municipality)
    return forms::place_name(static_cast<std::uint32_t>(*number), language() == forms::Language::en);
  return forms::format(value, field, language());
}

}  // namespace noroshi::words
