// The names of things. Each id is its own type, so that two of them cannot be swapped; ids are assigned by
// the signed roster (organisations, devices) or the signed register (units) and mean nothing by themselves.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "proto/bytes.hpp"

namespace noroshi {

/// An organisation of the roster, 0x0001..0x07FF. 1 national body, 2 ministry, associations = prefecture code
/// for 03–47, 北海道 101, 青森 102.
struct OrgId {
  std::uint16_t value = 0;
  constexpr auto operator<=>(const OrgId&) const = default;
};

/// A device of an organisation, 0x0001..0x7FFE. One laptop is two devices: its relay and its person's client.
struct DeviceId {
  OrgId org;
  std::uint16_t dev = 0;
  constexpr auto operator<=>(const DeviceId&) const = default;
};

/// One key of a device: `gen` counts its key generations from 1.
struct KeyId {
  DeviceId device;
  std::uint8_t gen = 0;
  constexpr auto operator<=>(const KeyId&) const = default;
};

/// Number of an envelope within its key's line: strictly increasing from 1, never reused.
using Seq = std::uint32_t;

/// Whom a wrap (or a clear envelope's dst) is for: proto/envelope.hpp draws the ranges.
struct RecipientId {
  std::uint16_t value = 0;
  constexpr auto operator<=>(const RecipientId&) const = default;
};

/// F(16, "NORO1 msg id", …): the name of an envelope's content and author (keys/crypto.hpp computes it).
struct MsgId {
  ByteArray<16> value{};
  constexpr auto operator<=>(const MsgId&) const = default;
  [[nodiscard]] std::string hex() const { return to_hex(value); }
};

/// F(8, "NORO1 root id", …): binds every signature to one network.
struct RootId {
  ByteArray<8> value{};
  constexpr auto operator<=>(const RootId&) const = default;
};

/// Random name of one store's life: a store that was lost, restored or rolled back gets a new one.
struct StoreId {
  std::uint64_t value = 0;
  constexpr auto operator<=>(const StoreId&) const = default;
};

/// A reporting unit of the register 台帳: association id × 100,000 + n.
struct UnitId {
  std::uint32_t value = 0;
  constexpr auto operator<=>(const UnitId&) const = default;
};

/// Number of a declared incident or exercise; 0 = PENDING.
struct IncidentId {
  std::uint32_t value = 0;
  constexpr auto operator<=>(const IncidentId&) const = default;
};

/// Number of a person on the 情報取扱者名簿 of an organisation.
struct HandlerId {
  std::uint16_t value = 0;
  constexpr auto operator<=>(const HandlerId&) const = default;
};

/// Identity of a report: the envelope of its first sealing and the index in its body.
struct ReportId {
  KeyId key;
  Seq seq = 0;
  std::uint8_t index = 0;
  constexpr auto operator<=>(const ReportId&) const = default;
};

/// "17/3"
[[nodiscard]] std::string to_string(DeviceId device);
/// "17/3.1"
[[nodiscard]] std::string to_string(KeyId key);
/// "17/3.1/42.0"
[[nodiscard]] std::string to_string(const ReportId& id);
[[nodiscard]] std::optional<DeviceId> parse_device_id(std::string_view text);
[[nodiscard]] std::optional<ReportId> parse_report_id(std::string_view text);

}  // namespace noroshi

template <>
struct std::hash<noroshi::MsgId> {
  /// A MsgId is a hash already: its first bytes serve.
  std::size_t operator()(const noroshi::MsgId& id) const noexcept {
    std::size_t out = 0;
    std::memcpy(&out, id.value.data(), sizeof out);
    return out;
  }
};
