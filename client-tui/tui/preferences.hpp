// How one home's console behaves: H/console.toml. A file says only what differs from the defaults:
//
//   [ui]
//   slow = "auto"        auto yes no: spare the line; auto asks the terminal for its speed
//   glyphs = "auto"      auto all ascii: what the terminal can draw; auto knows the Linux console cannot do
//   Japanese theme = "dark"       dark light mono: which colours caution and alarm have bell = "flash" flash
//   urgent routine bulk never: from which precedence on an arrival rings hook = "/PROGRAM"    started for
//   each new flash report (alarm.hpp) [keys.list]          a place of bindings.inc search = ["/", "s"]  an
//   action of it, and its keys from now on
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "client-tui/tui/bindings.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "keys/home.hpp"
#include "proto/envelope.hpp"
#include "proto/result.hpp"

namespace noroshi::tui {

enum class Theme : std::uint8_t { dark, light, mono };

struct Preferences {
  std::optional<bool> slow;      ///< nothing: as the terminal says
  std::optional<Glyphs> glyphs;  ///< nothing: as the kind of terminal says
  Theme theme = Theme::dark;
  std::optional<proto::Level> bell = proto::Level::flash;  ///< nothing: never
  std::filesystem::path hook;                              ///< empty: none
  Bindings bindings = Bindings::standard();
};

/// Defaults if there is no file. Errors (config), with file, line and what to write: not TOML, a key that is
/// not known, a value of another kind, keys that may not be given away, an action that no key is left for.
[[nodiscard]] Result<Preferences> load_preferences(const keys::Home& home);
[[nodiscard]] Result<Preferences> parse_preferences(std::string_view text,
                                                    const std::filesystem::path& place);

/// What a terminal of that kind (TERM) draws where nobody says otherwise.
[[nodiscard]] Glyphs glyphs_of(std::string_view terminal);

}  // namespace noroshi::tui
