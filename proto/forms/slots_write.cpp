#include "proto/forms/slots.hpp"

#include <algorithm>

#include "proto/forms/bits.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/wire_value.hpp"
#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

class SlotWriter {
 public:
  SlotWriter(const Report& report, const BodyContext& context, const Catalogue& catalogue)
      : report_(report),
        context_(context),
        catalogue_(catalogue),
        form_(catalogue.form(report.form, report.version)) {}

  Result<Compact> write() {
    TRY_VOID(check_values());
    put_form_word();
    const FormInfo& header = catalogue_.header();
    for (const std::size_t place : header.slots) put_slot(header.fields[place], true);
    if (form_)
      for (const std::size_t place : form_->slots) put_slot(form_->fields[place], false);
    put_unknown_tail();
    put_texts();
    put_extras();
    out_.fields = report_.unknown.fields;
    out_.bits = bits_.take();
    while (!out_.bits.empty() && out_.bits.back() == 0) out_.bits.pop_back();
    sizes_.bits = out_.bits.size();
    return std::move(out_);
  }

  [[nodiscard]] const BodySizes& sizes() const { return sizes_; }

 private:
  Result<void> check_values() const {
    if (report_.version == 0)
      return bad("version", noroshi::said("様式の版は 1〜255 です", "a form version is 1 to 255"));
    for (const auto& [number, value] : report_.values) {
      const FieldInfo* field = form_ ? catalogue_.field(*form_, number) : catalogue_.header_field(number);
      if (!field)
        return bad("field " + std::to_string(number),
                   noroshi::said("この様式にない項目です", "this form does not have it"));
      if (field->said_by != SaidBy::body)
        return bad(field->key, noroshi::said("本文ではなく封書か名簿が示します",
                                             "the envelope or the roster says this, not the body"));
      if (const auto why = unfit(value, *field)) return bad(field->key, *why);
      if (const auto* time = std::get_if<WallTime>(&value))
        if (!time_at(context_.created, minutes_from(context_.created, *time)))
          return bad(field->key, noroshi::said("今から離れすぎています", "too far from now"));
      if (const auto* date = std::get_if<Date>(&value))
        if (!date_at(context_.created, days_from(context_.created, *date)))
          return bad(field->key, noroshi::said("今から離れすぎています", "too far from now"));
      if (const auto* group = std::get_if<Group>(&value)) TRY_VOID(check_rows(*group, *field));
    }
    return {};
  }

  static Result<void> check_rows(const Group& group, const FieldInfo& field) {
    for (const Row& row : group.rows)
      for (const auto& [number, value] : row.cells) {
        const auto column =
            std::find_if(field.columns.begin(), field.columns.end(),
                         [wanted = number](const FieldInfo& one) { return one.number == wanted; });
        if (column == field.columns.end())
          return bad(field.key, noroshi::said("ない列です: ", "no column ") + std::to_string(number));
        if (const auto why = unfit(value, *column)) return bad(field.key + "." + column->key, *why);
      }
    return {};
  }

  /// Nothing for what the envelope already says.
  const Value* said(const FieldInfo& field) const {
    const Value* value = report_.find(field.number);
    if (!value) return nullptr;
    const auto is = [&](std::uint64_t number) { return *value == Value(static_cast<std::int64_t>(number)); };
    if (field.number == field::unit && context_.default_unit.value != 0 && is(context_.default_unit.value))
      return nullptr;
    if (field.number == field::handler && context_.default_handler && is(context_.default_handler->value))
      return nullptr;
    if (field.number == field::muni && context_.municipality && is(*context_.municipality) &&
        default_unit_speaks(report_, context_))
      return nullptr;
    return value;
  }

  void put_form_word() {
    const std::uint64_t version = report_.version - 1u;
    const bool small = report_.form >= 1 && report_.form <= 15;
    number(version << 4 | (small ? report_.form : 0u), sizes_.framing);
    if (!small) number(report_.form, sizes_.framing);
  }

