#include "client-tui/tui/bindings.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "client-tui/words/text.hpp"
#include "proto/nearest.hpp"
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

/// Letters are text there.
constexpr std::array kTypedInto{Where::form, Where::typing, Where::pick};
/// Not ours to give: input methods switch by Ctrl-Space and Ctrl-\, a terminal cannot tell Ctrl-J, -M, -I, -H
/// from Enter, Tab and BackSpace, Ctrl-O is eaten by some line disciplines, Ctrl-[ is Escape.
constexpr std::string_view kControlsTaken = " \\jmihoO[";

bool is_free(const Key& key) {
  return key.kind != Key::Kind::paste &&
         (key.kind != Key::Kind::control || kControlsTaken.find(key.text) == std::string_view::npos);
}

std::string unknown(std::string_view word, std::vector<std::string> known) {
  std::ranges::sort(known);
  known.erase(std::unique(known.begin(), known.end()), known.end());
  const std::string meant = nearest(word, known);
  return words::say(words::Text::keys_unknown_word, std::string(word)) +
         (meant.empty() ? "" : words::say(words::Text::keys_did_you_mean, meant));
}

}  // namespace

Bindings::Bindings() {
#define NOROSHI_BINDING(action, where, keys, ja, en) \
  all_.push_back({Action::action, Where::where, #action, #where, keys_of(keys), {ja, en, {}}});
#include "client-tui/tui/bindings.inc"
#undef NOROSHI_BINDING
}

const Bindings& Bindings::standard() {
  static const Bindings table;
  return table;
}

std::optional<std::string> Bindings::rebind(std::string_view place, std::string_view name,
                                            const std::vector<std::string>& keys) {
  std::vector<std::string> places, names;
  for (const Binding& binding : all_) {
    places.emplace_back(binding.place);
    if (binding.place == place) names.emplace_back(binding.name);
  }
  if (names.empty()) return unknown(place, std::move(places));
  const auto found = std::ranges::find_if(
      all_, [&](const Binding& binding) { return binding.place == place && binding.name == name; });
  if (found == all_.end()) return unknown(name, std::move(names));
  const bool typed_into = std::ranges::find(kTypedInto, found->where) != kTypedInto.end();
  std::vector<Key> meant;
  for (const std::string& text : keys) {
    const auto key = key_of(text);
    if (!key) return words::say(words::Text::keys_no_key, text);
    if (!is_free(*key)) return words::say(words::Text::keys_taken, text);
    if (typed_into && key->kind == Key::Kind::text) return words::say(words::Text::keys_letter, text);
    meant.push_back(*key);
  }
  for (Binding& other : all_) {
    if (other.where != found->where) continue;
    std::erase_if(other.keys, [&](const Key& key) { return std::ranges::find(meant, key) != meant.end(); });
  }
  found->keys = std::move(meant);
  return std::nullopt;
}

const Binding* Bindings::keyless() const {
  const auto found = std::ranges::find_if(all_, [](const Binding& it) { return it.keys.empty(); });
  return found == all_.end() ? nullptr : &*found;
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
