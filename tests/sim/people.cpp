// People around the relays: who writes, thinks better of it, carries paper, opens what came.
#include <algorithm>

#include "proto/receipt.hpp"
#include "tests/sim/world.hpp"

namespace noroshi::sim {

void World::submit_all() {
  messages_ = pool_.dying().line;
  for (const Author& author : pool_.authors(options_.seed)) {
    const auto count = static_cast<std::size_t>(between(5, 10));
    messages_.insert(messages_.end(), author.line.begin(),
                     author.line.begin() + static_cast<std::ptrdiff_t>(count));
  }
  const bool on_paper = options_.seed % 3 == 1, regretted = options_.seed % 4 == 3;
  std::vector<std::int64_t> next(kPlaces * 2, 0);
  for (const Message& message : messages_) {
    checks_.expect(message);
    auto& when = next[static_cast<std::size_t>(message.place)];
    when += between(kMinute, heal_ms_ / 30);
    const bool printed = on_paper && paper_.below(4) == 0;
    at(when, [this, &message, regretted = regretted && !printed] {
      submit(message);
      if (regretted) think_better(message);
    });
    if (printed)
      at(when + static_cast<std::int64_t>(paper_.below(6 * kHour)), [this, &message] { carry(message); });
  }
}

/// Whether the relay of its machine can tell an author of every recipient: what its program asks.
bool World::followed(const Message& message) {
  const Machine& machine = machines_[static_cast<std::size_t>(message.place)];
  return machine.node && machine.node->follows_all(message.id);
}

/// An author gives its message to the relay of its machine, and again until that follows it.
void World::submit(const Message& message) {
  Machine& machine = machines_[static_cast<std::size_t>(message.place)];
  if (machine.destroyed || followed(message)) return;
  // The certificate of its own program is what a relay is given first.
  if (machine.node)
    give(machine,
         SubmitIn{.envelope = message.bytes, .id = message.id, .again = !asked_.insert(message.id).second});
  after(10 * kMinute, [this, &message] { submit(message); });
}

/// Before or after a line brings it, to any place at all.
void World::carry(const Message& message) {
  Machine& machine = machines_[paper_.below(machines_.size())];
  if (!machine.node || machine.place == message.place) return;
  fire(Fault::carried);
  give(machine, SubmitIn{.envelope = message.bytes, .id = message.id, .carried = true});
}

/// Rather where no line is up: what waits can be taken back.
void World::think_better(const Message& message) {
  const bool alone = std::ranges::none_of(lines_, [&](const Line& line) {
    return line.up && (line.a == message.place || line.b == message.place);
  });
  if (regret_.below(alone ? 2 : 8) != 0) return;
  after(static_cast<std::int64_t>(regret_.below(alone ? 5 * kMinute : kHour)),
        [this, &message] { recall(message); });
}

/// Its author takes it back; in one of three cases says it after all.
void World::recall(const Message& message) {
  Machine& machine = machines_[static_cast<std::size_t>(message.place)];
  if (!machine.node) return;
  fire(Fault::regretted);
  give(machine, RecallIn{message.id});
  if (regret_.below(3) != 0) return;
  after(between(1, 60) * kMinute, [this, &machine, &message] {
    if (machine.node) give(machine, SubmitIn{.envelope = message.bytes, .id = message.id, .again = true});
  });
}

/// A person opens what arrived, a while later.
void World::read_later(Machine& machine, const MsgId& id) {
  after(between(kMinute, 2 * kHour), [this, &machine, id] {
    const core::Record* record = machine.store->peek(id);
    if (!record || !machine.node) return;
    const OrgId org = machine.relay->device.org;
    const auto sealed = receipt(machine, pool_.reader(org), proto::ReceiptKind::opened, proto::to_org(org),
                                {.id = id, .key = record->key, .seq = record->seq});
    if (sealed) give(machine, SubmitIn{.envelope = sealed->bytes, .id = sealed->msg_id});
  });
}

/// What `who` says of one message; sealed by the clock of that machine.
Result<keys::Sealed> World::receipt(const Machine& machine, const keys::Identity& who,
                                    proto::ReceiptKind kind, RecipientId recipient, const Named& message) {
  auto& ledger = ledgers_[who.key()];
  if (!ledger) ledger = std::make_unique<test::MemoryLedger>(who.store_id());
  proto::Receipt receipt{
      .kind = kind, .reason = {}, .store = who.store_id(), .entries = {}, .epoch_object = {}};
  receipt.entries.push_back({.dev = message.key.device.dev,
                             .gen = message.key.gen,
                             .recipient = recipient,
                             .from = message.seq,
                             .to = message.seq,
                             .count = 1,
                             .digest = keys::receipt_digest({&message.id, 1})});
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.life = days(14);
  draft.recipients = {proto::to_org(message.key.device.org)};
  draft.content = proto::encode_receipt(receipt);
  return keys::seal_next(who, *machine.trust, *ledger, draft, now_at(machine), *machine.rng);
}

}  // namespace noroshi::sim
