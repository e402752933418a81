// test_world UNIX_TIME: a whole network for the process tests, the same for the same beginning, driven by
// lines on stdin and answering each with one line of JSON: homes of its relays on disk, envelopes of its
// field devices, and desks that speak the control protocol to running daemons.
//
//   homes DIR                                 writes a home for every relay: DIR/ORG-DEV
//   open NAME SOCKET                          a desk NAME at this control socket
//   info NAME · status NAME · inventory NAME · subscribe NAME · event NAME
//   pull NAME CURSOR · progress NAME ID,… · say NAME DEVICE LEVEL TO,… TEXT [CLOCK_OFFSET_S] · forge NAME
//   DEVICE TO TEXT flood NAME DEVICE COUNT TO,…              COUNT reports as fast as they are taken raw NAME
//   HEX [HEX]                        any bytes; the answer, or null if none comes revoke NAME DEVICE a
//   revocation by the organisation's admin, handed to the relay lay HOME DEVICE                           the
//   same, laid into a home link_key DEVICE                           its public link key
#include <unistd.h>

#include <chrono>
#include <deque>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "keys/home.hpp"
#include "proto/control.hpp"
#include "relay/link/sockets.hpp"
#include "tests/support/network.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::test;
using namespace noroshi::proto::control;
using nlohmann::json;

constexpr std::chrono::seconds kPatience{20};

WallTime wall_now() {
  return WallTime::from_unix(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()));
}

class Desk {
 public:
  Desk(zmq::context_t& context, const std::string& socket) : dealer_(context, zmq::socket_type::dealer) {
    dealer_.set(zmq::sockopt::linger, 0);
    dealer_.connect("ipc://" + socket);
  }
  std::uint64_t ask(const Request& request) {
    const std::uint64_t id = ++last_;
    const Bytes bytes = encode(RequestMessage{id, request});
    dealer_.send(zmq::buffer(bytes), zmq::send_flags::none);
    return id;
  }
  void raw(const std::vector<Bytes>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i)
      dealer_.send(zmq::buffer(parts[i]),
                   i + 1 < parts.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
  }
  /// The next answer that is no event (events are kept).
  std::optional<AnswerMessage> answer(std::chrono::milliseconds patience = kPatience) {
    while (auto message = next(patience)) {
      if (!std::holds_alternative<Event>(message->answer)) return message;
      events_.push_back(std::get<Event>(message->answer));
    }
    return {};
  }
  std::optional<Event> event() {
    if (events_.empty()) {
      const auto message = next(kPatience);
      if (!message) return {};
      if (const auto* event = std::get_if<Event>(&message->answer)) return *event;
      return {};
    }
    const Event out = events_.front();
    events_.pop_front();
    return out;
  }

 private:
  std::optional<AnswerMessage> next(std::chrono::milliseconds patience) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (true) {
      if (const auto parts = link::receive(dealer_))
        return decode_answer({parts->back().data<std::uint8_t>(), parts->back().size()});
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
      if (left.count() <= 0) return {};
      zmq::pollitem_t item{dealer_.handle(), 0, ZMQ_POLLIN, 0};
      link::poll({&item, 1}, left.count());
    }
  }
  zmq::socket_t dealer_;
  std::uint64_t last_ = 0;
  std::deque<Event> events_;
};

