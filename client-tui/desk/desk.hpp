// The desk: this person's keys, what is trusted, and the store, in one place. Everything people do goes
// through here; the command line and the terminal only ask and show.
//
// Time is an argument. Not thread-safe; several processes may have the same home open (the store orders
// them).
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "client-tui/desk/attachments.hpp"
#include "client-tui/desk/compose.hpp"
#include "client-tui/desk/forms_in_use.hpp"
#include "client-tui/desk/index.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/receipts.hpp"
#include "client-tui/desk/store.hpp"
#include "keys/home.hpp"
#include "keys/keyring.hpp"
#include "proto/random.hpp"

namespace noroshi::desk {

/// What was sealed: safe in the store, in line for the relay.
struct Sent {
  MsgId msg_id;
  KeyId key;
  Seq seq = 0;
  std::vector<RecipientId> recipients;
  std::size_t bytes = 0;
};

class Desk {
 public:
  /// Opens the home's trust, the person's key file and the store. Errors: those of keys::load_trust and
  /// Keyring::load, and the store's. `rng` outlives the desk.
  [[nodiscard]] static Result<std::unique_ptr<Desk>> open(const keys::Home& home,
                                                          const keys::SecretBytes* passphrase, Rng& rng);

  [[nodiscard]] const keys::Home& home() const { return home_; }
  [[nodiscard]] const keys::Trust& trust() const { return *trust_; }
  [[nodiscard]] const keys::Keyring& keyring() const { return keyring_; }
  [[nodiscard]] DeviceId self() const { return keyring_.identity().device(); }
  [[nodiscard]] Author author() const { return {keyring_.identity().key(), trust_.get()}; }
  [[nodiscard]] Store& store() { return store_; }
  [[nodiscard]] Rng& rng() { return *rng_; }
  /// The forms to read, check, sum and show with, as of the trust held now. A catalogue that was in use lives
  /// as long as the desk: what points into it may be kept.
  [[nodiscard]] const forms::Catalogue& catalogue() const { return *forms_.catalogue; }
  [[nodiscard]] const FormsInUse& forms() const { return forms_; }
  [[nodiscard]] Letters letters(const StoreView& view) const {
    return {view, keyring_.store_key(), *trust_, catalogue()};
  }
  /// Every report held. One pass over the store: for few reports, and for tests.
  [[nodiscard]] Result<std::vector<Reading>> readings() const;
  /// What is asked of a snapshot without reading all of it. Right once index_some() has nothing left to do.
  [[nodiscard]] IndexView index(const StoreView& view) const { return {view, keyring_.store_key()}; }
  /// Files that reports name.
  [[nodiscard]] Files files(const StoreView& view) const { return {view, keyring_.store_key()}; }
  /// Registered units, for the roll-up.
  [[nodiscard]] std::vector<ExpectedUnit> expected_units() const;
  /// The clock is unset, or older than the newest signed document: people are asked for the date.
  [[nodiscard]] bool clock_is_old(Now now) const { return now.wall < trust_->not_before(); }

  // ---- the index: of a store that an older program wrote, or that other rules were applied to
  struct Indexing {
    std::uint64_t done = 0, total = 0;  ///< envelopes
    [[nodiscard]] bool complete() const { return done == total; }
  };
  [[nodiscard]] Result<Indexing> indexing() const;
  /// Indexes so many envelopes more, in one transaction. What a crash cuts off is begun again there.
  /// Nothing is left to do here where another program of this home has begun anew with other forms.
  [[nodiscard]] Result<Indexing> index_some(std::size_t max);
  /// Gives what the register or an incident has moved its new place: reports of units whose association is
  /// another one, of incidents that have become an exercise. Also what a program that knew other forms or
  /// another register has put in a place since.
  [[nodiscard]] Result<void> follow_register();
  /// Where the index shows that another program of this home has come to trust other things, they are trusted
  /// here too, and followed.
  [[nodiscard]] Result<void> follow_home();

