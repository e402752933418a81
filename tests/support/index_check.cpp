#include "tests/support/index_check.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

#include "client-tui/desk/timeline.hpp"

namespace noroshi::test {
namespace {

using desk::Fate;
using desk::IndexView;
using desk::Place;

struct Held {
  Place place;
  desk::Reading reading;
};

/// Every report with its place: own ones, then delivered ones of others.
std::vector<Held> everything(const desk::Letters& letters) {
  std::vector<Held> out;
  const auto take = [&](const std::vector<desk::Letter>& from, bool own) {
    for (const desk::Letter& letter : from) {
      if (letter.own() != own) continue;
      for (std::size_t i = 0; i < letter.reports.size(); ++i)
        out.push_back({{letter.entry.id, static_cast<std::uint8_t>(i)}, letter.reports[i]});
    }
  };
  take(letters.own(), true);
  take(letters.received(), false);
  return out;
}

class Check {
 public:
  Check(const desk::Desk& desk, const desk::StoreRead& view)
      : desk_(desk), view_(view), letters_(desk.letters(view)), index_(desk.index(view)) {
    held_ = everything(letters_);
    std::vector<desk::Reading> readings;
    for (const Held& held : held_) readings.push_back(held.reading);
    verdicts_ = desk::verdicts(readings);
    for (const Held& held : held_) {
      facts_.push_back(held.reading.facts);
      if (verdict(held.reading.facts.id) == desk::Verdict::confirmed) facts_.back().quarantined = false;
    }
    folded_ = desk::fold(facts_);
  }

  void all() {
    outcomes();
    piles();
    lists();
    events();
  }

 private:
  static void must(bool holds, const std::string& what) {
    if (!holds) throw std::runtime_error("index: " + what);
  }
  desk::Verdict verdict(const ReportId& id) const {
    const auto found = verdicts_.find(id);
    return found == verdicts_.end() ? desk::Verdict::unconfirmed : found->second;
  }

  void outcomes() {
    for (std::size_t i = 0; i < held_.size(); ++i) {
      const ReportId& id = facts_[i].id;
      const auto entry = index_.outcome(held_[i].place);
      must(entry.has_value(), to_string(id) + " is not indexed");
      must(*entry == folded_.entries[i], to_string(id) + " is " + std::string(name_of(entry->fate)) +
                                             ", not " + std::string(name_of(folded_.entries[i].fate)));
      must(index_.verdict(id) == verdict(id), "verdict on " + to_string(id));
    }
  }
  void piles() {
    using Pile = std::tuple<IncidentId, bool, forms::FormNo>;
    std::map<Pile, std::set<std::pair<bool, Place>>> standing;
    std::map<Pile, std::set<Place>> evidence;
    std::map<std::pair<bool, forms::FormNo>, std::uint64_t> counts;
    const auto pile = [&](std::size_t i) {
      return Pile{facts_[i].incident, facts_[i].exercise, facts_[i].form};
    };
    for (std::size_t i = 0; i < held_.size(); ++i) {
      standing[pile(i)], evidence[pile(i)];
      const Fate fate = folded_.entries[i].fate;
      if (fate == Fate::quarantined || fate == Fate::equivocal) evidence[pile(i)].insert(held_[i].place);
    }
    for (const std::size_t i : folded_.standing) {
      standing[pile(i)].insert({false, held_[i].place});
      ++counts[{facts_[i].exercise, facts_[i].form}];
    }
    for (const std::size_t i : folded_.beside) standing[pile(i)].insert({true, held_[i].place});
    for (const auto& [key, rows] : standing) {
      const auto [incident, exercise, form] = key;
      std::set<std::pair<bool, Place>> kept;
      for (const desk::Kept& row : index_.standing({incident, exercise}, form))
        kept.insert({row.beside, row.place});
      must(kept == rows, "what stands");
      std::set<Place> doubted;
      for (const desk::Kept& row : index_.evidence({incident, exercise}, form)) doubted.insert(row.place);
      must(doubted == evidence[key], "evidence");
      const std::uint64_t number = counts[{exercise, form}];
      must(index_.standing_on(exercise, form) == number, "how many stand");
    }
  }

