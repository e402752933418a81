#include "proto/forms/wire_value.hpp"

#include "proto/forms/text.hpp"
#include "proto/language.hpp"

namespace noroshi::forms {
namespace {

/// A JSON number holds whole numbers up to 2^53 exactly.
constexpr std::int64_t kIntegerMax = std::int64_t{1} << 53;
/// Times further than a century from the report are noise.
constexpr std::int64_t kMinutesMax = std::int64_t{100} * 366 * 24 * 60;
constexpr std::int64_t kDaysMax = std::int64_t{200} * 366;
constexpr std::uint32_t kCodeMax = 0xFFFF;
constexpr std::uint32_t kAccuracyMax = 99'999;
constexpr std::int32_t kLatMax = 9'000'000;
constexpr std::int32_t kLonMax = 18'000'000;
constexpr std::size_t kDigestBytesMax = 64;
constexpr std::size_t kRowsMax = 256;
constexpr std::int64_t kJapanSeconds = 9 * 3600;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

std::int64_t day_of(WallTime time) {
  return floor_div(time.s + kJapanSeconds, 86'400);
}

template <typename T>
const T* as(const Value& value) {
  return std::get_if<T>(&value);
}

std::string wrong_kind() {
  return said("種類の違う値です", "a value of another kind");
}

}  // namespace

Error bad(const std::string& where, const std::string& what) {
  return {Code::bad_data, where + ": " + what};
}

std::optional<std::string> unfit(const Value& value, const FieldInfo& field) {
  switch (field.kind) {
    case Kind::count: {
      const auto* count = as<Count>(value);
      if (!count) return wrong_kind();
      if (count->state == CountState::magnitude) {
        if (count->value < 1 || count->value > kMagnitudeMax)
          return said("規模は 1〜7 です", "a magnitude is 1 to 7");
      } else if (count->value > kCountMax) {
        return said("9,999,999 を超えています", "above 9,999,999");
      } else if (!has_value(count->state) && (count->value != 0 || count->state >= CountState::absent)) {
        return said("この状態に数は付きません", "this state has no number");
      }
      return std::nullopt;
    }
    case Kind::integer:
    case Kind::municipality:
    case Kind::unit: {
      const auto* number = as<std::int64_t>(value);
      if (!number) return wrong_kind();
      if (*number < (field.slot != 0 ? 0 : -kIntegerMax) || *number > kIntegerMax)
        return said("範囲の外です", "out of range");
      return std::nullopt;
    }
    case Kind::decimal: {
      const auto* decimal = as<Decimal>(value);
      if (!decimal) return wrong_kind();
      if (decimal->scaled < -kIntegerMax || decimal->scaled > kIntegerMax)
        return said("範囲の外です", "out of range");
      return std::nullopt;
    }
    case Kind::code: {
      const auto* code = as<CodeValue>(value);
      if (!code) return wrong_kind();
      if (code->number < 1 || code->number > kCodeMax)
        return said("符号は 1〜65535 です", "a code is 1 to 65535");
      return std::nullopt;
    }
    case Kind::code_set: {
      const auto* set = as<CodeSet>(value);
      if (!set) return wrong_kind();
      if (set->mask >> 63 != 0) return said("組の符号は 63 までです", "a set has 63 codes");
      return std::nullopt;
    }
    case Kind::answer: {
      const auto* answer = as<Answer>(value);
      if (!answer) return wrong_kind();
      if (*answer < Answer::yes || *answer > Answer::unknown)
        return said("yes, no, unknown のどれかです", "yes, no or unknown");
      return std::nullopt;
    }
    case Kind::time: return as<WallTime>(value) ? std::nullopt : std::optional(wrong_kind());
    case Kind::date: return as<Date>(value) ? std::nullopt : std::optional(wrong_kind());
    case Kind::point: {
      const auto* point = as<Point>(value);
      if (!point) return wrong_kind();
      if (point->lat_e5 < -kLatMax || point->lat_e5 > kLatMax || point->lon_e5 < -kLonMax ||
          point->lon_e5 > kLonMax)
        return said("地球の外です", "not on Earth");
      if (point->accuracy_m && *point->accuracy_m > kAccuracyMax)
        return said("精度が 99,999 m を超えています", "accuracy above 99,999 m");
      if (point->method < PointMethod::gnss || point->method > PointMethod::estimated)
        return said("測り方が分かりません", "an unknown method");
      return std::nullopt;
    }
    case Kind::text:
    case Kind::person_text: {
      const auto* text = as<std::string>(value);
      if (!text) return wrong_kind();
      if (text->empty() || !is_clean(*text))
        return said("使えない文字が入っています", "a text that is not clean");
      return std::nullopt;
    }
    case Kind::references: {
      const auto* references = as<References>(value);
      if (!references) return wrong_kind();
      if (references->empty() || references->size() > kReferencesMax)
        return said("報告は 1〜64 件です", "1 to 64 reports");
      return std::nullopt;
    }
    case Kind::digest: {
      const auto* digest = as<Bytes>(value);
      if (!digest) return wrong_kind();
      if (digest->empty() || digest->size() > kDigestBytesMax)
        return said("1〜64 バイトです", "1 to 64 bytes");
      return std::nullopt;
    }
    case Kind::group: {
      const auto* group = as<Group>(value);
      if (!group) return wrong_kind();
      if (group->rows.empty() || group->rows.size() > kRowsMax) return said("1〜256 行です", "1 to 256 rows");
      return std::nullopt;
    }
  }
  return wrong_kind();
}

std::int64_t minutes_from(WallTime created, WallTime time) {
  return floor_div(time.s, 60) - floor_div(created.s, 60);
}

std::optional<WallTime> time_at(WallTime created, std::int64_t minutes) {
  if (minutes < -kMinutesMax || minutes > kMinutesMax) return std::nullopt;
  return WallTime{(floor_div(created.s, 60) + minutes) * 60};
}

std::int64_t days_from(WallTime created, Date date) {
  return date.days - day_of(created);
}

std::optional<Date> date_at(WallTime created, std::int64_t days) {
  if (days < -kDaysMax || days > kDaysMax) return std::nullopt;
  return Date{static_cast<std::int32_t>(day_of(created) + days)};
}

std::vector<std::uint64_t> reference_numbers(const References& references, KeyId own) {
  std::vector<std::uint64_t> out;
  for (std::size_t i = 0; i < references.size(); ++i) {
    const ReportId& id = references[i];
    const bool other = id.key != own;
    out.push_back(std::uint64_t{id.seq} * 8 + (i + 1 < references.size() ? 4 : 0) + (id.index != 0 ? 2 : 0) +
                  (other ? 1 : 0));
    if (other)
      out.push_back(std::uint64_t{id.key.device.org.value} << 24 | std::uint64_t{id.key.device.dev} << 8 |
                    id.key.gen);
    if (id.index != 0) out.push_back(id.index);
  }
  return out;
}

std::optional<References> references_from(const std::function<std::optional<std::uint64_t>()>& next,
                                          KeyId own) {
  References out;
  while (out.size() < kReferencesMax) {
    const auto word = next();
    if (!word || *word / 8 > 0xFFFF'FFFF) return std::nullopt;
    ReportId id;
    id.key = own;
    id.seq = static_cast<Seq>(*word / 8);
    if ((*word & 1) != 0) {
      const auto key = next();
      if (!key || *key >> 40 != 0) return std::nullopt;
      id.key = {{{static_cast<std::uint16_t>(*key >> 24)}, static_cast<std::uint16_t>(*key >> 8)},
                static_cast<std::uint8_t>(*key)};
      if (id.key == own) return std::nullopt;
    }
    if ((*word & 2) != 0) {
      const auto index = next();
      if (!index || *index < 1 || *index > 255) return std::nullopt;
      id.index = static_cast<std::uint8_t>(*index);
    }
    out.push_back(id);
    if ((*word & 4) == 0) return out;
  }
  return std::nullopt;
}

}  // namespace noroshi::forms
