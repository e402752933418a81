// noroshi status, sync: the relay of this machine, and one contact with it.
#include "client-tui/cli/context.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::cli {
namespace {

namespace control = proto::control;

Json queue_json(const std::uint64_t (&queued)[proto::kLevels]) {
  Json out;
  for (int level = proto::kLevels - 1; level >= 0; --level) {
    out[std::string(proto::name_of(static_cast<proto::Level>(level)))] = queued[level];
  }
  return out;
}
std::uint64_t total(const std::uint64_t (&queued)[proto::kLevels]) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : queued) sum += count;
  return sum;
}

Json status_json(const control::Status& status) {
  Json links = Json::array();
  for (const control::LinkStatus& link : status.links) {
    Json one;
    one["name"] = link.name;
    one["peer"] = to_string(link.peer);
    one["bearer"] = link.bearer;
    one["state"] = link.up ? "up" : "down";
    one["rests_s"] = link.rests_s;
    // A link without a budget or contact windows has nothing to say here.
    one["budget_left"] = nullptr;
    one["next_window"] = nullptr;
    one["queued"] = total(link.queued);
    one["queued_bytes"] = link.queued_bytes;
    one["queue"] = queue_json(link.queued);
    one["in_flight_bytes"] = link.in_flight_bytes;
    one["oldest_s"] = link.oldest_s;
    one["rate_bps"] = link.rate_bps > 0 ? Json(link.rate_bps) : Json(nullptr);
    one["last_contact_s"] = link.last_contact_s >= 0 ? Json(link.last_contact_s) : Json(nullptr);
    links.push_back(std::move(one));
  }
  Json out;
  out["node"] = to_string(status.node);
  out["links"] = std::move(links);
  out["queue"] = queue_json(status.queue);
  out["unrouted"] = status.unrouted;
  Json targets = Json::object();
  for (std::size_t i = 0; i < proto::kLevels; ++i) {
    const control::TargetStatus& level = status.targets[i];
    if (level.target_s == 0) continue;
    targets[std::string(proto::name_of(static_cast<proto::Level>(i)))] = {{"target_s", level.target_s},
                                                                          {"met", level.met},
                                                                          {"missed", level.missed},
                                                                          {"overdue", level.overdue}};
  }
  out["targets"] = std::move(targets);
  out["clock"] = {{"time", to_rfc3339(status.wall)}, {"suspect", status.wall_suspect}};
  out["roster"] = {{"version", status.roster_version}, {"state", std::string(1, status.roster_state)}};
  out["fill_percent"] = status.fill_percent;
  return out;
}

Result<Done> status(Context& context) {
  TRY(desk::Relay* const relay, context.relay());
  TRY(const control::Status status, desk::ask<control::Status>(*relay, control::StatusRequest{}));
  if (context.json) {
    Context::print(status_json(status));
    return kDone;
  }
  TRY(const Now now, context.now());
  for (const std::string& line : status_lines(status, now.wall)) Context::print(line);
  return kDone;
}

Result<Done> sync(Context& context) {
  TRY(desk::Relay* const relay, context.relay());
  TRY(desk::Desk* const desk, context.desk());
  TRY(const Now now, context.now());
  TRY(const desk::Synced synced, desk::synchronize(*desk, *relay, now));
  if (context.json) {
    Context::print(Json{{"objects", synced.objects},
                        {"submitted", synced.submitted},
                        {"refused", synced.refused},
                        {"received", synced.received},
                        {"opened", synced.opened},
                        {"locked", synced.locked},
                        {"unreadable", synced.unreadable},
                        {"receipts", synced.receipts},
                        {"resealed", synced.resealed},
                        {"forwarded", synced.forwarded},
                        {"waiting", synced.waiting},
                        {"rolled_back", synced.rolled_back}});
  } else {
    Context::print(say(Text::synced, synced.submitted, synced.received, synced.opened, synced.receipts,
                       synced.locked, synced.waiting));
  }
  if (synced.rolled_back) Context::note(say(Text::store_rolled_back));
  return synced.waiting > 0 ? kQueued : kDone;
}

}  // namespace

void add_state_commands(CLI::App& app, Context& context) {
  add_command(app, context, "status", Text::help_status, "noroshi status --json",
              [&context] { return status(context); });
  add_command(app, context, "sync", Text::help_sync, "noroshi sync", [&context] { return sync(context); });
}

}  // namespace noroshi::cli
