#include "client-tui/position/gpsd.hpp"

#include <gps.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "keys/language.hpp"

// Its own manual (libgps(3)) asks for this: another major version may mean other things by the same names.
static_assert(GPSD_API_MAJOR_VERSION == 11, "read gps.h again: the members used here may have changed");

namespace noroshi::position {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kAccuracyMost = 99'999;  // metres: what a report can say

struct Close {
  void operator()(gps_data_t* session) const {
    gps_close(session);
    delete session;
  }
};
using Session = std::unique_ptr<gps_data_t, Close>;

Error nobody(std::uint16_t port) {
  const std::string at = "127.0.0.1:" + std::to_string(port);
  return keys::no(Code::unavailable,
                  at + ": gpsd が答えません: 受信機と gpsd を確かめるか、位置を入れてください",
                  at + ": no gpsd answers: check receiver and gpsd, or type the position");
}
Error no_fix() {
  return keys::no(Code::temporary, "まだ測位できていません: 空の見える所で少し待ってください",
                  "no fix yet: wait a little where the sky is seen");
}

Session open(std::uint16_t port) {
  auto session = std::make_unique<gps_data_t>();
  if (gps_open("127.0.0.1", std::to_string(port).c_str(), session.get()) != 0) return nullptr;
  return Session(session.release());
}

std::optional<forms::Point> fix_of(const gps_data_t& said) {
  const gps_fix_t& fix = said.fix;
  const bool there = (said.set & LATLON_SET) != 0 && fix.mode >= MODE_2D;
  if (!there || !(std::abs(fix.latitude) <= 90) || !(std::abs(fix.longitude) <= 180)) return std::nullopt;
  forms::Point out;
  out.lat_e5 = static_cast<std::int32_t>(std::lround(fix.latitude * 1e5));
  out.lon_e5 = static_cast<std::int32_t>(std::lround(fix.longitude * 1e5));
  if (fix.eph >= 0) out.accuracy_m = static_cast<std::uint32_t>(std::min(std::ceil(fix.eph), kAccuracyMost));
  out.method = forms::PointMethod::gnss;
  return out;
}

}  // namespace

Result<forms::Point> ask_gpsd(std::uint16_t port, Millis patience) {
  const auto until = Clock::now() + std::chrono::milliseconds(patience.count);
  const Session session = open(port);
  if (!session || gps_stream(session.get(), WATCH_ENABLE | WATCH_JSON, nullptr) != 0) return nobody(port);
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(until - Clock::now()).count();
    if (left <= 0) return no_fix();
    if (!gps_waiting(session.get(), static_cast<int>(left))) continue;
    if (gps_read(session.get(), nullptr, 0) < 0) return nobody(port);
    if (const auto point = fix_of(*session)) return *point;
  }
}

}  // namespace noroshi::position
