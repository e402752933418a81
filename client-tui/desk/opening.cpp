#include "client-tui/desk/opening.hpp"

#include <algorithm>
#include <set>

#include "client-tui/desk/talk.hpp"

namespace noroshi::desk {
namespace {

using keys::Refusal;
using proto::Ctype;

Ctype ctype_of(const proto::Header& header) {
  return static_cast<Ctype>(header.ctype);
}

Content content_of(const keys::Opened& opened) {
  Content content;
  content.body = opened.content;
  content.seed = opened.seed;
  return content;
}

Entry entry_of(const MsgId& id, const proto::Header& header, WallTime first_seen) {
  Entry entry;
  entry.id = id;
  entry.key = header.source;
  entry.seq = header.seq;
  entry.ctype = header.ctype;
  entry.state = ReadState::locked;
  entry.first_seen = first_seen;
  entry.created = header.created;
  return entry;
}

}  // namespace

void Opening::take(StoreTurn& turn, Bytes envelope, WallTime first_seen, Now now) {
  const auto parsed = proto::parse_envelope(envelope);
  if (!parsed.envelope) {
    ++counts_.refused;
    return;
  }
  const MsgId id = keys::msg_id_of(*parsed.envelope);
  if (const auto known = turn.entry(id)) {
    if (known->state == ReadState::own) came_back(turn, *known, *parsed.envelope, now.wall);
    return;
  }
  const proto::Header header = parsed.envelope->header;
  if (header.source.device == desk_.self()) {
    // Our own word that we do not know: this store was restored from a copy, or the key is used elsewhere
    // too.
    turn.set_rolled_back();
    counts_.rolled_back = true;
    return;
  }
  Entry entry = entry_of(id, header, first_seen);
  const keys::VerifyOutcome outcome =
      keys::verify(envelope, desk_.trust(), {now.mono, first_seen, now.wall_suspect});
  if (const Refusal* refusal = std::get_if<Refusal>(&outcome)) {
    if (*refusal == Refusal::unknown_key) {
      turn.add(entry, *parsed.envelope);
      desk_.indexed(turn, id);
    } else {
      ++counts_.refused;
    }
    return;
  }
  const auto& verified = std::get<keys::Verified>(outcome);
  ++counts_.received;
  entry.marks = verified.marks();
  entry.arrival = turn.add(entry, verified.envelope());
  read(turn, entry, verified);
}

/// Our own word, delivered to our own organisation: this desk has read it, being its author.
void Opening::came_back(StoreTurn& turn, const Entry& entry, const proto::Envelope& envelope, WallTime now) {
  turn.came_back(entry);
  desk_.indexed(turn, entry.id);
  for (const proto::Wrap& wrap : envelope.wraps) {
    if (!mine(wrap.recipient, entry.key.device.org)) continue;
    turn.put_reached(entry.id, wrap.recipient, {proto::ReceiptKind::opened, now, desk_.self()});
  }
}

void Opening::again(StoreTurn& turn, const MsgId& id, Now now) {
  auto entry = turn.entry(id);
  auto envelope = turn.envelope(id);
  if (!entry || !envelope) return;
  const keys::VerifyOutcome outcome =
      keys::verify(std::move(*envelope), desk_.trust(), {now.mono, entry->first_seen, now.wall_suspect});
  const auto* verified = std::get_if<keys::Verified>(&outcome);
  if (verified == nullptr) return;  // still unknown, or refused by now: a person sees it as locked
  entry->marks = verified->marks();
  read(turn, *entry, *verified);
}

void Opening::read(StoreTurn& turn, Entry entry, const keys::Verified& verified) {
  const proto::Header& header = verified.header();
  if (!verified.envelope().sealed()) {
    entry.state = ReadState::clear;
    turn.update(entry);
    if (ctype_of(header) == Ctype::receipt) take_receipt(turn, verified);
    return;
  }
  const auto result = keys::open(verified, desk_.keyring().secrets(), desk_.trust());
  const auto* opened = std::get_if<keys::Opened>(&result);
  if (opened == nullptr) {
    entry.state = after_refusal(verified, std::get<Refusal>(result));
    if (entry.state == ReadState::unreadable || entry.state == ReadState::damaged) ++counts_.unreadable;
  } else {
    entry.as = opened->as;
    entry.state = ReadState::opened;
    switch (ctype_of(header)) {
      case Ctype::report:
      case Ctype::directive: entry.state = keep_reports(turn, entry, verified, *opened); break;
      case Ctype::attachment: entry.state = keep_part(turn, entry, verified, *opened); break;
      case Ctype::epoch_secret: deliveries_.push_back(opened->content); break;
      case Ctype::forwarded: take_forwarded(turn, opened->content, entry); break;
      default: break;
    }
  }
  turn.update(entry);
  desk_.indexed(turn, entry.id);
  link(turn, entry, verified, opened);
}

ReadState Opening::keep_reports(StoreTurn& turn, Entry& entry, const keys::Verified& verified,
                                const keys::Opened& opened) {
  const proto::Header& header = verified.header();
  const forms::BodyContext context = body_context(header.source, header.created, desk_.trust());
  const auto reports = forms::decode(opened.content, context, desk_.catalogue());
  if (!reports.ok()) {
    ++counts_.unreadable;
    return ReadState::damaged;
  }
  ++counts_.opened;
  Content content = content_of(opened);
  content.default_unit = context.default_unit;
  content.default_handler = context.default_handler;
  content.municipality = context.municipality;
  desk_.keep(turn, entry.id, content);
  turn.put_carrier(header.source, header.seq, entry.id);
  for (const forms::Report& report : *reports) {
    if (const auto copied = report.header().copy_of) turn.put_carrier(copied->key, copied->seq, entry.id);
  }
  plan_forwards(entry, verified, *reports);
  return ReadState::opened;
}

ReadState Opening::keep_part(StoreTurn& turn, const Entry& entry, const keys::Verified& verified,
                             const keys::Opened& opened) {
  const auto part = proto::decode_part(opened.content);
  if (!part) {
    ++counts_.unreadable;
    return ReadState::damaged;
  }
  ++counts_.opened;
  desk_.keep(turn, entry.id, content_of(opened));
  put_part(turn, desk_.keyring().store_key(), verified.header().source.device, *part, entry.id);
  return ReadState::opened;
}

void Opening::take_forwarded(StoreTurn& turn, BytesView content, const Entry& outer) {
  auto inner = keys::decode_forwarded(content);
  if (!inner) return;
  const keys::VerifyOutcome outcome =
      keys::verify(std::move(inner->original), desk_.trust(), {{}, outer.first_seen, false});
  const auto* verified = std::get_if<keys::Verified>(&outcome);
  if (verified == nullptr) {
    ++counts_.refused;
    return;
  }
  const auto result = keys::open_with_seed(*verified, inner->seed, desk_.trust());
  const auto* opened = std::get_if<keys::Opened>(&result);
  if (opened == nullptr) {
    ++counts_.refused;
    return;
  }
  const auto held = turn.entry(verified->msg_id());
  if (held && (held->state == ReadState::opened || held->state == ReadState::own)) return;
  Entry entry = held ? *held : entry_of(verified->msg_id(), verified->header(), outer.first_seen);
  entry.marks = verified->marks();
  entry.as = proto::to_org(desk_.self().org);  // whom this device answers for when it accepts
  entry.answered = true;                       // the desk that passed it on has said that it was opened
  if (!held) entry.arrival = turn.add(entry, verified->envelope());
  entry.state = keep_reports(turn, entry, *verified, *opened);
  turn.update(entry);
  desk_.indexed(turn, entry.id);
}

void Opening::take_receipt(StoreTurn& turn, const keys::Verified& verified) {
  const auto receipt = proto::decode_receipt(verified.envelope().clear_content());
  if (!receipt) {
    ++counts_.refused;
    return;
  }
  ++counts_.receipts;
  if (!receipt->epoch_object.empty()) objects_.push_back(receipt->epoch_object);
  const std::vector<Reseal> again = apply_receipt(turn, verified, *receipt, desk_.self(), desk_.trust());
  reseals_.insert(reseals_.end(), again.begin(), again.end());
}

/// Questions to one of our units, calls for reports of some of them, and whatever names a report that another
/// of our devices made (an answer, a note, a correction), go to that device too.
void Opening::plan_forwards(const Entry& entry, const keys::Verified& verified,
                            const std::vector<forms::Report>& reports) {
  const keys::Trust& trust = desk_.trust();
  const keys::Certificate* own = trust.certificate(desk_.keyring().identity().key());
  if (own == nullptr || !own->roles.has(keys::Role::desk)) return;
  const auto forward_to = [&](DeviceId device) {
    if (device == desk_.self() || device == verified.header().source.device) return;
    forwards_.push_back({entry.id, device, verified.header().level, verified.header().exercise});
  };
  for (const forms::Report& report : reports) {
    if (const auto* unit = report.get<std::int64_t>(forms::field::to_unit)) {
      for (const keys::Certificate* certificate : trust.certificates(desk_.self().org)) {
        const bool theirs =
            certificate->default_unit.value == *unit && certificate->roles.has(keys::Role::field);
        if (theirs) forward_to(certificate->key.device);
      }
    }
    if (const auto call = call_of(report)) {
      std::set<UnitId> called;
      for (const ExpectedUnit& unit : desk_.expected_units()) {
        if (is_called(*call, unit)) called.insert(unit.id);
      }
      for (const keys::Certificate* certificate : trust.certificates(desk_.self().org)) {
        if (called.count(certificate->default_unit) > 0 && certificate->roles.has(keys::Role::field))
          forward_to(certificate->key.device);
      }
    }
    for (const auto& [number, value] : report.values) {
      const auto* named = std::get_if<forms::References>(&value);
      if (named == nullptr) continue;
      for (const ReportId& id : *named) {
        const keys::Certificate* author = trust.newest_certificate(id.key.device);
        const bool ours = id.key.device.org == desk_.self().org && author != nullptr;
        if (ours && author->roles.has(keys::Role::field)) forward_to(id.key.device);
      }
    }
  }
}

bool Opening::mine(RecipientId recipient, OrgId sender) const {
  const DeviceId self = desk_.self();
  switch (proto::kind_of(recipient)) {
    case proto::RecipientKind::organisation: return recipient == proto::to_org(self.org);
    case proto::RecipientKind::own_device:
      return sender == self.org && recipient == proto::to_own_device(self.dev);
    case proto::RecipientKind::group: {
      const keys::Group* group = desk_.trust().group(recipient);
      return group != nullptr && std::binary_search(group->members.begin(), group->members.end(), self.org);
    }
    default: return false;
  }
}

ReadState Opening::after_refusal(const keys::Verified& verified, Refusal refusal) const {
  const auto& wraps = verified.envelope().wraps;
  const auto wrap = std::find_if(wraps.begin(), wraps.end(), [&](const proto::Wrap& candidate) {
    return mine(candidate.recipient, verified.header().source.device.org);
  });
  if (wrap == wraps.end()) return ReadState::clear;
  if (refusal != Refusal::not_for_me && refusal != Refusal::epoch_gone) return ReadState::damaged;
  const auto& secrets = desk_.keyring().secrets();
  const bool reads = std::any_of(secrets.begin(), secrets.end(), [&](const keys::EpochSecret& secret) {
    return secret.owner == wrap->recipient;
  });
  if (!reads) {
    // A field device may have none of its organisation's secrets: then others read, and it says nothing.
    const keys::Certificate* own = desk_.trust().certificate(desk_.keyring().identity().key());
    return own != nullptr && own->roles.has(keys::Role::desk) ? ReadState::locked : ReadState::clear;
  }
  return may_still_come(*wrap) ? ReadState::locked : ReadState::unreadable;
}

/// Secrets are delivered for the current and the next epoch: one that is newer than all we hold may be on its
/// way, one that is older is gone.
bool Opening::may_still_come(const proto::Wrap& wrap) const {
  std::uint32_t newest = 0;
  for (const keys::EpochSecret& secret : desk_.keyring().secrets()) {
    if (secret.owner == wrap.recipient) newest = std::max(newest, secret.number);
  }
  std::uint32_t number = 0;
  for (const keys::EpochKey* epoch : desk_.trust().epochs(wrap.recipient)) {
    if (static_cast<std::uint8_t>(epoch->number) == wrap.epoch) number = std::max(number, epoch->number);
  }
  if (number != 0) return number > newest;
  const auto ahead = static_cast<std::uint8_t>(wrap.epoch - static_cast<std::uint8_t>(newest));
  return ahead >= 1 && ahead <= 127;
}

/// The chain of the sender to us: one link, whatever the type, or ranges of receipts would break there.
void Opening::link(StoreTurn& turn, const Entry& entry, const keys::Verified& verified,
                   const keys::Opened* opened) {
  const auto& wraps = verified.envelope().wraps;
  for (std::size_t i = 0; i < wraps.size(); ++i) {
    const bool this_one = opened != nullptr ? wraps[i].recipient == opened->as
                                            : mine(wraps[i].recipient, verified.header().source.device.org);
    if (!this_one) continue;
    Link link;
    link.seq = entry.seq;
    link.prev = wraps[i].prev;
    link.id = entry.id;
    link.state = entry.state;
    link.answered = entry.answered;
    if (opened != nullptr && i < opened->predecessors.size()) link.before = opened->predecessors[i];
    turn.put_link(entry.key, wraps[i].recipient, link);
    return;
  }
}

}  // namespace noroshi::desk
