#include "client-tui/desk/sync.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <span>

#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/opening.hpp"
#include "keys/home.hpp"

namespace noroshi::desk {
namespace {

namespace control = proto::control;

/// Envelopes a page: a transaction then stays below a few hundred kilobytes.
constexpr std::uint32_t kPage = 256;
/// Messages handed over before the line is looked at again.
constexpr std::size_t kAtOnce = 16;

/// The relay's own word on these messages, asked in pages.
Result<std::map<MsgId, control::EnvelopeProgress>> progress_of(Relay& relay, const std::vector<MsgId>& ids) {
  std::map<MsgId, control::EnvelopeProgress> out;
  for (std::size_t from = 0; from < ids.size(); from += kPage) {
    const auto end = std::min<std::size_t>(from + kPage, ids.size());
    control::ProgressRequest request;
    request.ids.assign(ids.begin() + static_cast<std::ptrdiff_t>(from),
                       ids.begin() + static_cast<std::ptrdiff_t>(end));
    TRY(control::Progress answer, ask<control::Progress>(relay, std::move(request)));
    for (control::EnvelopeProgress& one : answer.envelopes) out.emplace(one.id, std::move(one));
  }
  return out;
}

bool gave_back(const control::EnvelopeProgress& progress) {
  return std::ranges::any_of(progress.recipients,
                             [](const control::RecipientProgress& one) { return one.end == "cancelled"; });
}

class Contact {
 public:
  Contact(Desk& desk, Relay& relay, Now now) : desk_(desk), relay_(relay), now_(now) {}

  Result<Synced> whole() {
    TRY(const control::Info info, ask<control::Info>(relay_, control::InfoRequest{}));
    now_ = judged(now_, info);
    TRY_VOID(desk_.follow_home());
    TRY_VOID(fetch_objects(info));
    TRY_VOID(desk_.follow_register());
    TRY_VOID(submit());
    TRY_VOID(pull());
    TRY_VOID(unlock());
    TRY_VOID(desk_.follow_register());
    TRY_VOID(follow_up());
    TRY_VOID(follow_progress());
    TRY_VOID(submit());
    return done_;
  }
  Result<std::uint32_t> objects() {
    TRY(const control::Info info, ask<control::Info>(relay_, control::InfoRequest{}));
    TRY_VOID(desk_.follow_home());
    TRY_VOID(fetch_objects(info));
    TRY_VOID(desk_.follow_register());
    return done_.objects;
  }
  Result<Synced> handing_over() {
    TRY_VOID(submit());
    return done_;
  }

 private:
  // ---- trust objects
  Result<void> fetch_objects(const control::Info& info) {
    if (info.state_digest == desk_.trust().state_digest() &&
        info.roster_version == desk_.trust().roster_version()) {
      return {};
    }
    return fetch_missing();
  }
  /// Everything the relay holds that is not here, certificates included; several passes, because an object
  /// may need another one first.
  Result<void> fetch_missing() {
    TRY(const control::Inventory theirs, ask<control::Inventory>(relay_, control::InventoryRequest{}));
    const std::vector<proto::ObjectRef> ours = desk_.trust().inventory();
    const std::set<proto::ObjectRef> held(ours.begin(), ours.end());
    std::vector<Bytes> missing;
    for (const proto::ObjectRef& ref : theirs.objects) {
      if (held.count(ref) > 0 || ref.type == proto::ObjectType::contact)
        continue;  // routes are the relay's matter
      TRY(control::Object object, ask<control::Object>(relay_, control::GetObjectRequest{ref}));
      if (!object.object.empty()) missing.push_back(std::move(object.object));
    }
    for (bool progress = true; progress && !missing.empty();) {
      progress = false;
      std::vector<Bytes> again;
      for (Bytes& object : missing) {
        TRY(const bool added, take_object(object));
        progress |= added;
        if (!added) again.push_back(std::move(object));
      }
      missing = std::move(again);
    }
    return {};
  }
  Result<bool> take_object(BytesView object) {
    const keys::ApplyResult result = keys::Trust::apply(desk_.trust_ptr(), object);
    if (result.applied != keys::Applied::added) return false;
    // What was made of it: a delta arrives, the roster it makes stays.
    TRY_VOID(keys::save_object(desk_.home(), result.ref, result.next->object(result.ref)));
    desk_.set_trust(result.next);
    ++done_.objects;
    return true;
  }

