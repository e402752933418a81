#include "relay/core/parcels.hpp"

#include <algorithm>
#include <set>

namespace noroshi::core {

Parcels::Step Parcels::open(Session& session, proto::LinkNumber number, std::uint16_t for_wraps,
                            const proto::Offer& offer) {
  const auto cover = proto::parse_cover(offer.cover, offer.body_hash, offer.size);
  NOROSHI_ASSERT(cover.has_value());
  Partial parcel{.id = keys::msg_id_of(*cover),
                 .cover = offer.cover,
                 .body_hash = offer.body_hash,
                 .size = offer.size,
                 .offered = hall_.time};
  if (const auto held = hall_.store.partial(parcel.id)) {
    parcel.mixed = held->mixed;
  } else if (!room_for(parcel)) {
    return {.state = State::no_room};
  }
  hall_.store.put_partial(parcel);
  Incoming incoming{.id = parcel.id,
                    .mixed = parcel.mixed,
                    .have = here(parcel.id, session.peer(), parcel.mixed),
                    .for_wraps = for_wraps,
                    .body_size = static_cast<std::uint32_t>(cover->body_size()),
                    .to = 0,
                    .rows = hall_.store.pieces(parcel.id).size()};
  Step step = close(session.peer(), parcel, incoming);
  if (step.state != State::coming) return step;
  want_rest(session, number, incoming);
  session.incoming[number] = std::move(incoming);
  return step;
}

const Incoming* Parcels::expected(const Session& session, const proto::Piece& frame) {
  if (!session.greeted || frame.piece.session != session.theirs) return nullptr;
  const auto found = session.incoming.find(frame.piece.number);
  if (found == session.incoming.end()) return nullptr;
  return frame.piece.from + frame.bytes.size() <= found->second.body_size ? &found->second : nullptr;
}

Parcels::Step Parcels::add(Session& session, const proto::Piece& frame) {
  const proto::LinkNumber number = frame.piece.number;
  Incoming& incoming = session.incoming.at(number);
  const auto over = [&](Step step) {
    session.incoming.erase(number);
    return step;
  };
  const auto parcel = hall_.store.partial(incoming.id);
  if (!parcel) return over({.state = State::no_room});  // it made room for another
  const proto::ByteRange stretch{frame.piece.from,
                                 static_cast<std::uint16_t>(frame.piece.from + frame.bytes.size())};
  if (!keep(session.peer(), incoming, stretch, frame.bytes)) {
    hall_.store.drop_partial(incoming.id);
    return over({.state = State::spoilt});
  }
  incoming.to = stretch.to;
  session.progress.insert(number);
  session.ack_due = true;
  const bool complete = incoming.have.bytes() >= incoming.body_size;
  Step step = close(session.peer(), *parcel, incoming);
  if (step.state != State::coming) return over(std::move(step));
  if (complete) want_rest(session, number, incoming);
  return step;
}

Ranges Parcels::here(const MsgId& id, PeerId peer, bool mixed) const {
  Ranges out;
  for (const PieceHere& piece : hall_.store.pieces(id)) {
    if (mixed || piece.peer == peer) out.add(piece.stretch);
  }
  return out;
}

void Parcels::want_rest(Session& session, proto::LinkNumber number, const Incoming& incoming) {
  std::vector<proto::ByteRange> have = incoming.have.stretches();
  if (have.size() > kRangesMax) have.resize(kRangesMax);  // the rest comes twice
  hall_.send(session.peer(), proto::Want{session.row.session, number, std::move(have)});
}

/// The one that was offered longest ago makes room, but none that comes just now.
bool Parcels::room_for(const Partial& parcel) {
  std::set<MsgId> coming;
  for (const auto& [peer, session] : hall_.sessions) {
    for (const auto& [number, incoming] : session.incoming) coming.insert(incoming.id);
  }
  std::vector<Partial> held = hall_.store.partials();
  std::ranges::sort(held, {}, [](const Partial& one) { return std::pair(one.offered, one.id); });
  std::uint64_t count = held.size(), bytes = parcel.size;
  for (const Partial& one : held) bytes += one.size;
  for (const Partial& one : held) {
    if (count < kPartialsMax && bytes <= kPartialBytesMax) return true;
    if (coming.contains(one.id)) continue;
    hall_.store.drop_partial(one.id);
    --count;
    bytes -= one.size;
  }
  return count < kPartialsMax && bytes <= kPartialBytesMax;
}

/// Only what is not here yet: what a neighbour repeats costs it the line and us nothing. False: it comes in
/// crumbs.
bool Parcels::keep(PeerId peer, Incoming& incoming, proto::ByteRange stretch, BytesView bytes) {
  for (const proto::ByteRange& part : incoming.have.missing(stretch)) {
    if (++incoming.rows > kPiecesMax) return false;
    const auto offset = static_cast<std::size_t>(part.from - stretch.from);
    hall_.store.put_piece(incoming.id, peer, part.from,
                          bytes.subspan(offset, static_cast<std::size_t>(part.to - part.from)));
  }
  incoming.have.add(stretch);
  return true;
}

/// If all of it is here and it is not what was promised, what others brought may be to blame: from then on
/// only this neighbour's own pieces count here. If they were its own, it is.
Parcels::Step Parcels::close(PeerId peer, const Partial& parcel, Incoming& incoming) {
  if (incoming.have.bytes() < incoming.body_size) return {.state = State::coming};
  const auto cover = proto::parse_cover(parcel.cover, parcel.body_hash, parcel.size);
  NOROSHI_ASSERT(cover.has_value());
  const auto whose = incoming.mixed ? std::nullopt : std::optional(peer);
  const Bytes body = hall_.store.pieced(incoming.id, whose, cover->body_size());
  if (keys::body_hash(body) == cover->body_hash)
    return {.state = State::whole, .envelope = proto::assemble(*cover, body)};
  const std::vector<PieceHere> pieces = hall_.store.pieces(incoming.id);
  const bool own = std::ranges::all_of(pieces, [&](const PieceHere& one) { return one.peer == peer; });
  if (own || !incoming.mixed) {
    hall_.store.drop_partial(incoming.id);
    return {.state = State::spoilt};
  }
  Partial alone = parcel;
  alone.mixed = incoming.mixed = false;
  hall_.store.put_partial(alone);
  incoming.have = here(incoming.id, peer, false);
  return {.state = State::coming};
}

}  // namespace noroshi::core
