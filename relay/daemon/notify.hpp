// What systemd wants to know (sd_notify(3)), without its library: one datagram to $NOTIFY_SOCKET.
#pragma once

#include <string_view>

namespace noroshi::daemon {

/// "READY=1", "RELOADING=1", "STOPPING=1", "STATUS=…". Nothing happens where nobody asked.
void notify_manager(std::string_view state);

}  // namespace noroshi::daemon