  // ---- handing over
  /// A few at a time: what is written meanwhile, by this program or another of the same home, takes its place
  /// in the line.
  Result<void> submit() {
    std::set<MsgId> kept_back;
    std::vector<MsgId> line;
    std::size_t done = 0;
    std::optional<std::uint64_t> newest;
    while (true) {
      {
        TRY(const StoreRead view, desk_.store().read());
        if (newest != view.last_own()) {
          line = view.waiting();
          std::erase_if(line, [&](const MsgId& id) { return kept_back.contains(id); });
          newest = view.last_own(), done = 0;
        }
      }
      if (done == line.size()) break;
      const auto few = std::span(line).subspan(done, std::min(kAtOnce, line.size() - done));
      done += few.size();
      TRY(const std::set<MsgId> asked, ask_for(few));
      for (const MsgId& id : few) {
        TRY(const bool taken, submit_one(id, asked.contains(id)));
        if (!taken) kept_back.insert(id);
      }
    }
    done_.waiting = static_cast<std::uint32_t>(kept_back.size());
    return {};
  }
  /// Notes that the relay will have been asked, and gives those of which that was noted before: the power may
  /// go before its answer is kept here, and the relay may lose its store after it has sent them.
  Result<std::set<MsgId>> ask_for(std::span<const MsgId> line) {
    std::set<MsgId> asked;
    TRY(StoreTurn turn, desk_.store().write());
    for (const MsgId& id : line) {
      Handed handed = turn.handed(id);
      if (handed.state != Handed::State::waiting) continue;
      if (std::exchange(handed.asked, true)) asked.insert(id);
      turn.put_handed(id, handed);
    }
    TRY_VOID(turn.commit());
    return asked;
  }
  Result<bool> submit_one(const MsgId& id, bool again) {
    // Open while the relay is asked: what another program of this home takes back meanwhile is not handed
    // over.
    TRY(StoreTurn turn, desk_.store().write());
    std::optional<Bytes> envelope = turn.envelope(id);
    if (!envelope || turn.handed(id).state != Handed::State::waiting) return true;
    TRY(const control::Submitted answer,
        ask<control::Submitted>(relay_,
                                control::SubmitRequest{.envelope = std::move(*envelope), .again = again}));
    using Outcome = control::Submitted::Outcome;
    // Tomorrow the device may say more: what a quota keeps back stays in line, like what has no room.
    const bool later =
        answer.outcome == Outcome::no_space ||
        (answer.outcome == Outcome::refused && answer.refusal == keys::name_of(keys::Refusal::quota));
    if (later) return false;
    Handed handed;
    handed.at = now_.wall;
    handed.state = answer.outcome == Outcome::refused ? Handed::State::refused : Handed::State::taken;
    handed.refusal = answer.refusal;
    handed.asked = true;
    ++(answer.outcome == Outcome::refused ? done_.refused : done_.submitted);
    turn.put_handed(id, handed);
    TRY_VOID(turn.commit());
    return true;
  }
  /// What became of the messages under way. A relay that lost its store does not know what it once took: it
  /// gets it again, and so does one that gave back what was not taken back here, because the power went.
  Result<void> follow_progress() {
    std::vector<MsgId> taken;
    {
      TRY(const StoreRead view, desk_.store().read());
      for (const MsgId& id : view.unsettled()) {
        if (view.handed(id).state == Handed::State::taken) taken.push_back(id);
      }
    }
    if (taken.empty()) return {};
    TRY(const auto progress, progress_of(relay_, taken));
    TRY(StoreTurn turn, desk_.store().write());
    for (const auto& [id, envelope] : progress) {
      if (turn.handed(id).state != Handed::State::taken) continue;  // taken back since it was asked for
      if (!envelope.known || gave_back(envelope))
        turn.put_handed(id, {Handed::State::waiting, now_.wall, {}, true});
      keep_told(turn, envelope);
    }
    return turn.commit();
  }
  // ---- deliveries
  Result<void> pull() {
    StoreId store;
    std::uint64_t cursor = 0;
    TRY(const control::Info info, ask<control::Info>(relay_, control::InfoRequest{}));
    store = info.store;
    {
      TRY(const StoreRead view, desk_.store().read());
      cursor = view.cursor(store);
    }
    while (true) {
      TRY(control::Pulled page, ask<control::Pulled>(relay_, control::PullRequest{store, cursor, kPage}));
      if (page.store != store) {  // the relay began a new store in between
        store = page.store;
        cursor = 0;
        continue;
      }
      TRY_VOID(take_page(page));
      if (!page.items.empty()) cursor = page.items.back().cursor;
      if (!page.more || page.items.empty()) return {};
    }
  }
  Result<void> take_page(control::Pulled& page) {
    if (page.items.empty()) return {};
    TRY_VOID(fetch_unknown_senders(page));
    TRY_VOID(desk_.follow_register());
    Opening opening(desk_);
    TRY(StoreTurn turn, desk_.store().write());
    for (control::Delivered& item : page.items) {
      if (!item.envelope.empty()) opening.take(turn, std::move(item.envelope), item.first_seen, now_);
    }
    turn.put_cursor(page.store, page.items.back().cursor);
    TRY_VOID(turn.commit());
    return finish(opening);
  }
  /// The relay attaches certificates to what it hands on; one that is not here is fetched before the page is
  /// read.
  Result<void> fetch_unknown_senders(const control::Pulled& page) {
    const bool unknown =
        std::any_of(page.items.begin(), page.items.end(), [this](const control::Delivered& item) {
          const auto peek = keys::peek(item.envelope);
          return peek && desk_.trust().certificate(peek->key) == nullptr;
        });
    return unknown ? fetch_missing() : Result<void>();
  }
  /// What a page brought besides reports: secrets, and work that follows.
  Result<void> finish(Opening& opening) {
    for (const Bytes& delivery : opening.deliveries()) {
      TRY([[maybe_unused]] const std::size_t taken,
          desk_.keyring().take_delivery(delivery, desk_.trust(), desk_.rng()));
    }
    for (const Bytes& object : opening.objects()) {
      TRY([[maybe_unused]] const bool added, take_object(object));
    }
    reseals_.insert(reseals_.end(), opening.reseals().begin(), opening.reseals().end());
    forwards_.insert(forwards_.end(), opening.forwards().begin(), opening.forwards().end());
    done_.received += opening.counts().received;
    done_.opened += opening.counts().opened;
    done_.unreadable += opening.counts().unreadable;
    done_.receipts += opening.counts().receipts;
    done_.refused += opening.counts().refused;
    done_.rolled_back |= opening.counts().rolled_back;
    return {};
  }
  /// Tries again what waited for a secret or a certificate.
  Result<void> unlock() {
    Opening opening(desk_);
    TRY(StoreTurn turn, desk_.store().write());
    const std::vector<MsgId> locked = turn.locked();
    for (const MsgId& id : locked) opening.again(turn, id, now_);
    done_.locked = static_cast<std::uint32_t>(turn.locked().size());
    if (locked.empty()) return {};
    TRY_VOID(turn.commit());
    return finish(opening);
  }