struct ToJson {
  json operator()(const Info& it) const {
    return {{"node", to_string(it.node)},       {"wall", it.wall.s},
            {"suspect", it.wall_suspect},       {"program", it.program},
            {"roster", it.roster_version},      {"store", it.store.value},
            {"digest", to_hex(it.state_digest)}};
  }
  json operator()(const Submitted& it) const {
    static const char* const kNames[] = {"queued", "duplicate", "refused", "no_space"};
    return {{"outcome", kNames[static_cast<int>(it.outcome)]}, {"id", it.id.hex()}, {"refusal", it.refusal}};
  }
  json operator()(const PutObject& it) const { return {{"applied", it.applied}, {"why", it.why}}; }
  json operator()(const Inventory& it) const { return {{"objects", it.objects.size()}}; }
  json operator()(const Object& it) const { return {{"object", to_hex(it.object)}}; }
  json operator()(const Pulled& it) const {
    json items = json::array();
    for (const Delivered& one : it.items)
      items.push_back({{"cursor", one.cursor},
                       {"id", one.id.hex()},
                       {"bytes", one.envelope.size()},
                       {"ctype", one.envelope.size() > 2 ? one.envelope[2] : 0},
                       {"from", to_string(one.from)}});
    return {{"store", it.store.value}, {"more", it.more}, {"items", items}};
  }
  json operator()(const Recalled& it) const { return {{"recalled", it.recalled}}; }
  json operator()(const Fetched& it) const { return {{"envelope", to_hex(it.envelope)}}; }
  json operator()(const Progress& it) const {
    json out = json::array();
    for (const EnvelopeProgress& one : it.envelopes) {
      json recipients = json::array();
      for (const auto& r : one.recipients)
        recipients.push_back({{"to", r.recipient.value},
                              {"duty", r.duty},
                              {"end", r.end},
                              {"reached", static_cast<int>(r.reached)}});
      out.push_back({{"id", one.id.hex()}, {"known", one.known}, {"recipients", recipients}});
    }
    return {{"envelopes", out}};
  }
  json operator()(const Status& it) const {
    json links = json::array();
    for (const LinkStatus& link : it.links)
      links.push_back({{"name", link.name},
                       {"peer", to_string(link.peer)},
                       {"up", link.up},
                       {"queued_bytes", link.queued_bytes},
                       {"in_flight", link.in_flight_bytes},
                       {"last_contact_s", link.last_contact_s}});
    return {{"node", to_string(it.node)},
            {"links", links},
            {"roster_state", std::string(1, it.roster_state)},
            {"suspect", it.wall_suspect},
            {"unrouted", it.unrouted},
            {"queue", {it.queue[0], it.queue[1], it.queue[2], it.queue[3]}},
            {"fill", it.fill_percent}};
  }
  json operator()(const Subscribed&) const { return {{"subscribed", true}}; }
  json operator()(const Event& it) const {
    return {{"event", it.kind}, {"peer", to_string(it.peer)}, {"id", it.id.hex()}};
  }
  json operator()(const Error& it) const { return {{"error", it.text}, {"exit_code", exit_code(it.code)}}; }
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) out.push_back(part);
  return out;
}

class World {
 public:
  explicit World(WallTime start) {
    NetworkPlan plan = usual_plan(11);
    plan.start = start;
    network_ = std::make_unique<Network>(plan);
  }

  json obey(const std::string& line) {
    std::vector<std::string> words = split(line, ' ');
    if (words.size() < 2) return {{"usage", line}};
    const std::string& verb = words[0];
    if (verb == "homes") return homes(words[1]);
    if (verb == "open") return open(words);
    if (verb == "link_key")
      return {{"key", to_hex(network_->identity(parse_device_id(words[1]).value()).link_public().value)}};
    if (verb == "lay") {
      const auto done = keys::save_object(words[1], revocation(words.at(2)));
      return done ? json{{"ok", true}} : json{{"error", done.error().text}};
    }
    Desk& desk = *desks_.at(words[1]);
    if (verb == "info") return ask(desk, InfoRequest{});
    if (verb == "status") return ask(desk, StatusRequest{});
    if (verb == "inventory") return ask(desk, InventoryRequest{});
    if (verb == "subscribe") return ask(desk, SubscribeRequest{});
    if (verb == "pull") return pull(words[1], std::stoull(words.at(2)));
    if (verb == "progress") return progress(desk, words.at(2));
    if (verb == "say")
      return ask(desk, SubmitRequest{say(words.at(2), words.at(3), words.at(4), words.at(5),
                                         {words.size() > 6 ? std::stoll(words[6]) : 0})});
    if (verb == "forge") {
      Bytes envelope = say(words.at(2), "routine", words.at(3), words.at(4));
      envelope[envelope.size() - 1] ^= 1;
      return ask(desk, SubmitRequest{std::move(envelope)});
    }
    if (verb == "flood") return flood(desk, words.at(2), std::stoul(words.at(3)), words.at(4));
    if (verb == "raw") return raw(desk, {words.begin() + 2, words.end()});
    if (verb == "revoke") return revoke(desk, words.at(2));
    if (verb == "event") {
      const auto event = desk.event();
      return event ? ToJson{}(*event) : json();
    }
    return {{"usage", line}};
  }

 private:
  json homes(const std::string& directory) {
    json out = json::array();
    keys::Home first;
    SeededRng rng(12);
    for (const DeviceId device : network_->devices()) {
      if (device.dev < 2 || device.dev > 10) continue;
      const keys::Home home = std::filesystem::path(directory) /
                              (std::to_string(device.org.value) + "-" + std::to_string(device.dev));
      const keys::Identity& identity = network_->identity(device);
      keys::DeviceKeys secrets = keys::DeviceKeys::random(device.org, network_->root_id(), rng);
      secrets.store = identity.store_id();
      secrets.now = identity.secrets().copy();
      for (const auto& done :
           {keys::save_device_keys(home, keys::Which::relay, secrets, {}, rng), pinned(home)})
        if (!done) return {{"error", done.error().text}};
      // One home's objects are synced to disk one by one; the others get copies.
      if (first.empty()) {
        if (const auto done = keys::save_trust(home, *network_->trust()); !done)
          return {{"error", done.error().text}};
        first = home;
      } else {
        std::filesystem::copy(
            first / "trust", home / "trust",
            std::filesystem::copy_options::skip_existing | std::filesystem::copy_options::recursive);
      }
      out.push_back(to_string(device));
    }
    return {{"homes", out}};
  }
  Result<void> pinned(const keys::Home& home) {
    TRY(const auto trust, keys::pin_root(home, network_->root_object()));
    return {};
  }

