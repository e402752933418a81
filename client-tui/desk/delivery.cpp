#include "client-tui/desk/delivery.hpp"

#include <algorithm>

namespace noroshi::desk {

std::string_view name_of(Delivery state) {
  switch (state) {
    case Delivery::signed_here: return "signed";
    case Delivery::queued: return "queued";
    case Delivery::relayed: return "relayed";
    case Delivery::delivered: return "delivered";
    case Delivery::opened: return "opened";
    case Delivery::read: return "read";
    case Delivery::accepted: return "accepted";
    case Delivery::resealed: return "resealed";
    case Delivery::unreadable: return "unreadable";
    case Delivery::expired: return "expired";
    case Delivery::refused: return "refused";
  }
  return "signed";
}

namespace {

Delivery of_receipt(proto::ReceiptKind kind) {
  switch (kind) {
    case proto::ReceiptKind::delivered: return Delivery::delivered;
    case proto::ReceiptKind::opened: return Delivery::opened;
    case proto::ReceiptKind::read: return Delivery::read;
    case proto::ReceiptKind::accepted: return Delivery::accepted;
    case proto::ReceiptKind::unreadable: return Delivery::unreadable;
    case proto::ReceiptKind::expired: return Delivery::expired;
  }
  return Delivery::queued;
}

/// core::DutyState as the control protocol numbers it.
constexpr std::uint8_t kOwed = 0, kParked = 2;

/// What the relay says of one recipient.
Told told_of(const proto::control::RecipientProgress& said) {
  const auto at = said.at == WallTime{} ? std::nullopt : std::optional(said.at);
  if (said.reached != proto::ReceiptKind{}) return {of_receipt(said.reached), false, at, said.by};
  if (said.end == "expired") return {Delivery::expired, false, at, said.by};
  if (said.end == "refused") return {Delivery::refused, false, at, said.via};
  if (said.end == "delivered") return {Delivery::delivered, false, at, said.by};
  if (said.duty == kParked || said.end == "passed") return {Delivery::relayed, false, at, said.via};
  const bool no_route = said.duty == kOwed && said.end == "open" && said.via == DeviceId{};
  return {Delivery::queued, no_route, std::nullopt, {}};
}

RecipientDelivery delivery_to(const StoreView& store, const MsgId& id, RecipientId recipient) {
  RecipientDelivery delivery;
  delivery.recipient = recipient;
  const Handed handed = store.handed(id);
  delivery.at = handed.at;
  delivery.state = handed.state == Handed::State::taken     ? Delivery::queued
                   : handed.state == Handed::State::refused ? Delivery::refused
                                                            : Delivery::signed_here;
  if (delivery.state == Delivery::refused) delivery.refusal = handed.refusal;
  if (const auto reached = store.reached(id, recipient)) {
    delivery.state = of_receipt(reached->kind);
    delivery.at = reached->at;
    delivery.by = reached->by;
  } else if (const auto told = store.told(id, recipient); told && delivery.state != Delivery::refused) {
    // A relay that lost its store gets the message again; what became of it before stands.
    if (told->state > delivery.state) {
      delivery.state = told->state;
      delivery.at = told->at;
      delivery.by = told->by;
    }
    delivery.no_route = told->no_route && delivery.state == Delivery::queued;
  }
  if (const auto copy = store.resealed(id, recipient); copy && delivery.state == Delivery::unreadable) {
    delivery.state = Delivery::resealed;
    delivery.copy = *copy;
    // What became of the copy is what became of the report.
    if (const auto reached = store.reached(*copy, recipient);
        reached && reached->kind != proto::ReceiptKind::unreadable) {
      delivery.state = of_receipt(reached->kind);
      delivery.at = reached->at;
      delivery.by = reached->by;
    }
  }
  return delivery;
}

}  // namespace

std::vector<RecipientDelivery> deliveries(const StoreView& store, const MsgId& id,
                                          const std::vector<RecipientId>& recipients) {
  std::vector<RecipientDelivery> out;
  for (const RecipientId recipient : recipients) out.push_back(delivery_to(store, id, recipient));
  return out;
}

void keep_told(StoreTurn& turn, const proto::control::EnvelopeProgress& progress) {
  if (!progress.known) return;
  for (const auto& said : progress.recipients) turn.put_told(progress.id, said.recipient, told_of(said));
}

Delivery overall(const std::vector<RecipientDelivery>& recipients) {
  NOROSHI_ASSERT(!recipients.empty());
  const auto least = std::min_element(recipients.begin(), recipients.end(),
                                      [](const auto& a, const auto& b) { return a.state < b.state; });
  return least->state;
}

}  // namespace noroshi::desk