  using Line = std::pair<MsgId, std::optional<std::uint8_t>>;
  std::vector<Line> kept(IndexView::List list) const {
    std::vector<Line> out;
    for (const desk::Listed& line : index_.window(list, 0, SIZE_MAX)) out.emplace_back(line.msg, line.index);
    must(out.size() == index_.size(list), "the length of a list");
    // A window anywhere is that part of the whole.
    for (std::size_t from = 0; from < out.size(); from += 3) {
      const auto part = index_.window(list, from, 2);
      must(!part.empty() && part.front().msg == out[from].first, "a part of a list");
    }
    std::reverse(out.begin(), out.end());
    return out;
  }
  void lists() {
    std::vector<Line> inbox, outbox, unread;
    const auto lines = [](const desk::Letter& letter, std::vector<Line>& out, bool closed_too) {
      if (letter.reports.empty() && closed_too) out.emplace_back(letter.entry.id, std::nullopt);
      for (std::size_t i = 0; i < letter.reports.size(); ++i)
        out.emplace_back(letter.entry.id, static_cast<std::uint8_t>(i));
    };
    for (const desk::Letter& letter : letters_.received()) {
      const bool closed = desk::is_closed(view_, letter);
      lines(letter, inbox, closed);
      if (!letter.own() && !letter.entry.read) lines(letter, unread, closed);
    }
    for (const desk::Letter& letter : letters_.own()) lines(letter, outbox, false);
    must(kept(IndexView::List::inbox) == inbox, "the list of what came");
    must(kept(IndexView::List::outbox) == outbox, "the list of what went");
    must(kept(IndexView::List::unread) == unread, "the list of what nobody has read");
  }

  void events() {
    std::map<std::pair<IncidentId, bool>, std::vector<std::tuple<WallTime, ReportId, Place>>> expected;
    for (std::size_t i = 0; i < held_.size(); ++i) {
      if (folded_.entries[i].fate == Fate::copy) continue;
      const WallTime at = facts_[i].signer == desk_.self() ? facts_[i].created : held_[i].reading.first_seen;
      expected[{facts_[i].incident, facts_[i].exercise}].emplace_back(at, facts_[i].id, held_[i].place);
    }
    for (auto& [key, rows] : expected) {
      const desk::Side side{key.first, key.second};
      std::sort(rows.begin(), rows.end());
      auto kept = index_.events(side, 0, SIZE_MAX);
      std::reverse(kept.begin(), kept.end());
      must(kept.size() == rows.size(), "how much came and went");
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [at, id, place] = rows[i];
        must(kept[i].msg == place.msg && kept[i].index == place.index, "the order of what came and went");
        must(index_.events_before(side, at) <= i, "what came before");
      }
    }
  }

  const desk::Desk& desk_;
  const desk::StoreRead& view_;
  desk::Letters letters_;
  IndexView index_;
  std::vector<Held> held_;
  std::vector<desk::Facts> facts_;
  std::map<ReportId, desk::Verdict> verdicts_;
  desk::Folded folded_;
};

/// The board with its rows named by reports instead of places.
desk::Board named(desk::Board board, const std::vector<desk::Reading>& readings, std::vector<ReportId>& ids) {
  for (desk::BoardRow& row : board.rows) {
    ids.push_back(readings[row.reading].facts.id);
    row.reading = 0;
  }
  return board;
}

/// Requests of one side, by reading everything.
std::vector<desk::SupportRequest> support_of(const std::vector<desk::Reading>& readings, desk::Side side,
                                             WallTime now, const forms::Catalogue& catalogue) {
  const auto said = desk::verdicts(readings);
  std::vector<desk::Facts> facts;
  for (const desk::Reading& reading : readings) {
    facts.push_back(reading.facts);
    const auto verdict = said.find(reading.facts.id);
    if (verdict != said.end() && verdict->second == desk::Verdict::confirmed)
      facts.back().quarantined = false;
  }
  const desk::Folded folded = desk::fold(facts);
  std::vector<desk::Reading> standing, cancelled, answers;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const Fate fate = folded.entries[i].fate;
    if (facts[i].incident != side.incident || facts[i].exercise != side.exercise) continue;
    if (facts[i].form == 4 && fate == Fate::standing) standing.push_back(readings[i]);
    if (facts[i].form == 4 && fate == Fate::cancelled) cancelled.push_back(readings[i]);
    if (facts[i].form == 5 && fate == Fate::standing) answers.push_back(readings[i]);
  }
  return desk::support_requests(standing, cancelled, answers, now, catalogue);
}

}  // namespace

