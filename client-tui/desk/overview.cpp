#include "client-tui/desk/overview.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include "client-tui/desk/by_key.hpp"
#include "proto/forms/deadlines.hpp"

namespace noroshi::desk {
namespace {

/// Forms of which every standing report is asked: those that answer a deadline, and those that can say what
/// makes another report due. Of the others it is enough to know who has sent one.
bool asked_in_full(forms::FormNo number, const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(number);
  const auto has = [&](const std::vector<forms::Condition>& conditions) {
    return form != nullptr &&
           std::any_of(conditions.begin(), conditions.end(), [&](const forms::Condition& condition) {
             return catalogue.field(*form, condition.field) != nullptr;
           });
  };
  return std::any_of(forms::deadlines().begin(), forms::deadlines().end(), [&](const forms::Deadline& row) {
    return row.form == number ||
           std::find(row.answered_by.begin(), row.answered_by.end(), number) != row.answered_by.end() ||
           has(row.when.all) || has(row.when.any);
  });
}

/// Reads reports by their places, each letter once in a row.
class ReadingsAt {
 public:
  explicit ReadingsAt(Letters letters) : letters_(letters) {}
  std::optional<Reading> at(const Place& place) {
    if (!letter_ || letter_->entry.id != place.msg) letter_ = letters_.read(place.msg);
    if (!letter_ || place.index >= letter_->reports.size()) return std::nullopt;
    if (letter_->reports.size() > 1) return letter_->reports[place.index];
    return std::move(std::exchange(letter_, std::nullopt)->reports.front());
  }

