// Link-state objects: how rosters, revocations, certificates and contacts spread (PROTOCOL.md, "Objects
// exchange"). On every hello two digests are compared; where they differ, each side names what it has and
// asks for what it lacks.
#pragma once

#include <optional>

#include "relay/core/hall.hpp"

namespace noroshi::core {

class Objects {
 public:
  explicit Objects(Hall& hall) : hall_(hall), look_(hall.now.mono) {}

  /// A neighbour's hello: names what is held here if it holds something else; sends it our own contact
  /// object.
  void greet(Session& session, const ByteArray<8>& their_digest);
  void on_inventory(Session& session, const proto::Inventory& inventory);
  void on_want(Session& session, const proto::WantObject& want);
  /// From a neighbour (kNobody: a program of this machine). True if who is trusted changed.
  bool apply(BytesView object, PeerId from);
  void want_certificate(Session& session, KeyId key);
  /// The certificate of a key, before its first envelope to this neighbour.
  void introduce(Session& session, KeyId key);

  /// Sends what was asked for, at a pace that leaves the line to reports: `busy` while urgent ones wait.
  void pump(Session& session, bool busy);
  [[nodiscard]] std::optional<Instant> next_wake(const Session& session) const;

  /// Asks the loop to sign this node's contact object, when its links have lastingly changed, or daily.
  void refresh_contact();
  /// A link came or went: looked at again when that has lasted.
  void links_changed();
  [[nodiscard]] std::optional<Instant> next_contact() const;

 private:
  void name_contacts(Session& session);
  [[nodiscard]] bool routes(PeerId peer) const;
  void spread(const proto::ObjectRef& ref, BytesView object, PeerId from);
  /// Nobody sends here: nobody needs to know how it is reached. A home relay is none, whatever its default
  /// route.
  [[nodiscard]] bool is_leaf() const;
  [[nodiscard]] keys::Contact own_contact() const;
  [[nodiscard]] bool contact_differs(const keys::Contact& signed_before, const keys::Contact& today) const;

  Hall& hall_;
  Instant look_;  ///< when the contact object is compared with the links again
};

}  // namespace noroshi::core