  // ---- what follows
  Result<void> follow_up() {
    TRY(StoreTurn turn, desk_.store().write());
    if (turn.id() != desk_.keyring().identity().store_id()) {  // nothing may be sealed here
      done_.rolled_back = true;
      return {};
    }
    for (const ReceiptDraft& draft : may_answer() ? due_receipts(turn, desk_.trust(), now_.wall) : none()) {
      TRY_VOID(desk_.seal_receipt(turn, draft, now_));
    }
    for (const Reseal& again : reseals_) {
      TRY(const bool resealed, reseal(turn, again));
      done_.resealed += resealed ? 1 : 0;
    }
    for (const Forward& forward : forwards_) {
      TRY(const bool sent, pass_on(turn, forward));
      done_.forwarded += sent ? 1 : 0;
    }
    return turn.commit();
  }
  bool may_answer() const {
    const keys::Certificate* own = desk_.trust().certificate(desk_.keyring().identity().key());
    return own != nullptr && (own->send_mask >> static_cast<int>(proto::Ctype::receipt) & 1) != 0;
  }
  static std::vector<ReceiptDraft> none() { return {}; }
  /// Seals a message again for one recipient that could not read it: the same reports, marked copy_of.
  Result<bool> reseal(StoreTurn& turn, const Reseal& again) {
    const auto letter = desk_.letters(turn).read(again.id);
    if (!letter || turn.resealed(again.id, again.recipient)) return false;
    if (same_epoch(turn, again)) return false;  // the same key would not read it either
    if (static_cast<proto::Ctype>(letter->header.ctype) == proto::Ctype::attachment)
      return reseal_part(turn, again, *letter);
    if (letter->reports.empty()) return false;
    Message message;
    message.ctype = static_cast<proto::Ctype>(letter->header.ctype);
    message.level = letter->header.level;
    message.recipients = {again.recipient};
    for (const Reading& reading : letter->reports) {
      forms::Report report = reading.report;
      forms::Header header = report.header();
      header.copy_of = reading.facts.id;
      report.set_header(header);
      message.reports.push_back(std::move(report));
    }
    const Ledger ledger(turn);
    const WallTime created = keys::next_created(desk_.author().key, desk_.trust(), ledger, now_);
    TRY(Prepared prepared, desk::prepare(std::move(message), desk_.author(), created, {}, desk_.catalogue()));
    prepared.incident = {};  // the epoch that the recipient named is of no incident
    TRY(const Sent sent, desk_.seal(turn, prepared, now_, again.epochs_from));
    turn.put_resealed(again.id, again.recipient, sent.msg_id);
    return true;
  }
  /// A part names its file: sealed again it is the same part.
  Result<bool> reseal_part(StoreTurn& turn, const Reseal& again, const Letter& letter) {
    const auto content = desk_.letters(turn).content(again.id);
    if (!content || !proto::decode_part(content->body)) return false;
    const Desk::Enclosing enclosing{{again.recipient}, letter.header.exercise, {}, again.epochs_from};
    TRY(const MsgId sealed, desk_.seal_part(turn, content->body, enclosing, now_));
    turn.put_resealed(again.id, again.recipient, sealed);
    return true;
  }
  bool same_epoch(const StoreView& view, const Reseal& again) const {
    const auto bytes = view.envelope(again.id);
    const auto parsed = bytes ? proto::parse_envelope(*bytes) : proto::ParsedEnvelope{};
    const keys::EpochKey* epoch =
        desk_.trust().epoch_for(again.recipient, std::max(now_.wall, again.epochs_from));
    if (!parsed.envelope || epoch == nullptr) return true;
    return std::any_of(
        parsed.envelope->wraps.begin(), parsed.envelope->wraps.end(), [&](const proto::Wrap& wrap) {
          return wrap.recipient == again.recipient && wrap.epoch == static_cast<std::uint8_t>(epoch->number);
        });
  }
  /// Hands the seed and the original to another device of the own organisation (ctype 6).
  Result<bool> pass_on(StoreTurn& turn, const Forward& forward) {
    const RecipientId recipient = proto::to_own_device(forward.to.dev);
    const auto content = desk_.letters(turn).content(forward.id);
    const auto original = turn.envelope(forward.id);
    if (!content || !original || turn.resealed(forward.id, recipient)) return false;
    keys::Draft draft;
    draft.ctype = proto::Ctype::forwarded;
    draft.level = forward.level;
    draft.exercise = forward.exercise;
    draft.recipients = {recipient};
    draft.content = keys::encode_forwarded(content->seed, *original);
    Ledger ledger(turn);
    TRY(const keys::Sealed sealed,
        keys::seal_next(desk_.keyring().identity(), desk_.trust(), ledger, draft, now_, desk_.rng()));
    turn.put_resealed(forward.id, recipient, sealed.msg_id);
    return true;
  }

