#include "client-tui/words/marks.hpp"

namespace noroshi::words {

std::vector<Mark> marks_of(const desk::Reading& reading) {
  const desk::Doubts& doubts = reading.doubts;
  std::vector<Mark> out;
  const auto mark = [&](bool condition, std::string_view name, Text text, Text advice) {
    if (condition) out.push_back({name, text, advice});
  };
  mark(doubts.revoked, "quarantine", Text::mark_quarantine, Text::warn_quarantined);
  mark(doubts.dead, "dead", Text::mark_dead, Text::warn_dead);
  mark(doubts.time, "time_doubtful", Text::mark_time, Text::warn_time_doubtful);
  mark(doubts.certificate, "certificate_expired", Text::mark_certificate, Text::warn_certificate_expired);
  mark(doubts.late && !doubts.dead, "stale", Text::mark_stale, Text::warn_stale);
  mark(doubts.roster, "old_roster", Text::mark_roster, Text::warn_old_roster);
  mark(doubts.sender_roster, "sender_roster_old", Text::mark_sender_roster, Text::warn_sender_roster);
  mark(doubts.epoch, "old_epoch", Text::mark_epoch, Text::warn_epoch);
  mark(reading.facts.copy, "resealed", Text::mark_resealed, Text::warn_resealed);
  mark(doubts.equivocal, "equivocal", Text::mark_equivocal, Text::warn_number_twice);
  mark(doubts.incomplete, "incomplete", Text::mark_incomplete, Text::warn_incomplete);
  mark(doubts.unknown_fields, "unknown_fields", Text::mark_unknown_fields, Text::warn_unknown_fields);
  mark(doubts.invalid, "invalid", Text::mark_invalid, Text::warn_invalid);
  return out;
}

}  // namespace noroshi::words
