#include "relay/core/receipts.hpp"

#include <algorithm>
#include <map>

#include "keys/crypto.hpp"

namespace noroshi::core {
namespace {

using proto::Level;
using proto::ReceiptEntry;
using proto::ReceiptKind;
using proto::RecipientKind;

/// Ranges lie in one block of this many numbers of a key, so that a newer receipt of the block covers the
/// older ones.
constexpr Seq kBlock = kReceiptRangeMax;
/// 64 entries are 1.5 kB: five seconds at 2400 bit/s, and a flash report still overtakes between two
/// receipts.
constexpr std::size_t kEntriesPerReceipt = 64;
constexpr std::size_t kDuesPerTurn = 512;
constexpr std::size_t kQueuedMax = 256;
/// Dues that nobody has signed by then are drafted again.
constexpr Millis kDraftAgain{60'000};
/// A receipt is worth carrying for as long as a partition may last; a lost one is made again when its
/// envelope is.
constexpr Seconds kReceiptLife = days(14);

Level one_below(Level level) {
  return level == Level::bulk ? level : static_cast<Level>(static_cast<int>(level) - 1);
}

ByteArray<8> digest_of(const std::vector<MsgId>& messages) {
  return keys::receipt_digest(messages);
}

bool covers(const ReceiptEntry& newer, const ReceiptEntry& older) {
  return newer.dev == older.dev && newer.gen == older.gen && newer.recipient == older.recipient &&
         newer.from <= older.from && older.to <= newer.to;
}

/// Whether one of its recipients is known to have it.
bool reached(const Record& record, RecipientId recipient) {
  return std::ranges::any_of(record.duties, [&](const Duty& duty) {
    return duty.wrap != kPush && record.targets[duty.wrap] == recipient && duty.reached != ReceiptKind{};
  });
}

}  // namespace

Receipts::Receipts(Hall& hall, Duties& duties, const Evidence& evidence)
    : hall_(hall), duties_(duties), evidence_(evidence) {
  if (!hall.store.due(1).empty()) gather_at_ = hall.now.mono;
}

// ---- What a receipt proves

/// Delivered is a home relay's word; whatever happened behind it, that of a person's device in that
/// organisation: a stolen relay key ends nobody's mail as unreadable. Only relays speak of expiry.
bool Receipts::may_say(const Word& word, OrgId source, const ReceiptEntry& entry) const {
  const auto org = proto::org_of(entry.recipient, source);
  const keys::Certificate* signer = hall_.trust->certificate(word.signer);
  if (!org || !signer) return false;
  const bool relays = signer->roles.has(keys::Role::relay) || signer->roles.has(keys::Role::gateway);
  const bool reads = signer->roles.has(keys::Role::desk) || signer->roles.has(keys::Role::field);
  const bool own = word.signer.device.org == *org;
  switch (word.kind) {
    case ReceiptKind::delivered:
      if (proto::kind_of(entry.recipient) == RecipientKind::own_device) return own && relays;
      return own && hall_.trust->is_home_relay(word.signer.device);
    case ReceiptKind::opened:
    case ReceiptKind::read:
    case ReceiptKind::accepted:
    case ReceiptKind::unreadable: return own && reads;
    case ReceiptKind::expired: return relays;
  }
  return false;
}

/// An own report has reached one of its recipients: in time, or late.
void Receipts::note_arrival(const Record& record, const Word& word) {
  const bool clocks = !hall_.now.wall_suspect && !record.marks.time_doubtful;
  const Seconds took = clocks ? word.created - record.created : hall_.now.wall - record.first_seen;
  const auto level = static_cast<std::size_t>(record.level);
  const std::int64_t day = hall_.time.s / days(1).count;
  OnTime counts = hall_.store.on_time(day);
  ++(took.count <= hall_.config.target[level].count ? counts.met : counts.missed)[level];
  hall_.store.put_on_time(day, counts);
}

bool Receipts::raise_one(const Word& word, Record& record, Duty& duty, PeerId from) {
  const bool open = duty.state != DutyState::settled;
  const auto end_as = [&](End end) {
    if (duty.via == kNobody) duty.via = from;
    duties_.settle(record, duty, end);
  };
  const auto reach = [&] {
    if (word.kind <= duty.reached) return false;
    duty.reached = word.kind;
    duty.at = word.created;
    duty.by = word.signer.device;
    return true;
  };
  switch (word.kind) {
    case ReceiptKind::delivered: {
      // A receipt for one message can be checked by everybody: it is kept before one for a range. Of two such
      // the first stays: replicas may each sign one, and taken by turns they would be passed on for ever.
      const bool first = duty.proof == MsgId{} || (word.single && duty.proof != word.receipt &&
                                                   !evidence_.stands_alone(record, duty.wrap));
      if (first) duty.proof = word.receipt;
      if (open && !hall_.now.wall_suspect)
        duties_.learn_usual(record.level, hall_.now.wall - record.first_seen);
      if (open || duty.end == End::expired || taken_back(duty)) end_as(End::delivered);
      return reach() || first || open;
    }
    case ReceiptKind::opened:
    case ReceiptKind::read:
    case ReceiptKind::accepted:
      if (duty.end == End::unreadable) duty.end = End::delivered;
      return reach();
    case ReceiptKind::unreadable:
      if (duty.end == End::unreadable || duty.reached >= ReceiptKind::opened) return false;
      end_as(End::unreadable);
      duty.at = word.created;
      duty.by = word.signer.device;
      return true;
    case ReceiptKind::expired: return true;
  }
  return false;
}

void Receipts::raise(Word word, KeyId key, const ReceiptEntry& entry, const std::vector<MsgId>& messages,
                     PeerId from, std::set<PeerId>& back) {
  word.single = entry.count == 1;
  for (const MsgId& id : messages) {
    auto record = hall_.store.record(id);
    if (!record || !covers(entry, record->key, entry.recipient, record->seq) || record->key != key) continue;
    bool changed = false;
    const bool there = reached(*record, entry.recipient);
    for (Duty& duty : record->duties) {
      if (duty.wrap == kPush || record->targets[duty.wrap] != entry.recipient) continue;
      if (!raise_one(word, *record, duty, from)) continue;
      changed = true;
      back.insert(duty.avoid.begin(), duty.avoid.end());
    }
    const bool mine = word.signer.device == hall_.config.self && word.kind == ReceiptKind::delivered;
    if (mine) hall_.store.drop_due({record->key, entry.recipient, record->seq, id});
    if (!changed) continue;
    if (record->origin && !there && reached(*record, entry.recipient)) note_arrival(*record, word);
    back.insert(record->from);
    duties_.tidy(*record);
    hall_.store.put(*record);
    hall_.event(EventKind::receipt, from, id, static_cast<std::uint8_t>(word.kind));
  }
}

void Receipts::apply(Record& receipt, BytesView content, PeerId from) {
  const auto read = proto::decode_receipt(content);
  const auto source = proto::org_of(receipt.targets.front(), receipt.key.device.org);
  if (!read || !source) return;
  const Word word{
      .kind = read->kind, .signer = receipt.key, .created = receipt.created, .receipt = receipt.id};
  std::set<PeerId> back;
  for (const ReceiptEntry& entry : read->entries) {
    if (!may_say(word, *source, entry)) continue;
    const KeyId key{{*source, entry.dev}, entry.gen};
    raise(word, key, entry, evidence_.messages_of(key, entry), from, back);
  }
  back.erase(from);
  back.erase(kNobody);
  for (const PeerId peer : back) duties_.push(receipt, peer);
  supersede(receipt, word, *source, read->entries);
  if (hall_.store.due(1).empty()) gather_at_.reset();
}

void Receipts::apply_again(Record& receipt, PeerId from) {
  const auto body = hall_.store.body(receipt.id);
  const auto parsed = body ? proto::parse_envelope(*body) : proto::ParsedEnvelope{};
  // What only tells, and settles nothing here, is told once.
  const auto read = parsed.envelope ? proto::decode_receipt(parsed.envelope->clear_content()) : std::nullopt;
  if (read && read->kind != ReceiptKind::expired) apply(receipt, parsed.envelope->clear_content(), from);
}

void Receipts::apply_proof(const proto::Proof& proof, PeerId from) {
  auto receipt = hall_.store.record(proof.receipt);
  if (!receipt) return;
  const auto open = evidence_.open(*receipt);
  if (!open || proof.entry >= open->receipt.entries.size()) return;
  const ReceiptEntry& entry = open->receipt.entries[proof.entry];
  const Word word{.kind = open->receipt.kind,
                  .signer = receipt->key,
                  .created = receipt->created,
                  .receipt = receipt->id};
  const bool holds = proof.messages.size() == entry.count && digest_of(proof.messages) == entry.digest;
  if (!holds || !may_say(word, open->source, entry)) return;
  std::set<PeerId> back;
  raise(word, {{open->source, entry.dev}, entry.gen}, entry, proof.messages, from, back);
  back.erase(from);
  back.erase(kNobody);
  for (const PeerId peer : back) duties_.push(*receipt, peer);
  hall_.store.put(*receipt);
}

/// An older receipt of the same signer that says less waits in vain: whoever was to get it gets the newer
/// one.
void Receipts::supersede(Record& newer, const Word& word, OrgId source,
                         const std::vector<ReceiptEntry>& entries) {
  const auto says_less = [&](const Queued& old) {
    const bool kind = old.kind == word.kind || (old.kind >= ReceiptKind::opened && old.kind < word.kind &&
                                                word.kind <= ReceiptKind::accepted);
    return kind && old.signer == word.signer && old.source == source && old.id != newer.id &&
           std::ranges::all_of(old.entries, [&](const ReceiptEntry& entry) {
             return std::ranges::any_of(entries, [&](const ReceiptEntry& by) { return covers(by, entry); });
           });
  };
  const bool routed = std::ranges::any_of(
      newer.duties, [](const Duty& d) { return d.wrap != kPush && d.state != DutyState::settled; });
  for (const Queued& old : queued_) {
    if (!says_less(old)) continue;
    auto record = hall_.store.record(old.id);
    if (!record) continue;
    for (Duty& duty : record->duties) {
      if (duty.state != DutyState::owed || (duty.wrap != kPush && !routed)) continue;
      if (duty.wrap == kPush) duties_.push(newer, duty.via);
      duties_.settle(*record, duty, End::passed);
    }
    hall_.store.put(*record);
  }
  std::erase_if(queued_, [&](const Queued& old) { return old.id == newer.id || says_less(old); });
  queued_.push_back({newer.id, word.signer, word.kind, source, entries});
  if (queued_.size() > kQueuedMax) queued_.pop_front();
}

// ---- Asked again about what is settled

bool Receipts::show(const Record& record, std::uint8_t wrap, PeerId asker) {
  const Evidence::Shown shown = evidence_.find(record, wrap);
  if (shown.kind == Evidence::Kind::none) return false;
  if (shown.kind == Evidence::Kind::sign) {
    hall_.store.put_due({record.key, record.targets[wrap], record.seq, record.id});
    due(record.level);
    return true;
  }
  auto receipt = hall_.store.record(shown.receipt);
  Session* session = hall_.up(asker);
  if (session && shown.range) session->proofs[shown.receipt].insert(shown.entry);
  // Even to whoever it came from: that neighbour asks because its disk has lost the receipt, or lacks the
  // proof that goes behind it.
  duties_.push(*receipt, asker);
  hall_.store.put(*receipt);
  return true;
}

void Receipts::show_further(const Record& record, PeerId asker) {
  const auto source = record.key.device.org;
  for (const Queued& told : queued_) {
    const bool further = told.kind >= ReceiptKind::opened && told.kind <= ReceiptKind::accepted;
    const bool of_it = std::ranges::any_of(told.entries, [&](const ReceiptEntry& entry) {
      return covers(entry, record.key, entry.recipient, record.seq);
    });
    if (!further || told.source != source || !of_it) continue;
    auto receipt = hall_.store.record(told.id);
    if (!receipt || receipt->from == asker) continue;
    duties_.push(*receipt, asker);
    hall_.store.put(*receipt);
  }
}

// ---- Receipts of this relay

void Receipts::report_expired(const Record& record, const std::vector<RecipientId>& lost) {
  for (const RecipientId recipient : lost) {
    expired_[{record.key.device.org, record.level}].push_back({.dev = record.key.device.dev,
                                                               .gen = record.key.gen,
                                                               .recipient = recipient,
                                                               .from = record.seq,
                                                               .to = record.seq,
                                                               .count = 1,
                                                               .digest = digest_of({record.id})});
  }
}

void Receipts::due(Level level) {
  const Instant at = level == Level::flash ? hall_.now.mono : hall_.now.mono + hall_.config.receipt_gather;
  if (!gather_at_ || at < *gather_at_) gather_at_ = at;
}

std::optional<Instant> Receipts::next_wake() const {
  if (!expired_.empty()) return hall_.now.mono;
  return gather_at_;
}

/// The ranges that hold the dues of one (key, recipient, block): each as long as the chain and the way it
/// came allow, so that relays on that way hold all of it.
std::vector<ReceiptEntry> Receipts::entries_of(const std::vector<ReceiptDue>& block) const {
  const ReceiptDue& first = block.front();
  const Seq low = (first.seq - 1) / kBlock * kBlock + 1;
  const auto links = hall_.store.chain(first.key, first.recipient, low, low + kBlock - 1, kBlock);

  std::vector<ReceiptEntry> out;
  const auto entry = [&](Seq from, Seq to, const std::vector<MsgId>& messages) {
    out.push_back({.dev = first.key.device.dev,
                   .gen = first.key.gen,
                   .recipient = first.recipient,
                   .from = from,
                   .to = to,
                   .count = static_cast<std::uint16_t>(messages.size()),
                   .digest = digest_of(messages)});
  };
  std::set<MsgId> open;
  for (const ReceiptDue& due : block) {
    // Asked for again after a receipt: somebody could not check its range.
    const auto record = hall_.store.record(due.id);
    const bool again =
        record && std::ranges::any_of(record->duties, [&](const Duty& d) {
          return d.wrap != kPush && record->targets[d.wrap] == due.recipient && d.proof != MsgId{};
        });
    if (again) {
      entry(due.seq, due.seq, {due.id});
    } else {
      open.insert(due.id);
    }
  }

  std::vector<MsgId> run;
  PeerId way;
  std::size_t begin = 0;
  const auto close = [&](std::size_t end) {
    const bool wanted = std::ranges::any_of(run, [&](const MsgId& id) { return open.contains(id); });
    if (wanted) entry(links[begin].seq, links[end - 1].seq, run);
    if (wanted) std::ranges::for_each(run, [&](const MsgId& id) { open.erase(id); });
    run.clear();
  };
  for (std::size_t i = 0; i < links.size(); ++i) {
    const auto record = hall_.store.record(links[i].id);
    const bool here = record && delivered_here(*record, first.recipient);
    const bool goes_on = here && !run.empty() && linked(links[i - 1], links[i]) && record->from == way;
    if (!goes_on) {
      close(i);
      begin = i;
      if (!here) continue;
      way = record->from;
    }
    run.push_back(links[i].id);
  }
  close(links.size());
  // What stands in no chain: clear envelopes, and the second message under one number.
  for (const ReceiptDue& due : block) {
    if (open.contains(due.id)) entry(due.seq, due.seq, {due.id});
  }
  return out;
}

void Receipts::draft(OrgId source, Level level, ReceiptKind kind, std::vector<ReceiptEntry> entries) {
  for (std::size_t at = 0; at < entries.size(); at += kEntriesPerReceipt) {
    const auto end = std::min(entries.size(), at + kEntriesPerReceipt);
    proto::Receipt receipt{
        .kind = kind, .reason = {}, .store = hall_.store.id(), .entries = {}, .epoch_object = {}};
    receipt.entries.assign(entries.begin() + static_cast<std::ptrdiff_t>(at),
                           entries.begin() + static_cast<std::ptrdiff_t>(end));
    hall_.out.seal.push_back({.ctype = proto::Ctype::receipt,
                              .level = one_below(level),
                              .exercise = false,
                              .life = kReceiptLife,
                              .recipients = {proto::to_org(source)},
                              .incident = {},
                              .epochs_from = {},
                              .content = proto::encode_receipt(receipt)});
  }
}

void Receipts::gather() {
  for (auto& [to, entries] : std::exchange(expired_, {})) {
    draft(to.first, to.second, ReceiptKind::expired, std::move(entries));
  }

  if (hall_.delivered) due(*std::exchange(hall_.delivered, std::nullopt));
  if (!gather_at_ || *gather_at_ > hall_.now.mono) return;
  const auto dues = hall_.store.due(kDuesPerTurn);
  gather_at_.reset();
  if (dues.empty()) return;
  // More waits behind a full page, unless nobody signed the last one.
  const bool stuck = dues.front() == last_first_;
  last_first_ = dues.front();
  const bool more = dues.size() == kDuesPerTurn && !stuck;
  gather_at_ = hall_.now.mono + (more ? Millis{} : kDraftAgain);
  std::map<std::tuple<KeyId, RecipientId, Seq>, std::vector<ReceiptDue>> blocks;
  for (const ReceiptDue& due : dues) blocks[{due.key, due.recipient, (due.seq - 1) / kBlock}].push_back(due);
  std::map<std::pair<OrgId, Level>, std::vector<ReceiptEntry>> drafts;
  for (const auto& [name, block] : blocks) {
    Level level = Level::bulk;
    for (const ReceiptDue& due : block) {
      if (const auto record = hall_.store.record(due.id)) level = std::max(level, record->level);
    }
    auto& entries = drafts[{std::get<KeyId>(name).device.org, level}];
    for (ReceiptEntry& entry : entries_of(block)) entries.push_back(std::move(entry));
  }
  for (auto& [to, entries] : drafts) draft(to.first, to.second, ReceiptKind::delivered, std::move(entries));
}

}  // namespace noroshi::core
