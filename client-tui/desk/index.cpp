#include "client-tui/desk/index.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "proto/result.hpp"

namespace noroshi::desk {
namespace {

using forms::ActKind;

/// A closed letter stands in its list under this index: no body has so many reports that it is taken.
constexpr std::uint8_t kClosed = 0xFF;

CountedList list_named(const IndexRows& rows, std::string_view name) {
  return CountedList(rows.name(view_of(name)));
}
CountedList inbox_of(const IndexRows& rows) {
  return list_named(rows, "inbox");
}
CountedList outbox_of(const IndexRows& rows) {
  return list_named(rows, "outbox");
}
CountedList unread_of(const IndexRows& rows) {
  return list_named(rows, "unread");
}
CountedList events_of(const IndexRows& rows, Side side) {
  return CountedList(
      rows.name(Writer().bytes(view_of("events")).u32(side.incident.value).u8(side.exercise ? 1 : 0).data()));
}
/// Times as numbers of a list: nothing of ours was before 1970.
std::uint64_t number_of(WallTime time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.s, 0));
}

Side side_of(const Facts& facts) {
  return {facts.incident, facts.exercise};
}
Bytes tail_of(const Place& place) {
  return Writer().bytes(place.msg.value).u8(place.index).take();
}
Listed listed(const CountedList::Row& row) {
  Reader in(BytesView(row.tail).last(17));
  Listed out;
  out.msg.value = in.array<16>();
  if (const std::uint8_t index = in.u8(); index != kClosed) out.index = index;
  out.number = row.number;
  return out;
}
std::vector<Listed> all_listed(const std::vector<CountedList::Row>& rows) {
  std::vector<Listed> out;
  out.reserve(rows.size());
  for (const CountedList::Row& row : rows) out.push_back(listed(row));
  return out;
}

bool is_evidence(Fate fate) {
  return fate == Fate::quarantined || fate == Fate::equivocal;
}
Bytes standing_key(const IndexRows& rows, Side side, forms::FormNo form, UnitId unit, Fate line,
                   const Place& place) {
  Bytes key = rows.pile_key('p', side, form, unit);
  key.push_back(line == Fate::beside ? 1 : 0);
  return IndexRows::with(std::move(key), place);
}
Bytes standing_key(const IndexRows& rows, const Refolded::Line& line, const Place& place) {
  const Series& series = line.series;
  return standing_key(rows, {series.incident, series.exercise}, series.form, series.unit, line.fate, place);
}
constexpr std::size_t kLineAt = 1 + 16 + 8;  // in a standing key: after kind, pile, unit

Bytes again_key(const MsgId& id) {
  return Writer().u8('r').bytes(id.value).take();
}

/// The reports of one envelope that are indexed.
std::vector<Place> all_of(const IndexRows& rows, const MsgId& id) {
  return rows.places_under(Writer().u8('f').bytes(id.value).data());
}

}  // namespace

bool gone(Fate fate) {
  return fate == Fate::cancelled || fate == Fate::cancelling || fate == Fate::copy ||
         fate == Fate::equivocal || fate == Fate::quarantined;
}

// ---- questions

std::uint64_t IndexView::size(List list) const {
  switch (list) {
    case List::inbox: return inbox_of(rows_).size(*view_);
    case List::outbox: return outbox_of(rows_).size(*view_);
    case List::unread: return unread_of(rows_).size(*view_);
  }
  return 0;
}
std::vector<Listed> IndexView::window(List list, std::uint64_t from, std::size_t max) const {
  const CountedList rows = list == List::inbox    ? inbox_of(rows_)
                           : list == List::outbox ? outbox_of(rows_)
                                                  : unread_of(rows_);
  return all_listed(rows.newest(*view_, from, max));
}
std::uint64_t IndexView::events(Side side) const {
  return events_of(rows_, side).size(*view_);
}
std::uint64_t IndexView::events_before(Side side, WallTime time) const {
  return events_of(rows_, side).before(*view_, number_of(time));
}
std::vector<Listed> IndexView::events(Side side, std::uint64_t from, std::size_t max) const {
  return all_listed(events_of(rows_, side).newest(*view_, from, max));
}

