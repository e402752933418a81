// A report as a value: the form it was written in, and a value for each field that has one. The fields of the
// common header F0 stand among them by their own numbers (1–39, 72–79); `Header` is a view of them.
//
// A report says nothing about who signed it or when it was made: that is the envelope's (BodyContext of
// body.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/ids.hpp"
#include "proto/time.hpp"

namespace noroshi::forms {

// ---- Values ---------------------------------------------------------------------------------------------
/// How a count is meant. The numbers travel.
enum class CountState : std::uint8_t {
  exact = 0,
  approx = 1,          ///< 約
  less_than = 2,       ///< 未満
  at_least = 3,        ///< 以上
  unconfirmed = 4,     ///< 未確認: not zero
  not_applicable = 5,  ///< 該当なし
  magnitude = 6,       ///< 規模 d: 10^(d−1)+1 … 10^d, so 1 = 1–10; shown beside a sum, never added
  absent = 7,          ///< no value; never stored in a Report
};
[[nodiscard]] std::string_view name_of(CountState state);
[[nodiscard]] std::optional<CountState> count_state_of(std::string_view name);
/// States with a number: exact, approx, less_than, at_least (0 … 9,999,999) and magnitude (1 … 7).
[[nodiscard]] constexpr bool has_value(CountState state) {
  return state <= CountState::at_least || state == CountState::magnitude;
}
inline constexpr std::uint32_t kCountMax = 9'999'999;
inline constexpr std::uint32_t kMagnitudeMax = 7;

/// Unknown is not zero.
struct Count {
  std::uint32_t value = 0;  ///< 0 where the state has no value
  CountState state = CountState::exact;
  bool operator==(const Count&) const = default;
  /// The smallest and largest number it may stand for; approx stands for its value; no hi: unbounded.
  [[nodiscard]] std::uint32_t lo() const;
  [[nodiscard]] std::optional<std::uint32_t> hi() const;
  /// The two bounds are known to mean something: not unconfirmed, not_applicable.
  [[nodiscard]] bool comparable() const { return has_value(state); }
};

/// A number of the field's scale: 1250 at scale 2 is 12.50.
struct Decimal {
  std::int64_t scaled = 0;
  bool operator==(const Decimal&) const = default;
};
/// One code of the field's list; a number that the list does not have came with a newer form.
struct CodeValue {
  std::uint32_t number = 0;
  bool operator==(const CodeValue&) const = default;
};
/// Bit n−1 is code n; codes 1–63. The empty set is a value: nothing of the list.
struct CodeSet {
  std::uint64_t mask = 0;
  bool operator==(const CodeSet&) const = default;
  [[nodiscard]] bool has(std::uint32_t code) const {
    return code >= 1 && code <= 63 && (mask >> (code - 1) & 1) != 0;
  }
  void add(std::uint32_t code) { mask |= std::uint64_t{1} << (code - 1); }
};
/// Tri-state, never a bare bit.
enum class Answer : std::uint8_t { yes = 1, no = 2, unknown = 3 };
/// Days since 2024-01-01, in Japan.
struct Date {
  std::int32_t days = 0;
  bool operator==(const Date&) const = default;
};
enum class PointMethod : std::uint8_t { gnss = 1, map = 2, address = 3, estimated = 4 };
/// Position in 1e-5 degrees (about 1 m), JGD2011 / WGS84.
struct Point {
  std::int32_t lat_e5 = 0;
  std::int32_t lon_e5 = 0;
  std::optional<std::uint32_t> accuracy_m;  ///< 0 … 99,999
  PointMethod method = PointMethod::gnss;
  bool operator==(const Point&) const = default;
};
using References = std::vector<ReportId>;

struct Row;
/// Rows of a repeated group.
struct Group {
  std::vector<Row> rows;
  bool operator==(const Group& other) const;
};

/// A value of a field; which one is the field's kind. Texts are clean UTF-8 (text.hpp), times whole minutes.
using Value = std::variant<Count, std::int64_t, Decimal, CodeValue, CodeSet, Answer, WallTime, Date, Point,
                           std::string, References, Bytes, Group>;
struct Row {
  std::map<FieldNo, Value> cells;
  bool operator==(const Row&) const = default;
};

// ---- Header ---------------------------------------------------------------------------------------------
/// The life of a report: 初報 → 続報 → 訂正 → 取消 → 終報.
enum class ReportKind : std::uint8_t { initial = 1, update = 2, correction = 3, cancel = 4, final = 5 };
enum class ClockQuality : std::uint8_t { gnss = 1, network = 2, manual = 3, unknown = 4 };
enum class SourceKind : std::uint8_t {
  own_obs = 1,
  telephone = 2,
  hearsay = 3,
  media = 4,
  government = 5,
  sensor = 6,
  rollup = 7,
};
enum class Confidence : std::uint8_t { confirmed = 1, probable = 2, possible = 3, unknown = 4 };
enum class ToldChannel : std::uint8_t {
  phone = 1,
  fax = 2,
  sms = 3,
  visit = 4,
  radio = 5,
  mail = 6,
  paper = 7,
  other = 8,
};

/// A warning that was overridden, and why.
struct Override {
  std::string rule;
  std::string reason;
  bool operator==(const Override&) const = default;
};

/// The common header F0 as far as a body says it. What is nothing here was not said.
struct Header {
  IncidentId incident;          ///< 0 = PENDING
  std::uint32_t report_no = 0;  ///< per (incident, unit, form); 0 = not numbered yet
  ReportKind kind = ReportKind::initial;
  References parents;
  std::optional<WallTime> as_of;
  std::optional<std::uint32_t> municipality;  ///< JIS X 0402: 17204
  std::optional<UnitId> unit;                 ///< whose node it is; the certificate's after decode
  std::optional<HandlerId> handler;
  std::optional<UnitId> on_behalf_of;  ///< proxy 代行: the unit it speaks for
  std::string told_by;
  std::optional<WallTime> told_at;
  std::optional<ToldChannel> told_channel;
  std::optional<WallTime> next_contact;
  std::optional<WallTime> period_from;
  std::string authorized_by;
  std::optional<Answer> nil;  ///< 被害なし
  bool provisional = true;    ///< 速報値
  bool incomplete = false;    ///< an incomplete flash, marked so
  std::optional<SourceKind> source;
  std::optional<Confidence> confidence;
  std::optional<ClockQuality> clock;
  CodeSet handling;
  std::string remarks;
  std::string reason;  ///< of a correction or cancel
  std::vector<Override> overrides;
  std::optional<ReportId> copy_of;  ///< sealed again: its first identity
  bool operator==(const Header&) const = default;
  /// The unit that the figures are about: on_behalf_of, else unit.
  [[nodiscard]] std::optional<UnitId> speaks_for() const { return on_behalf_of ? on_behalf_of : unit; }
  [[nodiscard]] bool proxy() const { return on_behalf_of.has_value(); }
};

// ---- Report ---------------------------------------------------------------------------------------------
/// What a newer form or program wrote and this one does not know: kept, shown by number, sent on unchanged.
struct Unknown {
  std::vector<bool> bits;                     ///< of slots after the known ones
  std::vector<std::uint64_t> numbers;         ///< likewise
  std::map<std::uint8_t, std::string> texts;  ///< by text slot
  std::map<FieldNo, Bytes> extras;            ///< by field number, each as its protobuf Extra
  Bytes fields;                               ///< unknown protobuf fields
  bool operator==(const Unknown&) const = default;
  [[nodiscard]] bool empty() const { return *this == Unknown{}; }
};

struct Report {
  FormNo form = 0;
  std::uint8_t version = 1;
  std::map<FieldNo, Value>
      values;  ///< header and form fields; no field has an empty text, Count absent or empty list
  Unknown unknown;
  bool operator==(const Report&) const = default;

