// What becomes of an envelope that was delivered: verify → open → decode → keep, and what follows from it.
//
// Works inside one open turn; nothing here talks to the relay or writes a file, so a page that is cut off
// leaves nothing half done.
#pragma once

#include <vector>

#include "client-tui/desk/desk.hpp"

namespace noroshi::desk {

/// A message that a device of the own organisation must get from this desk (it holds no secret of the
/// organisation).
struct Forward {
  MsgId id;
  DeviceId to;
  proto::Level level{};
  bool exercise = false;
};

class Opening {
 public:
  explicit Opening(Desk& desk) : desk_(desk) {}

  /// An envelope from the relay. Known ones are passed over.
  void take(StoreTurn& turn, Bytes envelope, WallTime first_seen, Now now);
  /// One that was kept locked.
  void again(StoreTurn& turn, const MsgId& id, Now now);

  struct Counts {
    std::uint32_t received = 0, opened = 0, unreadable = 0, receipts = 0, refused = 0;
    bool rolled_back = false;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Contents of epoch-secret deliveries, for the keyring.
  [[nodiscard]] const std::vector<Bytes>& deliveries() const { return deliveries_; }
  /// Epoch documents that came with unreadable receipts.
  [[nodiscard]] const std::vector<Bytes>& objects() const { return objects_; }
  [[nodiscard]] const std::vector<Reseal>& reseals() const { return reseals_; }
  [[nodiscard]] const std::vector<Forward>& forwards() const { return forwards_; }

 private:
  void came_back(StoreTurn& turn, const Entry& entry, const proto::Envelope& envelope, WallTime now);
  void read(StoreTurn& turn, Entry entry, const keys::Verified& verified);
  void take_receipt(StoreTurn& turn, const keys::Verified& verified);
  ReadState keep_reports(StoreTurn& turn, Entry& entry, const keys::Verified& verified,
                         const keys::Opened& opened);
  ReadState keep_part(StoreTurn& turn, const Entry& entry, const keys::Verified& verified,
                      const keys::Opened& opened);
  void take_forwarded(StoreTurn& turn, BytesView content, const Entry& outer);
  void plan_forwards(const Entry& entry, const keys::Verified& verified,
                     const std::vector<forms::Report>& reports);
  void link(StoreTurn& turn, const Entry& entry, const keys::Verified& verified, const keys::Opened* opened);
  [[nodiscard]] ReadState after_refusal(const keys::Verified& verified, keys::Refusal refusal) const;
  [[nodiscard]] bool mine(RecipientId recipient, OrgId sender) const;
  [[nodiscard]] bool may_still_come(const proto::Wrap& wrap) const;

  Desk& desk_;
  Counts counts_;
  std::vector<Bytes> deliveries_, objects_;
  std::vector<Reseal> reseals_;
  std::vector<Forward> forwards_;
};

}  // namespace noroshi::desk
