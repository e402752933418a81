#include "client-tui/desk/letter.hpp"

#include <algorithm>
#include <charconv>

#include "keys/keyring.hpp"
#include "proto/forms/rules.hpp"

namespace noroshi::desk {
namespace {

constexpr std::uint8_t kContentVersion = 1;

/// 0 for what is no number.
std::uint32_t municipality_number(std::string_view code) {
  std::uint32_t number = 0;
  const auto read = std::from_chars(code.data(), code.data() + code.size(), number);
  return read.ec == std::errc{} && read.ptr == code.data() + code.size() ? number : 0;
}

std::optional<std::uint32_t> only_municipality(UnitId unit, const keys::Trust& trust) {
  const keys::Unit* listed = trust.unit(unit);
  if (listed == nullptr || listed->municipalities.size() != 1) return std::nullopt;
  const std::uint32_t number = municipality_number(listed->municipalities.front());
  return number != 0 ? std::optional(number) : std::nullopt;
}

/// A clock that is wrong by the difference of two zones takes the key of the day before or after.
constexpr Seconds kZonesApart = days(1);

/// Was the epoch it was opened with over when it was sealed? A doubted date says nothing of that: then the
/// first sight counts, unless the doubted clock alone may have chosen the key.
bool epoch_had_ended(const Letter& letter, const std::vector<proto::Wrap>& wraps, const keys::Trust& trust) {
  const auto wrap = std::ranges::find(wraps, letter.entry.as, &proto::Wrap::recipient);
  if (letter.own() || wrap == wraps.end()) return false;
  const bool doubted = letter.entry.marks.time_doubtful;
  const WallTime sealed = doubted ? letter.entry.first_seen : letter.header.created;
  // Numbers with one low byte are never alive together, so the newest of them that had begun was meant.
  const keys::EpochKey* meant = nullptr;
  for (const keys::EpochKey* epoch : trust.epochs(letter.entry.as)) {
    if (static_cast<std::uint8_t>(epoch->number) == wrap->epoch && epoch->not_before <= sealed) meant = epoch;
  }
  return meant != nullptr && sealed >= meant->not_after + (doubted ? kZonesApart : Seconds{});
}

}  // namespace

// version 1 | seed 16 | default unit 4 | handler 2 (0 none) | municipality 4 (0 none) | body
Bytes encode(const Content& content) {
  return Writer()
      .u8(kContentVersion)
      .bytes(content.seed)
      .u32(content.default_unit.value)
      .u16(content.default_handler ? content.default_handler->value : std::uint16_t{0})
      .u32(content.municipality.value_or(0))
      .bytes(content.body)
      .take();
}
std::optional<Content> decode_content(BytesView bytes) {
  Reader in(bytes);
  if (in.u8() != kContentVersion) return std::nullopt;
  Content content;
  content.seed = in.array<16>();
  content.default_unit.value = in.u32();
  if (const std::uint16_t handler = in.u16()) content.default_handler = HandlerId{handler};
  if (const std::uint32_t municipality = in.u32()) content.municipality = municipality;
  if (!in.ok()) return std::nullopt;
  content.body = bytes_of(in.rest());
  return content;
}

std::string reading_context(const MsgId& id) {
  return "desk reading " + id.hex();
}

forms::BodyContext body_context(KeyId key, WallTime created, const keys::Trust& trust) {
  forms::BodyContext context;
  context.key = key;
  context.created = created;
  if (const keys::Certificate* certificate = trust.certificate(key)) {
    context.default_unit = certificate->default_unit;
    if (certificate->handler.value != 0) context.default_handler = certificate->handler;
    context.municipality = only_municipality(certificate->default_unit, trust);
  }
  return context;
}
forms::BodyContext body_context(const proto::Header& header, const Content& content) {
  return {header.source, header.created, content.default_unit, content.default_handler, content.municipality};
}

OrgId association_by_number(UnitId unit) {
  constexpr std::uint32_t kUnitsPerAssociation = 100'000;
  return {static_cast<std::uint16_t>(unit.value / kUnitsPerAssociation)};
}
OrgId association_of(UnitId unit, const keys::Trust& trust) {
  const keys::Unit* listed = trust.unit(unit);
  return listed != nullptr ? listed->association : association_by_number(unit);
}

std::vector<ExpectedUnit> expected_units(const keys::Trust& trust) {
  std::vector<ExpectedUnit> out;
  for (const OrgId org : trust.organisations()) {
    const keys::Organisation* association = trust.organisation(org);
    for (const keys::Unit* unit : trust.units(org)) {
      ExpectedUnit expected;
      expected.id = unit->id;
      expected.parent = unit->parent;
      expected.prefecture = association != nullptr ? association->prefecture : std::uint8_t{0};
      expected.households_served = unit->households_served;
      expected.expected_interval_h = unit->expected_interval_h;
      for (const std::string& code : unit->municipalities)
        expected.municipalities.push_back(municipality_number(code));
      out.push_back(std::move(expected));
    }
  }
  return out;
}

std::optional<Content> Letters::content(const MsgId& id) const {
  const auto sealed = store_->reading(id);
  if (!sealed) return std::nullopt;
  const auto plain = keys::open_at_rest(*store_key_, reading_context(id), *sealed);
  return plain ? decode_content(*plain) : std::nullopt;
}

std::optional<Letter> Letters::read(const MsgId& id) const {
  const auto entry = store_->entry(id);
  const auto bytes = store_->envelope(id);
  if (!entry || !bytes) return std::nullopt;
  const auto parsed = proto::parse_envelope(*bytes);
  if (!parsed.envelope) return std::nullopt;
  Letter letter;
  letter.entry = *entry;
  letter.header = parsed.envelope->header;
  for (const proto::Wrap& wrap : parsed.envelope->wraps) letter.recipients.push_back(wrap.recipient);
  if (!parsed.envelope->sealed()) letter.recipients.push_back(parsed.envelope->dst());
  const auto ctype = static_cast<proto::Ctype>(letter.header.ctype);
  const bool says = ctype == proto::Ctype::report || ctype == proto::Ctype::directive;
  if (const auto kept = says ? content(id) : std::nullopt) {
    const auto reports = forms::decode(kept->body, body_context(letter.header, *kept), *catalogue_);
    if (reports) {
      for (std::size_t i = 0; i < reports->size(); ++i) {
        const forms::Report& report = (*reports)[i];
        Reading reading;
        reading.facts = facts_of(letter, report, static_cast<std::uint8_t>(i));
        reading.report = report;
        reading.first_seen = letter.entry.first_seen;
        reading.doubts.time = letter.entry.marks.time_doubtful;
        reading.doubts.certificate = letter.entry.marks.certificate_expired;
        reading.doubts.roster = letter.entry.marks.roster != keys::RosterState::a_fresh;
        reading.doubts.sender_roster = letter.header.old_roster;
        reading.doubts.epoch = epoch_had_ended(letter, parsed.envelope->wraps, *trust_);
        reading.doubts.late = letter.entry.marks.stale;
        reading.doubts.dead = letter.entry.marks.dead;
        reading.doubts.revoked = letter.entry.marks.quarantine;
        reading.doubts.equivocal = store_->at(letter.entry.key, letter.entry.seq).size() > 1;
        reading.doubts.incomplete = report.header().incomplete;
        reading.doubts.unknown_fields = !report.unknown.empty();
        // The rules of another version than the report's are not held against it.
        const forms::FormInfo* form = catalogue_->form(report.form, report.version);
        const bool own_rules = form != nullptr && form->version == report.version;
        reading.doubts.invalid = own_rules && !reading.doubts.incomplete &&
                                 !forms::valid(forms::validate(report, *catalogue_, forms::RuleContext{}));
        letter.reports.push_back(std::move(reading));
      }
    }
  }
  return letter;
}

namespace {

/// What tells one report of a unit from another that stands beside it. A body with several rows says each of
/// them in its own; a form of single matters has as many as it has first reports, and what follows one names
/// it.
std::string matter_of(const forms::Report& report, const ReportId& id, const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(report.form, report.version);
  if (form == nullptr) return {};
  if (form->single) return to_string(id);
  const forms::FieldInfo* row = form->row.empty() ? nullptr : catalogue.field(*form, form->row);
  const forms::Value* value = row != nullptr ? report.find(row->number) : nullptr;
  return value != nullptr ? forms::format(*value, *row, forms::Language::en) : std::string();
}

}  // namespace

Facts Letters::facts_of(const Letter& letter, const forms::Report& report, std::uint8_t index) const {
  const forms::Header said = report.header();
  const proto::Header& header = letter.header;
  Facts facts;
  facts.id = {header.source, header.seq, index};
  // A copy is the author's own: nobody else's word makes an envelope stand for another's report.
  if (said.copy_of && said.copy_of->key.device == header.source.device &&
      std::pair(said.copy_of->key.gen, said.copy_of->seq) < std::pair(header.source.gen, header.seq)) {
    facts.id = *said.copy_of;
    facts.copy = true;
  }
  facts.msg = letter.entry.id;
  facts.signer = header.source.device;
  facts.form = report.form;
  facts.incident = said.incident;
  const keys::Incident* incident = trust_->incident(said.incident);
  facts.exercise = header.exercise || (incident != nullptr && incident->exercise);
  facts.unit = said.speaks_for().value_or(UnitId{});
  facts.association = association_of(facts.unit, *trust_);
  facts.matter = matter_of(report, facts.id, *catalogue_);
  if (facts.unit.value == 0) {
    // Who speaks for no unit speaks for the own organisation: two of them never take each other's place.
    facts.association = facts.signer.org;
    facts.matter += " of " + std::to_string(facts.signer.org.value);
  }
  facts.municipality = said.municipality.value_or(0);
  facts.kind = said.kind;
  facts.parents = said.parents;
  facts.proxy = said.proxy();
  facts.hearsay = said.source == forms::SourceKind::hearsay || said.source == forms::SourceKind::media;
  facts.quarantined = letter.entry.marks.quarantine || letter.entry.marks.dead;
  facts.created = settled_created(header.created, letter.entry.first_seen, header.clock_doubt);
  facts.as_of = settled_as_of(said.as_of.value_or(header.created), header.created, letter.entry.first_seen,
                              header.clock_doubt);
  return facts;
}

std::vector<Letter> Letters::all(const std::vector<MsgId>& ids) const {
  std::vector<Letter> letters;
  for (const MsgId& id : ids) {
    if (auto letter = read(id)) letters.push_back(std::move(*letter));
  }
  return letters;
}
std::vector<Letter> Letters::own() const {
  return all(store_->own());
}
std::vector<Letter> Letters::received() const {
  return all(store_->received());
}

std::vector<Reading> Letters::readings() const {
  std::vector<Reading> out;
  const auto take = [&](std::vector<Letter> letters, bool own_ones) {
    for (Letter& letter : letters) {
      if (letter.own() != own_ones) continue;  // own ones that came back stand in both lists
      for (Reading& reading : letter.reports) out.push_back(std::move(reading));
    }
  };
  take(own(), true);
  take(received(), false);
  return out;
}

bool is_closed(const StoreView& view, const Letter& letter) {
  const Entry& entry = letter.entry;
  const auto ctype = static_cast<proto::Ctype>(entry.ctype);
  const bool reports = ctype == proto::Ctype::report || ctype == proto::Ctype::directive;
  // A part of a file is missed at the report that names it.
  const bool part = ctype == proto::Ctype::attachment;
  const bool shut = !part && (entry.state == ReadState::locked || entry.state == ReadState::unreadable ||
                              entry.state == ReadState::damaged ||
                              (entry.state == ReadState::opened && reports));
  const std::vector<MsgId> carriers = view.carriers(entry.key, entry.seq);
  const auto other = [&](const MsgId& id) { return id != entry.id; };
  return shut && letter.reports.empty() && std::ranges::none_of(carriers, other);
}

}  // namespace noroshi::desk