std::optional<Folded::Entry> IndexView::outcome(const Place& place) const {
  const auto held = rows_.at(place);
  return held ? std::optional(desk::outcome(rows_, place, *held)) : std::nullopt;
}
std::optional<Place> IndexView::find(const ReportId& id) const {
  std::optional<Place> out;
  std::optional<std::pair<bool, Place>> best;
  for (const Place& place : rows_.carrying(id)) {
    const auto held = rows_.at(place);
    if (!held || (best && *best < std::pair(held->facts.copy, place))) continue;
    best = std::pair(held->facts.copy, place);
    out = place;
  }
  return out;
}
std::vector<Place> IndexView::siblings(const Facts& facts) const {
  std::vector<Place> out;
  for (const Place& place : rows_.in_body(facts.id.key, facts.id.seq)) {
    const auto held = rows_.at(place);
    if (!held || held->facts.id == facts.id || held->facts.unit != facts.unit ||
        held->facts.form != facts.form)
      continue;
    if (desk::outcome(rows_, place, *held).fate == Fate::standing) out.push_back(place);
  }
  return out;
}

std::vector<Kept> IndexView::standing(Side side, forms::FormNo form) const {
  std::vector<Kept> out;
  const Bytes prefix = rows_.pile_key('p', side, form);
  lmdb::Cursor cursor = view_->index_cursor();
  for (auto row = cursor.seek(prefix);
       row && row->key.size() > kLineAt && equal(row->key.first(prefix.size()), prefix);
       row = cursor.next()) {
    Reader in(row->key.last(17));
    Kept kept;
    kept.place.msg.value = in.array<16>();
    kept.place.index = in.u8();
    kept.change = Reader(row->value).u64();
    kept.beside = row->key[kLineAt] != 0;
    out.push_back(kept);
  }
  return out;
}
std::vector<UnitId> IndexView::heard_units(Side side, forms::FormNo form) const {
  const Bytes prefix = rows_.pile_key('p', side, form);
  std::vector<Place> firsts;  // one row of each unit
  {
    lmdb::Cursor cursor = view_->index_cursor();
    for (auto row = cursor.seek(prefix);
         row && row->key.size() > kLineAt && equal(row->key.first(prefix.size()), prefix);) {
      Bytes next = bytes_of(row->key.first(kLineAt));
      if (row->key[kLineAt] == 0) {
        Reader in(row->key.last(17));
        Place place;
        place.msg.value = in.array<16>();
        place.index = in.u8();
        firsts.push_back(place);
      }
      next.push_back(0xFF);  // behind both lines of the unit
      row = cursor.seek(next);
    }
  }
  std::vector<UnitId> out;
  for (const Place& place : firsts) {
    if (const auto held = rows_.at(place)) out.push_back(held->facts.unit);
  }
  return out;
}
std::vector<Kept> IndexView::evidence(Side side, forms::FormNo form) const {
  std::vector<Kept> out;
  for (const auto& [place, change] : rows_.changes_under(rows_.pile_key('e', side, form)))
    out.push_back({place, change, false});
  return out;
}
std::uint64_t IndexView::standing_on(bool exercise, forms::FormNo form) const {
  return rows_.count(rows_.pile_key('x', {IncidentId{}, exercise}, form));
}
std::vector<Place> IndexView::questions(Side side) const {
  return rows_.places_under(rows_.key_of('q', side));
}
std::vector<Place> IndexView::sayings(Side side, UnitId unit, forms::FormNo form) const {
  return rows_.sayings(side, unit, form);
}

std::optional<Place> IndexView::any_of(UnitId unit, forms::FormNo form) const {
  const std::vector<Place> places = rows_.places_under(rows_.pile_key('w', {}, form, unit));
  return places.empty() ? std::nullopt : std::optional(places.front());
}

