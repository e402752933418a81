#include <set>

#include "proto/forms/bits.hpp"
#include "proto/forms/slots.hpp"
#include "proto/forms/text.hpp"
#include "proto/forms/wire_value.hpp"

namespace noroshi::forms {
namespace {

Error bad_body(const std::string& what) {
  return bad("body", what);
}

class SlotReader {
 public:
  SlotReader(const Compact& in, const BodyContext& context, const Catalogue& catalogue)
      : in_(in), context_(context), catalogue_(catalogue), bits_(in.bits) {}

  Result<Report> read() {
    if (!in_.bits.empty() && in_.bits.back() == 0) return bad_body("bits end in zeros");
    TRY_VOID(take_form_word());
    const FormInfo* form = catalogue_.form(out_.form, out_.version);
    const bool newer = !form || out_.version > form->version;
    const FormInfo& header = catalogue_.header();
    for (const std::size_t place : header.slots) TRY_VOID(take_slot(header.fields[place]));
    if (form)
      for (const std::size_t place : form->slots) TRY_VOID(take_slot(form->fields[place]));
    TRY_VOID(take_tail(newer));
    TRY_VOID(take_texts(form, newer));
    TRY_VOID(take_extras(form, newer));
    if (!escapes_.empty()) return bad_body("a code escapes to an extra that is not there");
    out_.unknown.fields = in_.fields;
    fill_defaults();
    return std::move(out_);
  }

 private:
  std::optional<std::uint64_t> next() {
    if (place_ == in_.numbers.size()) return std::nullopt;
    return in_.numbers[place_++];
  }

  Result<void> take_form_word() {
    const auto word = next();
    if (!word || *word >> 4 > 254) return bad_body("no form word");
    out_.version = static_cast<std::uint8_t>((*word >> 4) + 1);
    out_.form = static_cast<FormNo>(*word & 15);
    if (out_.form != 0) return {};
    const auto form = next();
    if (!form || *form < 16 || *form > 0xFFFF) return bad_body("form number");
    out_.form = static_cast<FormNo>(*form);
    return {};
  }

  Result<void> take_slot(const FieldInfo& field) {
    const std::uint32_t symbol = bits_.get(field.bits);
    if (symbol == 0) return {};
    if (field.kind == Kind::code && !code_by_number(field) && symbol == escape_of(field)) {
      escapes_.insert(field.number);
      return {};
    }
    auto value = slot_value(field, symbol);
    if (!value) return bad(field.key, "its slot does not hold");
    if (const auto why = unfit(*value, field)) return bad(field.key, *why);
    out_.values.emplace(field.number, std::move(*value));
    return {};
  }

  std::optional<Value> slot_value(const FieldInfo& field, std::uint32_t symbol) {
    switch (field.kind) {
      case Kind::count: {
        Count count{0, static_cast<CountState>(symbol ^ kStateMask)};
        if (!has_value(count.state)) return count;
        const auto number = next();
        if (!number || *number > kCountMax) return std::nullopt;
        count.value = static_cast<std::uint32_t>(*number);
        return count;
      }
      case Kind::code: {
        if (!code_by_number(field)) return CodeValue{symbol};
        const auto number = next();
        if (!number || *number > 0xFFFF) return std::nullopt;
        return CodeValue{static_cast<std::uint32_t>(*number)};
      }
      case Kind::answer: return static_cast<forms::Answer>(symbol);
      case Kind::point: {
        const auto lat = next(), lon = next(), accuracy = next();
        if (!lat || !lon || !accuracy) return std::nullopt;
        return point_of(unzigzag(*lat), unzigzag(*lon), *accuracy, symbol);
      }
      case Kind::references: {
        auto references = references_from([this] { return next(); }, context_.key);
        if (!references) return std::nullopt;
        return std::move(*references);
      }
      default: break;
    }
    const auto number = next();
    if (!number) return std::nullopt;
    switch (field.kind) {
      case Kind::code_set: return CodeSet{*number};
      case Kind::decimal: return Decimal{unzigzag(*number)};
      case Kind::time: return lift(time_at(context_.created, unzigzag(*number)));
      case Kind::date: return lift(date_at(context_.created, unzigzag(*number)));
      default: break;
    }
    if (*number >> 62 != 0) return std::nullopt;
    return static_cast<std::int64_t>(*number);
  }

  template <typename T>
  static std::optional<Value> lift(const std::optional<T>& value) {
    return value ? std::optional<Value>(*value) : std::nullopt;
  }

