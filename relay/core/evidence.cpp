#include "relay/core/evidence.hpp"

#include <algorithm>

#include "keys/crypto.hpp"
#include "relay/core/duty.hpp"

namespace noroshi::core {

using proto::ReceiptEntry;

namespace {

constexpr std::uint8_t kNoLink = 255;
/// Of one range: those of a block, recalled ones among them, and one more.
constexpr std::size_t kLinksMost = 65;

}  // namespace

bool linked(const ChainLink& earlier, const ChainLink& later) {
  return later.prev != 0 && later.prev != kNoLink && later.seq - later.prev == earlier.seq;
}

bool covers(const ReceiptEntry& entry, KeyId key, RecipientId recipient, Seq seq) {
  return entry.dev == key.device.dev && entry.gen == key.gen && entry.recipient == recipient &&
         entry.from <= seq && seq <= entry.to;
}

bool delivered_here(const Record& record, RecipientId recipient) {
  return std::ranges::any_of(record.duties, [&](const Duty& d) {
    return d.wrap != kPush && record.targets[d.wrap] == recipient && delivered_here(d);
  });
}

std::optional<OpenReceipt> Evidence::open(const Record& receipt) const {
  const auto body = hall_.store.body(receipt.id);
  if (!body) return std::nullopt;
  const auto parsed = proto::parse_envelope(*body);
  if (!parsed.envelope || parsed.envelope->sealed()) return std::nullopt;
  auto read = proto::decode_receipt(parsed.envelope->clear_content());
  const auto source = proto::org_of(parsed.envelope->dst(), receipt.key.device.org);
  if (!read || !source) return std::nullopt;
  return OpenReceipt{*std::move(read), *source};
}

std::vector<MsgId> Evidence::messages_of(KeyId key, const ReceiptEntry& entry) const {
  if (entry.from == entry.to) {
    // One message needs no chain; of two under one number, the one that was meant.
    for (const MsgId& id : hall_.store.seen(key, entry.from)) {
      if (keys::receipt_digest({&id, 1}) == entry.digest) return {id};
    }
    return {};
  }
  auto links = hall_.store.chain(key, entry.recipient, entry.from, entry.to, kLinksMost);
  // What its author took back here stands in no chain but this node's.
  if (links.size() > entry.count) {
    std::erase_if(links, [this](const ChainLink& link) {
      const auto record = hall_.store.record(link.id);
      return record && std::ranges::any_of(record->duties, taken_back);
    });
  }
  const bool whole =
      links.size() == entry.count && links.front().seq == entry.from && links.back().seq == entry.to;
  if (!whole) return {};
  std::vector<MsgId> messages{links.front().id};
  for (std::size_t i = 1; i < links.size(); ++i) {
    if (!linked(links[i - 1], links[i])) return {};
    messages.push_back(links[i].id);
  }
  if (keys::receipt_digest(messages) != entry.digest) return {};
  return messages;
}

Evidence::Shown Evidence::find(const Record& record, std::uint8_t wrap) const {
  const RecipientId recipient = record.targets[wrap];
  const bool here = delivered_here(record, recipient);
  const Shown otherwise{.kind = here ? Kind::sign : Kind::none, .receipt = {}, .entry = 0, .range = false};
  const auto duty = std::ranges::find_if(record.duties, [&](const Duty& d) {
    return d.wrap == wrap && d.state == DutyState::settled && d.end != End::expired;
  });
  const auto receipt = duty != record.duties.end() ? hall_.store.record(duty->proof) : std::nullopt;
  const auto opened = receipt ? open(*receipt) : std::nullopt;
  if (!opened) return otherwise;
  const auto& entries = opened->receipt.entries;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!covers(entries[i], record.key, recipient, record.seq)) continue;
    const bool range = entries[i].count > 1;
    // Who is asked about one message of a range has an asker that could not check the range.
    if (range && (here || messages_of(record.key, entries[i]).empty())) continue;
    return {
        .kind = Kind::stored, .receipt = receipt->id, .entry = static_cast<std::uint8_t>(i), .range = range};
  }
  return otherwise;
}

bool Evidence::stands_alone(const Record& record, std::uint8_t wrap) const {
  const Shown shown = find(record, wrap);
  return shown.kind == Kind::stored && !shown.range;
}

void Evidence::prove(Session& session, const Record& receipt) const {
  const auto wanted = session.proofs.find(receipt.id);
  if (wanted == session.proofs.end()) return;
  if (const auto opened = open(receipt)) {
    for (const std::uint8_t i : wanted->second) {
      const ReceiptEntry& entry = opened->receipt.entries[i];
      auto messages = messages_of({{opened->source, entry.dev}, entry.gen}, entry);
      if (!messages.empty()) hall_.send(session.peer(), proto::Proof{receipt.id, i, std::move(messages)});
    }
  }
  session.proofs.erase(wanted);
}

}  // namespace noroshi::core