std::vector<MsgId> IndexView::to_take_again(std::size_t max) const {
  std::vector<MsgId> out;
  lmdb::Cursor cursor = view_->index_cursor();
  const Bytes prefix = again_key({});
  for (auto row = cursor.seek(prefix); row && row->key.front() == prefix.front() && out.size() < max;
       row = cursor.next())
    out.push_back({array_of<16>(row->key.last(16))});
  return out;
}

// ---- keeping

Index::Index(StoreTurn& turn, const Letters& letters, const keys::Secret<32>& store_key, DeviceId self,
             Rng& rng, const forms::Catalogue& catalogue)
    : turn_(turn), letters_(letters), rows_(turn, store_key, rng), self_(self), catalogue_(catalogue) {}

void Index::take(const MsgId& id) {
  const auto letter = letters_.read(id);
  if (!letter) return;
  change_ = turn_.next_change();
  for (const Place& place : all_of(rows_, id)) {
    if (place.index >= letter->reports.size()) withdraw(place);
  }
  for (std::size_t i = 0; i < letter->reports.size(); ++i)
    take_report({id, static_cast<std::uint8_t>(i)}, letter->reports[i]);
  list(*letter);
  // Whoever is one of two under a number is shown as that, opened or not.
  const std::vector<MsgId> numbered = turn_.at(letter->entry.key, letter->entry.seq);
  if (numbered.size() < 2) return;
  for (const MsgId& other : numbered) {
    for (const Place& place : all_of(rows_, other)) {
      if (const auto held = rows_.at(place)) touch(place, held->facts);
    }
  }
}

namespace {
/// Another report altogether, by what it is called, sought and numbered by.
bool is_another(const Facts& before, const Gist& said, const Facts& now, const Gist& gist) {
  const auto numbered = [](const Facts& facts, const Gist& its) {
    return std::tie(facts.id, facts.form, facts.unit, facts.incident, facts.kind, facts.as_of, its.report_no);
  };
  return numbered(before, said) != numbered(now, gist);
}
/// Rows that find a report by what it says, and stand as long as it says so.
std::set<Bytes> signposts(const IndexRows& rows, const Place& place, const Facts& facts, const Gist& gist) {
  std::set<Bytes> out{IndexRows::with(rows.key_of('u', facts.unit), place)};
  for (const ReportId& target : gist.regarding) out.insert(IndexRows::with(rows.key_of('a', target), place));
  return out;
}
}  // namespace

void Index::take_report(const Place& place, const Reading& reading) {
  const Gist gist = gist_of(reading, catalogue_);
  auto before = rows_.at(place);
  auto said = rows_.gist(place);
  if (before && said && is_another(before->facts, *said, reading.facts, gist)) {
    withdraw(place);
    before.reset(), said.reset();
  }
  if (said != gist) {
    rows_.put(place, gist);
    if (before) touch(place, before->facts);
  }
  Facts facts = reading.facts;
  if (before && gist.quarantined && rows_.verdict(facts.id) == Verdict::confirmed) facts.quarantined = false;
  const std::set<Bytes> posts = signposts(rows_, place, facts, gist);
  if (before && said) {
    for (const Bytes& post : signposts(rows_, place, before->facts, *said)) {
      if (posts.count(post) == 0) rows_.erase(post);
    }
  }
  for (const Bytes& post : posts) rows_.mark(post);
  if (before) rows_.drop_saying(place, before->facts);
  if (gist.says != 0) rows_.put_saying(place, facts);
  if (const Bytes first = rows_.pile_key('w', {}, facts.form, facts.unit); rows_.places_under(first).empty())
    rows_.mark(IndexRows::with(first, place));
  rows_.put(facts.incident);
  rows_.put_form(facts.form);
  number(place, facts, gist);
  apply(refold(rows_, place, facts));
  review(facts.id);
  if (facts.form != 9) return;
  heed(gist.regarding);
  if (said && said->regarding != gist.regarding) heed(said->regarding);
}

