#include "client-tui/desk/desk.hpp"

#include <set>

#include "keys/files.hpp"
#include "keys/language.hpp"

namespace noroshi::desk {
namespace {

namespace fs = std::filesystem;

/// Opens H/desk. `desk.id` beside it remembers the life it was last given. A store that is lost or restored
/// from a copy does not have that life; it gets none that its key would seal with, because numbers would be
/// given twice. A new generation of the key brings a new life, and the store takes it.
Result<Store> open_store(const keys::Home& home, StoreId life, Rng& rng) {
  const fs::path directory = home / "desk", marker = home / "desk.id";
  const std::string name = to_hex(noroshi::Writer().u64(life.value).data()) + "\n";
  std::error_code ignored;
  bool given = false;
  if (fs::exists(marker, ignored)) {
    TRY(const Bytes before, keys::read_file(marker, name.size()));
    given = text_of(before) == name;
  }
  const bool there = fs::exists(directory, ignored);
  if (!given) TRY_VOID(keys::write_atomically(marker, view_of(name)));
  TRY(Store store, Store::open(directory, there || !given ? life : StoreId{rng.u64()}));
  if (there && !given) TRY_VOID(store.adopt(life));
  return store;
}

}  // namespace

Result<std::unique_ptr<Desk>> Desk::open(const keys::Home& home, const keys::SecretBytes* passphrase,
                                         Rng& rng) {
  TRY(keys::TrustPtr trust, keys::load_trust(home));
  TRY(keys::Keyring keyring, keys::Keyring::load(home, keys::Which::person, passphrase, *trust));
  TRY(Store store, open_store(home, keyring.identity().store_id(), rng));
  std::unique_ptr<Desk> desk(new Desk(home, std::move(trust), std::move(keyring), std::move(store), rng));
  TRY_VOID(desk->follow_register());
  return desk;
}

void Desk::set_trust(keys::TrustPtr trust) {
  trust_ = std::move(trust);
  const auto newest = trust_->catalogue();
  if ((newest ? newest->version : 0) == forms_.version) return;
  earlier_forms_.push_back(std::move(forms_.catalogue));
  forms_ = forms_in_use(*trust_);
}

Result<std::vector<Reading>> Desk::readings() const {
  TRY(const StoreRead view, store_.read());
  std::vector<Reading> out = letters(view).readings();
  TRY_VOID(view.check());
  return out;
}

std::vector<ExpectedUnit> Desk::expected_units() const {
  return desk::expected_units(*trust_);
}

std::vector<Reading> Desk::before(const StoreView& view, const std::vector<forms::Report>& reports) const {
  const IndexView index = this->index(view);
  const forms::BodyContext context = body_context(author().key, {}, *trust_);
  std::set<Place> places;
  for (const forms::Report& report : reports) {
    const forms::Header header = report.header();
    const UnitId unit = header.speaks_for().value_or(context.default_unit);
    if (const auto numbered = index.numbered(header.incident, unit, report.form)) {
      places.insert(numbered->highest_at);
      if (numbered->last) places.insert(numbered->last_at);
    }
    for (const forms::FormInfo& form : catalogue().forms()) {
      if (const auto sent = index.any_of(unit, form.number)) places.insert(*sent);
    }
  }
  std::vector<Reading> out;
  for (const Place& place : places) {
    const auto letter = letters(view).read(place.msg);
    if (letter && place.index < letter->reports.size()) out.push_back(letter->reports[place.index]);
  }
  return out;
}

Result<std::vector<forms::Report>> Desk::child_of(const Reading& parent, forms::ReportKind kind) const {
  TRY(const StoreRead view, store_.read());
  std::vector<Reading> rows;
  for (const Place& place : index(view).siblings(parent.facts)) {
    const auto letter = letters(view).read(place.msg);
    if (letter && place.index < letter->reports.size()) rows.push_back(letter->reports[place.index]);
  }
  TRY_VOID(view.check());
  return desk::child_of(parent, kind, author(), rows);
}

Message Desk::with_files(Message message, const StoreView& view) const {
  const std::vector<RecipientId> to =
      message.recipients.empty() ? default_recipients(author()) : message.recipients;
  const Files held = files(view);
  for (forms::Report& report : message.reports) {
    std::vector<forms::Attachment> named = forms::attachments_of(report, catalogue());
    for (forms::Attachment& file : named) {
      const bool taken_over = !report.header().parents.empty();
      const bool here = held.here(file);
      // Not ours to send: it stays with whoever has it.
      if (taken_over && !here) file.parts = static_cast<std::uint32_t>(proto::parts_of(file.size));
      if (file.parts != 0 && here && !held.was_sent_to(file, to)) file.parts = 0;
    }
    forms::put_attachments(report, named, catalogue());
  }
  return message;
}

/// What this device wrote and does not have was taken back before it left.
Result<void> Desk::check_parents(const StoreView& view, const Message& message) const {
  for (const forms::Report& report : message.reports) {
    for (const ReportId& parent : report.header().parents) {
      if (parent.key != author().key || !view.carriers(parent.key, parent.seq).empty()) continue;
      const std::string name = to_string(parent);
      return keys::no(
          Code::bad_data,
          name + " はここにありません（取り戻した報告は引き継げません）: 新しい報告として書いてください",
          name + " is not here (what was taken back cannot be continued): write a new report");
    }
  }
  return {};
}

Result<Prepared> Desk::prepare(const Message& message, Now now) {
  TRY(StoreTurn turn, store_.write());
  TRY_VOID(check_parents(turn, message));
  const std::vector<Reading> held = before(turn, message.reports);
  const Ledger ledger(turn);
  return desk::prepare(with_files(message, turn), author(),
                       keys::next_created(author().key, *trust_, ledger, now), held, catalogue());
}

Result<void> Desk::check_recipients(const Prepared& prepared) const {
  return keys::check_recipients(keyring_.identity(), *trust_, prepared.recipients, prepared.created,
                                prepared.incident);
}

Result<Sent> Desk::send(const Message& message, Now now) {
  TRY(StoreTurn turn, store_.write());
  TRY_VOID(check_parents(turn, message));
  const std::vector<Reading> held = before(turn, message.reports);
  const Ledger ledger(turn);
  TRY(const Prepared prepared,
      desk::prepare(with_files(message, turn), author(),
                    keys::next_created(author().key, *trust_, ledger, now), held, catalogue()));
  if (!prepared.sendable()) return why_not_sendable(prepared, catalogue());
  TRY(Sent sent, seal(turn, prepared, now));
  TRY_VOID(turn.commit());
  return sent;
}

Result<Sent> Desk::seal(StoreTurn& turn, const Prepared& prepared, Now now, WallTime epochs_from) {
  keys::Draft draft;
  draft.ctype = prepared.ctype;
  draft.level = prepared.level;
  draft.exercise = prepared.exercise;
  draft.recipients = prepared.recipients;
  draft.incident = prepared.incident;
  draft.epochs_from = epochs_from;
  draft.content = prepared.content;
  Ledger ledger(turn);
  TRY(const keys::Sealed sealed, keys::seal_next(keyring_.identity(), *trust_, ledger, draft, now, *rng_));
  const forms::BodyContext context = body_context(sealed.key, prepared.created, *trust_);
  Content content;
  content.body = prepared.content;
  content.default_unit = context.default_unit;
  content.default_handler = context.default_handler;
  content.municipality = context.municipality;
  keep(turn, sealed.msg_id, content);
  turn.put_carrier(sealed.key, sealed.seq, sealed.msg_id);
  for (const forms::Report& report : prepared.reports) {
    if (const auto copied = report.header().copy_of)
      turn.put_carrier(copied->key, copied->seq, sealed.msg_id);
  }
  indexed(turn, sealed.msg_id);
  const Enclosing enclosing{prepared.recipients, prepared.exercise, prepared.incident, epochs_from};
  for (const forms::Attachment& file : prepared.files) TRY_VOID(seal_file(turn, file, enclosing, now));
  return Sent{sealed.msg_id, sealed.key, sealed.seq, prepared.recipients, sealed.bytes.size()};
}

Result<void> Desk::seal_file(StoreTurn& turn, const forms::Attachment& file, const Enclosing& enclosing,
                             Now now) {
  const auto bytes = files(turn).whole(file);
  if (!bytes) {
    return keys::no(Code::bad_data, "添付の写真がこの保管庫にありません: 付け直してください",
                    "an attached file is not in this store: attach it again");
  }
  const proto::FileName name = proto::file_name(file.sha256);
  for (std::size_t from = 0; from < bytes->size(); from += proto::kPartData) {
    const BytesView data = BytesView(*bytes).subspan(from, std::min(proto::kPartData, bytes->size() - from));
    const auto number = static_cast<std::uint16_t>(from / proto::kPartData);
    TRY([[maybe_unused]] const MsgId sealed,
        seal_part(turn, proto::encode_part({name, number, data}), enclosing, now));
  }
  drop_kept(turn, keyring_.store_key(), file);
  return {};
}

Result<MsgId> Desk::seal_part(StoreTurn& turn, BytesView content, const Enclosing& enclosing, Now now) {
  const auto part = proto::decode_part(content);
  NOROSHI_ASSERT(part.has_value());
  keys::Draft draft;
  draft.ctype = proto::Ctype::attachment;
  draft.level = proto::Level::bulk;
  draft.exercise = enclosing.exercise;
  draft.recipients = enclosing.recipients;
  draft.incident = enclosing.incident;
  draft.epochs_from = enclosing.epochs_from;
  draft.content = bytes_of(content);
  Ledger ledger(turn);
  TRY(const keys::Sealed sealed, keys::seal_next(keyring_.identity(), *trust_, ledger, draft, now, *rng_));
  Content kept;
  kept.body = bytes_of(content);
  keep(turn, sealed.msg_id, kept);
  put_part(turn, keyring_.store_key(), self(), *part, sealed.msg_id);
  indexed(turn, sealed.msg_id);
  return sealed.msg_id;
}

void Desk::keep(StoreTurn& turn, const MsgId& id, const Content& content) {
  turn.put_reading(id, keys::seal_at_rest(keyring_.store_key(), reading_context(id), encode(content), *rng_));
}

Result<void> Desk::seal_receipt(StoreTurn& turn, const ReceiptDraft& receipt, Now now) {
  keys::Draft draft;
  draft.ctype = proto::Ctype::receipt;
  draft.level = receipt.level;
  draft.recipients = {proto::to_org(receipt.to)};
  draft.content = proto::encode_receipt(receipt.receipt);
  Ledger ledger(turn);
  TRY_VOID(([&]() -> Result<void> {
    TRY([[maybe_unused]] const keys::Sealed sealed,
        keys::seal_next(keyring_.identity(), *trust_, ledger, draft, now, *rng_));
    return {};
  }()));
  for (const ReceiptDraft::Answered& link : receipt.answers)
    turn.answered(link.key, link.recipient, link.seq);
  return {};
}

Result<void> Desk::acknowledge(const MsgId& id, proto::ReceiptKind kind, Now now) {
  TRY(StoreTurn turn, store_.write());
  auto entry = turn.entry(id);
  if (!entry || entry->state != ReadState::opened) {
    return keys::no(Code::bad_data, "受信していない報告です: noroshi inbox で番号を確かめてください",
                    "not a report that was received here: look up its id with noroshi inbox");
  }
  const bool accepts = kind == proto::ReceiptKind::accepted;
  if (accepts ? entry->accepted : entry->read) return {};
  entry->read = true;
  entry->accepted = entry->accepted || accepts;
  turn.update(*entry);
  indexed(turn, id);
  TRY_VOID(seal_receipt(turn, receipt_for(turn, *entry, kind), now));
  return turn.commit();
}

}  // namespace noroshi::desk
