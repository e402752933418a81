#include "client-tui/desk/support.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "client-tui/desk/by_key.hpp"

namespace noroshi::desk {
namespace {

/// The rung that an answer stands for; nothing for one that moves none (extend).
std::optional<RequestState> rung_of(std::string_view answer_kind) {
  if (answer_kind == "acknowledge") return RequestState::acknowledged;
  if (answer_kind == "accept") return RequestState::accepted;
  if (answer_kind == "commit" || answer_kind == "partial_commit" || answer_kind == "offer")
    return RequestState::committed;
  if (answer_kind == "status") return RequestState::in_transit;
  if (answer_kind == "arrived" || answer_kind == "release" || answer_kind == "return")
    return RequestState::fulfilled;
  if (answer_kind == "decline") return RequestState::declined;
  return std::nullopt;
}

bool is_answer(const Reading& reading, const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(reading.report.form, reading.report.version);
  return form && form->code == "F5" && reading.facts.kind != Kind::cancel;
}

}  // namespace

std::string_view name_of(RequestState state) {
  switch (state) {
    case RequestState::open: return "open";
    case RequestState::acknowledged: return "acknowledged";
    case RequestState::accepted: return "accepted";
    case RequestState::partially_committed: return "partially_committed";
    case RequestState::committed: return "committed";
    case RequestState::in_transit: return "in_transit";
    case RequestState::fulfilled: return "fulfilled";
    case RequestState::declined: return "declined";
    case RequestState::cancelled: return "cancelled";
    case RequestState::expired: return "expired";
  }
  return {};
}

Seconds answer_due_in(std::string_view priority) {
  const std::int64_t hours = priority == "life" ? 1 : priority == "high" ? 3 : 24;
  return {hours * 3600};
}

bool answers_to(const forms::Report& answer, const Reading& request, const forms::Catalogue& catalogue) {
  if (const auto* named = get_by_key<forms::References>(answer, "answers", catalogue))
    return std::find(named->begin(), named->end(), request.facts.id) != named->end();
  const auto* number = get_by_key<std::string>(answer, "request_no", catalogue);
  const auto* own = get_by_key<std::string>(request.report, "request_no", catalogue);
  return number && own && *number == *own;
}

SupportCase support_case(const Reading& request, std::span<const Reading> answers, WallTime now,
                         const forms::Catalogue& catalogue) {
  SupportCase out;
  // A provider: a unit, or an organisation that speaks for none.
  std::map<std::pair<UnitId, OrgId>, const Reading*> newest;
  for (const Reading& answer : answers) {
    if (!is_answer(answer, catalogue) || !answers_to(answer.report, request, catalogue)) continue;
    if (!out.answered || answer.facts.as_of < *out.answered) out.answered = answer.facts.as_of;
    if (!rung_of(code_by_key(answer.report, "answer_kind", catalogue))) continue;
    const UnitId unit = answer.facts.unit;
    const Reading*& held = newest[{unit, unit.value == 0 ? answer.facts.signer.org : OrgId{}}];
    if (!held || held->facts.as_of < answer.facts.as_of) held = &answer;
  }

  bool all_decline = !newest.empty();
  for (const auto& [provider, answer] : newest) {
    const RequestState rung = *rung_of(code_by_key(answer->report, "answer_kind", catalogue));
    out.answers.push_back(answer->facts.id);
    all_decline = all_decline && rung == RequestState::declined;
    if (rung == RequestState::declined) continue;
    out.state = std::max(out.state, rung);
    if (const auto* quantity = get_by_key<forms::Decimal>(answer->report, "qty_committed", catalogue))
      out.committed += quantity->scaled;
    if (const auto* quantity = get_by_key<forms::Decimal>(answer->report, "qty_delivered", catalogue))
      out.delivered += quantity->scaled;
  }

  // A rung is the request's only when its whole quantity is on it.
  const auto* asked = get_by_key<forms::Decimal>(request.report, "quantity", catalogue);
  if (out.state == RequestState::fulfilled && asked && out.delivered < asked->scaled)
    out.state = RequestState::in_transit;
  if (out.state == RequestState::committed && asked && out.committed < asked->scaled)
    out.state = RequestState::partially_committed;
  if (all_decline) out.state = RequestState::declined;

  const auto* needed_by = get_by_key<WallTime>(request.report, "needed_by", catalogue);
  const bool nothing_promised = out.state < RequestState::partially_committed;
  if (nothing_promised && needed_by && *needed_by < now) out.state = RequestState::expired;
  if (request.facts.kind == Kind::cancel) out.state = RequestState::cancelled;
  const Seconds due = answer_due_in(code_by_key(request.report, "priority", catalogue));
  out.unanswered = !out.answered && request.facts.kind != Kind::cancel && now - request.facts.created > due;
  return out;
}

std::vector<SupportRequest> support_requests(std::vector<Reading> standing, std::vector<Reading> cancelled,
                                             std::span<const Reading> answers, WallTime now,
                                             const forms::Catalogue& catalogue) {
  std::vector<SupportRequest> out;
  for (Reading& request : standing) {
    SupportCase found = support_case(request, answers, now, catalogue);
    out.push_back({std::move(request), std::move(found)});
  }
  for (Reading& request : cancelled) {
    SupportCase found = support_case(request, answers, now, catalogue);
    if (found.answers.empty()) continue;  // nobody has to be recalled
    found.state = RequestState::cancelled;
    found.unanswered = false;
    out.push_back({std::move(request), std::move(found)});
  }
  std::ranges::stable_sort(out, {}, [](const SupportRequest& one) {
    return std::tuple(!one.found.unanswered, one.found.state >= RequestState::fulfilled,
                      one.reading.facts.created, one.reading.facts.id);
  });
  return out;
}

}  // namespace noroshi::desk