/// It was indexed, and its letter says it no more.
void Index::withdraw(const Place& place) {
  const auto held = rows_.at(place);
  const auto said = rows_.gist(place);
  if (!held || !said) return;
  const Facts& facts = held->facts;
  for (const Bytes& post : signposts(rows_, place, facts, *said)) rows_.erase(post);
  rows_.drop_saying(place, facts);
  apply(desk::withdraw(rows_, place));
  rows_.drop_gist(place);
  number_again(facts);
  if (const Bytes first = rows_.pile_key('w', {}, facts.form, facts.unit);
      rows_.erase(IndexRows::with(first, place))) {
    for (const Place& other : rows_.places_under(rows_.key_of('u', facts.unit))) {
      const auto one = rows_.at(other);
      if (!one || one->facts.form != facts.form) continue;
      rows_.mark(IndexRows::with(first, other));
      break;
    }
  }
  if (facts.form == 9) heed(said->regarding);
}

/// A note on a report, an answer to a question, has come or gone.
void Index::heed(const std::vector<ReportId>& targets) {
  for (const ReportId& target : targets) {
    review(target);
    for (const Place& about : rows_.carrying(target)) {
      if (const auto held = rows_.at(about)) touch(about, held->facts);
    }
  }
  ask_again(targets);
}

void Index::set_to_take_again(const MsgId& id, bool wrong) {
  if (wrong) {
    rows_.mark(again_key(id));
  } else {
    rows_.erase(again_key(id));
  }
}

/// A quarantined report counts once its association has confirmed it, and no longer if it takes that back.
void Index::review(const ReportId& id) {
  std::optional<Verdict> verdict;
  for (const Place& place : rows_.carrying(id)) {
    const auto gist = rows_.gist(place);
    const auto held = gist && gist->quarantined ? rows_.at(place) : std::nullopt;
    if (!held) continue;
    if (!verdict) verdict = rows_.verdict(id);
    Facts facts = held->facts;
    facts.quarantined = *verdict != Verdict::confirmed;
    if (facts != held->facts) apply(refold(rows_, place, facts));
  }
}

void Index::apply(const Refolded& refolded) {
  for (const Refolded::Change& change : refolded.changes) {
    const auto &before = change.before, &after = change.after;
    const auto evidence_key = [&](const Facts& facts) {
      return IndexRows::with(rows_.pile_key('e', side_of(facts), facts.form), change.place);
    };
    if (before && is_evidence(before->entry.fate)) rows_.erase(evidence_key(before->facts));
    if (after && is_evidence(after->entry.fate)) rows_.mark(evidence_key(after->facts), change_);
    tell(change);
    contact(change);
    if (after) touch(change.place, after->facts);
    if ((after ? after : before)->facts.form != 9) continue;
    if (before && (!after || before->facts != after->facts))
      rows_.erase(IndexRows::with(rows_.key_of('q', side_of(before->facts)), change.place));
    ask(change.place);
    if (const auto gist = rows_.gist(change.place)) ask_again(gist->regarding);
  }
  // A standing row's key does not say of which matter it is: one that moves from one to another is erased by
  // the one before the other marks it, whichever is named first.
  for (const Refolded::Line& line : refolded.lines) {
    for (const auto& [municipality, row] : line.before.rows)
      rows_.erase(standing_key(rows_, line, row.place));
  }
  for (const Refolded::Line& line : refolded.lines) {
    for (const auto& [municipality, row] : line.after.rows)
      rows_.mark(standing_key(rows_, line, row.place), change_);
    count(line);
  }
}

/// How many stand of a form on a side, in whatever incident.
void Index::count(const Refolded::Line& line) {
  const std::size_t before = line.before.rows.size(), after = line.after.rows.size();
  if (line.fate != Fate::standing || before == after) return;
  const Bytes key = rows_.pile_key('x', {IncidentId{}, line.series.exercise}, line.series.form);
  rows_.mark(key, rows_.count(key) + after - before);
}

