#include "keys/seal.hpp"

#include <algorithm>

#include "keys/kem.hpp"
#include "keys/language.hpp"
#include "keys/primitives.hpp"
#include "keys/roles.hpp"

namespace noroshi::keys {
namespace {

std::string text_of(RecipientId id) {
  return std::to_string(id.value);
}

/// Created, and whether the clock behind it is doubted.
struct Stamp {
  WallTime created;
  bool doubted = false;
};

/// A clock that is unset, suspect or older than what the roots have signed cannot tell the time; the date is
/// then bounded from below by what is known.
Stamp stamp_of(const Trust& trust, WallTime last_created, Now now) {
  constexpr WallTime kLatest{0xFFFF'FFFF};
  const WallTime known = std::max(trust.roster_issued(), trust.not_before());
  const bool doubted = now.wall_suspect || now.wall < known;
  const WallTime created =
      doubted ? std::max({now.wall, known, last_created + Seconds{1}}) : std::max(now.wall, WallTime{0});
  return {std::min(created, kLatest), doubted};
}

/// The key that `recipient` reads with now.
Result<Target> target_of(RecipientId recipient, const Identity& identity, const Trust& trust, WallTime now,
                         IncidentId incident) {
  const auto unknown = [&](std::string_view ja, std::string_view en) {
    return Error{
        Code::config,
        said("宛先 ", "recipient ") + text_of(recipient) + ": " + said(ja, en) +
            said("が手元にありません：noroshi sync で取り込んでください。なければその組織の管理者に "
                 "noroshi-keys "
                 "epoch new を頼み、届いた束を noroshi-keys device install で入れてください",
                 " is not held here: fetch it with noroshi sync; if there is none, its admin makes one with "
                 "noroshi-keys epoch new, and noroshi-keys device install takes the bundle")};
  };
  const auto low = [](std::uint32_t number) { return static_cast<std::uint8_t>(number); };
  switch (proto::kind_of(recipient)) {
    case proto::RecipientKind::organisation:
    case proto::RecipientKind::group:
      if (const EpochKey* epoch = trust.epoch_for(recipient, now, incident))
        return Target{recipient, low(epoch->number), 0, epoch->key};
      return unknown("暗号期の鍵", "an epoch key");
    case proto::RecipientKind::transport:
      if (const TransportKey* key = trust.transport({static_cast<std::uint16_t>(recipient.value & 0x07FF)}))
        return Target{recipient, low(key->number), 0, key->key};
      return unknown("配送鍵", "a transport key");
    case proto::RecipientKind::own_device: {
      const DeviceId device{identity.device().org, static_cast<std::uint16_t>(recipient.value & 0x7FFF)};
      if (const Certificate* certificate = trust.newest_certificate(device))
        return Target{recipient, certificate->key.gen, 0, certificate->box};
      return unknown("証明書", "a certificate");
    }
    case proto::RecipientKind::everyone:
    case proto::RecipientKind::invalid: break;
  }
  return Error{Code::bad_data, said("宛先 ", "recipient ") + text_of(recipient) +
                                   said(" には封をして送れません", " cannot be sealed to")};
}

/// Targets with their visible links, and the exact distances of those that have none.
struct Chain {
  std::vector<Target> targets;
  Bytes exact;
};

Result<Chain> chain_of(const Identity& identity, const Trust& trust, const KeyLedger& ledger,
                       const Draft& draft, WallTime now, Seq seq) {
  std::vector<RecipientId> recipients = draft.recipients;
  std::sort(recipients.begin(), recipients.end());
  recipients.erase(std::unique(recipients.begin(), recipients.end()), recipients.end());
  if (recipients.empty() || recipients.size() > kWrapsMax)
    return no(Code::bad_data, "宛先は 1〜15 です", "a sealed message needs 1 to 15 recipients");
  Chain chain;
  Writer exact;
  for (const RecipientId recipient : recipients) {
    TRY(Target target, target_of(recipient, identity, trust, now, draft.incident));
    const Seq before = ledger.last_to(identity.key(), recipient);
    const Seq distance = before == 0 ? 0 : seq - before;
    target.prev = static_cast<std::uint8_t>(std::min<Seq>(distance, proto::kNoVisibleLink));
    if (target.prev == proto::kNoVisibleLink) exact.u32(distance);
    chain.targets.push_back(target);
  }
  chain.exact = exact.take();
  return chain;
}

Error too_large() {
  return no(Code::bad_data, "内容が 1 通に入りません", "the content is too large for one envelope");
}

bool is_clear(proto::Ctype ctype) {
  return ctype == proto::Ctype::receipt || static_cast<int>(ctype) >= 32;
}

Result<void> check_identity(const Identity& identity, const Trust& trust, const KeyLedger& ledger) {
  if (ledger.store_id() != identity.store_id())
    return no(Code::permission,
              "この保管庫は鍵と組になったものではありません：復元・複製したものには新しい世代の鍵が要ります",
              "this store is not the one the key was made for: a restored or copied store needs a new key "
              "generation");
  if (identity.root_id() != trust.root_id())
    return no(Code::permission, "この鍵は別のネットワークのものです", "this key belongs to another network");
  const Certificate* own = trust.certificate(identity.key());
  if (!own)
    return Error{Code::unavailable,
                 to_string(identity.key()) + said(": 証明書がありません：登録束を入れてください",
                                                  ": no certificate is held: install the bundle")};
  if (own->sign != identity.sign_public())
    return Error{Code::permission, to_string(identity.key()) + said(": 証明書が別の鍵のものです",
                                                                    ": the certificate is for another key")};
  return {};
}

Result<Bytes> sealed_bytes(const Identity& identity, const Trust& trust, proto::Header header,
                           const Chain& chain, BytesView content, Rng& rng) {
  header.wraps = static_cast<std::uint8_t>(chain.targets.size());
  const std::size_t inside = chain.exact.size() + content.size();
  TRY(const SealedSize size, sealed_size(chain.targets.size(), inside));
  Bytes body = pad(Writer().bytes(chain.exact).bytes(content).data(), size.body + size.padding);
  Wiped<32> random;
  rng.fill(random.value);
  const Wiped<16> seed(hedged_seed(identity.secrets().hedge.bytes(), random.value, identity.sign_public(),
                                   proto::encode_header(header), body));
  auto out =
      seal_with_seed(header, chain.targets, body, seed.value, identity.secrets().sign, trust.root_id());
  wipe(body);
  if (!out) return no(Code::bad_data, "宛先の鍵が正しくありません", "a recipient's key is not a sound key");
  return *std::move(out);
}

}  // namespace

Result<SealedSize> sealed_size(std::size_t wraps, std::size_t content_bytes) {
  SealedSize size;
  size.header = proto::kHeaderBytes;
  size.signature = proto::kSignatureBytes;
  size.body = content_bytes;
  if (wraps == 0) {
    size.body += 2;  // dst
    if (size.total() > kEnvelopeBytesMax) return too_large();
    return size;
  }
  size.ephemeral = proto::kEphemeralBytes;
  size.wraps = wraps * proto::kWrapBytes;
  size.tag = proto::kTagBytes;
  const auto bucket = proto::bucket_for(size.total() + 1);
  if (!bucket) return too_large();
  size.padding = *bucket - size.total();
  return size;
}

Result<void> check_recipients(const Identity& identity, const Trust& trust,
                              const std::vector<RecipientId>& recipients, WallTime now, IncidentId incident) {
  for (const RecipientId recipient : recipients) {
    const auto target = target_of(recipient, identity, trust, now, incident);
    if (!target) return target.error();
  }
  return {};
}

Result<Sealed> seal_next(const Identity& identity, const Trust& trust, KeyLedger& ledger, const Draft& draft,
                         Now now, Rng& rng) {
  TRY_VOID(check_identity(identity, trust, ledger));
  const KeyId key = identity.key();
  const Reason reason = why_not(*trust.certificate(key), trust,
                                {static_cast<std::uint8_t>(draft.ctype), draft.level, draft.recipients});
  if (!reason.empty()) return no(Code::bad_data, reason.ja, reason.en);
  const bool clear = is_clear(draft.ctype);
  if (clear && draft.recipients.size() != 1)
    return no(Code::bad_data, "平文の宛先はちょうど 1 つです", "a clear message has exactly one destination");
  if (!clear && draft.life < kSealedTtlMin)
    return no(Code::bad_data, "封をしたものの期限は 7 日以上です", "a sealed message lives 7 days at least");
  const Seq last = ledger.last_seq(key);
  if (last == 0xFFFF'FFFF)
    return no(Code::permission, "この鍵は番号を使い切りました：新しい世代が要ります",
              "this key has used all its numbers: a new generation is needed");

  const Stamp time = stamp_of(trust, ledger.last_created(key), now);
  proto::Header header;
  header.level = draft.level;
  header.old_roster = trust.roster_state(time.created) >= RosterState::c_expired;
  header.exercise = draft.exercise;
  header.clock_doubt = time.doubted;
  header.ctype = static_cast<std::uint8_t>(draft.ctype);
  header.source = key;
  header.ttl = proto::ttl_code(draft.life);
  header.roster_lo = static_cast<std::uint16_t>(trust.roster_version());
  header.created = time.created;
  header.seq = last + 1;

  Sealed sealed{{}, {}, key, header.seq};
  std::vector<RecipientId> chained;
  if (clear) {
    TRY_VOID([&]() -> Result<void> {
      TRY([[maybe_unused]] const SealedSize fits, sealed_size(0, draft.content.size()));
      return {};
    }());
    const Bytes body = Writer().u16(draft.recipients[0].value).bytes(draft.content).take();
    sealed.bytes = sign_clear(header, body, identity.secrets().sign, trust.root_id());
  } else {
    TRY(const Chain chain,
        chain_of(identity, trust, ledger, draft, std::max(time.created, draft.epochs_from), header.seq));
    TRY(sealed.bytes, sealed_bytes(identity, trust, header, chain, draft.content, rng));
    for (const Target& target : chain.targets) chained.push_back(target.recipient);
  }
  const auto parsed = proto::parse_envelope(sealed.bytes);
  if (!parsed.envelope)
    return no(Code::bad_data, "封筒の規則に合いません", "the message does not fit the envelope's rules");
  sealed.msg_id = msg_id_of(*parsed.envelope);
  ledger.record(sealed, chained, time.created);
  return sealed;
}

WallTime next_created(KeyId key, const Trust& trust, const KeyLedger& ledger, Now now) {
  return stamp_of(trust, ledger.last_created(key), now).created;
}

Bytes encode_forwarded(const Seed& seed, BytesView original) {
  return Writer().bytes(seed).bytes(original).take();
}

std::optional<Forwarded> decode_forwarded(BytesView content) {
  Reader in(content);
  Forwarded out;
  out.seed = in.array<16>();
  if (!in.ok() || in.rest().empty()) return std::nullopt;
  out.original = bytes_of(in.rest());
  return out;
}

}  // namespace noroshi::keys
