#include "client-tui/desk/index_rows.hpp"

#include <algorithm>

#include "client-tui/desk/store_rows.hpp"
#include "proto/forms/deadlines.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::desk {

using rows::read_key;
using rows::read_time;

namespace {

using rows::operator<<;

// ---- parts of values

Writer& operator<<(Writer& out, const ReportId& id) {
  rows::operator<<(out, id.key);
  return out.u32(id.seq).u8(id.index);
}
ReportId read_id(Reader& in) {
  ReportId id;
  id.key = read_key(in);
  id.seq = in.u32();
  id.index = in.u8();
  return id;
}
Writer& operator<<(Writer& out, const Place& place) {
  return out.bytes(place.msg.value).u8(place.index);
}
Bytes bytes_of_place(const Place& place) {
  Writer out;
  out << place;
  return out.take();
}
Place read_place(Reader& in) {
  Place place;
  place.msg.value = in.array<16>();
  place.index = in.u8();
  return place;
}
Writer& operator<<(Writer& out, const std::vector<ReportId>& ids) {
  out.u16(static_cast<std::uint16_t>(ids.size()));
  for (const ReportId& id : ids) out << id;
  return out;
}
std::vector<ReportId> read_ids(Reader& in) {
  std::vector<ReportId> ids;
  for (std::uint16_t n = in.u16(); n > 0 && in.ok(); --n) ids.push_back(read_id(in));
  return ids;
}
template <typename T, typename Put>
void put_optional(Writer& out, const std::optional<T>& value, Put put) {
  out.u8(value ? 1 : 0);
  if (value) put(*value);
}
void put_optional(Writer& out, const std::optional<WallTime>& time) {
  put_optional(out, time, [&](WallTime at) { out << at; });
}
std::optional<WallTime> read_optional_time(Reader& in) {
  return in.u8() != 0 ? std::optional(read_time(in)) : std::nullopt;
}
/// Bits in the order of the arguments.
template <typename... Flags>
std::uint8_t bits(Flags... flags) {
  int out = 0, bit = 0;
  ((out |= (flags ? 1 : 0) << bit++), ...);
  return static_cast<std::uint8_t>(out);
}

// ---- values
// Settled: id 10 | signer 4 | association 2 | form 2 | incident 4 | unit 4 | municipality 4 | kind 1 | flags
// 1 | as_of 8 | created 8 | parents | fate 1 | by 10 | flags 1 | matter
Bytes encode(const Settled& settled) {
  const Facts& facts = settled.facts;
  Writer out;
  out << facts.id;
  out.u16(facts.signer.org.value).u16(facts.signer.dev).u16(facts.association.value).u16(facts.form);
  out.u32(facts.incident.value).u32(facts.unit.value).u32(facts.municipality);
  out.u8(static_cast<std::uint8_t>(facts.kind))
      .u8(bits(facts.copy, facts.exercise, facts.proxy, facts.hearsay, facts.quarantined));
  out << facts.as_of << facts.created << facts.parents;
  const Folded::Entry& entry = settled.entry;
  out.u8(static_cast<std::uint8_t>(entry.fate)) << entry.by;
  out.u8(bits(entry.forked, entry.base_missing, entry.parent_kept, entry.equivocal));
  return out.bytes(view_of(facts.matter)).take();
}
std::optional<Settled> decode_settled(const Place& place, BytesView bytes) {
  Reader in(bytes);
  Settled settled;
  Facts& facts = settled.facts;
  facts.id = read_id(in);
  facts.msg = place.msg;
  facts.signer.org.value = in.u16();
  facts.signer.dev = in.u16();
  facts.association.value = in.u16();
  facts.form = in.u16();
  facts.incident.value = in.u32();
  facts.unit.value = in.u32();
  facts.municipality = in.u32();
  facts.kind = static_cast<Kind>(in.u8());
  const std::uint8_t flags = in.u8();
  facts.copy = flags & 1;
  facts.exercise = flags & 2;
  facts.proxy = flags & 4;
  facts.hearsay = flags & 8;
  facts.quarantined = flags & 16;
  facts.as_of = read_time(in);
  facts.created = read_time(in);
  facts.parents = read_ids(in);
  Folded::Entry& entry = settled.entry;
  entry.fate = static_cast<Fate>(in.u8());
  entry.by = read_id(in);
  const std::uint8_t marks = in.u8();
  entry.forked = marks & 1;
  entry.base_missing = marks & 2;
  entry.parent_kept = marks & 4;
  entry.equivocal = marks & 8;
  if (!in.ok()) return std::nullopt;
  facts.matter = std::string(text_of(in.rest()));
  return settled;
}

// Gist: flags 1 | act 1 | verdict 1 | says 1 | number 4 | first seen 8 | answer due? | next contact? |
// regarding | call: form 4 (0: none), area 4, unit 4
Bytes encode(const Gist& gist) {
  Writer out;
  out.u8(bits(gist.quarantined, gist.nil)).u8(gist.act).u8(gist.verdict).u8(gist.says).u32(gist.report_no);
  out << gist.first_seen;
  put_optional(out, gist.answer_due);
  put_optional(out, gist.next_contact);
  out << gist.regarding;
  const Call call = gist.call.value_or(Call{});
  out.u32(call.form).u32(call.area).u32(call.unit.value);
  return out.take();
}
std::optional<Gist> decode_gist(BytesView bytes) {
  Reader in(bytes);
  Gist gist;
  const std::uint8_t flags = in.u8();
  gist.quarantined = flags & 1;
  gist.nil = flags & 2;
  gist.act = in.u8();
  gist.verdict = in.u8();
  gist.says = in.u8();
  gist.report_no = in.u32();
  gist.first_seen = read_time(in);
  gist.answer_due = read_optional_time(in);
  gist.next_contact = read_optional_time(in);
  gist.regarding = read_ids(in);
  Call call;
  call.form = static_cast<forms::FormNo>(in.u32());
  call.area = in.u32();
  call.unit = {in.u32()};
  if (call.form != 0) gist.call = call;
  return in.done() ? std::optional(std::move(gist)) : std::nullopt;
}

// Best: any? | own? | rows: municipality 4, report. A report: place 17 | as_of 8 | own word 1 | created 8 |
// id 10
Writer& operator<<(Writer& out, const Best::Report& report) {
  const auto& [as_of, own, created, id] = report.rank;
  out << report.place;
  out << as_of;
  out.u8(own ? 1 : 0) << created;
  return out << id;
}
Best::Report read_best_report(Reader& in) {
  Best::Report report;
  report.place = read_place(in);
  std::get<0>(report.rank) = read_time(in);
  std::get<1>(report.rank) = in.u8() != 0;
  std::get<2>(report.rank) = read_time(in);
  std::get<3>(report.rank) = read_id(in);
  return report;
}
Bytes encode(const Best& best) {
  Writer out;
  const auto put = [&](const Best::Report& report) { out << report; };
  put_optional(out, best.any, put);
  put_optional(out, best.own, put);
  for (const auto& [municipality, report] : best.rows) out.u32(municipality) << report;
  return out.take();
}
Best decode_best(BytesView bytes) {
  Reader in(bytes);
  Best best;
  if (in.u8() != 0) best.any = read_best_report(in);
  if (in.u8() != 0) best.own = read_best_report(in);
  while (in.ok() && !in.rest().empty()) {
    const std::uint32_t municipality = in.u32();
    best.rows.emplace(municipality, read_best_report(in));
  }
  return in.ok() ? best : Best{};
}

// InTouch: unit 4 | last 8 | announced? said 8, id 10, at 8, place 17
Bytes encode(const InTouch& contact) {
  Writer out;
  out.u32(contact.unit.value) << contact.last;
  put_optional(out, contact.announced, [&](const InTouch::Announced& announced) {
    out << std::get<0>(announced.said);
    out << std::get<1>(announced.said);
    out << announced.at;
    out << announced.place;
  });
  return out.take();
}
std::optional<InTouch> decode_contact(BytesView bytes) {
  Reader in(bytes);
  InTouch contact;
  contact.unit.value = in.u32();
  contact.last = read_time(in);
  if (in.u8() != 0) {
    InTouch::Announced announced;
    std::get<0>(announced.said) = read_time(in);
    std::get<1>(announced.said) = read_id(in);
    announced.at = read_time(in);
    announced.place = read_place(in);
    contact.announced = announced;
  }
  return in.done() ? std::optional(contact) : std::nullopt;
}

// Numbered: highest 4 | its place 17 | last? as_of 8, id 10 | its place 17
Bytes encode(const Numbered& numbered) {
  Writer out;
  out.u32(numbered.highest) << numbered.highest_at;
  put_optional(out, numbered.last, [&](const std::pair<WallTime, ReportId>& last) {
    out << last.first;
    out << last.second;
  });
  out << numbered.last_at;
  return out.take();
}
std::optional<Numbered> decode_numbered(BytesView bytes) {
  Reader in(bytes);
  Numbered numbered;
  numbered.highest = in.u32();
  numbered.highest_at = read_place(in);
  if (in.u8() != 0) {
    const WallTime as_of = read_time(in);
    numbered.last = std::pair(as_of, read_id(in));
  }
  numbered.last_at = read_place(in);
  return in.done() ? std::optional(numbered) : std::nullopt;
}

/// A key that begins with the letter of its kind.
class Key {
 public:
  explicit Key(char kind) { out_.u8(static_cast<std::uint8_t>(kind)); }
  Key& add(BytesView part) {
    out_.bytes(part);
    return *this;
  }
  [[nodiscard]] Bytes take() { return out_.take(); }

