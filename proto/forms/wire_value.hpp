// One value as numbers: what slots and extras share.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proto/forms/body.hpp"
#include "proto/forms/catalogue.hpp"
#include "proto/forms/report.hpp"

namespace noroshi::forms {

/// An error in what came from outside, at `where`.
[[nodiscard]] Error bad(const std::string& where, const std::string& what);

/// Why a value cannot travel in (or must not come out of) a field of this kind: wrong kind, or out of the
/// wire's range. Nothing if it can. Ranges and limits of the form are for rules.hpp.
[[nodiscard]] std::optional<std::string> unfit(const Value& value, const FieldInfo& field);

/// Whole minutes and days from the envelope's `created`.
[[nodiscard]] std::int64_t minutes_from(WallTime created, WallTime time);
[[nodiscard]] std::optional<WallTime> time_at(WallTime created, std::int64_t minutes);
[[nodiscard]] std::int64_t days_from(WallTime created, Date date);
[[nodiscard]] std::optional<Date> date_at(WallTime created, std::int64_t days);

/// Each reference: seq·8 + more·4 + has_index·2 + other_key, then the key (org u16 | dev u16 | gen u8) if it
/// is not the envelope's, then the index if it is not 0.
[[nodiscard]] std::vector<std::uint64_t> reference_numbers(const References& references, KeyId own);
/// Takes numbers from `next` until the list ends; nothing if they do not hold.
[[nodiscard]] std::optional<References> references_from(
    const std::function<std::optional<std::uint64_t>()>& next, KeyId own);

/// At most this many in one list, whatever the form says.
inline constexpr std::size_t kReferencesMax = 64;

}  // namespace noroshi::forms
