// What is known together of one incident, kept up to date from the index: the board of one form, the time
// line, who was asked for support. A look costs what stands and what waits, and reads again only the reports
// that have changed since the last look; how many are held does not matter.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/rolled.hpp"
#include "client-tui/desk/support.hpp"
#include "client-tui/desk/timeline.hpp"

namespace noroshi::desk {

/// A time line without its events, with the reports that it speaks of.
struct Lined {
  Timeline line;
  std::vector<Reading> readings;
};

/// The board's question about an incident as the register has it.
[[nodiscard]] BoardQuery board_query(const keys::Trust& trust, IncidentId incident);

class Overview {
 public:
  /// The desk outlives it.
  explicit Overview(const Desk& desk) : desk_(desk) {}

  /// The board as of the snapshot. The same pointer as before if nothing has changed. `query.at` is not its
  /// matter.
  [[nodiscard]] std::shared_ptr<const Rolled> board(const StoreView& view, const BoardQuery& query);
  /// What clashes in an incident, whatever the form. Reads everything that stands.
  [[nodiscard]] std::vector<Clash> clashes(const StoreView& view, const BoardQuery& query) const;
  [[nodiscard]] std::shared_ptr<const Lined> line(const StoreView& view, IncidentId incident, WallTime now);
  /// Requests for support of these sides, none of which is named twice. A cancelled one is found by the
  /// answers that name its report.
  [[nodiscard]] std::vector<SupportRequest> support(const StoreView& view, std::span<const Side> sides,
                                                    WallTime now);

 private:
  struct Seen {
    std::uint64_t change = 0;
    std::size_t number = 0;
  };
  /// A report that stands by itself.
  struct Standing {
    std::uint64_t change = 0;
    Reading reading;
    Verdict verdict = Verdict::unconfirmed;
  };
  using StandingAt = std::map<Place, Standing>;
  /// One board as it was last looked at.
  struct OneBoard {
    OneBoard(BoardQuery its_query, const Desk& desk)
        : query(std::move(its_query)), live(query, desk.expected_units(), desk.catalogue()) {}
    BoardQuery query;
    LiveBoard live;
    std::map<Place, Seen> rows, evidence;
    std::size_t next_number = 1;
    std::map<forms::FormNo, StandingAt> others;  ///< what the rules hold against its reports
    std::shared_ptr<const Rolled> rolled;
  };
  /// What the time line asks of a standing report.
  struct Spoken {
    std::uint64_t change = 0;
    Facts facts;
    bool nil = false;
    std::uint8_t says = 0;
  };
  /// What was read with other keys, registers or forms is read again.
  void renew();
  void follow_rows(OneBoard& board, const StoreView& view) const;
  void follow_evidence(OneBoard& board, const StoreView& view) const;
  /// True if anything has come, changed or gone.
  bool follow(StandingAt& standing, const StoreView& view, std::span<const Side> sides,
              forms::FormNo form) const;
  [[nodiscard]] std::vector<Clash> clashes_on(const OneBoard& board) const;
  void follow_spoken(const IndexView& index, Side side, forms::FormNo form);
  void hear(Ground& ground, const IndexView& index, Side side);

  const Desk& desk_;
  keys::TrustPtr trust_;  ///< that everything below was read with
  std::map<forms::FormNo, OneBoard> boards_;
  StandingAt asked_, answered_;
  std::vector<ExpectedUnit> units_;
  std::optional<Side> spoken_of_;
  std::map<forms::FormNo, std::map<Place, Spoken>> spoken_;
};

}  // namespace noroshi::desk