  Desk& desk_;
  Relay& relay_;
  Now now_;
  Synced done_;
  std::vector<Reseal> reseals_;
  std::vector<Forward> forwards_;
};

}  // namespace

Now judged(Now now, const control::Info& relay) {
  const bool same_clock = std::abs((now.wall - relay.wall).count) <= kPeerClockApart.count;
  now.wall_suspect = now.wall_suspect || same_clock == relay.wall_suspect;
  return now;
}

Result<std::uint32_t> take_objects(Desk& desk, Relay& relay) {
  return Contact(desk, relay, {}).objects();
}

Result<Synced> synchronize(Desk& desk, Relay& relay, Now now) {
  return Contact(desk, relay, now).whole();
}
std::optional<control::EnvelopeProgress> progress_now(Relay& relay, const MsgId& id) {
  const auto said = progress_of(relay, {id});
  const bool followed = said.ok() && said->contains(id) && said->at(id).known;
  return followed ? std::optional(said->at(id)) : std::nullopt;
}
Result<void> follow(Desk& desk, Relay& relay, const std::vector<MsgId>& ids) {
  TRY(const auto progress, progress_of(relay, ids));
  TRY(StoreTurn turn, desk.store().write());
  for (const auto& [id, envelope] : progress) keep_told(turn, envelope);
  return turn.commit();
}
Result<Synced> hand_over(Desk& desk, Relay& relay, Now now) {
  return Contact(desk, relay, now).handing_over();
}

}  // namespace noroshi::desk
