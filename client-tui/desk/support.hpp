// Where a request for support (F4) stands, from the answers to it (F5): 要請 → 受領 → 受諾 → 提供決定 →
// 輸送中 → 到着. The state is computed and never typed, because "sent" is not "agreed": each rung is a signed
// report of the provider.
//
// Several providers may answer one request. Of each the newest answer counts; the request stands on the
// highest rung that any of them has reached, is declined only if all decline, and has arrived when the
// quantity has.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "client-tui/desk/rollup.hpp"

namespace noroshi::desk {

/// The numbers of code list REQUEST_STATE; a test compares them with the catalogue.
enum class RequestState : std::uint8_t {
  open = 1,
  acknowledged = 2,
  accepted = 3,
  partially_committed = 4,
  committed = 5,
  in_transit = 6,
  fulfilled = 7,
  declined = 8,
  cancelled = 9,
  expired = 10,
};

/// "acknowledged": its name in the code list.
[[nodiscard]] std::string_view name_of(RequestState state);

struct SupportCase {
  RequestState state = RequestState::open;
  std::int64_t committed = 0;  ///< as scaled: three decimals
  std::int64_t delivered = 0;
  std::vector<ReportId> answers;     ///< the newest of each provider, by provider
  std::optional<WallTime> answered;  ///< as-of of the first answer
  bool unanswered = false;           ///< past the time in which an answer is due (R17)
};

/// `answers`: F5 that stand, of any request; those that do not name this one are passed over.
[[nodiscard]] SupportCase support_case(const Reading& request, std::span<const Reading> answers, WallTime now,
                                       const forms::Catalogue& catalogue);
/// A request as it stands today.
struct SupportRequest {
  Reading reading;
  SupportCase found;
};
/// Requests that stand, and those that were cancelled after somebody had answered, who has to be recalled:
/// unanswered ones first, then what has not arrived, each by the time of asking. Which they are, and the
/// answers that stand, the index knows (overview.hpp).
[[nodiscard]] std::vector<SupportRequest> support_requests(std::vector<Reading> standing,
                                                           std::vector<Reading> cancelled,
                                                           std::span<const Reading> answers, WallTime now,
                                                           const forms::Catalogue& catalogue);
/// R17: how long a request may wait for its first answer: life 1 h, high 3 h, else 24 h.
[[nodiscard]] Seconds answer_due_in(std::string_view priority);
/// The F5 names the F4 by its report or, without that, by its number.
[[nodiscard]] bool answers_to(const forms::Report& answer, const Reading& request,
                              const forms::Catalogue& catalogue);

}  // namespace noroshi::desk
