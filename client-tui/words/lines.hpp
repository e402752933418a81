// Lines for people: one report in a line, one report in full, the relay.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/attachments.hpp"
#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/rollup.hpp"
#include "client-tui/words/line.hpp"
#include "keys/trust.hpp"
#include "proto/control.hpp"

namespace noroshi::words {

/// "停止 約 345戸, 流出 12本": the fields that are sent first, as far as they say something; of an F9 what it
/// is about.
[[nodiscard]] std::string report_summary(const forms::Report& report, const forms::Catalogue& catalogue);
/// "1/2 11:20  緊急  輪島支部  F1 続報 #4  停止 約 345戸, 流出 12本 …".
[[nodiscard]] std::string report_line(const desk::Letter& letter, const desk::Reading& reading,
                                      const keys::Trust& trust, const forms::Catalogue& catalogue,
                                      WallTime now);
/// The same for a list, where the report needs no name to be called by: "1/2 11:20 緊急 輪島支部  F1#4 続報
/// 停止 …". `exercise_is_said`: by the screen around it.
[[nodiscard]] std::string list_line(const desk::Letter& letter, const desk::Reading& reading,
                                    const keys::Trust& trust, const forms::Catalogue& catalogue, WallTime now,
                                    bool exercise_is_said);
/// Every field that has a value, in the order of asking, with its label; then what its marks mean.
[[nodiscard]] std::vector<std::string> report_lines(const desk::Reading& reading,
                                                    const forms::Catalogue& catalogue);
/// Where an own message is: its size, and for each recipient what became of it and what it waits for.
[[nodiscard]] std::vector<std::string> delivery_lines(
    const desk::Letter& letter, const std::vector<desk::RecipientDelivery>& deliveries,
    const std::optional<proto::control::EnvelopeProgress>& progress,
    const std::optional<proto::control::Status>& status, const keys::Trust& trust, WallTime now);
/// "到達（未開封） 経産省 1/2 11:25 2/2".
[[nodiscard]] std::string delivery_line(const desk::RecipientDelivery& delivery, const keys::Trust& trust,
                                        WallTime now);
[[nodiscard]] std::string delivery_word(desk::Delivery state);
/// What a message still waits for on its way to one recipient, by the relay's word of this moment: which
/// neighbour, whether its line is up, how much waits there. Nothing where it waits for nobody here.
[[nodiscard]] std::optional<std::string> waiting_line(const proto::control::RecipientProgress& progress,
                                                      const std::optional<proto::control::Status>& status);
[[nodiscard]] std::string fate_word(desk::Fate fate);
[[nodiscard]] std::string level_word(proto::Level level);

/// "添付 1: 容器の刻印（写真 (JPEG) 38.1 kB）".
[[nodiscard]] std::string file_line(std::size_t number, const forms::Attachment& file,
                                    const forms::Catalogue& catalogue);
/// The same for each file of a report; and where not every part has come, how many have.
[[nodiscard]] std::vector<std::string> file_lines(const std::vector<desk::FileHere>& files,
                                                  const forms::Catalogue& catalogue);
/// "38.1 kB".
[[nodiscard]] std::string size_text(std::size_t bytes);
/// "約40秒", "約3分", "約2時間".
[[nodiscard]] std::string about_seconds(std::uint64_t seconds);
/// Seconds that so many bytes more take on the lines of this machine that are metered, the slowest of them;
/// nothing where none is.
[[nodiscard]] std::optional<std::uint64_t> line_seconds(std::uint64_t bytes,
                                                        const proto::control::Status& status);

/// The relay, its queues and its links.
[[nodiscard]] std::vector<std::string> status_lines(const proto::control::Status& status, WallTime now);
/// How long what is trusted still holds: the roster, and the certificates of these devices. Those that are
/// not known are passed over.
[[nodiscard]] std::vector<Line> expiry_lines(const keys::Trust& trust, const std::vector<DeviceId>& devices,
                                             WallTime now);

}  // namespace noroshi::words
