// The desk's store: an LMDB environment in H/desk. It keeps envelopes as they travelled, the facts of their
// headers, and what was read from them SEALED under the store key: the store takes and gives only sealed
// bytes, so no plaintext can enter a write transaction (client-tui/desk/DESIGN.md draws the tables).
//
// One process writes at a time, many read (LMDB's locks); every turn is one transaction. Nothing leaves the
// desk before the turn that made it has committed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/delivery_state.hpp"
#include "keys/seal.hpp"
#include "keys/verify.hpp"
#include "proto/control.hpp"
#include "proto/receipt.hpp"
#include "relay/lmdb/env.hpp"

namespace noroshi::desk {

/// What the desk could do with an envelope.
enum class ReadState : std::uint8_t {
  own = 1,  ///< sealed here
  opened = 2,
  locked = 3,      ///< waits for a secret or a certificate that may still come
  unreadable = 4,  ///< its secret is gone: its author was told, and seals it again
  clear = 5,       ///< needs no opening
  damaged = 6,     ///< opens to nothing that can be read: its author was told
};

/// The clear facts of one envelope the desk holds.
struct Entry {
  MsgId id;
  KeyId key;
  Seq seq = 0;
  std::uint8_t ctype = 0;
  ReadState state{};
  bool answered = false;  ///< opened or unreadable: a receipt has gone out
  bool read = false;      ///< by a person
  bool accepted = false;
  keys::Marks marks;          ///< as of the first sight
  RecipientId as;             ///< the wrap that opened it
  std::uint64_t arrival = 0;  ///< order in this store, from 1
  WallTime first_seen, created;
  std::uint32_t size = 0;
};

/// How far an own envelope is known to have got with one recipient: by signed receipts only, and only
/// forward.
struct Reached {
  proto::ReceiptKind kind{};
  WallTime at;  ///< `created` of the receipt
  DeviceId by;
};

/// The furthest that the relay of this machine has said of an own envelope and one recipient.
struct Told {
  Delivery state = Delivery::queued;
  bool no_route = false;  ///< queued, and it knew no way; the one thing here that may change back
  std::optional<WallTime> at;
  DeviceId by;
  bool operator==(const Told&) const = default;
};

/// Where an own envelope stands with the relay of this machine.
struct Handed {
  static constexpr std::uint8_t kAsked = 0x80;  ///< beside the state in its row
  enum class State : std::uint8_t { waiting = 0, taken = 1, refused = 2, taken_back = 3 };
  State state = State::waiting;
  WallTime at;
  std::string refusal;  ///< name of the keys::Refusal
  bool asked = false;   ///< the relay may have taken it over, whatever became of its answer, or of its store
};

/// One link of the visible chain of a key to a recipient, as the desk has seen it.
struct Link {
  Seq seq = 0;
  std::uint8_t prev = 0;  ///< as in the wrap
  Seq before = 0;         ///< exact predecessor, known once opened; 0 = first of its generation, or not known
  MsgId id;
  ReadState state{};
  bool answered = false;
};

struct SealedDraft {
  std::uint64_t number = 0;
  Bytes sealed;
};

/// Questions to one snapshot of the store.
class StoreView {
 public:
  [[nodiscard]] std::optional<Entry> entry(const MsgId& id) const;
  [[nodiscard]] std::optional<Bytes> envelope(const MsgId& id) const;
  /// What was read from it, sealed under the store key.
  [[nodiscard]] std::optional<Bytes> reading(const MsgId& id) const;
  /// Every envelope of (key, seq): none, one, or more where the key gave a number twice.
  [[nodiscard]] std::vector<MsgId> at(KeyId key, Seq seq) const;
  /// Envelopes that carry the report first sealed as (key, seq): the original and its copies.
  [[nodiscard]] std::vector<MsgId> carriers(KeyId key, Seq seq) const;

  /// What was delivered here, own envelopes that came back included, in order of arrival after `after`.
  [[nodiscard]] std::vector<MsgId> received(std::uint64_t after = 0, std::size_t max = SIZE_MAX) const;
  [[nodiscard]] std::vector<MsgId> own() const;
  /// The highest numbers given; 0 if none was.
  [[nodiscard]] std::uint64_t last_received() const;
  [[nodiscard]] std::uint64_t last_own() const;
  /// Not yet with a relay: the most urgent first, of those the oldest.
  [[nodiscard]] std::vector<MsgId> waiting() const;
  [[nodiscard]] std::vector<MsgId> locked() const;
  /// Own sealed ones that a relay has taken and some recipient has not answered: what a relay must still know
  /// of.
  [[nodiscard]] std::vector<MsgId> unsettled() const;
  [[nodiscard]] Handed handed(const MsgId& id) const;
  [[nodiscard]] std::optional<Reached> reached(const MsgId& id, RecipientId recipient) const;
  [[nodiscard]] std::optional<Told> told(const MsgId& id, RecipientId recipient) const;
  /// The envelope that replaced `id` toward `recipient`, after it was unreadable.
  [[nodiscard]] std::optional<MsgId> resealed(const MsgId& id, RecipientId recipient) const;

