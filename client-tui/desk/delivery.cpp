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
constexpr std::uint8_t kParked = 2;

/// The relay's word, where it says more than our own store.
void follow_relay(RecipientDelivery& delivery, const proto::control::RecipientProgress& said) {
  const bool under_way = delivery.state == Delivery::queued || delivery.state == Delivery::signed_here;
  if (!under_way) return;
  const auto set = [&](Delivery state, DeviceId by) {
    delivery.state = state;
    delivery.at = said.at == WallTime{} ? std::nullopt : std::optional(said.at);
    delivery.by = by;
  };
  if (said.reached != proto::ReceiptKind{}) return set(of_receipt(said.reached), said.by);
  if (said.end == "expired") return set(Delivery::expired, said.by);
  if (said.end == "refused") return set(Delivery::refused, said.via);
  if (said.end == "delivered") return set(Delivery::delivered, said.by);
  if (said.duty == kParked || said.end == "passed") return set(Delivery::relayed, said.via);
  delivery.state = Delivery::queued;
}

RecipientDelivery delivery_to(const StoreView& store, const MsgId& id, RecipientId recipient,
                              const proto::control::EnvelopeProgress* progress) {
  RecipientDelivery delivery;
  delivery.recipient = recipient;
  const Handed handed = store.handed(id);
  delivery.at = handed.at;
  delivery.state = handed.state == Handed::State::taken     ? Delivery::queued
                   : handed.state == Handed::State::refused ? Delivery::refused
                                                            : Delivery::signed_here;
  if (const auto reached = store.reached(id, recipient)) {
    delivery.state = of_receipt(reached->kind);
    delivery.at = reached->at;
    delivery.by = reached->by;
  }
  if (progress != nullptr && progress->known) {
    const auto said = std::find_if(progress->recipients.begin(), progress->recipients.end(),
                                   [&](const auto& entry) { return entry.recipient == recipient; });
    if (said != progress->recipients.end()) follow_relay(delivery, *said);
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
                                          const std::vector<RecipientId>& recipients,
                                          const proto::control::EnvelopeProgress* progress) {
  std::vector<RecipientDelivery> out;
  for (const RecipientId recipient : recipients) out.push_back(delivery_to(store, id, recipient, progress));
  return out;
}

Delivery overall(const std::vector<RecipientDelivery>& recipients) {
  NOROSHI_ASSERT(!recipients.empty());
  const auto least = std::min_element(recipients.begin(), recipients.end(),
                                      [](const auto& a, const auto& b) { return a.state < b.state; });
  return least->state;
}

}  // namespace noroshi::desk