  void number(std::uint64_t value, std::size_t& account) {
    out_.numbers.push_back(value);
    account += varint_bytes(value);
  }

  void put_bits(std::uint32_t value, const FieldInfo& field, std::size_t& account) {
    bits_.put(value, field.bits);
    account += field.bits;
  }

  void put_slot(const FieldInfo& field, bool header) {
    const Value* value = said(field);
    std::size_t& numbers = header ? sizes_.header_numbers : account_of(field.kind);
    std::size_t& bits = header                                                   ? sizes_.header_bits
                        : field.kind == Kind::count                              ? sizes_.state_bits
                        : field.kind == Kind::code || field.kind == Kind::answer ? sizes_.code_bits
                                                                                 : sizes_.presence_bits;
    if (!value) return put_bits(0, field, bits);
    switch (field.kind) {
      case Kind::count: {
        const Count& count = std::get<Count>(*value);
        put_bits(static_cast<std::uint32_t>(count.state) ^ kStateMask, field, bits);
        if (has_value(count.state)) number(count.value, numbers);
        return;
      }
      case Kind::code: {
        const std::uint32_t code = std::get<CodeValue>(*value).number;
        if (code_by_number(field)) {
          put_bits(1, field, bits);
          number(code, numbers);
        } else {
          put_bits(escaped(field, code) ? escape_of(field) : code, field, bits);
        }
        return;
      }
      case Kind::answer:
        return put_bits(static_cast<std::uint32_t>(std::get<forms::Answer>(*value)), field, bits);
      case Kind::point: {
        const Point& point = std::get<Point>(*value);
        put_bits(static_cast<std::uint32_t>(point.method), field, bits);
        number(zigzag(point.lat_e5 - kLatOrigin), numbers);
        number(zigzag(point.lon_e5 - kLonOrigin), numbers);
        number(point.accuracy_m ? *point.accuracy_m + std::uint64_t{1} : 0, numbers);
        return;
      }
      default: break;
    }
    put_bits(1, field, bits);
    for (const std::uint64_t one : plain_numbers(*value)) number(one, numbers);
  }

  std::size_t& account_of(Kind kind) {
    switch (kind) {
      case Kind::count: return sizes_.counts;
      case Kind::time:
      case Kind::date: return sizes_.times;
      case Kind::point: return sizes_.point;
      default: return sizes_.other_numbers;
    }
  }

  /// Kinds whose slot is one presence bit.
  std::vector<std::uint64_t> plain_numbers(const Value& value) const {
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return {static_cast<std::uint64_t>(*whole)};
    if (const auto* decimal = std::get_if<Decimal>(&value)) return {zigzag(decimal->scaled)};
    if (const auto* set = std::get_if<CodeSet>(&value)) return {set->mask};
    if (const auto* time = std::get_if<WallTime>(&value))
      return {zigzag(minutes_from(context_.created, *time))};
    if (const auto* date = std::get_if<Date>(&value)) return {zigzag(days_from(context_.created, *date))};
    return reference_numbers(std::get<References>(value), context_.key);
  }

  void put_unknown_tail() {
    for (const bool bit : report_.unknown.bits) bits_.put(bit ? 1 : 0, 1);
    for (const std::uint64_t one : report_.unknown.numbers) number(one, sizes_.other_numbers);
  }

  static Bytes coded(std::string_view text, std::uint32_t slot) {
    CodedText small = smallest_codec(text);
    Bytes out{static_cast<std::uint8_t>(slot << 2 | static_cast<std::uint32_t>(small.codec))};
    out.insert(out.end(), small.bytes.begin(), small.bytes.end());
    return out;
  }

