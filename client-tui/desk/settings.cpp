#include "client-tui/desk/settings.hpp"

#include "proto/limits.hpp"
#include "proto/toml_reader.hpp"

namespace noroshi::desk {

Result<Settings> load_settings(const keys::Home& home) {
  Settings settings;
  settings.control = home / "control.sock";
  std::filesystem::path file = home / "config.toml";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) file = home / "noroshid.toml";
  if (!std::filesystem::exists(file, ignored)) return settings;
  TRY(const toml::table table, read_toml(file));
  // The rest of it is the daemon's own matter (noroshid --check-config).
  if (const toml::table* found = table["node"].as_table()) {
    TomlReader node(*found, "node", file.string());
    settings.name = node.text("name").value_or("");
    if (const auto control = node.text("control"); control && !control->empty()) settings.control = *control;
    settings.clock_offset = {
        node.number("clock_offset_s", -kClockOffsetMax.count, kClockOffsetMax.count).value_or(0)};
    TRY_VOID(node.fine());
  }
  return settings;
}

}  // namespace noroshi::desk
