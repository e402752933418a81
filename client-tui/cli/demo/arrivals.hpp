// What has arrived at which relay, asked of the relays themselves over their control sockets. For the display
// and for acts that wait for something; the count at the end asks the desks instead.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "client-tui/desk/relay_client.hpp"
#include "proto/ids.hpp"

namespace noroshi::cli::demo {

class Arrivals {
 public:
  /// Watches the relay that serves this socket, under the name of its node.
  void watch(const std::string& node, const std::filesystem::path& socket);
  /// The relay went away; what had arrived is kept.
  void pause(const std::string& node);
  /// Asks every relay for what is new. A relay that does not answer is asked again next time.
  void look();
  [[nodiscard]] bool has(const std::string& node, const MsgId& id) const;

 private:
  struct Watched {
    std::filesystem::path socket;
    std::unique_ptr<desk::RelayClient> relay;  ///< null until it answers
    StoreId store;
    std::uint64_t cursor = 0;
    bool paused = false;
    std::set<MsgId> ids;
  };
  static void pull(Watched& watched);
  std::map<std::string, Watched> nodes_;
};

}  // namespace noroshi::cli::demo
