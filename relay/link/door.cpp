#include "relay/link/door.hpp"

#include <algorithm>
#include <charconv>

namespace noroshi::link {

std::string_view name_of(Admission admission) {
  switch (admission) {
    case Admission::admitted: return "admitted";
    case Admission::unknown_key: return "unknown_key";
    case Admission::stranger: return "stranger";
    case Admission::revoked: return "revoked";
    case Admission::expired: return "expired";
    case Admission::resting: return "resting";
  }
  return "";
}

Door::Answer Door::ask(const keys::LinkPublic& key, Now now) const {
  const keys::Certificate* found = trust_->certificate_by_link_key(key);
  if (!found) return {};
  return {ask(found->key, now), found->key};
}

Admission Door::ask(KeyId key, Now now) const {
  const Admission out = standing(key, now);
  return out == Admission::admitted && rests(key.device, now.mono) ? Admission::resting : out;
}

std::optional<Instant> Door::rests(DeviceId peer, Instant now) const {
  const auto found = resting_.find(peer);
  return found != resting_.end() && now < found->second ? std::optional(found->second) : std::nullopt;
}

/// As the roster and the configuration have it.
Admission Door::standing(KeyId key, Now now) const {
  const keys::Certificate* found = trust_->certificate(key);
  if (!found) return Admission::unknown_key;
  if (trust_->revoked_since(key)) return Admission::revoked;
  if (!neighbours_.contains(key.device)) return Admission::stranger;
  if (!now.wall_suspect && now.wall > found->expires() + trust_->certificate_grace())
    return Admission::expired;
  return Admission::admitted;
}

std::vector<const keys::Certificate*> Door::keys_of(DeviceId peer, Now now) const {
  std::vector<const keys::Certificate*> out = trust_->certificates(peer.org);
  std::erase_if(out, [&](const keys::Certificate* it) {
    return it->key.device != peer || standing(it->key, now) != Admission::admitted;
  });
  return out;
}

std::optional<KeyId> parse_key_id(std::string_view text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto device = parse_device_id(text.substr(0, dot));
  const auto digits = text.substr(dot + 1);
  KeyId out;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.gen);
  if (!device || error != std::errc{} || end != digits.data() + digits.size()) return {};
  out.device = *device;
  return out;
}

}  // namespace noroshi::link
