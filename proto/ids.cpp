#include "proto/ids.hpp"

#include <charconv>

namespace noroshi {
namespace {

/// Takes a decimal number up to `max` off the front, and the separator after it (0: the text must end there).
template <typename T>
std::optional<T> take_number(std::string_view& text, std::uint64_t max, char separator) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value > max) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (separator == 0) return text.empty() ? std::optional<T>(static_cast<T>(value)) : std::nullopt;
  if (text.empty() || text[0] != separator) return std::nullopt;
  text.remove_prefix(1);
  return static_cast<T>(value);
}

}  // namespace

std::string to_string(DeviceId device) {
  return std::to_string(device.org.value) + "/" + std::to_string(device.dev);
}

std::string to_string(KeyId key) {
  return to_string(key.device) + "." + std::to_string(key.gen);
}

std::string to_string(const ReportId& id) {
  return to_string(id.key) + "/" + std::to_string(id.seq) + "." + std::to_string(id.index);
}

std::optional<DeviceId> parse_device_id(std::string_view text) {
  const auto org = take_number<std::uint16_t>(text, 0xFFFF, '/');
  if (!org) return std::nullopt;
  const auto dev = take_number<std::uint16_t>(text, 0xFFFF, 0);
  if (!dev) return std::nullopt;
  return DeviceId{OrgId{*org}, *dev};
}

std::optional<ReportId> parse_report_id(std::string_view text) {
  const auto org = take_number<std::uint16_t>(text, 0xFFFF, '/');
  if (!org) return std::nullopt;
  const auto dev = take_number<std::uint16_t>(text, 0xFFFF, '.');
  if (!dev) return std::nullopt;
  const auto gen = take_number<std::uint8_t>(text, 0xFF, '/');
  if (!gen) return std::nullopt;
  const auto seq = take_number<Seq>(text, 0xFFFF'FFFF, '.');
  if (!seq) return std::nullopt;
  const auto index = take_number<std::uint8_t>(text, 0xFF, 0);
  if (!index) return std::nullopt;
  return ReportId{{{OrgId{*org}, *dev}, *gen}, *seq, *index};
}

}  // namespace noroshi