  /// The chain of a key to a recipient, ascending, between two numbers.
  [[nodiscard]] std::vector<Link> chain(KeyId key, RecipientId recipient, Seq from = 0,
                                        Seq to = UINT32_MAX) const;
  [[nodiscard]] std::vector<std::pair<KeyId, RecipientId>> chains() const;
  /// Own messages to a recipient, likewise.
  [[nodiscard]] std::vector<std::pair<Seq, MsgId>> sent(KeyId key, RecipientId recipient, Seq from,
                                                        Seq to) const;
  /// The last `max` links below a number, ascending.
  [[nodiscard]] std::vector<Link> chain_before(KeyId key, RecipientId recipient, Seq seq,
                                               std::size_t max) const;
  /// Chains with links that no receipt has answered, and the first such link of each.
  struct Unanswered {
    KeyId key;
    RecipientId recipient;
    Seq first = 0;
  };
  [[nodiscard]] std::vector<Unanswered> unanswered() const;

  /// Its number among the own ones; 0 if it is none of them.
  [[nodiscard]] std::uint64_t own_number(const MsgId& id) const;
  [[nodiscard]] std::vector<std::pair<std::uint64_t, MsgId>> own_after(std::uint64_t number,
                                                                       std::size_t max) const;

  // ---- the index (index_rows.hpp draws its rows): found by names that say nothing, values sealed
  [[nodiscard]] std::optional<Bytes> index_row(BytesView key) const;
  /// Must end before the snapshot, or before the turn writes again.
  [[nodiscard]] lmdb::Cursor index_cursor() const { return {txn(), t_->index}; }
  /// How far the index has been made.
  struct Indexed {
    std::uint8_t version = 0;             ///< of its rules; 0: there is none yet
    ByteArray<8> by{};                    ///< digest of the forms that it was made with
    std::uint64_t own = 0, received = 0;  ///< numbers up to which it has been made
    bool operator==(const Indexed&) const = default;
  };
  [[nodiscard]] Indexed indexed() const;
  /// Nothing is held that it has not been made of.
  [[nodiscard]] bool index_complete() const;
  /// What the index takes from the register of units and incidents, sealed.
  [[nodiscard]] std::optional<Bytes> register_kept() const;

  /// Files and their parts (attachments.hpp): found by names that say nothing, whole files sealed.
  [[nodiscard]] std::optional<Bytes> file_row(BytesView key) const;
  [[nodiscard]] std::vector<Bytes> file_keys(BytesView prefix) const;

  [[nodiscard]] std::uint64_t cursor(StoreId relay) const;
  [[nodiscard]] std::vector<SealedDraft> drafts() const;
  /// Its life; 0 once it was found to be older than what its key has said (`set_rolled_back`): no key seals
  /// with it.
  [[nodiscard]] StoreId id() const;

  /// The first error of the snapshot's reads, if there was one.
  [[nodiscard]] Result<void> check() const { return txn().check(); }

 protected:
  /// Handles of the tables, in the order of DESIGN.md.
  struct Tables {
    lmdb::Dbi meta, ledger, entry, envelope, reading, at, carrier, received, own, handed, waiting, locked,
        reached, resealed, chain, unanswered, sent, cursor, draft, unsettled, told, index, file;
  };
  StoreView(const Tables& tables, const lmdb::Txn& txn) : t_(&tables), txn_(&txn) {}
  [[nodiscard]] const lmdb::Txn& txn() const { return *txn_; }
  const Tables* t_;

