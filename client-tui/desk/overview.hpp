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
#include "client-tui/desk/support.hpp"
#include "client-tui/desk/timeline.hpp"

namespace noroshi::desk {

/// A board with the reports of its rows.
struct Rolled {
  Board board;
  std::vector<Reading> readings;
};
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

  /// The board as of the snapshot. The same pointer as before if nothing has changed.
  [[nodiscard]] std::shared_ptr<const Rolled> board(const StoreView& view, const BoardQuery& query);
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
  /// What the time line asks of a standing report.
  struct Spoken {
    std::uint64_t change = 0;
    Facts facts;
    bool nil = false;
    std::uint8_t says = 0;
  };
  /// Reports that stand, each with the number of its last change.
  using Known = std::map<Place, std::pair<std::uint64_t, Reading>>;
  void begin(const BoardQuery& query);
  void follow_rows(const StoreView& view);
  void follow_evidence(const StoreView& view);
  void follow_spoken(const IndexView& index, Side side, forms::FormNo form);
  void hear(Ground& ground, const IndexView& index, Side side);
  [[nodiscard]] Known follow_known(Known before, const StoreView& view, std::span<const Side> sides,
                                   forms::FormNo form) const;

  const Desk& desk_;
  keys::TrustPtr trust_;  ///< that the rows were read with
  std::optional<LiveBoard> board_;
  BoardQuery query_;
  std::map<Place, Seen> rows_, evidence_;
  std::size_t next_number_ = 1;
  std::shared_ptr<const Rolled> rolled_;

  keys::TrustPtr line_trust_;
  std::vector<ExpectedUnit> units_;
  std::optional<Side> side_;
  std::map<forms::FormNo, std::map<Place, Spoken>> spoken_;

  keys::TrustPtr support_trust_;  ///< that they were read with
  Known asked_, answered_;
};

}  // namespace noroshi::desk