/// Something about it has changed: who keeps a copy reads it again.
void Index::touch(const Place& place, const Facts& facts) {
  for (const Fate line : {Fate::standing, Fate::beside}) {
    const Bytes key = standing_key(rows_, side_of(facts), facts.form, facts.unit, line, place);
    if (turn_.index_row(key)) rows_.mark(key, change_);
  }
}

void Index::number(const Place& place, const Facts& facts, const Gist& gist) {
  const auto held = rows_.numbered(facts.incident, facts.unit, facts.form);
  Numbered now = held.value_or(Numbered{});
  if (!held || gist.report_no > now.highest) {
    now.highest = gist.report_no;
    now.highest_at = place;
  }
  const std::pair age(facts.as_of, facts.id);
  if (facts.kind != Kind::cancel && (!now.last || *now.last < age)) {
    now.last = age;
    now.last_at = place;
  }
  if (now != held) rows_.put(facts.incident, facts.unit, facts.form, now);
}
/// From what there is, where the report that the highest number or the newest came from has gone.
void Index::number_again(const Facts& gone_one) {
  rows_.drop_numbered(gone_one.incident, gone_one.unit, gone_one.form);
  for (const Place& place : rows_.places_under(rows_.key_of('u', gone_one.unit))) {
    const auto held = rows_.at(place);
    const auto gist = rows_.gist(place);
    if (held && gist && held->facts.form == gone_one.form && held->facts.incident == gone_one.incident)
      number(place, held->facts, *gist);
  }
}

// ---- what came when

void Index::tell(const Refolded::Change& change) {
  const auto gist = rows_.gist(change.place);
  const auto row = [&](const Settled& settled, bool there) {
    const Facts& facts = settled.facts;
    const WallTime at = facts.signer == self_ || !gist ? facts.created : gist->first_seen;
    Writer tail;
    tail.u16(facts.id.key.device.org.value).u16(facts.id.key.device.dev).u8(facts.id.key.gen);
    tail.u32(facts.id.seq).u8(facts.id.index).bytes(tail_of(change.place));
    const CountedList events = events_of(rows_, side_of(facts));
    if (there) {
      events.add(turn_, number_of(at), tail.data());
    } else {
      events.remove(turn_, number_of(at), tail.data());
    }
  };
  const bool was = change.before && change.before->entry.fate != Fate::copy;
  const bool is = change.after && change.after->entry.fate != Fate::copy;
  if (was && is && change.before->facts == change.after->facts) return;
  if (was) row(*change.before, false);
  if (is) row(*change.after, true);
}

// ---- who was in touch

namespace {
bool speaks(const Settled& settled) {
  return settled.facts.unit.value != 0 && !settled.facts.hearsay && !gone(settled.entry.fate);
}
void offer(InTouch& contact, const Place& place, const Facts& facts, const Gist& gist) {
  contact.last = std::max(contact.last, facts.created);
  if (!gist.next_contact) return;
  const std::tuple said(facts.created, facts.id);
  if (!contact.announced || contact.announced->said < said)
    contact.announced = InTouch::Announced{said, *gist.next_contact, place};
}
}  // namespace

void Index::contact(const Refolded::Change& change) {
  const bool was = change.before && speaks(*change.before), is = change.after && speaks(*change.after);
  if (was && is && change.before->facts == change.after->facts) return;
  if (was) {
    const Facts& before = change.before->facts;
    const Side side = side_of(before);
    const auto held = rows_.contact(side, before.unit);
    const bool counted =
        held && (held->last <= before.created || (held->announced && held->announced->place == change.place));
    if (counted) {
      std::optional<InTouch> fresh;
      for (const Place& place : rows_.places_under(rows_.key_of('u', before.unit))) {
        const auto other = place == change.place ? std::nullopt : rows_.at(place);
        if (!other || !speaks(*other) || other->facts.incident != side.incident ||
            other->facts.exercise != side.exercise || other->facts.unit != before.unit)
          continue;
        if (!fresh) fresh = InTouch{before.unit, other->facts.created, {}};
        if (const auto gist = rows_.gist(place)) offer(*fresh, place, other->facts, *gist);
      }
      if (fresh) {
        rows_.put(side, *fresh);
      } else {
        rows_.drop_contact(side, before.unit);
      }
    }
  }
  const auto gist = is ? rows_.gist(change.place) : std::nullopt;
  if (!gist) return;
  const Facts& now = change.after->facts;
  const auto held = rows_.contact(side_of(now), now.unit);
  InTouch contact = held.value_or(InTouch{now.unit, now.created, {}});
  offer(contact, change.place, now, *gist);
  if (contact != held) rows_.put(side_of(now), contact);
}