 private:
  const lmdb::Txn* txn_;
  friend class Store;
};

/// A snapshot of the last commit.
class StoreRead final : public StoreView {
 private:
  friend class Store;
  StoreRead(const Tables& tables, std::unique_ptr<lmdb::ReadTxn> txn)
      : StoreView(tables, *txn), held_(std::move(txn)) {}
  std::unique_ptr<lmdb::ReadTxn> held_;
};

/// One write transaction. Ends by commit, or leaves nothing behind.
class StoreTurn final : public StoreView {
 public:
  // ---- envelopes
  /// A received envelope; gives its arrival number. Once per id.
  std::uint64_t add(Entry entry, const proto::Envelope& envelope);
  /// An own envelope was delivered to the own organisation: it takes its place among the received ones, once.
  void came_back(Entry entry);
  /// Replaces the facts (state, flags) and moves the indexes with them.
  void update(const Entry& entry);
  void put_reading(const MsgId& id, BytesView sealed);
  void drop_reading(const MsgId& id);
  void put_carrier(KeyId key, Seq seq, const MsgId& id);
  /// A visible link of a received sealed envelope to `recipient`.
  void put_link(KeyId key, RecipientId recipient, const Link& link);
  void answered(KeyId key, RecipientId recipient, Seq seq);
  void put_handed(const MsgId& id, const Handed& handed);
  /// An own envelope will never leave: to each of its recipients the one before it is the last again. The
  /// newest first, if there are several.
  void take_back(const Entry& own);
  /// False if what is known is as far already.
  bool put_reached(const MsgId& id, RecipientId recipient, const Reached& reached);
  /// Writes only what goes further than before, or says anew whether there is a way.
  void put_told(const MsgId& id, RecipientId recipient, const Told& told);
  void put_resealed(const MsgId& id, RecipientId recipient, const MsgId& by);

  // ---- the index
  // What gets a number, of arrival or of sealing, takes its place in the index in the same turn: `indexed`
  // follows, unless an envelope before it has been left out.
  void put_index(BytesView key, BytesView value) { held_->put(t_->index, key, value); }
  bool erase_index(BytesView key) { return held_->erase(t_->index, key); }
  /// A number that no change of the index has had: rows that carry it say that they are new.
  [[nodiscard]] std::uint64_t next_change();
  void put_indexed(const Indexed& indexed);
  /// Numbers of changes go on rising.
  void clear_index() { held_->clear(t_->index); }
  void put_register(BytesView sealed);

  // ---- files
  void put_file_row(BytesView key, BytesView value) { held_->put(t_->file, key, value); }
  bool erase_file_row(BytesView key) { return held_->erase(t_->file, key); }

  // ---- the rest
  /// An envelope of an own key came back that this store has never made: it was restored from a copy.
  void set_rolled_back();
  void put_cursor(StoreId relay, std::uint64_t cursor);
  std::uint64_t put_draft(std::optional<std::uint64_t> number, BytesView sealed);
  bool drop_draft(std::uint64_t number);

  /// Durable when it returns without an error, undone otherwise.
  [[nodiscard]] Result<void> commit() { return held_->commit(); }

 private:
  friend class Store;
  friend class Ledger;
  StoreTurn(const Tables& tables, std::unique_ptr<lmdb::WriteTxn> txn)
      : StoreView(tables, *txn), held_(std::move(txn)) {}
  [[nodiscard]] std::uint64_t next_number(lmdb::Dbi table) const;
  void index_follows(std::uint64_t Indexed::*numbered, std::uint64_t number);
  [[nodiscard]] Seq last_sent_before(BytesView place) const;
  /// Drops an own envelope from the unsettled once every recipient has answered.
  void settle(const MsgId& id);
  std::unique_ptr<lmdb::WriteTxn> held_;
};

/// What each key has said, as the open turn knows it. The turn must outlive it.
class Ledger final : public keys::KeyLedger {
 public:
  explicit Ledger(StoreTurn& turn) : turn_(&turn) {}
  [[nodiscard]] StoreId store_id() const override { return turn_->id(); }
  [[nodiscard]] Seq last_seq(KeyId key) const override;
  [[nodiscard]] Seq last_to(KeyId key, RecipientId recipient) const override;
  [[nodiscard]] WallTime last_created(KeyId key) const override;
  /// Also keeps the envelope, in line for the relay.
  void record(const keys::Sealed& sealed, std::span<const RecipientId> recipients, WallTime created) override;

 private:
  StoreTurn* turn_;
};

class Store {
 public:
  /// Opens H/desk, or makes it with `life` as its store id. Errors: lmdb's, and bad_data for a schema that
  /// this program does not know.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& directory, StoreId life);
  /// A new life, for a new generation of the key.
  [[nodiscard]] Result<void> adopt(StoreId life);
  [[nodiscard]] Result<StoreRead> read() const;
  /// One at a time in a process.
  [[nodiscard]] Result<StoreTurn> write();

 private:
  Store(lmdb::Env env, std::unique_ptr<StoreView::Tables> tables)
      : tables_(std::move(tables)), env_(std::move(env)) {}
  std::unique_ptr<StoreView::Tables> tables_;  // turns point to it
  lmdb::Env env_;
};

}  // namespace noroshi::desk
