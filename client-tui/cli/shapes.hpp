// The JSON of the command line: the shapes that scripts rely on. Keys in snake_case, times RFC 3339, nothing
// localized but the texts of problems.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/cli/context.hpp"
#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/rolled.hpp"

namespace noroshi::cli {

[[nodiscard]] Json recipients_json(const std::vector<RecipientId>& ids);
/// Everything `new --dry-run` says.
[[nodiscard]] Json dry_run_json(const desk::Prepared& prepared, const forms::Catalogue& catalogue);
[[nodiscard]] Json problems_json(const std::vector<forms::Problem>& problems);
/// What sending says: id of the first report, msg_id, state, recipients, size.
[[nodiscard]] Json sent_json(const desk::Sent& sent, desk::Delivery state);

/// One report: what inbox, outbox, show have in common.
[[nodiscard]] Json report_json(const desk::Letter& letter, const desk::Reading& reading,
                               const forms::Catalogue& catalogue);
/// With what became of it on the way: for outbox and show of own reports.
[[nodiscard]] Json per_recipient_json(const std::vector<desk::RecipientDelivery>& recipients);

/// One file of a report.
[[nodiscard]] Json file_json(const desk::FileHere& here, const forms::Catalogue& catalogue);

/// `scale`: digits after the point.
[[nodiscard]] Json sum_json(const desk::Sum& sum, std::uint32_t scale = 0);
[[nodiscard]] Json board_json(const desk::Rolled& rolled, std::optional<desk::Division> by,
                              const forms::Catalogue& catalogue, WallTime now);
/// Amounts of `over_delivered` have three decimals; metres of `same_object`.
[[nodiscard]] Json clash_json(const desk::Clash& clash, const forms::Catalogue& catalogue);

}  // namespace noroshi::cli
