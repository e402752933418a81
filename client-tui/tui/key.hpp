// One press of a key, as the terminal understood it, or one paste.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace noroshi::tui {

struct Key {
  enum class Kind : std::uint8_t {
    text,     ///< what it types: one character (an input method may commit several, one Key each)
    paste,    ///< bracketed paste: a text of any length, not yet cleaned
    control,  ///< Ctrl and the letter in `text`
    alt,      ///< Alt (or Escape) and the letter in `text`
    enter,
    escape,
    tab,
    back_tab,
    backspace,
    del,
    up,
    down,
    left,
    right,
    home,
    end,
    page_up,
    page_down,
    f1,
  };
  Kind kind = Kind::text;
  std::string text;
  bool operator==(const Key&) const = default;

  /// A command letter as it is meant: its full-width form, which an input method gives, counts as the letter.
  [[nodiscard]] Key plain() const;
};

[[nodiscard]] inline Key typed(std::string text) {
  return {Key::Kind::text, std::move(text)};
}
/// "q", "C-s", "M-b", "Enter", "PgDn": as the help, the configuration and the man page name it.
[[nodiscard]] std::string name_of(const Key& key);
/// And back; nothing for what is no name.
[[nodiscard]] std::optional<Key> key_of(std::string_view name);

}  // namespace noroshi::tui
