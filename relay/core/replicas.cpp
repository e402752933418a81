#include "relay/core/replicas.hpp"

#include <algorithm>
#include <utility>

#include "keys/crypto.hpp"

namespace noroshi::core {
namespace {

using proto::MailKey;
using proto::MailPrefix;
using proto::MailStretch;
using Kind = proto::MailStretch::Kind;

/// After a difference the whole is asked about again: what was cut off, and whether it has helped.
constexpr Millis kAskAgain{5'000}, kAskAgainMax{60 * 60'000};
/// Mail that waits for a replica before more is looked for.
constexpr std::uint64_t kPushedAhead = 256;
/// What a neighbour may leave to be looked for.
constexpr std::size_t kErrandsMax = 4'096;
/// Keys read at once where a name is looked for.
constexpr std::size_t kLookedAt = 1'024;
/// Bytes of one answer on an unmetered line; a metered one is held for about a piece's time, but three
/// stretches always fit.
constexpr std::size_t kAnswerBytes = 48 * 1024, kAnswerBytesMin = 512;

proto::MailDigest name_of(const MailKey& key) {
  return array_of<8>(BytesView(key).subspan(4, 8));
}

/// An answer under construction. What does not fit is left out: the question is asked again.
class Answer {
 public:
  Answer(const Store& store, std::size_t room) : store_(store), room_(room) {}

  void add(MailStretch stretch) {
    const std::size_t size = encoded_size(stretch);
    if (size > room_ || out_.size() == kCompareStretchesMax) return;
    room_ -= size;
    out_.push_back(std::move(stretch));
  }
  /// This stretch differs: its mail by name if that is little, else the sums of its parts.
  void descend(const MailPrefix& prefix) {
    const auto mail = store_.mail(prefix, {}, kMailListMax + 1);
    if (mail.size() <= kMailListMax || prefix.nibbles == MailPrefix::kNibblesMax) {
      MailStretch here{.kind = Kind::here, .prefix = prefix, .parts = 0, .digests = {}};
      for (const MailKey& key : mail) here.digests.push_back(name_of(key));
      return add(std::move(here));
    }
    MailStretch parts{.kind = Kind::parts, .prefix = prefix, .parts = 0, .digests = {}};
    for (unsigned i = 0; i < 16; ++i) {
      const proto::MailSum sum = store_.mail_sum(prefix.part(i));
      if (sum.count == 0) continue;
      parts.parts = static_cast<std::uint16_t>(parts.parts | 1u << i);
      parts.digests.push_back(keys::mail_digest(sum));
    }
    add(std::move(parts));
  }
  [[nodiscard]] std::vector<MailStretch> take() { return std::move(out_); }

