#include "client-tui/cli/demo/intruders.hpp"

#include "keys/identity.hpp"
#include "keys/kem.hpp"
#include "proto/envelope.hpp"

namespace noroshi::cli::demo {
namespace {

/// Room of a typical first report.
constexpr std::size_t kBodyBytes = 32;
/// A number the real device has not reached.
constexpr Seq kAhead = 1000;
/// A device number that nobody was given.
constexpr std::uint16_t kNobody = 0x7000;

/// A sealed envelope of `source`, to the recipients of `like`, under keys made up on the spot: a relay cannot
/// see that its readers could not open it either.
Bytes seal_as(KeyId source, const proto::Envelope& like, const RootId& root, Rng& rng) {
  const auto liar = keys::KeySet::random(rng);
  proto::Header header = like.header;
  header.level = proto::Level::flash;
  header.source = source;
  header.seq += kAhead;
  std::vector<keys::Target> targets;
  for (const proto::Wrap& wrap : like.wraps)
    targets.push_back({wrap.recipient, wrap.epoch, wrap.prev, keys::KeySet::random(rng).box_public()});
  ByteArray<16> seed{};
  rng.fill(seed);
  const auto sealed = keys::seal_with_seed(header, targets, keys::pad(view_of("all is well"), kBodyBytes),
                                           seed, liar.sign, root);
  NOROSHI_ASSERT(sealed.has_value());  // random keys are sound
  return *sealed;
}

RootId other_network(Rng& rng) {
  RootId out;
  rng.fill(out.value);
  return out;
}

}  // namespace

std::vector<Intruder> make_intruders(BytesView genuine, const RootId& root, Rng& rng) {
  const auto parsed = proto::parse_envelope(genuine);
  NOROSHI_ASSERT(parsed.envelope.has_value());  // it came from a relay of ours
  const proto::Envelope& like = *parsed.envelope;
  KeyId nobody = like.header.source;
  nobody.device.dev = kNobody;
  return {
      {{"偽造: 登録端末を名乗る、別の鍵の署名", "forged: an enrolled device's name, another key's signature"},
       seal_as(like.header.source, like, root, rng),
       "signature"},
      {{"未登録: 誰も登録していない端末", "unenrolled: a device that nobody certified"},
       seal_as(nobody, like, root, rng),
       "unknown_key"},
      {{"他網: 別の根をもつ網の同じ番号の端末", "foreign: the same number in a network with other roots"},
       seal_as(like.header.source, like, other_network(rng), rng),
       "signature"},
  };
}

}  // namespace noroshi::cli::demo
