// The first report: six answers, one key each, unknown always an answer. F1's fields 66–71; the rest of the
// form stays unsaid and is shown as 未確認 until the unit sends it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"
#include "proto/result.hpp"

namespace noroshi::forms {

/// 人 危険 供給停止 容器 動けるか 助け: the key pressed, from 1; 9 = 未確認.
struct SixAnswers {
  std::array<std::uint8_t, 6> keys{};
  bool operator==(const SixAnswers&) const = default;
};

inline constexpr std::array<FieldNo, 6> kSixFields{field::six_people,   field::six_danger,
                                                   field::six_supply,   field::six_cylinders,
                                                   field::six_mobility, field::six_help};

/// "1-9-3-2-2-4" or "193224"; full-width digits too. An error names the answer that is wrong and lists what
/// it may be.
[[nodiscard]] Result<SixAnswers> parse_six(std::string_view text, const Catalogue& catalogue);
/// "1-9-3-2-2-4".
[[nodiscard]] std::string to_string(const SixAnswers& six);

/// Puts the answers into an F1. The checked scope is always said; `households` where it is `some` (2).
enum class CheckedScope : std::uint8_t { office = 1, some = 2, all = 3 };
void apply_six(Report& report, const SixAnswers& six, CheckedScope scope,
               std::optional<std::uint32_t> households = {});
/// The answers of an F1 that has all six.
[[nodiscard]] std::optional<SixAnswers> six_of(const Report& report);

/// What an answer says as a count: 0 → exact 0, 〜10 → 規模 1, 〜100 → 規模 2, 〜1000 → 規模 3, それ以上 →
/// 1001 (households) or 101 (cylinders) or more, 9 → unconfirmed.
[[nodiscard]] Count supply_count(std::uint8_t key);
[[nodiscard]] Count cylinder_count(std::uint8_t key);

/// 22 bits over the values, spoken as two words of the 2,048-word list when the digits are read by telephone:
/// check_number of to_string(six).
[[nodiscard]] std::uint32_t six_check(const SixAnswers& six);

}  // namespace noroshi::forms