 private:
  const Store& store_;
  std::size_t room_;
  std::vector<MailStretch> out_;
};

}  // namespace

void Replicas::greet(Session& session) {
  session.errands.clear();
  session.ask_at.reset();
  session.ask_pause = kAskAgain;
  if (hall_.replica(session.peer()) && hall_.config.self < session.peer()) ask(session);
}

void Replicas::ask(Session& session) {
  session.ask_at.reset();
  MailStretch all{.kind = Kind::sum, .prefix = {}, .parts = 0, .digests = {}};
  all.digests.push_back(keys::mail_digest(hall_.store.mail_sum({})));
  hall_.send(session.peer(), proto::Compare{session.row.session, {std::move(all)}});
}

void Replicas::on_compare(Session& session, const proto::Compare& compare) {
  if (compare.session != session.theirs || !hall_.replica(session.peer()))
    return hall_.event(EventKind::dropped, session.peer());
  const std::size_t room = session.pace.comes_in_pieces(kAnswerBytes)
                               ? std::max(kAnswerBytesMin, session.pace.piece())
                               : kAnswerBytes;
  Answer answer(hall_.store, room);
  const auto push = [&](Errand errand) {
    if (session.errands.size() < kErrandsMax) session.errands.push_back(std::move(errand));
  };
  for (const MailStretch& stretch : compare.stretches) {
    switch (stretch.kind) {
      case Kind::sum:
        if (keys::mail_digest(hall_.store.mail_sum(stretch.prefix)) != stretch.digests.front())
          answer.descend(stretch.prefix);
        break;
      case Kind::parts:
        for (unsigned i = 0, named = 0; i < 16; ++i) {
          const MailPrefix part = stretch.prefix.part(i);
          const proto::MailSum mine = hall_.store.mail_sum(part);
          if ((stretch.parts >> i & 1) == 0) {
            if (mine.count != 0) push({.where = part, .only = false, .names = {}, .after = {}});
          } else if (keys::mail_digest(mine) != stretch.digests[named++]) {
            answer.descend(part);
          }
        }
        break;
      case Kind::here: {
        MailStretch lack{
            .kind = Kind::lack, .prefix = stretch.prefix, .parts = 0, .digests = stretch.digests};
        MailKey after{};
        for (std::vector<MailKey> page; !lack.digests.empty(); after = page.back()) {
          page = hall_.store.mail(stretch.prefix, after, kLookedAt);
          for (const MailKey& key : page) std::erase(lack.digests, name_of(key));
          if (page.size() < kLookedAt) break;
        }
        if (!lack.digests.empty()) answer.add(std::move(lack));
        push({.where = stretch.prefix, .only = false, .names = stretch.digests, .after = {}});
        break;
      }
      case Kind::lack:
        push({.where = stretch.prefix, .only = true, .names = stretch.digests, .after = {}});
        break;
    }
  }
  auto stretches = answer.take();
  if (!stretches.empty())
    hall_.send(session.peer(), proto::Compare{session.row.session, std::move(stretches)});
  if (hall_.config.self < session.peer() && !session.ask_at) {
    session.ask_at = hall_.now.mono + session.ask_pause;
    session.ask_pause = Millis{std::min(2 * session.ask_pause.count, kAskAgainMax.count)};
  }
}

bool Replicas::room(const Session& session) const {
  std::uint64_t waiting = 0;
  for (int level = 0; level < static_cast<int>(proto::kLevels); ++level)
    waiting += hall_.store.queued(session.peer(), static_cast<proto::Level>(level)).records;
  return waiting < kPushedAhead;
}

void Replicas::push_page(Session& session) {
  Errand& errand = session.errands.front();
  const auto page = hall_.store.mail(errand.where, errand.after, kPage);
  for (const MailKey& key : page) {
    errand.after = key;
    const bool named = std::ranges::find(errand.names, name_of(key)) != errand.names.end();
    if (named != errand.only) continue;
    auto record = hall_.store.record(proto::mail_id(key));
    if (!record || !record->body_held) continue;
    duties_.push(*record, session.peer());
    hall_.store.put(*record);
  }
  if (page.size() < kPage) session.errands.pop_front();
}

/// What came since goes to those who can have it now.
void Replicas::spread() {
  const std::vector<MsgId> mail = std::exchange(hall_.mail, {});
  for (const auto& [peer, session] : hall_.sessions) {
    if (!session.up || !hall_.replica(peer)) continue;
    for (const MsgId& id : mail) {
      auto record = hall_.store.record(id);
      if (!record || record->from == peer) continue;
      duties_.push(*record, peer);
      hall_.store.put(*record);
    }
  }
}

void Replicas::step() {
  spread();
  for (auto& [peer, session] : hall_.sessions) {
    if (!session.up || !session.greeted) continue;
    if (!session.errands.empty() && room(session)) push_page(session);
    if (session.ask_at && *session.ask_at <= hall_.now.mono) ask(session);
  }
}

std::optional<Instant> Replicas::next_wake() const {
  std::optional<Instant> wake;
  for (const auto& [peer, session] : hall_.sessions) {
    if (!session.up || !session.greeted) continue;
    if (!session.errands.empty() && room(session)) return hall_.now.mono;
    if (session.ask_at && (!wake || *session.ask_at < *wake)) wake = session.ask_at;
  }
  return wake;
}

}  // namespace noroshi::core
