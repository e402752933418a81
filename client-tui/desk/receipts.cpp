#include "client-tui/desk/receipts.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "keys/epoch.hpp"
#include "keys/object.hpp"

namespace noroshi::desk {
namespace {

/// The visible chain runs from `a` to `b` without a break.
bool follows(const Link& a, const Link& b) {
  return b.prev != 0 && b.prev != proto::kNoVisibleLink && b.seq - b.prev == a.seq;
}

proto::ReceiptEntry range_of(KeyId key, RecipientId recipient, std::span<const Link> links) {
  std::vector<MsgId> ids;
  for (const Link& link : links) ids.push_back(link.id);
  proto::ReceiptEntry entry;
  entry.dev = key.device.dev;
  entry.gen = key.gen;
  entry.recipient = recipient;
  entry.from = links.front().seq;
  entry.to = links.back().seq;
  entry.count = static_cast<std::uint16_t>(links.size());
  entry.digest = keys::receipt_digest(ids);
  return entry;
}

/// Level below the one of an envelope in the store.
proto::Level level_below(const StoreView& store, const MsgId& id) {
  const auto bytes = store.envelope(id);
  const auto parsed = bytes ? proto::parse_envelope(*bytes) : proto::ParsedEnvelope{};
  if (!parsed.envelope || parsed.envelope->header.level == proto::Level::bulk) return proto::Level::bulk;
  return static_cast<proto::Level>(static_cast<int>(parsed.envelope->header.level) - 1);
}

constexpr std::size_t kEntriesMax = 255;

/// The signed document of the epoch that should be sealed to now; empty if there is none.
Bytes current_epoch_object(const keys::Trust& trust, RecipientId owner, WallTime now) {
  const keys::EpochKey* epoch = trust.epoch_for(owner, now);
  if (epoch == nullptr) return {};
  for (const proto::ObjectRef& ref : trust.inventory()) {
    const bool it =
        ref.type == proto::ObjectType::epoch && ref.owner == owner.value && ref.version == epoch->number;
    if (it) return bytes_of(trust.object(ref));
  }
  return {};
}

}  // namespace

std::vector<proto::ReceiptEntry> receipt_ranges(KeyId key, RecipientId recipient,
                                                const std::vector<Link>& links, ReadState state) {
  std::vector<proto::ReceiptEntry> out;
  const auto close = [&](std::size_t begin, std::size_t end) {  // a run [begin, end) without a break
    const std::span<const Link> run(links.data() + begin, end - begin);
    const auto first = std::find_if(run.begin(), run.end(), [](const Link& link) { return !link.answered; });
    const auto needed = static_cast<std::size_t>(first - run.begin());
    std::vector<proto::ReceiptEntry> backwards;
    for (std::size_t stop = run.size(); stop > needed;) {
      const std::size_t start = stop > kReceiptRangeMax ? stop - kReceiptRangeMax : 0;
      backwards.push_back(range_of(key, recipient, run.subspan(start, stop - start)));
      stop = start;
    }
    out.insert(out.end(), backwards.rbegin(), backwards.rend());
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= links.size(); ++i) {
    const bool in_run = i < links.size() && links[i].state == state;
    const bool breaks = !in_run || (i > begin && !follows(links[i - 1], links[i]));
    if (breaks && i > begin) close(begin, i);
    if (!in_run)
      begin = i + 1;
    else if (breaks)
      begin = i;
  }
  return out;
}

std::vector<ReceiptDraft> due_receipts(const StoreView& store, const keys::Trust& trust, WallTime now) {
  // One receipt says one kind, and an unreadable one carries one epoch document: so these name the drafts.
  using Name = std::tuple<OrgId, ReadState, RecipientId>;
  std::map<Name, ReceiptDraft> open;
  std::vector<ReceiptDraft> out;
  for (const StoreView::Unanswered& line : store.unanswered()) {
    std::vector<Link> links = store.chain_before(line.key, line.recipient, line.first, kReceiptRangeMax);
    const std::vector<Link> newer = store.chain(line.key, line.recipient, line.first);
    links.insert(links.end(), newer.begin(), newer.end());
    for (const ReadState state : {ReadState::opened, ReadState::unreadable, ReadState::damaged}) {
      const std::vector<proto::ReceiptEntry> ranges = receipt_ranges(line.key, line.recipient, links, state);
      if (ranges.empty()) continue;
      const bool unreadable = state != ReadState::opened;
      const OrgId to = line.key.device.org;
      ReceiptDraft& draft = open[{to, state, unreadable ? line.recipient : RecipientId{}}];
      draft.to = to;
      draft.receipt.kind = unreadable ? proto::ReceiptKind::unreadable : proto::ReceiptKind::opened;
      draft.receipt.store = store.id();
      if (unreadable) {
        draft.receipt.reason = state == ReadState::unreadable ? proto::UnreadableReason::epoch_gone
                                                              : proto::UnreadableReason::damaged;
        draft.receipt.epoch_object = current_epoch_object(trust, line.recipient, now);
      }
      for (const proto::ReceiptEntry& range : ranges) {
        if (draft.receipt.entries.size() == kEntriesMax) {
          out.push_back(draft);
          draft.receipt.entries.clear();
          draft.answers.clear();
        }
        draft.receipt.entries.push_back(range);
      }
      for (const Link& link : links) {
        if (link.state != state || link.answered) continue;
        draft.answers.push_back({line.key, line.recipient, link.seq});
        draft.level = std::max(draft.level, level_below(store, link.id));
      }
    }
  }
  for (auto& [name, draft] : open) out.push_back(std::move(draft));
  return out;
}

ReceiptDraft receipt_for(const StoreView& store, const Entry& entry, proto::ReceiptKind kind) {
  Link link;
  link.seq = entry.seq;
  link.id = entry.id;
  ReceiptDraft draft;
  draft.to = entry.key.device.org;
  draft.level = level_below(store, entry.id);
  draft.receipt.kind = kind;
  draft.receipt.store = store.id();
  draft.receipt.entries = {range_of(entry.key, entry.as, {&link, 1})};
  return draft;
}

namespace {

/// May this device say this of messages to `recipient`?
bool may_say(proto::ReceiptKind kind, DeviceId signer, RecipientId recipient, OrgId sender,
             const keys::Trust& trust) {
  if (kind == proto::ReceiptKind::expired) return true;
  const keys::Group* group = trust.group(recipient);
  const bool of_recipient = group != nullptr
                                ? std::binary_search(group->members.begin(), group->members.end(), signer.org)
                                : proto::org_of(recipient, sender) == signer.org;
  if (!of_recipient) return false;
  return kind != proto::ReceiptKind::delivered || trust.is_home_relay(signer);
}

/// Of the epoch document in a receipt, if it is the recipient's. What it says chooses among the recipient's
/// own signed epochs and nothing else, so its signature is left to the trust objects.
WallTime begin_of(BytesView epoch_object, RecipientId recipient) {
  const auto parsed = keys::parse_object(epoch_object);
  if (!parsed || parsed->type != proto::ObjectType::epoch) return {};
  const auto epoch = keys::decode_epoch(parsed->body);
  return epoch && epoch->owner == recipient ? epoch->not_before : WallTime{};
}

}  // namespace

std::vector<Reseal> apply_receipt(StoreTurn& turn, const keys::Verified& envelope,
                                  const proto::Receipt& receipt, DeviceId self, const keys::Trust& trust) {
  std::vector<Reseal> unread;
  if (envelope.envelope().dst() != proto::to_org(self.org)) return unread;
  const DeviceId signer = envelope.header().source.device;
  for (const proto::ReceiptEntry& range : receipt.entries) {
    if (range.dev != self.dev) continue;
    if (!may_say(receipt.kind, signer, range.recipient, self.org, trust)) continue;
    const auto sent = turn.sent({self, range.gen}, range.recipient, range.from, range.to);
    std::vector<MsgId> ids;
    for (const auto& [seq, id] : sent) ids.push_back(id);
    if (ids.size() != range.count || keys::receipt_digest(ids) != range.digest) continue;
    for (const MsgId& id : ids) {
      const bool further =
          turn.put_reached(id, range.recipient, {receipt.kind, envelope.header().created, signer});
      if (further && receipt.kind == proto::ReceiptKind::unreadable)
        unread.push_back({id, range.recipient, begin_of(receipt.epoch_object, range.recipient)});
    }
  }
  return unread;
}

}  // namespace noroshi::desk
