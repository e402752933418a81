// How one home's console behaves: H/console.toml. A file says only what differs from the defaults:
// deploy/console.toml.example shows every key of it with what holds where the key is left out.
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
  std::vector<std::filesystem::path> pictures;             ///< where to look for them; empty: where they usually are
  std::uint16_t gpsd_port = 0;  ///< of this machine's gpsd (it is registered as 2947); 0: none is asked
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
