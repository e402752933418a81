// The catalogue of forms: what the annotated .proto files say, as plain structs. Every front end (terminal
// form, plain prompts, JSON, review page, roll-up, exports, printed page) is drawn from here; there is no
// second list of fields.
//
// The program carries a built-in catalogue; a newer one arrives as a signed FileDescriptorSet and is loaded
// at run time. A catalogue never changes after it is made; keep it alive while pointers into it are used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/bytes.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

enum class Language : std::uint8_t { ja, en };

/// A text of the catalogue in both languages.
struct Label {
  std::string ja;
  std::string en;
  std::string kana;  ///< reading of `ja`, where one is given
  [[nodiscard]] const std::string& in(Language language) const { return language == Language::ja ? ja : en; }
};

/// Number of a field in the catalogue: F1's 46. Never used twice over all forms.
using FieldNo = std::uint32_t;
/// Number of a form: 1 for F1. 0 is the common header F0.
using FormNo = std::uint16_t;

enum class Kind : std::uint8_t {
  count,         ///< qualified count
  integer,       ///< whole number
  municipality,  ///< JIS X 0402, as a whole number: 17204
  unit,          ///< register of reporting units, as a whole number
  decimal,       ///< number with a fixed scale
  code,          ///< one code of a list
  code_set,      ///< codes of a list
  answer,        ///< yes / no / unknown
  time,          ///< minute
  date,          ///< day
  point,         ///< position with accuracy and method
  text,
  person_text,  ///< text that names a person
  references,   ///< reports
  digest,       ///< bytes, fixed length
  group,        ///< rows of fields of their own
};
/// "count", "integer", …
[[nodiscard]] std::string_view name_of(Kind kind);

enum class Severity : std::uint8_t { warning, error };
enum class Aggregation : std::uint8_t { none, sum, latest, max, min, unite, list, derive };
/// P; coarsened to the municipality; 関係者限り; 要機密.
enum class Confidentiality : std::uint8_t { open, coarse, restricted, handlers };
enum class Prefill : std::uint8_t { none, last_report, profile, clock, position, relay };
/// Only what the body says travels in it.
enum class SaidBy : std::uint8_t { body, envelope, certificate, roster, derived };

struct CodeInfo {
  std::uint32_t number = 0;  ///< what travels; 1 or more
  std::string name;          ///< what JSON says: "earthquake", "5-"
  Label label;
};
/// A code list, in the order of its numbers.
struct CodeList {
  std::string name;  ///< "HAZARD"
  std::vector<CodeInfo> codes;
  [[nodiscard]] const CodeInfo* by_number(std::uint32_t number) const;
  [[nodiscard]] const CodeInfo* by_name(std::string_view name) const;
};

/// One condition on one field. Fields are named by key: a rule of a form may speak of the header too.
struct Condition {
  std::string field;
  std::vector<std::string> is;  ///< has one of these codes
  bool positive = false;        ///< a count certainly above zero
  bool zero = false;            ///< a count that is exactly zero
  bool set = false;             ///< has a value
  bool negate = false;
};
/// Holds if all of `all` hold and, where `any` is not empty, one of `any`.
struct When {
  std::vector<Condition> all;
  std::vector<Condition> any;
};

enum class Check : std::uint8_t {
  le,
  sum_le,
  sum_eq,
  non_decreasing,
  required,
  all_zero,
  time_order,
  jump,
  link_required,
  never,
  increasing,
  near,
};

struct RuleInfo {
  std::string id;  ///< "R1"
  Severity severity = Severity::warning;
  Label message;
  When when;
  Check check = Check::never;
  std::vector<std::string> fields;  ///< keys; le and time_order: a, b; sums: the parts; near: point, place
  std::string total;                ///< sums
  std::int64_t slack_minutes = 0;   ///< time_order
  std::uint32_t factor = 0;         ///< jump
  bool one_suffices = false;        ///< required
  std::string form;                 ///< link_required: "F6"
  std::uint32_t kilometres = 0;     ///< near
};

/// A step of a derivation: so many minutes (steps) or days (due), and what follows.
struct DeriveStep {
  std::uint32_t amount = 0;
  std::string code;  ///< steps
  When when;         ///< due
};
/// How a derived value is computed (derive.hpp).
struct Derivation {
  enum class How : std::uint8_t { difference, sum, mesh, steps, due, man_days, classes };
  How how = How::sum;
  std::vector<std::string>
      from;  ///< keys: the parts of a sum; else what it starts from, in the order of the schema
  std::vector<std::string> minus;
  std::vector<std::string> minus_if_said;  ///< nothing is taken away while nobody says so
  std::string before, after;               ///< steps: codes below the first and beyond the last
  std::vector<DeriveStep> steps;
};
/// A table of classes, as data with a version: the first step that holds gives the code.
struct Reach {
  std::vector<std::string> parts;
  std::int64_t value = 0;  ///< their sum is certainly this or more
};
struct ClassStep {
  std::string code;
  When when;
  std::vector<Reach> reach;  ///< every one of them
};
struct ClassTable {
  std::uint32_t version = 0;
  Label label;
  std::vector<ClassStep> steps;
};

