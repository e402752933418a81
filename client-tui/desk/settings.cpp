#include "client-tui/desk/settings.hpp"

#include <toml++/toml.h>

#include "keys/language.hpp"

namespace noroshi::desk {

Result<Settings> load_settings(const keys::Home& home) {
  Settings settings;
  settings.control = home / "control.sock";
  std::filesystem::path file = home / "config.toml";
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) file = home / "noroshid.toml";
  if (!std::filesystem::exists(file, ignored)) return settings;
  const auto wrong = [&](const std::string& ja, const std::string& en) {
    return keys::no(Code::config, file.string() + ": " + ja, file.string() + ": " + en);
  };
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    const std::string place =
        std::to_string(error.source().begin.line) + ": " + std::string(error.description());
    return wrong(place + ": 書き方を直してください (noroshid --check-config)",
                 place + ": correct it (noroshid --check-config)");
  }
  const toml::node_view<toml::node> node = table["node"];
  const auto read = [&](std::string_view key, auto& out) {
    using T = std::decay_t<decltype(out)>;
    if (!node[key]) return true;
    const auto value = node[key].value_exact<T>();
    if (value) out = *value;
    return value.has_value();
  };
  std::string control;
  std::int64_t offset = 0;
  if (!read("name", settings.name))
    return wrong("[node] name: 文字列にしてください", "[node] name: write a text");
  if (!read("control", control))
    return wrong("[node] control: 文字列にしてください", "[node] control: write a text");
  if (!read("clock_offset_s", offset)) {
    return wrong("[node] clock_offset_s: 整数（秒）にしてください",
                 "[node] clock_offset_s: write whole seconds");
  }
  if (!control.empty()) settings.control = control;
  settings.clock_offset = Seconds{offset};
  return settings;
}

}  // namespace noroshi::desk
