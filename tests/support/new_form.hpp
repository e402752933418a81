// Forms that no program was built with: F12 給水の報告 (f12.proto), and F1 as it is changed one day.
#pragma once

#include "proto/bytes.hpp"
#include "tests/support/network.hpp"

namespace noroshi::test {

/// What protoc makes of the file.
[[nodiscard]] Bytes new_form_set();
/// F12 where the state of the water tells one row of a unit from another.
[[nodiscard]] Bytes rows_form_set();
/// F1 of another year: version 2, with field 115, a count that must be said.
[[nodiscard]] Bytes changed_form_set();
/// The catalogue with F12, signed by three of five officers.
[[nodiscard]] Bytes new_form_catalogue(const Network& network, std::uint32_t version = 1);
/// Any content, by any number of officers.
[[nodiscard]] Bytes catalogue_object(const Network& network, std::uint32_t version, Bytes content,
                                     int officers = 3);

}  // namespace noroshi::test
