#include "client-tui/cli/demo/arrivals.hpp"

namespace noroshi::cli::demo {
namespace {

/// A relay on this machine answers in milliseconds; the display must not stand still for one that does not.
constexpr Millis kDeadline{2000};
constexpr std::uint32_t kAtOnce = 64;

}  // namespace

void Arrivals::watch(const std::string& node, const std::filesystem::path& socket) {
  Watched& watched = nodes_[node];
  watched.socket = socket;
  watched.paused = false;
}

void Arrivals::pause(const std::string& node) {
  Watched& watched = nodes_[node];
  watched.paused = true;
  watched.relay = nullptr;
}

void Arrivals::look() {
  for (auto& [node, watched] : nodes_)
    if (!watched.paused) pull(watched);
}

void Arrivals::pull(Watched& watched) {
  if (!watched.relay) {
    auto relay = desk::RelayClient::connect(watched.socket, kDeadline);
    if (!relay.ok()) return;
    watched.relay = *std::move(relay);
  }
  for (bool more = true; more;) {
    auto answer = desk::ask<proto::control::Pulled>(
        *watched.relay, proto::control::PullRequest{watched.store, watched.cursor, kAtOnce});
    if (!answer.ok()) {
      watched.relay = nullptr;
      return;
    }
    watched.store = answer->store;
    for (const auto& item : answer->items) {
      watched.cursor = item.cursor;
      watched.ids.insert(item.id);
    }
    more = answer->more && !answer->items.empty();
  }
}

bool Arrivals::has(const std::string& node, const MsgId& id) const {
  const auto found = nodes_.find(node);
  return found != nodes_.end() && found->second.ids.contains(id);
}

}  // namespace noroshi::cli::demo