 private:
  Letters letters_;
  std::optional<Letter> letter_;
};

}  // namespace

BoardQuery board_query(const keys::Trust& trust, IncidentId incident) {
  BoardQuery query;
  query.incident = incident;
  const keys::Incident* declared = trust.incident(incident);
  if (declared == nullptr) return query;
  query.exercise = declared->exercise;
  for (const std::string& code : declared->prefectures) {
    std::uint8_t number = 0;
    std::from_chars(code.data(), code.data() + code.size(), number);
    query.prefectures.push_back(number);
  }
  return query;
}

// ---- the board

void Overview::renew() {
  if (trust_ == desk_.trust_ptr()) return;
  trust_ = desk_.trust_ptr();
  units_ = desk_.expected_units();
  boards_.clear();
  spoken_.clear();
  asked_.clear();
  answered_.clear();
}

/// Takes in what stands anew and lets go of what no longer does.
void Overview::follow_rows(OneBoard& board, const StoreView& view) const {
  const IndexView index = desk_.index(view);
  ReadingsAt letters(desk_.letters(view));
  std::map<Place, Seen> now;
  for (const Kept& kept : index.standing({board.query.incident, board.query.exercise}, board.query.form)) {
    const auto before = board.rows.find(kept.place);
    const bool fresh = before == board.rows.end();
    const Seen seen{kept.change, fresh ? board.next_number++ : before->second.number};
    if (fresh || before->second.change != kept.change) {
      auto reading = letters.at(kept.place);
      const auto entry = index.outcome(kept.place);
      if (!reading || !entry) continue;
      const Verdict verdict = index.verdict(reading->facts.id);
      board.live.put(seen.number, {*std::move(reading), *entry, verdict, kept.beside});
    }
    now.emplace(kept.place, seen);
  }
  for (const auto& [place, seen] : board.rows) {
    if (now.count(place) > 0) continue;
    board.live.drop(seen.number);
  }
  board.rows = std::move(now);
}
void Overview::follow_evidence(OneBoard& board, const StoreView& view) const {
  const IndexView index = desk_.index(view);
  ReadingsAt letters(desk_.letters(view));
  std::map<Place, Seen> now;
  for (const Kept& kept : index.evidence({board.query.incident, board.query.exercise}, board.query.form)) {
    const auto before = board.evidence.find(kept.place);
    const bool fresh = before == board.evidence.end();
    const Seen seen{kept.change, fresh ? board.next_number++ : before->second.number};
    if (fresh || before->second.change != kept.change) {
      const auto reading = letters.at(kept.place);
      const auto entry = index.outcome(kept.place);
      if (!reading || !entry) continue;
      board.live.put_evidence(seen.number, reading->facts, reading->doubts, entry->fate);
    }
    now.emplace(kept.place, seen);
  }
  for (const auto& [place, seen] : board.evidence) {
    if (now.count(place) > 0) continue;
    board.live.drop_evidence(seen.number);
  }
  board.evidence = std::move(now);
}

bool Overview::follow(StandingAt& standing, const StoreView& view, std::span<const Side> sides,
                      forms::FormNo form) const {
  const IndexView index = desk_.index(view);
  ReadingsAt letters(desk_.letters(view));
  StandingAt now;
  bool changed = false;
  for (const Side side : sides) {
    for (const Kept& kept : index.standing(side, form)) {
      if (kept.beside) continue;
      const auto before = standing.find(kept.place);
      if (before != standing.end() && before->second.change == kept.change) {
        now.insert(standing.extract(before));
      } else if (auto reading = letters.at(kept.place)) {
        const Verdict verdict = index.verdict(reading->facts.id);
        now.emplace(kept.place, Standing{kept.change, *std::move(reading), verdict});
        changed = true;
      }
    }
  }
  changed = changed || !standing.empty();  // what is left over has gone
  standing = std::move(now);
  return changed;
}

std::vector<Clash> Overview::clashes_on(const OneBoard& board) const {
  std::vector<const Reading*> readings;
  for (const BoardRow& row : board.rolled->board.rows) {
    const bool counts = !row.beside && row.verdict != Verdict::held;
    if (counts) readings.push_back(&board.rolled->readings[row.reading]);
  }
  for (const auto& [form, others] : board.others) {
    for (const auto& [place, other] : others) {
      if (other.verdict != Verdict::held) readings.push_back(&other.reading);
    }
  }
  return with_form(desk::clashes(std::move(readings), units_, desk_.catalogue()), board.query.form);
}

std::shared_ptr<const Rolled> Overview::board(const StoreView& view, const BoardQuery& query) {
  renew();
  const auto before = boards_.find(query.form);
  if (before != boards_.end() && before->second.query != query) boards_.erase(before);
  OneBoard& board = boards_.try_emplace(query.form, query, desk_).first->second;
  follow_rows(board, view);
  follow_evidence(board, view);
  const Side side{query.incident, query.exercise};
  bool changed = false;
  for (const forms::FormNo form : held_against(query.form, desk_.catalogue())) {
    if (form != query.form) changed |= follow(board.others[form], view, std::span(&side, 1), form);
  }
  const IndexView index = desk_.index(view);
  std::uint64_t pending = 0;
  if (query.incident != IncidentId{}) {
    const std::vector<Kept> elsewhere = index.standing({IncidentId{}, query.exercise}, query.form);
    pending = static_cast<std::uint64_t>(std::ranges::count(elsewhere, false, &Kept::beside));
  }
  board.live.set_elsewhere(pending, index.standing_on(true, query.form));
  if (board.rolled && !changed && !board.live.stale()) return board.rolled;
  auto out = std::make_shared<Rolled>();
  out->board = board.live.board();
  out->readings.reserve(out->board.rows.size());
  for (BoardRow& row : out->board.rows) {
    out->readings.push_back(*board.live.reading(row.reading));
    row.reading = out->readings.size() - 1;
  }
  board.rolled = out;
  out->clashes = clashes_on(board);
  return out;
}

std::vector<Clash> Overview::clashes(const StoreView& view, const BoardQuery& query) const {
  const Side side{query.incident, query.exercise};
  std::vector<StandingAt> of_forms;
  std::vector<const Reading*> readings;
  for (const forms::FormInfo& form : desk_.catalogue().forms()) {
    StandingAt standing;
    follow(standing, view, std::span(&side, 1), form.number);
    of_forms.push_back(std::move(standing));
  }
  for (const StandingAt& standing : of_forms) {
    for (const auto& [place, one] : standing) {
      if (one.verdict != Verdict::held) readings.push_back(&one.reading);
    }
  }
  return desk::clashes(std::move(readings), desk_.expected_units(), desk_.catalogue());
}

// ---- the time line

void Overview::follow_spoken(const IndexView& index, Side side, forms::FormNo form) {
  std::map<Place, Spoken>& before = spoken_[form];
  std::map<Place, Spoken> now;
  for (const Kept& kept : index.standing(side, form)) {
    if (kept.beside) continue;
    const auto known = before.find(kept.place);
    if (known != before.end() && known->second.change == kept.change) {
      now.insert(before.extract(known));
      continue;
    }
    const auto held = index.rows().at(kept.place);
    const auto gist = index.rows().gist(kept.place);
    if (held && gist) now.emplace(kept.place, Spoken{kept.change, held->facts, gist->nil, gist->says});
  }
  before = std::move(now);
}

void Overview::hear(Ground& ground, const IndexView& index, Side side) {
  // Of whatever form: who has sent one that this program does not have yet has not been silent.
  for (const forms::FormNo form : index.forms()) {
    const bool called = std::ranges::any_of(
        ground.asked, [&](const Ground::Asked& asked) { return asked.call && asked.call->form == form; });
    if (!called && !asked_in_full(form, desk_.catalogue())) {
      for (const UnitId unit : index.heard_units(side, form)) ground.heard[{unit, form}];
      continue;
    }
    follow_spoken(index, side, form);
    std::map<UnitId, std::uint8_t> says;
    for (const auto& [place, spoken] : spoken_[form]) {
      Ground::Heard& heard = ground.heard[{spoken.facts.unit, form}];
      heard.newest = std::max(heard.newest, std::optional(spoken.facts.as_of));
      heard.closed |= spoken.facts.kind == Kind::final;
      heard.damaged |= !spoken.nil;
      if (spoken.says != 0) says[spoken.facts.unit] |= spoken.says;
    }
    for (const auto& [unit, bits] : says) {
      Ground::Heard& heard = ground.heard[{unit, form}];
      for (const Place& place : index.sayings(side, unit, form)) {
        const auto held = index.rows().at(place);
        const auto gist = index.rows().gist(place);
        const bool counts = held && gist && !gone(held->entry.fate) && !is_beside(held->facts) &&
                            held->facts.incident == side.incident && held->facts.exercise == side.exercise;
        if (counts) heard.say(static_cast<std::uint8_t>(bits & gist->says), held->facts);
      }
    }
  }
}

std::shared_ptr<const Lined> Overview::line(const StoreView& view, IncidentId incident, WallTime now) {
  const IndexView index = desk_.index(view);
  const TimelineQuery query = timeline_query(desk_.trust(), incident, desk_.self(), now);
  const Side side{query.incident, query.exercise};
  renew();
  if (spoken_of_ != side) spoken_.clear();
  spoken_of_ = side;

  Ground ground;
  std::vector<Place> places;
  const auto ask = [&](Side where) {
    for (const Place& place : index.questions(where)) {
      const auto held = index.rows().at(place);
      const auto gist = index.rows().gist(place);
      if (!held || !gist || !gist->answer_due) continue;
      ground.asked.push_back(
          {places.size(), held->facts.id, *gist->answer_due, held->facts.created, gist->call});
      places.push_back(place);
    }
  };
  ask(side);
  if (side.incident != IncidentId{}) ask({IncidentId{}, side.exercise});
  hear(ground, index, side);
  for (const InTouch& contact : index.contacts(side)) {
    if (!contact.announced) continue;
    ground.announced[contact.unit] = {contact.last, contact.announced->at, places.size()};
    places.push_back(contact.announced->place);
  }

  auto out = std::make_shared<Lined>();
  out->line = lay_out(ground, units_, query, desk_.catalogue());
  // Only what is spoken of is read.
  ReadingsAt letters(desk_.letters(view));
  const auto resolve = [&](std::size_t& place) {
    auto reading = letters.at(places[place]);
    place = out->readings.size();
    out->readings.push_back(reading ? *std::move(reading) : Reading{});
  };
  for (Question& question : out->line.questions) resolve(question.reading);
  for (Called& called : out->line.calls) resolve(called.reading);
  for (MissedContact& contact : out->line.missed) resolve(contact.reading);
  for (const Owed& owed : out->line.overdue) {
    const auto place = owed.because ? index.find(*owed.because) : std::nullopt;
    if (auto reading = place ? letters.at(*place) : std::nullopt)
      out->readings.push_back(*std::move(reading));
  }
  return out;
}

// ---- support

std::vector<SupportRequest> Overview::support(const StoreView& view, std::span<const Side> sides,
                                              WallTime now) {
  const forms::Catalogue& catalogue = desk_.catalogue();
  const forms::FormInfo *asking = catalogue.form("F4"), *answering = catalogue.form("F5");
  if (asking == nullptr || answering == nullptr) return {};
  renew();
  follow(asked_, view, sides, asking->number);
  follow(answered_, view, sides, answering->number);

  std::vector<Reading> standing, answers, cancelled;
  for (const auto& [place, known] : asked_) standing.push_back(known.reading);
  std::set<ReportId> named;
  for (const auto& [place, known] : answered_) {
    answers.push_back(known.reading);
    if (const auto* ids = get_by_key<forms::References>(known.reading.report, "answers", catalogue))
      named.insert(ids->begin(), ids->end());
  }
  const IndexView index = desk_.index(view);
  ReadingsAt letters(desk_.letters(view));
  for (const ReportId& id : named) {
    const auto place = index.find(id);
    if (!place || asked_.count(*place) > 0) continue;
    const auto entry = index.outcome(*place);
    auto reading = entry && entry->fate == Fate::cancelled ? letters.at(*place) : std::nullopt;
    if (reading && reading->facts.form == asking->number) cancelled.push_back(*std::move(reading));
  }
  return support_requests(std::move(standing), std::move(cancelled), answers, now, catalogue);
}

}  // namespace noroshi::desk
