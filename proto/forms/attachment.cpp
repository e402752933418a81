#include "proto/forms/attachment.hpp"

#include <algorithm>

namespace noroshi::forms {
namespace {

namespace column = attachment_column;

/// The fields of a report's form and header that hold files, by number.
std::vector<const FieldInfo*> fields_of(const Report& report, const Catalogue& catalogue) {
  std::vector<const FieldInfo*> out;
  const FormInfo* form = catalogue.form(report.form, report.version);
  if (form == nullptr) return out;
  for (const auto& [number, value] : report.values) {
    const FieldInfo* field = catalogue.field(*form, number);
    if (field != nullptr && holds_attachments(*field)) out.push_back(field);
  }
  return out;
}

template <typename T>
const T* cell(const Row& row, FieldNo number) {
  const auto found = row.cells.find(number);
  return found != row.cells.end() ? std::get_if<T>(&found->second) : nullptr;
}
std::uint32_t number_in(const Row& row, FieldNo number) {
  const auto* value = cell<std::int64_t>(row, number);
  return value != nullptr ? static_cast<std::uint32_t>(*value) : 0;
}

}  // namespace

bool holds_attachments(const FieldInfo& field) {
  const auto has = [&](FieldNo number, std::string_view key) {
    return std::ranges::any_of(field.columns,
                               [&](const FieldInfo& one) { return one.number == number && one.key == key; });
  };
  return field.kind == Kind::group && has(column::sha256, "sha256") && has(column::size, "size") &&
         has(column::parts, "parts");
}

const FieldInfo& attachments_field(const FormInfo& form, const Catalogue& catalogue) {
  const auto own = std::ranges::find_if(form.fields, holds_attachments);
  return own != form.fields.end() ? *own : *catalogue.header_field(field::attachments);
}

Row to_row(const Attachment& attachment) {
  Row row;
  row.cells[column::sha256] = bytes_of(attachment.sha256);
  row.cells[column::media_type] = CodeValue{static_cast<std::uint32_t>(attachment.media)};
  row.cells[column::size] = std::int64_t{attachment.size};
  if (!attachment.caption.empty()) row.cells[column::caption] = attachment.caption;
  if (attachment.parts != 0) row.cells[column::parts] = std::int64_t{attachment.parts};
  if (attachment.first_seq_delta != 0)
    row.cells[column::first_seq_delta] = std::int64_t{attachment.first_seq_delta};
  return row;
}

std::optional<Attachment> attachment_of(const Row& row) {
  const auto* digest = cell<Bytes>(row, column::sha256);
  Attachment out;
  out.size = number_in(row, column::size);
  if (digest == nullptr || digest->size() != out.sha256.size() || out.size == 0) return std::nullopt;
  out.sha256 = array_of<32>(*digest);
  if (const auto* media = cell<CodeValue>(row, column::media_type))
    out.media = static_cast<MediaType>(media->number);
  if (const auto* caption = cell<std::string>(row, column::caption)) out.caption = *caption;
  out.parts = number_in(row, column::parts);
  out.first_seq_delta = number_in(row, column::first_seq_delta);
  return out;
}

std::vector<Attachment> attachments_of(const Report& report, const Catalogue& catalogue) {
  std::vector<Attachment> out;
  for (const FieldInfo* field : fields_of(report, catalogue)) {
    const auto* group = report.get<Group>(field->number);
    if (group == nullptr) continue;
    for (const Row& row : group->rows) {
      if (const auto attachment = attachment_of(row)) out.push_back(*attachment);
    }
  }
  return out;
}

void put_attachments(Report& report, const std::vector<Attachment>& attachments, const Catalogue& catalogue) {
  auto next = attachments.begin();
  for (const FieldInfo* field : fields_of(report, catalogue)) {
    const auto* held = report.get<Group>(field->number);
    if (held == nullptr) continue;
    Group group = *held;
    for (Row& row : group.rows) {
      if (attachment_of(row) && next != attachments.end()) row = to_row(*next++);
    }
    report.put(field->number, std::move(group));
  }
}

bool attach(Report& report, const Attachment& attachment, const FormInfo& form, const Catalogue& catalogue) {
  const FieldInfo& field = attachments_field(form, catalogue);
  const auto* held = report.get<Group>(field.number);
  Group group = held != nullptr ? *held : Group{};
  if (field.items_max != 0 && group.rows.size() >= field.items_max) return false;
  group.rows.push_back(to_row(attachment));
  report.put(field.number, std::move(group));
  return true;
}

void detach(Report& report, std::size_t place, const FormInfo& form, const Catalogue& catalogue) {
  const FieldInfo& field = attachments_field(form, catalogue);
  const auto* held = report.get<Group>(field.number);
  if (held == nullptr || place >= held->rows.size()) return;
  Group group = *held;
  group.rows.erase(group.rows.begin() + static_cast<std::ptrdiff_t>(place));
  if (group.rows.empty()) {
    report.values.erase(field.number);
  } else {
    report.put(field.number, std::move(group));
  }
}

const FieldInfo* open_position(const Report& report, const FormInfo& form, const Catalogue& catalogue) {
  for (const FieldInfo* field : catalogue.asked(form)) {
    if (field->kind == Kind::point) return report.find(field->number) == nullptr ? field : nullptr;
  }
  return nullptr;
}

}  // namespace noroshi::forms
