// The console without a screen: numbered questions and one line for each event. Screen readers, lines of
// 2,400 bit/s and scripts all have the same. Every report, list and figure of the full-screen console is
// here; what may be typed into a field is the same too (entry.hpp).
//
// An answer that begins with a dot is for the program, everywhere the same: `.` done, `.b` back, `.c` clear,
// `.k` keep and leave, `.h` help. Two dots are one dot of the text.
#pragma once

#include "client-tui/tui/office.hpp"
#include "client-tui/tui/plain/paper.hpp"
#include "proto/result.hpp"

namespace noroshi::tui::plain {

/// Until somebody leaves or the paper ends; what was begun then is a draft. Errors: those of the first look
/// at the store.
[[nodiscard]] Result<void> run(Office& office, Paper& paper);

}  // namespace noroshi::tui::plain