  // ---- saying something
  /// What a new report is held against: the last of its series, the highest number, which forms its unit has
  /// sent.
  [[nodiscard]] std::vector<Reading> before(const StoreView& view,
                                            const std::vector<forms::Report>& reports) const;
  /// The reports to begin from for a child of this one (compose.hpp).
  [[nodiscard]] Result<std::vector<forms::Report>> child_of(const Reading& parent,
                                                            forms::ReportKind kind) const;
  /// Complete, checked and measured, as it would be sealed now. Nothing is written.
  [[nodiscard]] Result<Prepared> prepare(const Message& message, Now now);
  /// Whether every recipient has a key to seal to; what send() would refuse for it.
  [[nodiscard]] Result<void> check_recipients(const Prepared& prepared) const;
  /// Sealed and durable when it returns. Refuses (bad_data) what is not sendable.
  [[nodiscard]] Result<Sent> send(const Message& message, Now now);
  /// A person has read or accepted a received message: notes it and seals the receipt.
  [[nodiscard]] Result<void> acknowledge(const MsgId& id, proto::ReceiptKind kind, Now now);

  // ---- for sync.cpp: parts of one turn
  /// Seals a prepared message and the parts of its files in an open turn, and keeps what they say.
  [[nodiscard]] Result<Sent> seal(StoreTurn& turn, const Prepared& prepared, Now now,
                                  WallTime epochs_from = {});
  /// What the parts of a file have in common with each other.
  struct Enclosing {
    std::vector<RecipientId> recipients;
    bool exercise = false;
    IncidentId incident;
    WallTime epochs_from;
  };
  /// Seals one part of a file (proto/attachment.hpp) and keeps it.
  [[nodiscard]] Result<MsgId> seal_part(StoreTurn& turn, BytesView content, const Enclosing& enclosing,
                                        Now now);
  [[nodiscard]] Result<void> seal_receipt(StoreTurn& turn, const ReceiptDraft& draft, Now now);
  /// Keeps the content of an opened envelope, sealed under the store key. `indexed` follows, once its entry
  /// says what became of it.
  void keep(StoreTurn& turn, const MsgId& id, const Content& content);
  /// Takes an envelope into the index, or into its new place there.
  void indexed(StoreTurn& turn, const MsgId& id);
  /// `follow_register` follows, outside of any turn.
  void set_trust(keys::TrustPtr trust);
  [[nodiscard]] const keys::TrustPtr& trust_ptr() const { return trust_; }
  [[nodiscard]] keys::Keyring& keyring() { return keyring_; }

 private:
  /// Files that a report takes over from an earlier one: sealed again where a recipient has not got them.
  [[nodiscard]] Result<void> check_parents(const StoreView& view, const Message& message) const;
  [[nodiscard]] Message with_files(Message message, const StoreView& view) const;
  [[nodiscard]] Result<void> seal_file(StoreTurn& turn, const forms::Attachment& file,
                                       const Enclosing& enclosing, Now now);
  Desk(keys::Home home, keys::TrustPtr trust, keys::Keyring keyring, Store store, Rng& rng)
      : home_(std::move(home)),
        trust_(std::move(trust)),
        keyring_(std::move(keyring)),
        store_(std::move(store)),
        rng_(&rng),
        forms_(forms_in_use(*trust_)) {}
  /// Sees whether the index is made by these rules and with these forms; else it is begun again.
  [[nodiscard]] Result<void> begin_index();
  [[nodiscard]] ByteArray<8> made_with() const;
  [[nodiscard]] bool agrees(const StoreView& view) const;
  [[nodiscard]] Result<void> take_again();
  keys::Home home_;
  keys::TrustPtr trust_;
  keys::Keyring keyring_;
  Store store_;
  Rng* rng_;
  FormsInUse forms_;
  std::vector<std::shared_ptr<const forms::Catalogue>> earlier_forms_;
  keys::TrustPtr followed_;                ///< what the index has followed
  std::optional<ByteArray<8>> made_with_;  ///< the forms, when that was so
  std::optional<Bytes> register_;          ///< the register, as the store kept it then
};

}  // namespace noroshi::desk
