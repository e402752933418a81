#include "proto/forms/report.hpp"

#include <algorithm>
#include <array>

namespace noroshi::forms {
namespace {

/// Rounds towards the past, so that 11:20:59 is 11:20 before 2024 too.
WallTime to_minute(WallTime time) {
  const std::int64_t over = ((time.s % 60) + 60) % 60;
  return {time.s - over};
}

constexpr std::array<std::string_view, 8> kStateNames{
    "exact", "approx", "less_than", "at_least", "unconfirmed", "not_applicable", "magnitude", "absent"};

std::uint32_t power_of_ten(std::uint32_t exponent) {
  std::uint32_t out = 1;
  while (exponent-- > 0) out *= 10;
  return out;
}

/// Numbers of the rows of F0.74.
constexpr FieldNo kOverrideRule = 1;
constexpr FieldNo kOverrideReason = 2;
/// Code of F0.75.
constexpr std::uint32_t kIncomplete = 2;

template <typename Enum>
std::optional<Enum> code_as(const Report& report, FieldNo number) {
  const auto* value = report.get<CodeValue>(number);
  return value ? std::optional(static_cast<Enum>(value->number)) : std::nullopt;
}

template <typename T>
std::optional<T> copy_of_value(const Report& report, FieldNo number) {
  const auto* value = report.get<T>(number);
  return value ? std::optional(*value) : std::nullopt;
}

template <typename Number>
std::optional<Number> number_as(const Report& report, FieldNo number) {
  const auto* value = report.get<std::int64_t>(number);
  return value ? std::optional(static_cast<Number>(*value)) : std::nullopt;
}

std::string text_or_none(const Report& report, FieldNo number) {
  const auto* value = report.get<std::string>(number);
  return value ? *value : std::string();
}

std::vector<Override> overrides_of(const Group& group) {
  std::vector<Override> out;
  for (const Row& row : group.rows) {
    Override one;
    if (const auto found = row.cells.find(kOverrideRule); found != row.cells.end())
      if (const auto* rule = std::get_if<std::string>(&found->second)) one.rule = *rule;
    if (const auto found = row.cells.find(kOverrideReason); found != row.cells.end())
      if (const auto* reason = std::get_if<std::string>(&found->second)) one.reason = *reason;
    out.push_back(std::move(one));
  }
  return out;
}

Group group_of(const std::vector<Override>& overrides) {
  Group out;
  for (const Override& one : overrides) {
    Row row;
    if (!one.rule.empty()) row.cells.emplace(kOverrideRule, one.rule);
    if (!one.reason.empty()) row.cells.emplace(kOverrideReason, one.reason);
    out.rows.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string_view name_of(CountState state) {
  return kStateNames[static_cast<std::size_t>(state) & 7];
}

std::optional<CountState> count_state_of(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found == kStateNames.end()) return std::nullopt;
  return static_cast<CountState>(found - kStateNames.begin());
}

std::uint32_t Count::lo() const {
  switch (state) {
    case CountState::exact:
    case CountState::approx:
    case CountState::at_least: return value;
    case CountState::magnitude:
      return value == 0 ? 0 : power_of_ten(std::min(value, kMagnitudeMax) - 1) + (value > 1 ? 1 : 0);
    default: return 0;
  }
}

std::optional<std::uint32_t> Count::hi() const {
  switch (state) {
    case CountState::exact:
    case CountState::approx: return value;
    case CountState::less_than: return value == 0 ? 0 : value - 1;
    case CountState::magnitude: return power_of_ten(std::min(value, kMagnitudeMax));
    default: return std::nullopt;
  }
}

bool Group::operator==(const Group& other) const {
  return rows == other.rows;
}

void Report::put(FieldNo number, Value value) {
  if (auto* time = std::get_if<WallTime>(&value)) *time = to_minute(*time);
  if (auto* count = std::get_if<Count>(&value); count && !has_value(count->state)) count->value = 0;
  const auto* count = std::get_if<Count>(&value);
  const auto* text = std::get_if<std::string>(&value);
  const auto* references = std::get_if<References>(&value);
  const auto* group = std::get_if<Group>(&value);
  const auto* digest = std::get_if<Bytes>(&value);
  const auto* code = std::get_if<CodeValue>(&value);
  const bool nothing = (count && count->state == CountState::absent) || (text && text->empty()) ||
                       (references && references->empty()) || (group && group->rows.empty()) ||
                       (digest && digest->empty()) || (code && code->number == 0);
  if (nothing) {
    values.erase(number);
  } else {
    values.insert_or_assign(number, std::move(value));
  }
}

Header Report::header() const {
  const auto id = [this]<typename Id, typename Number>(FieldNo number, Id, Number) -> std::optional<Id> {
    const auto value = number_as<Number>(*this, number);
    return value ? std::optional(Id{*value}) : std::nullopt;
  };
  Header out;
  out.incident = {number_as<std::uint32_t>(*this, field::incident_id).value_or(0)};
  out.report_no = number_as<std::uint32_t>(*this, field::report_no).value_or(0);
  out.kind = code_as<ReportKind>(*this, field::report_version_kind).value_or(ReportKind::initial);
  out.parents = copy_of_value<References>(*this, field::precedes).value_or(References{});
  out.as_of = copy_of_value<WallTime>(*this, field::as_of);
  out.municipality = number_as<std::uint32_t>(*this, field::muni);
  out.unit = id(field::unit, UnitId{}, std::uint32_t{});
  out.handler = id(field::handler, HandlerId{}, std::uint16_t{});
  out.on_behalf_of = id(field::on_behalf_of, UnitId{}, std::uint32_t{});
  out.told_by = text_or_none(*this, field::told_by);
  out.told_at = copy_of_value<WallTime>(*this, field::told_at);
  out.told_channel = code_as<ToldChannel>(*this, field::told_channel);
  out.next_contact = copy_of_value<WallTime>(*this, field::next_contact_at);
  out.period_from = copy_of_value<WallTime>(*this, field::period_from);
  out.authorized_by = text_or_none(*this, field::authorized_by);
  out.nil = copy_of_value<Answer>(*this, field::nil_report);
  out.provisional = copy_of_value<Answer>(*this, field::provisional) != Answer::no;
  out.incomplete = code(field::validation_state) == kIncomplete;
  out.source = code_as<SourceKind>(*this, field::source_kind);
  out.confidence = code_as<Confidence>(*this, field::confidence);
  out.clock = code_as<ClockQuality>(*this, field::clock_quality);
  out.handling = copy_of_value<CodeSet>(*this, field::handling).value_or(CodeSet{});
  out.remarks = text_or_none(*this, field::remarks);
  out.reason = text_or_none(*this, field::reason);
  if (const auto* group = get<Group>(field::overrides)) out.overrides = overrides_of(*group);
  if (const auto* first = get<References>(field::copy_of); first && !first->empty())
    out.copy_of = first->front();
  return out;
}

void Report::set_header(const Header& header) {
  const auto number = [this](FieldNo field, auto id) {
    if (id)
      put(field, static_cast<std::int64_t>(id->value));
    else
      clear(field);
  };
  const auto maybe = [this](FieldNo field, const auto& value) {
    if (value)
      put(field, Value(*value));
    else
      clear(field);
  };
  const auto code_of = [this](FieldNo field, auto value) {
    if (value)
      put(field, CodeValue{static_cast<std::uint32_t>(*value)});
    else
      clear(field);
  };
  const auto whole = [this](FieldNo field, std::uint32_t value) {
    if (value != 0)
      put(field, std::int64_t{value});
    else
      clear(field);
  };
  whole(field::incident_id, header.incident.value);
  whole(field::report_no, header.report_no);
  put(field::report_version_kind, CodeValue{static_cast<std::uint32_t>(header.kind)});
  put(field::precedes, header.parents);
  maybe(field::as_of, header.as_of);
  whole(field::muni, header.municipality.value_or(0));
  number(field::unit, header.unit);
  number(field::handler, header.handler);
  number(field::on_behalf_of, header.on_behalf_of);
  put(field::told_by, header.told_by);
  maybe(field::told_at, header.told_at);
  code_of(field::told_channel, header.told_channel);
  maybe(field::next_contact_at, header.next_contact);
  maybe(field::period_from, header.period_from);
  put(field::authorized_by, header.authorized_by);
  maybe(field::nil_report, header.nil);
  // "Provisional until final" is the default and is not said.
  if (header.provisional)
    clear(field::provisional);
  else
    put(field::provisional, Answer::no);
  put(field::validation_state, CodeValue{header.incomplete ? kIncomplete : 0});
  code_of(field::source_kind, header.source);
  code_of(field::confidence, header.confidence);
  code_of(field::clock_quality, header.clock);
  if (header.handling.mask != 0)
    put(field::handling, header.handling);
  else
    clear(field::handling);
  put(field::remarks, header.remarks);
  put(field::reason, header.reason);
  put(field::overrides, group_of(header.overrides));
  put(field::copy_of, header.copy_of ? References{*header.copy_of} : References{});
}

Report new_report(const FormInfo& form) {
  Report out;
  out.form = form.number;
  out.version = form.version;
  return out;
}

Confidentiality confidentiality_of(const Report& report, const Catalogue& catalogue) {
  const FormInfo* form = catalogue.form(report.form, report.version);
  // What this catalogue does not know is for listed handlers only.
  if (!form || !report.unknown.empty()) return Confidentiality::handlers;
  Confidentiality strictest = Confidentiality::open;
  for (const auto& [number, value] : report.values) {
    const FieldInfo* field = catalogue.field(*form, number);
    strictest = std::max(strictest, field ? field->confidentiality : Confidentiality::handlers);
  }
  return strictest;
}

std::vector<FieldNo> changed_fields(const Report& before, const Report& after) {
  std::vector<FieldNo> out;
  for (const auto& [number, value] : before.values)
    if (const Value* now = after.find(number); !now || *now != value) out.push_back(number);
  for (const auto& [number, value] : after.values)
    if (!before.find(number)) out.push_back(number);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace noroshi::forms