  void put_texts() {
    std::map<std::uint32_t, Bytes> by_slot;
    const auto collect = [&](const FormInfo& info, std::uint32_t base) {
      for (const std::size_t place : info.texts) {
        const FieldInfo& field = info.fields[place];
        if (const Value* value = said(field))
          by_slot.emplace(base + field.slot, coded(std::get<std::string>(*value), base + field.slot));
      }
    };
    collect(catalogue_.header(), 0);
    if (form_) collect(*form_, kFormTextBase);
    for (const auto& [slot, text] : report_.unknown.texts) by_slot.emplace(slot, coded(text, slot));
    for (auto& [slot, bytes] : by_slot) {
      sizes_.text += bytes.size();
      out_.texts.push_back(std::move(bytes));
    }
  }

  void put_extras() {
    std::map<FieldNo, Extra> by_number;
    for (const auto& [number, value] : report_.values) {
      const FieldInfo* field = form_ ? catalogue_.field(*form_, number) : catalogue_.header_field(number);
      const auto* code = std::get_if<CodeValue>(&value);
      if (field->slot == 0 || (code && escaped(*field, code->number)))
        by_number.emplace(number, extra_of(value, number));
    }
    for (const auto& [number, raw] : report_.unknown.extras) {
      Extra extra;
      extra.field = number;
      extra.raw = raw;
      by_number.emplace(number, std::move(extra));
    }
    for (auto& [number, extra] : by_number) out_.extras.push_back(std::move(extra));
  }

  Extra extra_of(const Value& value, FieldNo number) const {
    Extra out;
    out.field = number;
    if (const auto* count = std::get_if<Count>(&value)) {
      out.numbers = {static_cast<std::int64_t>(count->state), count->value};
    } else if (const auto* code = std::get_if<CodeValue>(&value)) {
      out.numbers = {code->number};
    } else if (const auto* answer = std::get_if<forms::Answer>(&value)) {
      out.numbers = {static_cast<std::int64_t>(*answer)};
    } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      out.numbers = {*whole};
    } else if (const auto* decimal = std::get_if<Decimal>(&value)) {
      out.numbers = {decimal->scaled};
    } else if (const auto* set = std::get_if<CodeSet>(&value)) {
      out.numbers = {static_cast<std::int64_t>(set->mask)};
    } else if (const auto* time = std::get_if<WallTime>(&value)) {
      out.numbers = {minutes_from(context_.created, *time)};
    } else if (const auto* date = std::get_if<Date>(&value)) {
      out.numbers = {days_from(context_.created, *date)};
    } else if (const auto* point = std::get_if<Point>(&value)) {
      out.numbers = {point->lat_e5 - kLatOrigin, point->lon_e5 - kLonOrigin,
                     point->accuracy_m ? std::int64_t{*point->accuracy_m} + 1 : 0,
                     static_cast<std::int64_t>(point->method)};
    } else if (const auto* references = std::get_if<References>(&value)) {
      for (const std::uint64_t one : reference_numbers(*references, context_.key))
        out.numbers.push_back(static_cast<std::int64_t>(one));
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      out.data = coded(*text, 0);
    } else if (const auto* digest = std::get_if<Bytes>(&value)) {
      out.data = *digest;
    } else {
      for (const Row& row : std::get<Group>(value).rows) {
        auto& cells = out.rows.emplace_back();
        for (const auto& [column, cell] : row.cells) cells.push_back(extra_of(cell, column));
      }
    }
    return out;
  }

  const Report& report_;
  const BodyContext& context_;
  const Catalogue& catalogue_;
  const FormInfo* form_;
  Compact out_;
  BitWriter bits_;
  BodySizes sizes_;
};

}  // namespace

bool default_unit_speaks(const Report& report, const BodyContext& context) {
  if (report.values.contains(field::on_behalf_of)) return false;
  const auto* unit = report.get<std::int64_t>(field::unit);
  return !unit || *unit == context.default_unit.value;
}

Result<Compact> to_slots(const Report& report, const BodyContext& context, const Catalogue& catalogue,
                         BodySizes* sizes) {
  SlotWriter writer(report, context, catalogue);
  TRY(Compact out, writer.write());
  if (sizes) *sizes = writer.sizes();
  return out;
}

}  // namespace noroshi::forms
