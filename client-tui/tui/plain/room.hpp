// Who sits at the plain console: the office, the paper, and what is known as of the last look.
#pragma once

#include "client-tui/tui/office.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/plain/paper.hpp"

namespace noroshi::tui::plain {

struct Room {
  Room(Office& its_office, Paper& its_paper, FactsPtr its_facts)
      : office(its_office), paper(its_paper), facts(std::move(its_facts)) {}
  Office& office;
  Paper& paper;
  FactsPtr facts;
  bool gone = false;  ///< the paper has ended: everybody goes back to the door

  /// Reads the store again; what cannot be read is said, and the facts stay as they were.
  void look();
  /// Asks the relay, then looks, and says in a line each what has come.
  void contact();
  void print(const std::string& line) { paper.print(line); }
  void complain(const std::string& line) { print("! " + line); }
};

// ---- write.cpp
/// Six questions and what was checked; then the review.
void first_report(forms::Report report, Room& room);
/// The fields of a draft one after the other; then the review.
void write(desk::Draft draft, Room& room);
void write(Result<desk::Draft> draft, Room& room);
/// The last look. True: it is sent or kept.
bool review(desk::Draft& draft, Room& room);

// ---- pictures.cpp
/// Made small and kept, as choose_picture() of the screen. Nothing: none, and why has been said.
[[nodiscard]] std::optional<Enclosed> choose_picture(Room& room);
/// One more on a report, or one off.
void change_files(forms::Report& report, Room& room);

// ---- read.cpp
/// Newest first, ten at a time; a number opens one.
void read_list(Tab tab, Room& room);
/// One report in full, then what can be done with it.
void read_report(Item item, Room& room);

}  // namespace noroshi::tui::plain
