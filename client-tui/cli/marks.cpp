#include "client-tui/cli/marks.hpp"

namespace noroshi::cli {

std::vector<Mark> marks_of(const desk::Reading& reading) {
  const desk::Doubts& doubts = reading.doubts;
  std::vector<Mark> out;
  const auto mark = [&](bool condition, std::string_view name, Text text) {
    if (condition) out.push_back({name, text});
  };
  mark(doubts.revoked, "quarantine", Text::mark_quarantine);
  mark(doubts.dead, "dead", Text::mark_dead);
  mark(doubts.time, "time_doubtful", Text::mark_time);
  mark(doubts.certificate, "certificate_expired", Text::mark_certificate);
  mark(doubts.late && !doubts.dead, "stale", Text::mark_stale);
  mark(doubts.roster, "old_roster", Text::mark_roster);
  mark(doubts.sender_roster, "sender_roster_old", Text::mark_sender_roster);
  mark(doubts.epoch, "old_epoch", Text::mark_epoch);
  mark(reading.facts.copy, "resealed", Text::mark_resealed);
  mark(doubts.incomplete, "incomplete", Text::mark_incomplete);
  mark(doubts.unknown_fields, "unknown_fields", Text::mark_unknown_fields);
  mark(doubts.invalid, "invalid", Text::mark_invalid);
  return out;
}

}  // namespace noroshi::cli
