#include "client-tui/tui/bindings.hpp"

#include <algorithm>
#include <sstream>

#include "proto/result.hpp"

namespace noroshi::tui {
namespace {

std::vector<Key> keys_of(const char* names) {
  std::vector<Key> out;
  std::istringstream in(names);
  for (std::string name; in >> name;) {
    const auto key = key_of(name);
    NOROSHI_ASSERT(key.has_value());
    out.push_back(*key);
  }
  return out;
}

bool holds(const Binding& binding, Where place) {
  return binding.where == place;
}

}  // namespace

Bindings::Bindings() {
#define NOROSHI_BINDING(action, where, keys, ja, en) \
  all_.push_back({Action::action, Where::where, keys_of(keys), {ja, en, {}}});
#include "client-tui/tui/bindings.inc"
#undef NOROSHI_BINDING
}

const Bindings& Bindings::standard() {
  static const Bindings table;
  return table;
}

std::optional<Action> Bindings::action(const Key& key, const std::vector<Where>& places) const {
  const Key plain = key.plain();
  const auto in = [&](Where place) -> std::optional<Action> {
    for (const Binding& binding : all_) {
      if (holds(binding, place) && std::ranges::find(binding.keys, plain) != binding.keys.end())
        return binding.action;
    }
    return std::nullopt;
  };
  for (const Where place : places) {
    if (const auto found = in(place)) return found;
  }
  return in(Where::everywhere);
}

std::vector<const Binding*> Bindings::at(const std::vector<Where>& places) const {
  std::vector<const Binding*> out;
  const auto add = [&](Where place) {
    for (const Binding& binding : all_) {
      const bool said =
          std::ranges::any_of(out, [&](const Binding* other) { return other->action == binding.action; });
      if (holds(binding, place) && !said) out.push_back(&binding);
    }
  };
  for (const Where place : places) add(place);
  add(Where::everywhere);
  return out;
}

std::string Bindings::key(Action action, const std::vector<Where>& places) const {
  for (const Binding* binding : at(places)) {
    if (binding->action == action && !binding->keys.empty()) return name_of(binding->keys.front());
  }
  return {};
}

}  // namespace noroshi::tui