  /// The value of a field, if it has one and is a T.
  template <typename T>
  [[nodiscard]] const T* get(FieldNo field) const {
    const auto found = values.find(field);
    return found == values.end() ? nullptr : std::get_if<T>(&found->second);
  }
  [[nodiscard]] const Value* find(FieldNo field) const {
    const auto found = values.find(field);
    return found == values.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::uint32_t code(FieldNo field) const {  ///< 0 if it has none
    const auto* value = get<CodeValue>(field);
    return value ? value->number : 0;
  }
  /// Stores a value in its normal form (times to the minute); an empty text or list or an absent count clears
  /// it.
  void put(FieldNo field, Value value);
  void clear(FieldNo field) { values.erase(field); }

  [[nodiscard]] Header header() const;
  /// Replaces every field that Header knows; the others stay.
  void set_header(const Header& header);
};

/// An empty report of the newest version of a form.
[[nodiscard]] Report new_report(const FormInfo& form);

/// Field numbers that the program itself speaks of (a test compares them with the catalogue).
namespace field {
inline constexpr FieldNo incident_id = 4, report_no = 7, report_version_kind = 8, precedes = 9,
                         period_from = 10, as_of = 11, created_at = 12, clock_quality = 13, org_role = 15,
                         authorized_by = 18, precedence = 20, handling = 22, muni = 27, source_kind = 28,
                         confidence = 29, nil_report = 30, next_contact_at = 31, remarks = 32,
                         attachments = 33, provisional = 34, unit = 35, handler = 36, on_behalf_of = 37,
                         told_by = 38, told_at = 39, told_channel = 72, reason = 73, overrides = 74,
                         validation_state = 75, copy_of = 76;
inline constexpr FieldNo occurred_at = 40, hazard_kind = 41, staff_safety = 43, households_served = 45,
                         households_stopped = 46, cyl_lost = 47, cyl_fallen = 48, cyl_buried = 49,
                         gas_leaks = 50, fires = 51, explosions = 52, deaths = 53, minor_inj = 56,
                         comms_working = 60, position = 63, checked_scope = 64, checked_households = 65,
                         six_people = 66, six_danger = 67, six_supply = 68, six_cylinders = 69,
                         six_mobility = 70, six_help = 71;
inline constexpr FieldNo act_kind = 260, subject = 261, body = 262, regarding = 263, answer_due = 264,
                         legal_basis = 265, answer_text = 266, answer_values = 267, verdict = 271,
                         asked_form = 272, asked_area = 273, to_unit = 274;
}  // namespace field

/// F9's act_kind and verdict.
enum class ActKind : std::uint8_t {
  inquiry = 1,
  directive = 2,
  guidance = 3,
  answer = 4,
  refuse = 5,
  recall = 6,
  message = 7,
  bulletin = 8,
  verification = 9,
  release = 10,
};
enum class Verdict : std::uint8_t { confirmed = 1, held = 2, unconfirmed = 3 };

/// The strictest class among the filled fields: the class of the report. The public edition drops what is
/// above `open`.
[[nodiscard]] Confidentiality confidentiality_of(const Report& report, const Catalogue& catalogue);
/// Fields whose value differs, came or went between two reports, by number.
[[nodiscard]] std::vector<FieldNo> changed_fields(const Report& before, const Report& after);

// ---- For people -----------------------------------------------------------------------------------------
/// "345", "約 1,200", "100未満", "100以上", "未確認", "該当なし", "規模 10〜100"; "about 1,200", "under 100",
/// …
[[nodiscard]] std::string format(const Count& count, Language language);
/// Any value of a field, with its unit: "345戸", "地震", "2/1 13:00", "37.28610N 136.73450E ±10m 衛星測位".
[[nodiscard]] std::string format(const Value& value, const FieldInfo& field, Language language);
/// A figure of a field and its unit: "345戸", "345 households"; as it is where the field has none.
[[nodiscard]] std::string with_unit(std::string figure, const FieldInfo& field, Language language);
/// "2024-01-31", and back.
[[nodiscard]] std::string to_string(Date date);
[[nodiscard]] std::optional<Date> parse_date(std::string_view text);
/// "1,234,567".
[[nodiscard]] std::string with_commas(std::uint64_t value);
/// One line for each thing that this catalogue does not know: "項目 47番: …", "様式 F12 …".
[[nodiscard]] std::vector<std::string> unknown_lines(const Report& report, const Catalogue& catalogue,
                                                     Language language);

}  // namespace noroshi::forms
