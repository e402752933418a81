#include <array>
#include <string>

#include "relay/core/node.hpp"

namespace noroshi::core {

std::string_view name_of(EventKind kind) {
  static constexpr std::array<std::string_view, 20> kNames = {
      "accepted",    "duplicate",    "refused",      "forwarded",      "acked",     "delivered",   "receipt",
      "expired",     "parked_again", "equivocation", "link_up",        "link_down", "rolled_back", "object",
      "want_object", "quota",        "no_route",     "unknown_sender", "recalled",  "dropped"};
  static_assert(kNames.size() == static_cast<std::size_t>(EventKind::dropped) + 1);
  return kNames[static_cast<std::size_t>(kind)];
}

std::string name_of_refuse(std::uint8_t code) {
  if (code == proto::kRefuseNoSpace) return "no_space";
  if (code > static_cast<std::uint8_t>(keys::Refusal::body)) return std::to_string(code);
  return std::string(name_of(static_cast<keys::Refusal>(code)));
}

void Effects::append(Effects&& other) {
  const auto join = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  join(now, other.now);
  join(verify, other.verify);
  join(seal, other.seal);
  join(after_commit, other.after_commit);
  join(events, other.events);
  if (other.contact) contact = std::move(other.contact);
  if (other.trust) trust = std::move(other.trust);
}

}  // namespace noroshi::core
