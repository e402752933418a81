// The promises, checked after every turn that committed. None of this reads the core's mind: custody is
// counted from the records on the disks of machines that are alive, delivery from their inboxes, time from
// the world.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "relay/core/node.hpp"
#include "tests/sim/pool.hpp"

namespace noroshi::sim {

class World;
struct Machine;

class Checks {
 public:
  explicit Checks(World& world) : world_(world) {}

  void expect(const Message& message);
  /// The author's own relay has committed it.
  void accepted(const MsgId& id);
  /// A turn of this machine committed with these events.
  void committed(Machine& machine, const std::vector<core::Event>& events);
  /// Part of its disk is gone, or all of it for ever.
  void disk_lost(Machine& machine);
  void destroyed(Machine& machine);
  void sent(const Machine& machine, const core::Send& send, std::size_t bytes);

  /// Every deliverable message has arrived and its author's relay knows.
  [[nodiscard]] bool all_done() const { return missing().empty(); }
  /// What is missing, for the complaint.
  [[nodiscard]] std::string missing() const;
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  /// One (message, recipient organisation).
  struct Part {
    std::set<int> holders;  ///< places alive that owe it, or hold it with a timer
    bool delivered = false;
    bool known = false;   ///< settled at its origin
    bool exempt = false;  ///< lost with a disk or a destroyed machine: no protocol can help
  };
  struct Item {
    const Message* message = nullptr;
    bool accepted = false;
    bool recalled = false;         ///< its author's relay says that it never left
    std::int64_t recalled_ms = 0;  ///< … since then
    std::vector<Part> parts;
  };

  [[nodiscard]] std::string unlike() const;
  void recount(Machine& machine, const MsgId& id);
  void judge(const Item& item);
  void forward_only(const Machine& machine, const core::Record& record);
  void bounded(const Machine& machine, const core::Record& record);
  void acked_survives(const Machine& machine, const core::Record& record);
  void complain(const std::string& what);
  [[nodiscard]] bool may_have_expired(const Item& item) const;

  World& world_;
  std::unordered_map<MsgId, Item> items_;
  std::map<std::pair<int, MsgId>, std::vector<core::Duty>> before_;
  std::map<std::pair<int, MsgId>, int> delivered_;
  std::map<int, std::set<MsgId>> greedy_, equivocal_;
  std::string complaint_;
};

}  // namespace noroshi::sim