// ---- who waits for an answer

void Index::ask_again(const std::vector<ReportId>& targets) {
  for (const ReportId& target : targets) {
    for (const Place& place : rows_.carrying(target)) ask(place);
  }
}
void Index::ask(const Place& place) {
  const auto held = rows_.at(place);
  const auto gist = rows_.gist(place);
  if (!held || !gist || held->facts.form != 9) return;
  const auto act = static_cast<ActKind>(gist->act);
  if ((act != ActKind::inquiry && act != ActKind::directive) || !gist->answer_due) return;
  const Facts& facts = held->facts;
  const auto settles = [&](const Place& other) {
    const auto reply = rows_.at(other);
    const auto said = rows_.gist(other);
    if (!reply || !said || gone(reply->entry.fate)) return false;
    switch (static_cast<ActKind>(said->act)) {
      // Nobody answers himself, and only who asked takes a question back. One unit's word on a call is not
      // everybody's: what it asks for are reports.
      case ActKind::answer:
      case ActKind::refuse: return !gist->call && reply->facts.signer != facts.signer;
      case ActKind::recall: return reply->facts.signer.org == facts.signer.org;
      default: return false;
    }
  };
  const std::vector<Place> replies = rows_.places_under(rows_.key_of('a', facts.id));
  const bool open = !gone(held->entry.fate) && held->entry.fate != Fate::superseded &&
                    std::none_of(replies.begin(), replies.end(), settles);
  const Bytes key = IndexRows::with(rows_.key_of('q', side_of(facts)), place);
  if (open) {
    rows_.mark(key);
  } else {
    rows_.erase(key);
  }
}

// ---- lists

void Index::list(const Letter& letter) {
  const Entry& entry = letter.entry;
  std::set<Bytes> lines;
  for (std::size_t i = 0; i < letter.reports.size(); ++i)
    lines.insert(tail_of({entry.id, static_cast<std::uint8_t>(i)}));
  const auto show = [&](const CountedList& list, std::uint64_t number, const std::set<Bytes>& wanted) {
    if (number == 0) return;
    for (const CountedList::Row& row : list.at(turn_, number)) {
      if (wanted.count(row.tail) == 0) list.remove(turn_, number, row.tail);
    }
    for (const Bytes& tail : wanted) list.add(turn_, number, tail);
  };
  if (letter.own()) show(outbox_of(rows_), turn_.own_number(entry.id), lines);
  if (is_closed(turn_, letter)) lines.insert(tail_of({entry.id, kClosed}));
  show(inbox_of(rows_), entry.arrival, lines);
  show(unread_of(rows_), entry.arrival, letter.own() || entry.read ? std::set<Bytes>{} : lines);

  // Letters that could not be opened leave the list once their author has sealed them again.
  std::set<std::pair<KeyId, Seq>> carried;
  for (const Reading& reading : letter.reports) {
    carried.insert({entry.key, entry.seq});
    if (const auto copied = reading.report.header().copy_of) carried.insert({copied->key, copied->seq});
  }
  for (const auto& [key, seq] : carried) {
    for (const MsgId& id : turn_.at(key, seq)) {
      if (id == entry.id) continue;
      const auto other = letters_.read(id);
      if (other && other->reports.empty()) list(*other);
    }
  }
}

}  // namespace noroshi::desk
