// What of an offered envelope has come in pieces, until it is whole (PROTOCOL.md, "In pieces"). Pieces are
// durable, each byte once, and outlive the session and the way they came by; what of them came from whom is
// remembered, because a neighbour may have brought wrong ones.
#pragma once

#include "relay/core/hall.hpp"

namespace noroshi::core {

class Parcels {
 public:
  explicit Parcels(Hall& hall) : hall_(hall) {}

  enum class State : std::uint8_t {
    coming,   ///< the neighbour has been asked for what is missing, or is still sending it
    whole,    ///< its body is what the offer promised
    spoilt,   ///< … is not, and nobody but this neighbour can be to blame; or it comes in crumbs
    no_room,  ///< kPartialsMax, kPartialBytesMax
  };
  struct Step {
    State state{};
    Bytes envelope{};  ///< if whole
  };
  /// An offer whose outside is verified. Cost: the rows of what has come already.
  [[nodiscard]] Step open(Session& session, proto::LinkNumber number, std::uint16_t for_wraps,
                          const proto::Offer& offer);
  /// The parcel that this piece belongs to; null if none of this session, or it does not fit.
  [[nodiscard]] static const Incoming* expected(const Session& session, const proto::Piece& frame);
  /// An expected piece: durable with the turn, and acknowledged at its end.
  [[nodiscard]] Step add(Session& session, const proto::Piece& frame);

 private:
  [[nodiscard]] bool room_for(const Partial& parcel);
  [[nodiscard]] Ranges here(const MsgId& id, PeerId peer, bool mixed) const;
  void want_rest(Session& session, proto::LinkNumber number, const Incoming& incoming);
  [[nodiscard]] bool keep(PeerId peer, Incoming& incoming, proto::ByteRange stretch, BytesView bytes);
  [[nodiscard]] Step close(PeerId peer, const Partial& parcel, Incoming& incoming);

  Hall& hall_;
};

}  // namespace noroshi::core