void check_overview(const desk::Desk& desk, desk::Store& store, desk::Overview& overview, IncidentId incident,
                    WallTime now) {
  const auto must = [](bool holds, const char* what) {
    if (!holds) throw std::runtime_error(std::string("overview: ") + what);
  };
  const auto view = store.read();
  const auto readings = desk.readings();
  must(view.ok() && readings.ok(), "reading the store");
  const std::vector<desk::ExpectedUnit> units = desk.expected_units();
  const desk::BoardQuery query = desk::board_query(desk.trust(), incident);
  const auto rolled = overview.board(*view, query);
  std::vector<ReportId> rows, expected;
  must(named(rolled->board, rolled->readings, rows) ==
           named(desk::roll_up(*readings, units, query, desk.catalogue()), *readings, expected),
       "the board");
  must(rows == expected, "the rows of the board");
  for (const char* code : {"F1", "F2"}) {
    desk::BoardQuery of_form = query;
    of_form.form = desk.catalogue().form(code)->number;
    must(overview.board(*view, of_form)->clashes ==
             desk::rolled_up(*readings, units, of_form, desk.catalogue()).clashes,
         "what clashes");
  }
  const auto kept = overview.line(*view, incident, now);
  const desk::Timeline line = desk::timeline(
      *readings, units, desk::timeline_query(desk.trust(), incident, desk.self(), now), desk.catalogue());
  must(kept->line.overdue == line.overdue, "what is overdue");
  must(kept->line.silent == line.silent, "who is silent");
  must(kept->line.steps == line.steps, "how far the phases have been answered");
  must(kept->line.questions.size() == line.questions.size(), "open questions");
  for (std::size_t i = 0; i < line.questions.size(); ++i) {
    const ReportId& asked = (*readings)[line.questions[i].reading].facts.id;
    must(kept->readings[kept->line.questions[i].reading].facts.id == asked, "the order of questions");
    must(kept->line.questions[i].overdue == line.questions[i].overdue, "which question is overdue");
  }
  must(kept->line.calls.size() == line.calls.size(), "open calls");
  for (std::size_t i = 0; i < line.calls.size(); ++i) {
    const desk::Called &one = kept->line.calls[i], &other = line.calls[i];
    must(one.id == other.id && one.call == other.call && one.due == other.due, "which call");
    must(one.expected == other.expected && one.answered == other.answered, "who has answered a call");
    must(kept->readings[one.reading].facts.id == one.id, "where a call is");
  }
  must(kept->line.missed.size() == line.missed.size(), "missed contacts");
  for (std::size_t i = 0; i < line.missed.size(); ++i) {
    const ReportId& said = (*readings)[line.missed[i].reading].facts.id;
    must(kept->readings[kept->line.missed[i].reading].facts.id == said, "who was missed");
  }
  const desk::Side side{query.incident, query.exercise};
  const auto asked = overview.support(*view, std::array{side}, now);
  const auto all = support_of(*readings, side, now, desk.catalogue());
  must(asked.size() == all.size(), "how many requests there are");
  for (std::size_t i = 0; i < all.size(); ++i) {
    must(asked[i].reading.facts.id == all[i].reading.facts.id, "the order of requests");
    must(asked[i].found.state == all[i].found.state && asked[i].found.answers == all[i].found.answers,
         "where a request stands");
  }
}

void check_index(const desk::Desk& desk, desk::Store& store) {
  const auto view = store.read();
  if (!view.ok()) throw std::runtime_error(view.error().text);
  Check(desk, *view).all();
}

}  // namespace noroshi::test
