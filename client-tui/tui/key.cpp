#include "client-tui/tui/key.hpp"

#include <array>
#include <utility>

namespace noroshi::tui {
namespace {

using Kind = Key::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 15> kNames{{
    {Kind::enter, "Enter"},
    {Kind::escape, "Esc"},
    {Kind::tab, "Tab"},
    {Kind::back_tab, "S-Tab"},
    {Kind::backspace, "BackSpace"},
    {Kind::del, "Del"},
    {Kind::up, "Up"},
    {Kind::down, "Down"},
    {Kind::left, "Left"},
    {Kind::right, "Right"},
    {Kind::home, "Home"},
    {Kind::end, "End"},
    {Kind::page_up, "PgUp"},
    {Kind::page_down, "PgDn"},
    {Kind::f1, "F1"},
}};

/// U+FF01 … U+FF5E are the printable ASCII characters, full-width, in UTF-8 EF BC 81 … EF BD 9E; U+3000 is
/// the space.
std::optional<char> narrow(std::string_view text) {
  if (text == "\u3000") return ' ';
  if (text.size() != 3 || text[0] != '\xEF') return std::nullopt;
  const auto second = static_cast<unsigned char>(text[1]), third = static_cast<unsigned char>(text[2]);
  const unsigned scalar = 0xF000u | (second & 0x3Fu) << 6 | (third & 0x3Fu);
  if (scalar < 0xFF01 || scalar > 0xFF5E) return std::nullopt;
  return static_cast<char>(scalar - 0xFF01 + '!');
}

}  // namespace

Key Key::plain() const {
  if (kind != Kind::text) return *this;
  const auto letter = narrow(text);
  return letter ? typed(std::string(1, *letter)) : *this;
}

std::string name_of(const Key& key) {
  for (const auto& [kind, name] : kNames) {
    if (key.kind == kind) return std::string(name);
  }
  switch (key.kind) {
    case Kind::control: return "C-" + key.text;
    case Kind::alt: return "M-" + key.text;
    case Kind::paste: return "Paste";
    default: return key.text == " " ? "Space" : key.text;
  }
}

std::optional<Key> key_of(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (name == known) return Key{kind, {}};
  }
  if (name == "Space") return typed(" ");
  if (name.size() == 3 && name.starts_with("C-")) return Key{Kind::control, std::string(name.substr(2))};
  if (name.size() == 3 && name.starts_with("M-")) return Key{Kind::alt, std::string(name.substr(2))};
  if (name.size() == 1 && name[0] > ' ' && name[0] <= '~') return typed(std::string(name));
  return std::nullopt;
}

}  // namespace noroshi::tui