 private:
  Writer out_;
};
Bytes thing(Side side, std::uint32_t number = 0, UnitId unit = {}) {
  return Writer().u32(side.incident.value).u8(side.exercise ? 1 : 0).u32(number).u32(unit.value).take();
}

}  // namespace

Gist gist_of(const Reading& reading, const forms::Catalogue& catalogue) {
  namespace field = forms::field;
  const forms::Report& report = reading.report;
  const forms::Header header = report.header();
  Gist gist;
  gist.quarantined = reading.facts.quarantined;
  gist.nil = header.nil == forms::Answer::yes;
  gist.report_no = header.report_no;
  gist.first_seen = reading.first_seen;
  if (reading.facts.form == 9) {
    gist.act = static_cast<std::uint8_t>(report.code(field::act_kind));
    gist.verdict = static_cast<std::uint8_t>(report.code(field::verdict));
    if (const auto* regarding = report.get<forms::References>(field::regarding)) gist.regarding = *regarding;
    if (const auto* due = report.get<WallTime>(field::answer_due)) gist.answer_due = *due;
    gist.call = call_of(report);
  }
  if (const auto* next = report.get<WallTime>(field::next_contact_at)) gist.next_contact = *next;
  const forms::FormInfo* form = catalogue.form(report.form, report.version);
  int bit = 0;
  for (const forms::Deadline& row : forms::deadlines()) {
    if (row.owed_by != forms::OwedBy::event) continue;
    const bool says = form != nullptr && forms::holds(row.when, report, *form, catalogue);
    gist.says = static_cast<std::uint8_t>(gist.says | (says ? 1 << bit : 0));
    ++bit;
  }
  return gist;
}

