#include "client-tui/tui/preferences.hpp"

#include "client-tui/words/text.hpp"
#include "proto/toml_reader.hpp"

namespace noroshi::tui {
namespace {

using words::say, words::Text;
namespace fs = std::filesystem;

/// One of a few words, or the value that stands where nothing is written.
template <typename Value, std::size_t count>
Value one_of(TomlReader& reader, std::string_view key,
             const std::pair<std::string_view, Value> (&words)[count], Value otherwise) {
  const auto text = reader.text(key);
  if (!text) return otherwise;
  std::string known;
  for (const auto& [word, value] : words) {
    if (*text == word) return value;
    known += (known.empty() ? "" : " ") + std::string(word);
  }
  reader.fail(key, say(Text::preferences_one_of, known));
  return otherwise;
}

void read_ui(TomlReader& ui, Preferences& out) {
  using Slow = std::optional<bool>;
  out.slow = one_of<Slow>(ui, "slow", {{"auto", Slow{}}, {"yes", true}, {"no", false}}, {});
  using Drawn = std::optional<Glyphs>;
  out.glyphs =
      one_of<Drawn>(ui, "glyphs", {{"auto", Drawn{}}, {"all", Glyphs::all}, {"ascii", Glyphs::ascii}}, {});
  out.theme = one_of<Theme>(
      ui, "theme", {{"dark", Theme::dark}, {"light", Theme::light}, {"mono", Theme::mono}}, out.theme);
  using Rings = std::optional<proto::Level>;
  out.bell = one_of<Rings>(ui, "bell",
                           {{"flash", proto::Level::flash},
                            {"urgent", proto::Level::urgent},
                            {"routine", proto::Level::routine},
                            {"bulk", proto::Level::bulk},
                            {"never", Rings{}}},
                           out.bell);
  for (std::string& folder : ui.texts("pictures")) {
    out.pictures.emplace_back(std::move(folder));
    if (!out.pictures.back().is_absolute()) ui.fail("pictures", say(Text::preferences_path));
  }
  if (const auto port = ui.number("gpsd_port", 0, 65'535)) out.gpsd_port = static_cast<std::uint16_t>(*port);
  if (const auto hook = ui.text("hook")) {
    out.hook = *hook;
    if (!out.hook.empty() && !out.hook.is_absolute()) ui.fail("hook", say(Text::preferences_path));
  }
}

Result<void> read_keys(const toml::table& keys, const fs::path& place, Bindings& out) {
  for (const auto& [where, node] : keys) {
    const std::string name = "keys." + std::string(where.str());
    const toml::table* actions = node.as_table();
    if (actions == nullptr) {
      TomlReader reader(keys, "keys", place.string());
      reader.fail(where.str(), say(Text::preferences_keys_table));
      return reader.fine();
    }
    TomlReader reader(*actions, name, place.string());
    for (const auto& [action, value] : *actions) {
      const auto names = reader.texts(action.str());
      TRY_VOID(reader.fine());
      if (const auto wrong = out.rebind(where.str(), action.str(), names)) reader.fail(action.str(), *wrong);
    }
    TRY_VOID(reader.fine());
  }
  if (const Binding* lost = out.keyless()) {
    TomlReader reader(keys, "keys." + std::string(lost->place), place.string());
    reader.fail(lost->name, say(Text::preferences_keyless, lost->label.in(words::language())));
    return reader.fine();
  }
  return {};
}

Result<Preferences> read_preferences(const toml::table& table, const fs::path& place) {
  TomlReader reader(table, "", place.string());
  Preferences out;
  if (const toml::table* found = reader.table("ui")) {
    TomlReader ui(*found, "ui", place.string());
    read_ui(ui, out);
    TRY_VOID(ui.finish());
  }
  if (const toml::table* keys = reader.table("keys")) TRY_VOID(read_keys(*keys, place, out.bindings));
  TRY_VOID(reader.finish());
  return out;
}

}  // namespace

Result<Preferences> parse_preferences(std::string_view text, const fs::path& place) {
  TRY(const toml::table table, parse_toml(text, place));
  return read_preferences(table, place);
}

Result<Preferences> load_preferences(const keys::Home& home) {
  const fs::path file = home / "console.toml";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return Preferences{};
  TRY(const toml::table table, read_toml(file));
  return read_preferences(table, file);
}

Glyphs glyphs_of(std::string_view terminal) {
  return terminal == "linux" ? Glyphs::ascii : Glyphs::all;
}

}  // namespace noroshi::tui
