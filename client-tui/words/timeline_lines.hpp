// Lines for people: the time line of an incident.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/timeline.hpp"
#include "client-tui/words/line.hpp"

namespace noroshi::words {

/// "12分", "3時間5分", "4日".
[[nodiscard]] std::string span_text(Seconds length);
[[nodiscard]] std::string phase_word(forms::Phase phase);

/// What waits past its time: reports owed, contacts missed, questions. `open_too`: also questions that have
/// time left. One line says so where there is nothing.
[[nodiscard]] std::vector<Line> overdue_lines(const desk::Timeline& timeline,
                                              const std::vector<desk::Reading>& readings,
                                              const keys::Trust& trust, const forms::Catalogue& catalogue,
                                              bool open_too = false);
/// The begin, what is overdue, who has not reported yet, how far each phase has been answered. What came and
/// went follows, under a heading for each phase.
[[nodiscard]] std::vector<Line> timeline_head(const desk::Timeline& timeline,
                                              const std::vector<desk::Reading>& readings,
                                              const keys::Trust& trust, const forms::Catalogue& catalogue);
/// Of an incident that was not declared nothing has a phase.
[[nodiscard]] std::string phase_heading(const std::optional<forms::Phase>& phase);
[[nodiscard]] Line event_line(const desk::Event& event, const desk::Reading& reading,
                              const keys::Trust& trust, const forms::Catalogue& catalogue, WallTime now);

}  // namespace noroshi::words