// ---- keys

Bytes IndexRows::carrier_key(const ReportId& id) const {
  Writer body;
  body << id.key;
  body.u32(id.seq);
  return Key('i').add(name(body.data())).add({&id.index, 1}).take();
}
Bytes IndexRows::key_of(char kind, const ReportId& id) const {
  Writer what;
  what << id;
  return Key(kind).add(name(what.data())).take();
}
Bytes IndexRows::key_of(char kind, UnitId unit) const {
  return Key(kind).add(name(Writer().u32(unit.value).data())).take();
}
Bytes IndexRows::key_of(char kind, Side side) const {
  return Key(kind).add(name(thing(side))).take();
}
Bytes IndexRows::key_of(char kind, Side side, UnitId unit) const {
  const Name of_unit = name(Writer().u32(unit.value).data());
  return Key(kind).add(name(thing(side))).add(BytesView(of_unit).first(8)).take();
}
Bytes IndexRows::pile_key(char kind, Side side, forms::FormNo form) const {
  return Key(kind).add(name(thing(side, form + 1u))).take();
}
Bytes IndexRows::pile_key(char kind, Side side, forms::FormNo form, UnitId unit) const {
  const Name of_unit = name(Writer().u32(unit.value).data());
  return Key(kind).add(name(thing(side, form + 1u))).add(BytesView(of_unit).first(8)).take();
}
Bytes IndexRows::numbered_key(IncidentId incident, UnitId unit, forms::FormNo form) const {
  return Key('m').add(name(thing({incident, false}, form, unit))).take();
}
Bytes IndexRows::series_key(char kind, const Series& series) const {
  const Bytes about = thing({series.incident, series.exercise}, series.form, series.unit);
  return Key(kind).add(name(Writer().bytes(about).bytes(view_of(series.matter)).data())).take();
}
/// A name that no other kind of row has: the pile's would lead to what stands of the unit.
Bytes IndexRows::sayings_key(Side side, UnitId unit, forms::FormNo form) const {
  return Key('d').add(name(Writer().bytes(thing(side, form, unit)).bytes(view_of("says")).data())).take();
}
Bytes IndexRows::saying_key(const Place& place, const Facts& facts) const {
  Bytes key = sayings_key({facts.incident, facts.exercise}, facts.unit, facts.form);
  const Name of_place = name(bytes_of_place(place));
  key.insert(key.end(), of_place.begin(), of_place.end());
  return key;
}
Bytes IndexRows::place_key(char kind, const Place& place) {
  return Key(kind).add(place.msg.value).add({&place.index, 1}).take();
}
Bytes IndexRows::with(Bytes key, const Place& place) {
  key.insert(key.end(), place.msg.value.begin(), place.msg.value.end());
  key.push_back(place.index);
  return key;
}