  json open(const std::vector<std::string>& words) {
    desks_[words.at(1)] = std::make_unique<Desk>(context_, words.at(2));
    return ask(*desks_[words.at(1)], InfoRequest{});
  }
  json ask(Desk& desk, const Request& request) {
    const std::uint64_t id = desk.ask(request);
    const auto answer = desk.answer();
    if (!answer) return {{"error", "no answer"}};
    if (answer->id != id) return {{"error", "another answer"}};
    return std::visit(ToJson{}, answer->answer);
  }
  json pull(const std::string& name, std::uint64_t cursor) {
    Desk& desk = *desks_.at(name);
    desk.ask(InfoRequest{});
    const auto info = desk.answer();
    if (!info || !std::holds_alternative<Info>(info->answer)) return {{"error", "no answer"}};
    return ask(desk, PullRequest{std::get<Info>(info->answer).store, cursor, 256});
  }
  json progress(Desk& desk, const std::string& ids) {
    ProgressRequest request;
    for (const std::string& id : split(ids, ',')) request.ids.push_back({array_from_hex<16>(id).value()});
    return ask(desk, request);
  }
  Bytes say(const std::string& device, const std::string& level, const std::string& to,
            const std::string& text, Seconds clock_offset = {}) {
    const DeviceId who = parse_device_id(device).value();
    auto& speaker = speakers_[who];
    if (!speaker) speaker = std::make_unique<Speaker>(*network_, who);
    std::vector<RecipientId> recipients;
    for (const std::string& org : split(to, ','))
      recipients.push_back({static_cast<std::uint16_t>(std::stoul(org))});
    std::sort(recipients.begin(), recipients.end());
    return speaker
        ->report(recipients, view_of(text), wall_now() + clock_offset, proto::level_of(level).value())
        .bytes;
  }
  json flood(Desk& desk, const std::string& device, std::size_t count, const std::string& to) {
    std::vector<Bytes> envelopes;
    for (std::size_t i = 0; i < count; ++i)
      envelopes.push_back(say(device, "routine", to, "report " + std::to_string(i)));
    const auto began = std::chrono::steady_clock::now();
    std::size_t asked = 0, queued = 0, refused = 0;
    json ids = json::array();
    while (queued + refused < count) {
      while (asked < count && asked - queued - refused < 48) desk.ask(SubmitRequest{envelopes[asked++]});
      const auto answer = desk.answer();
      if (!answer) break;
      const auto* submitted = std::get_if<Submitted>(&answer->answer);
      const bool taken = submitted && submitted->outcome == Submitted::Outcome::queued;
      if (taken) ids.push_back(submitted->id.hex());
      ++(taken ? queued : refused);
    }
    const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return {{"queued", queued}, {"refused", refused}, {"seconds", took}, {"ids", ids}};
  }
  json raw(Desk& desk, const std::vector<std::string>& words) {
    std::vector<Bytes> parts;
    for (const std::string& word : words) parts.push_back(from_hex(word == "-" ? "" : word).value());
    desk.raw(parts);
    const auto answer = desk.answer(std::chrono::seconds(2));
    return answer ? std::visit(ToJson{}, answer->answer) : json();
  }
  json revoke(Desk& desk, const std::string& device) {
    return ask(desk, PutObjectRequest{revocation(device)});
  }
  Bytes revocation(const std::string& device) {
    keys::Revocation revocation;
    revocation.key = network_->identity(parse_device_id(device).value()).key();
    revocation.since = wall_now();
    return network_->revoke(revocation);
  }

  std::unique_ptr<Network> network_;
  zmq::context_t context_;
  std::map<std::string, std::unique_ptr<Desk>> desks_;
  std::map<DeviceId, std::unique_ptr<Speaker>> speakers_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return exit_code(Code::usage);
  World world(WallTime::from_unix(std::stoll(argv[1])));
  for (std::string line; std::getline(std::cin, line);) {
    json answer;
    try {
      answer = world.obey(line);
    } catch (const std::exception& error) {
      answer = {{"error", error.what()}};
    }
    std::cout << answer.dump() << std::endl;
  }
}