/// A phrase 定型文 for a text field of the form or of the header.
struct Phrase {
  std::string field;  ///< key
  Label text;
};
/// A beginning: several fields set at once (key and value as `--set` takes them).
struct Template {
  Label label;
  std::vector<std::pair<std::string, std::string>> set;
};

struct FieldInfo {
  FieldNo number = 0;
  std::string key;  ///< "households_stopped"
  Label label;
  Label help;
  Label unit;
  Kind kind = Kind::text;
  const CodeList* list = nullptr;  ///< code, code_set, answer; owned by the catalogue
  std::vector<FieldInfo> columns;  ///< group: the fields of a row
  bool required = false;
  bool warn_empty = false;
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::uint32_t scale = 0;       ///< decimal: digits after the point
  std::size_t chars_max = 0;     ///< text; 0 = not limited by itself
  std::size_t bytes_max = 0;     ///< text: bytes of UTF-8; digest: exact length
  std::size_t items_max = 0;     ///< references, group
  std::optional<When> relevant;  ///< asked and required only then
  Prefill prefill = Prefill::none;
  Aggregation aggregation = Aggregation::none;
  Confidentiality confidentiality = Confidentiality::open;
  std::uint32_t ask = 0;   ///< order of asking; 0 = not asked
  std::uint32_t page = 0;  ///< page of asking; 1 = the first report
  bool on_demand = false;  ///< of the header: asked only by forms that require or expect it
  bool ahead = false;      ///< time: lies ahead, a time of day alone means the next one
  std::uint32_t send = 0;  ///< order of sending when space is short: 1 first; 0 last
  std::uint32_t slot = 0;  ///< place on the wire; 0 = travels as an extra
  std::uint32_t bits = 0;  ///< width of the slot in the bit stream; 0 for texts and extras
  SaidBy said_by = SaidBy::body;
  std::optional<Derivation> derive;
  bool retired = false;  ///< still read, no longer asked
  [[nodiscard]] bool is_text() const { return kind == Kind::text || kind == Kind::person_text; }
};

struct FormInfo {
  std::string code;  ///< "F1"
  FormNo number = 0;
  std::uint8_t version = 0;
  Label label;
  Label help;
  bool snapshot = false;  ///< travels as a full snapshot: any single one suffices
  std::vector<std::string> header_required;
  std::vector<std::string> header_expected;
  std::vector<FieldInfo> fields;   ///< its own, by number; the header's are Catalogue::header().fields
  std::vector<std::size_t> slots;  ///< places in `fields` of those in the bit stream, in the order of slots
  std::vector<std::size_t> texts;  ///< likewise of texts with a slot
  std::vector<RuleInfo> rules;
  /// Key of the field that tells one row of a unit from another: a facility, an object, a request. Empty: the
  /// municipality does.
  std::string row;
  bool single = false;  ///< every initial report is a matter of its own: an accident, a message
  std::optional<ClassTable> classes;
  std::vector<Phrase> phrases;
  std::vector<Template> templates;
};

class Catalogue {
 public:
  /// The catalogue this program was built with.
  [[nodiscard]] static const Catalogue& built_in();
  /// A catalogue from a serialized google.protobuf.FileDescriptorSet (with the files it imports). The
  /// signature over it is the caller's to check. Every rule and condition is checked to name existing fields
  /// and codes.
  [[nodiscard]] static Result<Catalogue> load(BytesView file_descriptor_set);
  /// The bytes that load() takes, of the built-in catalogue.
  [[nodiscard]] static BytesView built_in_bytes();

  /// F0.
  [[nodiscard]] const FormInfo& header() const { return *header_; }
  /// All forms but F0, by number, then version.
  [[nodiscard]] const std::vector<FormInfo>& forms() const { return forms_; }
  /// The newest version of a form; nothing if unknown.
  [[nodiscard]] const FormInfo* form(std::string_view code) const;
  [[nodiscard]] const FormInfo* form(FormNo number) const;
  /// The version a report names; if that is not here, the newest one (slots are append-only, so it reads what
  /// it knows).
  [[nodiscard]] const FormInfo* form(FormNo number, std::uint8_t version) const;
  /// A field of the form or of the header. Cost: by number logarithmic, by key linear in the fields.
  [[nodiscard]] const FieldInfo* field(const FormInfo& form, std::string_view key) const;
  [[nodiscard]] const FieldInfo* field(const FormInfo& form, FieldNo number) const;
  [[nodiscard]] const FieldInfo* header_field(FieldNo number) const;
  /// Header and form fields that are asked of a person, in the order of asking.
  [[nodiscard]] std::vector<const FieldInfo*> asked(const FormInfo& form) const;
  /// Phrases for a text field: the form's, then the header's.
  [[nodiscard]] std::vector<const Phrase*> phrases(const FormInfo& form, std::string_view key) const;
  /// "HAZARD"; nothing if unknown.
  [[nodiscard]] const CodeList* list(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, CodeList, std::less<>>& lists() const { return lists_; }

  Catalogue(Catalogue&&) = default;
  Catalogue& operator=(Catalogue&&) = default;
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

 private:
  friend class CatalogueReader;
  Catalogue() = default;
  std::optional<FormInfo> header_;
  std::vector<FormInfo> forms_;
  std::map<std::string, CodeList, std::less<>>
      lists_;  // nodes stay where they are: FieldInfo::list points into them
};

}  // namespace noroshi::forms