// ---- rows

std::optional<Bytes> IndexRows::opened(BytesView key) const {
  const auto sealed = view_->index_row(key);
  if (!sealed) return std::nullopt;
  return keys::open_at_rest(*store_key_, "desk index " + std::string(text_of(key)), *sealed);
}
void IndexRows::seal(BytesView key, BytesView plain) {
  turn_->put_index(key,
                   keys::seal_at_rest(*store_key_, "desk index " + std::string(text_of(key)), plain, *rng_));
}
void IndexRows::mark(BytesView key, std::uint64_t number) {
  turn_->put_index(key, Writer().u64(number).data());
}
std::uint64_t IndexRows::count(BytesView key) const {
  const auto row = view_->index_row(key);
  return row ? Reader(*row).u64() : 0;
}

namespace {
template <typename See>
void each_under(const StoreView& view, BytesView prefix, See see) {
  lmdb::Cursor cursor = view.index_cursor();
  for (auto row = cursor.seek(prefix); row; row = cursor.next()) {
    if (row->key.size() < prefix.size() || !equal(row->key.first(prefix.size()), prefix)) return;
    see(*row);
  }
}
Place place_at_end(BytesView key) {
  Reader in(key.last(17));
  return read_place(in);
}
}  // namespace

std::vector<Place> IndexRows::places_under(BytesView prefix) const {
  std::vector<Place> out;
  each_under(*view_, prefix, [&](const lmdb::Row& row) { out.push_back(place_at_end(row.key)); });
  return out;
}
std::vector<std::pair<Place, std::uint64_t>> IndexRows::changes_under(BytesView prefix) const {
  std::vector<std::pair<Place, std::uint64_t>> out;
  each_under(*view_, prefix,
             [&](const lmdb::Row& row) { out.emplace_back(place_at_end(row.key), Reader(row.value).u64()); });
  return out;
}
/// Sealed rows are opened after the cursor has gone.
std::vector<Bytes> IndexRows::keys_under(BytesView prefix) const {
  std::vector<Bytes> out;
  each_under(*view_, prefix, [&](const lmdb::Row& row) { out.push_back(bytes_of(row.key)); });
  return out;
}
std::optional<Gist> IndexRows::gist(const Place& place) const {
  const auto plain = opened(place_key('g', place));
  return plain ? decode_gist(*plain) : std::nullopt;
}
std::vector<InTouch> IndexRows::contacts(Side side) const {
  std::vector<InTouch> out;
  for (const Bytes& key : keys_under(key_of('c', side))) {
    const auto plain = opened(key);
    if (const auto contact = plain ? decode_contact(*plain) : std::nullopt) out.push_back(*contact);
  }
  return out;
}
std::optional<InTouch> IndexRows::contact(Side side, UnitId unit) const {
  const auto plain = opened(key_of('c', side, unit));
  return plain ? decode_contact(*plain) : std::nullopt;
}
std::optional<Numbered> IndexRows::numbered(IncidentId incident, UnitId unit, forms::FormNo form) const {
  const auto plain = opened(numbered_key(incident, unit, form));
  return plain ? decode_numbered(*plain) : std::nullopt;
}
std::vector<IncidentId> IndexRows::incidents() const {
  std::vector<IncidentId> out;
  for (const Bytes& key : keys_under(view_of("k"))) {
    if (const auto plain = opened(key)) out.push_back({Reader(*plain).u32()});
  }
  std::sort(out.begin(), out.end());
  return out;
}
std::vector<forms::FormNo> IndexRows::forms() const {
  std::vector<forms::FormNo> out;
  for (const Bytes& key : keys_under(view_of("o"))) {
    if (const auto plain = opened(key)) out.push_back(Reader(*plain).u16());
  }
  std::sort(out.begin(), out.end());
  return out;
}
std::vector<Place> IndexRows::sayings(Side side, UnitId unit, forms::FormNo form) const {
  std::vector<Place> out;
  for (const Bytes& key : keys_under(sayings_key(side, unit, form))) {
    const auto plain = opened(key);
    if (!plain) continue;
    Reader in(*plain);
    out.push_back(read_place(in));
  }
  return out;
}
void IndexRows::put_saying(const Place& place, const Facts& facts) {
  const Bytes key = saying_key(place, facts);
  if (!view_->index_row(key)) seal(key, bytes_of_place(place));
}
void IndexRows::put_form(forms::FormNo form) {
  const Bytes number = Writer().u16(form).take();
  const Bytes key = Key('o').add(name(number)).take();
  if (!view_->index_row(key)) seal(key, number);
}
void IndexRows::put(IncidentId incident) {
  const Bytes key = key_of('k', Side{incident, false});
  if (!view_->index_row(key)) seal(key, Writer().u32(incident.value).data());
}