  static std::optional<Value> point_of(std::int64_t lat, std::int64_t lon, std::uint64_t accuracy,
                                       std::uint64_t method) {
    constexpr std::int64_t kFar = 100'000'000;  // well outside the globe; unfit() draws the line
    if (lat < -kFar || lat > kFar || lon < -kFar || lon > kFar || accuracy > 0xFFFF'FFFF || method > 7)
      return std::nullopt;
    Point point;
    point.lat_e5 = static_cast<std::int32_t>(lat + kLatOrigin);
    point.lon_e5 = static_cast<std::int32_t>(lon + kLonOrigin);
    if (accuracy != 0) point.accuracy_m = static_cast<std::uint32_t>(accuracy - 1);
    point.method = static_cast<PointMethod>(method);
    return point;
  }

  /// What follows the known slots: nothing, unless a newer version wrote it.
  Result<void> take_tail(bool newer) {
    std::vector<bool> rest;
    while (bits_.left() > 0) rest.push_back(bits_.get(1) != 0);
    while (!rest.empty() && !rest.back()) rest.pop_back();
    std::vector<std::uint64_t> numbers(in_.numbers.begin() + static_cast<std::ptrdiff_t>(place_),
                                       in_.numbers.end());
    if (!newer && (!rest.empty() || !numbers.empty())) return bad_body("more than the form has");
    out_.unknown.bits = std::move(rest);
    out_.unknown.numbers = std::move(numbers);
    return {};
  }

  static std::optional<std::string> text_of_coded(BytesView coded, std::uint32_t& slot) {
    if (coded.size() < 2) return std::nullopt;
    slot = coded.front() >> 2;
    auto text = decode_text(coded.subspan(1), static_cast<TextCodec>(coded.front() & 3));
    if (!text || !is_clean(*text)) return std::nullopt;
    return text;
  }

  Result<void> take_texts(const FormInfo* form, bool newer) {
    std::map<std::uint32_t, const FieldInfo*> fields;
    const auto collect = [&](const FormInfo& info, std::uint32_t base) {
      for (const std::size_t place : info.texts)
        fields.emplace(base + info.fields[place].slot, &info.fields[place]);
    };
    collect(catalogue_.header(), 0);
    if (form) collect(*form, kFormTextBase);
    std::int64_t last = -1;
    for (const Bytes& coded : in_.texts) {
      std::uint32_t slot = 0;
      auto text = text_of_coded(coded, slot);
      if (!text) return bad_body("a text does not hold");
      if (std::int64_t{slot} <= last) return bad_body("texts are not in order");
      last = slot;
      if (const auto field = fields.find(slot); field != fields.end()) {
        out_.values.emplace(field->second->number, std::move(*text));
      } else if (newer) {
        out_.unknown.texts.emplace(static_cast<std::uint8_t>(slot), std::move(*text));
      } else {
        return bad_body("a text that the form does not have");
      }
    }
    return {};
  }

  Result<void> take_extras(const FormInfo* form, bool newer) {
    std::int64_t last = -1;
    for (const Extra& extra : in_.extras) {
      if (std::int64_t{extra.field} <= last) return bad_body("extras are not in order");
      last = extra.field;
      const FieldInfo* field =
          form ? catalogue_.field(*form, extra.field) : catalogue_.header_field(extra.field);
      if (!field || (newer && has_strange_cells(extra, *field))) {
        // A header field that joined later comes with any form version, so an unknown number is never an
        // error.
        out_.unknown.extras.emplace(extra.field, extra.raw);
        continue;
      }
      const bool from_slot = field->slot != 0;
      if (field->said_by != SaidBy::body || extra.foreign ||
          (from_slot && escapes_.erase(field->number) == 0))
        return bad(field->key, "not an extra");
      auto value = extra_value(extra, *field, 0);
      if (!value) return bad(field->key, "its extra does not hold");
      if (const auto why = unfit(*value, *field)) return bad(field->key, *why);
      if (from_slot && !escaped(*field, std::get<CodeValue>(*value).number))
        return bad(field->key, "needs no extra");
      out_.values.emplace(field->number, std::move(*value));
    }
    return {};
  }

  static const FieldInfo* column_of(const FieldInfo& field, FieldNo number) {
    for (const FieldInfo& column : field.columns)
      if (column.number == number) return &column;
    return nullptr;
  }

  static bool has_strange_cells(const Extra& extra, const FieldInfo& field) {
    for (const auto& row : extra.rows)
      for (const Extra& cell : row)
        if (!column_of(field, cell.field)) return true;
    return false;
  }

  std::optional<Value> extra_value(const Extra& extra, const FieldInfo& field, int depth) const {
    const bool text = field.is_text(), digest = field.kind == Kind::digest, group = field.kind == Kind::group;
    if (extra.foreign || extra.data.empty() == (text || digest) || extra.rows.empty() == group)
      return std::nullopt;
    if ((text || digest || group) && !extra.numbers.empty()) return std::nullopt;
    if (digest) return extra.data;
    if (text) {
      std::uint32_t slot = 0;
      auto out = text_of_coded(extra.data, slot);
      if (!out || slot != 0) return std::nullopt;
      return std::move(*out);
    }
    if (group) return depth == 0 ? group_value(extra, field) : std::nullopt;
    return number_value(extra.numbers, field);
  }

  std::optional<Value> group_value(const Extra& extra, const FieldInfo& field) const {
    Group out;
    for (const auto& cells : extra.rows) {
      Row& row = out.rows.emplace_back();
      std::int64_t last = -1;
      for (const Extra& cell : cells) {
        const FieldInfo* column = column_of(field, cell.field);
        if (!column || std::int64_t{cell.field} <= last) return std::nullopt;
        last = cell.field;
        auto value = extra_value(cell, *column, 1);
        if (!value || unfit(*value, *column)) return std::nullopt;
        row.cells.emplace(cell.field, std::move(*value));
      }
    }
    return out;
  }

  std::optional<Value> number_value(const std::vector<std::int64_t>& numbers, const FieldInfo& field) const {
    if (field.kind == Kind::references) {
      std::size_t place = 0;
      auto out = references_from(
          [&]() -> std::optional<std::uint64_t> {
            if (place == numbers.size() || numbers[place] < 0) return std::nullopt;
            return static_cast<std::uint64_t>(numbers[place++]);
          },
          context_.key);
      if (!out || place != numbers.size()) return std::nullopt;
      return std::move(*out);
    }
    const std::size_t wanted = field.kind == Kind::count ? 2 : field.kind == Kind::point ? 4 : 1;
    if (numbers.size() != wanted) return std::nullopt;
    const std::int64_t first = numbers.front();
    const bool small = first >= 0 && first <= 0xFFFF;
    switch (field.kind) {
      case Kind::count:
        if (first < 0 || first >= 7 || numbers[1] < 0 || numbers[1] > kCountMax) return std::nullopt;
        return Count{static_cast<std::uint32_t>(numbers[1]), static_cast<CountState>(first)};
      case Kind::code:
        return small ? std::optional<Value>(CodeValue{static_cast<std::uint32_t>(first)}) : std::nullopt;
      case Kind::answer:
        return first >= 1 && first <= 3 ? std::optional<Value>(static_cast<forms::Answer>(first))
                                        : std::nullopt;
      case Kind::code_set:
        return first >= 0 ? std::optional<Value>(CodeSet{static_cast<std::uint64_t>(first)}) : std::nullopt;
      case Kind::decimal: return Decimal{first};
      case Kind::time: return lift(time_at(context_.created, first));
      case Kind::date: return lift(date_at(context_.created, first));
      case Kind::point:
        if (numbers[2] < 0 || numbers[3] < 0) return std::nullopt;
        return point_of(first, numbers[1], static_cast<std::uint64_t>(numbers[2]),
                        static_cast<std::uint64_t>(numbers[3]));
      default: return first;
    }
  }

  void fill_defaults() {
    const auto fill = [&](FieldNo number, std::uint64_t value) {
      if (value != 0) out_.values.emplace(number, static_cast<std::int64_t>(value));
    };
    if (context_.municipality && default_unit_speaks(out_, context_))
      fill(field::muni, *context_.municipality);
    fill(field::unit, context_.default_unit.value);
    if (context_.default_handler) fill(field::handler, context_.default_handler->value);
  }

  const Compact& in_;
  const BodyContext& context_;
  const Catalogue& catalogue_;
  BitReader bits_;
  std::size_t place_ = 0;
  std::set<FieldNo> escapes_;
  Report out_;
};

}  // namespace

Result<Report> from_slots(const Compact& compact, const BodyContext& context, const Catalogue& catalogue) {
  return SlotReader(compact, context, catalogue).read();
}

}  // namespace noroshi::forms