void IndexRows::put(const Place& place, const Gist& gist) {
  seal(place_key('g', place), encode(gist));
}
void IndexRows::put(Side side, const InTouch& contact) {
  seal(key_of('c', side, contact.unit), encode(contact));
}
void IndexRows::put(IncidentId incident, UnitId unit, forms::FormNo form, const Numbered& numbered) {
  seal(numbered_key(incident, unit, form), encode(numbered));
}

Verdict IndexRows::verdict(const ReportId& id) const {
  const std::vector<Place> about = places_under(key_of('a', id));
  if (about.empty()) return Verdict::unconfirmed;
  const auto target = original_of(*this, id);
  if (!target) return Verdict::unconfirmed;
  std::optional<NoteAge> newest;
  Verdict out = Verdict::unconfirmed;
  for (const Place& place : about) {
    const auto said = gist(place);
    const auto note = at(place);
    if (!said || !note || said->quarantined) continue;
    if (static_cast<forms::ActKind>(said->act) != forms::ActKind::verification) continue;
    if (note->facts.signer.org != target->facts.association) continue;
    const NoteAge age = age_of(note->facts);
    if (newest && age < *newest) continue;
    newest = age;
    out = verdict_of(static_cast<forms::Verdict>(said->verdict));
  }
  return out;
}

// ---- FoldRows

std::optional<Settled> IndexRows::at(const Place& place) const {
  const auto plain = opened(place_key('f', place));
  return plain ? decode_settled(place, *plain) : std::nullopt;
}
Best IndexRows::best(const Series& series, Fate line) const {
  Bytes key = series_key('b', series);
  key.push_back(static_cast<std::uint8_t>(line));
  const auto plain = opened(key);
  return plain ? decode_best(*plain) : Best{};
}
std::vector<Place> IndexRows::carrying(const ReportId& id) const {
  return places_under(carrier_key(id));
}
std::vector<Place> IndexRows::in_body(KeyId key, Seq seq) const {
  Bytes prefix = carrier_key({key, seq, 0});
  prefix.pop_back();
  return places_under(prefix);
}
std::vector<Place> IndexRows::naming(const ReportId& id) const {
  return places_under(key_of('n', id));
}
std::vector<Place> IndexRows::members(const Series& series) const {
  return places_under(series_key('s', series));
}
void IndexRows::put(const Place& place, const Settled& settled) {
  seal(place_key('f', place), encode(settled));
}
void IndexRows::put_best(const Series& series, Fate line, const Best& best) {
  Bytes key = series_key('b', series);
  key.push_back(static_cast<std::uint8_t>(line));
  if (best.any) {
    seal(key, encode(best));
  } else {
    erase(key);
  }
}
void IndexRows::link(const Place& place, const Facts& facts) {
  mark(with(carrier_key(facts.id), place));
  mark(with(series_key('s', series_of(facts)), place));
  if (facts.kind == Kind::initial) return;
  for (const ReportId& parent : facts.parents) mark(with(key_of('n', parent), place));
}
void IndexRows::unlink(const Place& place, const Facts& facts) {
  erase(with(carrier_key(facts.id), place));
  erase(with(series_key('s', series_of(facts)), place));
  for (const ReportId& parent : facts.parents) erase(with(key_of('n', parent), place));
}

}  // namespace noroshi::desk
