#include "client-tui/cli/demo/play.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "client-tui/cli/demo/intruders.hpp"
#include "keys/object.hpp"
#include "keys/random.hpp"
#include "keys/root.hpp"

namespace noroshi::cli::demo {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How often the relays are asked what has arrived.
constexpr auto kLookEvery = 300ms;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

Result<RootId> root_of(desk::Relay& relay) {
  TRY(const auto answer, desk::ask<proto::control::Object>(
                             relay, proto::control::GetObjectRequest{{proto::ObjectType::root, 0, 0, {}}}));
  const auto root = keys::parse_object(answer.object);
  if (!root) return Error{Code::protocol, "the relay does not show its root"};
  return keys::root_id_of(root->body);
}

Error interruption() {
  return {Code::temporary, "interrupted"};
}

}  // namespace

Play::Play(const Scenario& scenario, Network& network, Screen& screen, std::filesystem::path directory,
           PlayOptions options)
    : scenario_(scenario),
      network_(network),
      screen_(screen),
      dir_(std::move(directory)),
      options_(options),
      record_(dir_ / "sent.jsonl") {
  std::filesystem::create_directories(dir_ / "typed");
  for (const auto& node : scenario_.nodes) arrivals_.watch(node.name, network_.socket(node.name));
}

Result<void> Play::run() {
  for (const Act& act : scenario_.acts) {
    TRY_VOID(play(act));
    TRY_VOID(network_.all_running());
  }
  screen_.act(options_.japanese ? "残りが届くのを待つ" : "Waiting for the rest");
  const auto everything = [&] {
    tick();
    return std::all_of(sent_.begin(), sent_.end(), [&](const auto& one) {
      return std::all_of(one.second.to.begin(), one.second.to.end(), [&](const std::string& org) {
        return arrivals_.has(home_of(org).name, one.second.msg);
      });
    });
  };
  const bool all = wait_until(std::chrono::seconds(scenario_.patience_s), everything);
  if (interrupted()) return interruption();
  if (options_.drop_one) TRY_VOID(withhold_one());
  if (all) return {};
  screen_.note(options_.japanese ? "時間切れ: 届いていないものがある"
                                 : "out of patience: something has not arrived");
  return {};
}

Result<void> Play::play(const Act& act) {
  if (act.when) TRY_VOID(wait(*act.when));
  screen_.act(act.title.in(options_.japanese));
  if (!act.send.empty()) return send_act(act.send);
  if (!act.start.empty()) {
    TRY_VOID(network_.start_relay(act.start));
    arrivals_.watch(act.start, network_.socket(act.start));
    return {};
  }
  if (!act.kill.empty()) {
    arrivals_.pause(act.kill);
    network_.kill_relay(act.kill);
    return {};
  }
  if (!act.cut.empty()) return network_.cut(act.cut);
  if (!act.mend.empty()) return network_.mend(act.mend);
  if (!act.intrude.empty()) return intrude(act.intrude);
  return {};
}

Result<void> Play::wait(const When& when) {
  const auto enough = [&] {
    tick();
    return arrived(when.at, scenario_.expect.field_node) >= when.reports;
  };
  if (wait_until(std::chrono::seconds(scenario_.patience_s), enough)) return {};
  if (interrupted()) return interruption();
  return Error{Code::temporary,
               fmt::format("only {} reports of {} reached {} in time, {} were waited for: see {}",
                           arrived(when.at, scenario_.expect.field_node), scenario_.expect.field_node,
                           when.at, when.reports, network_.log(scenario_.expect.field_node).string())};
}

Result<void> Play::send_act(const std::string& name) {
  std::size_t count = 0;
  for (const ReportPlan& report : scenario_.reports) {
    if (report.act != name) continue;
    TRY_VOID(send(report));
    ++count;
  }
  screen_.note(fmt::format(
      fmt::runtime(options_.japanese ? "{} 件を封じて送り出した" : "{} reports sealed and submitted"),
      count));
  return {};
}

Result<void> Play::send(const ReportPlan& report) {
  for (const std::string* key :
       {&report.update, &report.correct, &report.cancel, &report.answer, &report.verify, &report.regarding})
    if (!key->empty()) TRY_VOID(wait_for(*key, report.by));
  TRY(const Argv words, words_of(report));
  auto answer = network_.as_person(report.by, words);
  if (!answer.ok()) return within(report.key, std::move(answer).error());
  return write_down(report, *answer);
}

Result<Argv> Play::words_of(const ReportPlan& report) {
  const auto id_of = [&](const std::string& key) { return sent_.at(key).id; };
  const auto at = [&](const std::string& time) { return told(scenario_, time, options_.begin); };
  const std::string incident = std::to_string(scenario_.exercise.id);
  Argv words;
  const auto add = [&](const std::string& flag, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {flag, value});
  };
  if (report.ask) {
    words = {"ask"};
    words.insert(words.end(), report.to.begin(), report.to.end());
    add("--subject", report.subject);
    add("--body", report.text);
    add("--due", at(report.due));
    if (!report.regarding.empty()) add("--regarding", id_of(report.regarding));
    add("--incident", incident);
    return words;
  }
  if (!report.answer.empty()) return Argv{"answer", id_of(report.answer), report.text};
  if (!report.verify.empty()) {
    words = {"verify", id_of(report.verify), "--" + report.verdict, "--to", joined(report.to)};
    add("--text", report.text);
    return words;
  }
  if (report.message) return Argv{"message", joined(report.to), report.text, "--incident", incident};

  words = {"new", report.form, "--send", "--incident", incident, "--to", joined(report.to)};
  add("--priority", report.priority);
  if (report.unit != 0 && report.cancel.empty()) add("--for", std::to_string(report.unit));
  if (report.told) {
    add("--told-by", report.told->by);
    add("--told-at", at(report.told->at));
    add("--channel", report.told->channel);
  }
  add("--six", report.six);
  for (const auto& [flag, key] :
       {std::pair{"--update", &report.update}, std::pair{"--correct", &report.correct},
        std::pair{"--cancel", &report.cancel}})
    if (!key->empty()) add(flag, id_of(*key));
  add("--reason", report.reason);
  json values = report.values;
  if (!report.as_of.empty()) values["as_of"] = at(report.as_of);
  if (values.contains("occurred_at")) values["occurred_at"] = at(values["occurred_at"]);
  if (!values.empty()) {
    const auto file = dir_ / "typed" / (report.key + ".json");
    std::ofstream(file) << values.dump() << '\n';
    add("--from", file.string());
  }
  return words;
}

Result<void> Play::write_down(const ReportPlan& report, const std::string& answer) {
  const json said = json::parse(answer, nullptr, false);
  if (said.is_discarded() || !said.contains("id") || !said.contains("msg_id"))
    return Error{Code::protocol, report.key + ": noroshi did not name what it sent: " + answer};
  Sent sent{said["id"], scenario_.person(report.by).node, {}, report.to};
  const auto msg = array_from_hex<16>(said["msg_id"].get<std::string>());
  if (!msg) return Error{Code::protocol, report.key + ": not a message id: " + answer};
  sent.msg = {*msg};
  json line{{"key", report.key}, {"id", sent.id},           {"msg_id", said["msg_id"]},
            {"node", sent.node}, {"recipients", report.to}, {"sealed_bytes", said.value("sealed_bytes", 0)}};
  const auto typed = dir_ / "typed" / (report.key + ".json");
  if (std::ifstream in(typed); in) line["values"] = json::parse(in);
  record_ << line.dump() << std::endl;
  sent_.emplace(report.key, std::move(sent));
  return {};
}

Result<void> Play::wait_for(const std::string& key, const std::string& person) {
  const Sent& sent = sent_.at(key);
  const NodePlan& node = scenario_.node(scenario_.person(person).node);
  if (sent.node == node.name) return {};
  const auto there = [&] {
    tick();
    return arrivals_.has(node.name, sent.msg);
  };
  if (!wait_until(std::chrono::seconds(scenario_.patience_s), there))
    return interrupted() ? interruption()
                         : Error{Code::temporary, fmt::format("{} did not reach {} in time", key, node.name)};
  auto inbox = network_.as_person(person, {"inbox"});
  if (!inbox.ok()) return std::move(inbox).error();
  return {};
}

/// A report that its author seals and no relay ever gets: what the count must call lost.
Result<void> Play::withhold_one() {
  const auto alone = std::find_if(scenario_.people.begin(), scenario_.people.end(),
                                  [&](const PersonPlan& one) { return network_.has_own_home(one.name); });
  if (alone == scenario_.people.end())
    return Error{Code::bad_data, "scenario: nobody whose report could be withheld"};
  screen_.act(options_.japanese ? "一件を封じたまま渡さない (--break drop-one)"
                                : "One report is sealed and withheld (--break drop-one)");
  TRY_VOID(network_.part(alone->name));
  ReportPlan report;
  report.key = "withheld";
  report.by = alone->name;
  report.form = "F1";
  report.six = "9-9-9-9-9-9";
  report.to = {std::to_string(scenario_.node(scenario_.person(scenario_.board).node).org)};
  return send(report);
}

/// Hands three envelopes to a relay that it must refuse by name; then none of them may be held there.
Result<void> Play::intrude(const std::string& node) {
  TRY(const Bytes genuine, any_envelope());
  TRY(auto relay, desk::RelayClient::connect(network_.socket(node)));
  TRY(const RootId root, root_of(*relay));
  keys::SystemRng rng;
  for (const Intruder& one : make_intruders(genuine, root, rng)) {
    TRY(const auto answer,
        desk::ask<proto::control::Submitted>(*relay, proto::control::SubmitRequest{one.envelope}));
    const bool refused =
        answer.outcome == proto::control::Submitted::Outcome::refused && answer.refusal == one.refusal;
    screen_.note(fmt::format("{}: {} {}", one.name.in(options_.japanese),
                             options_.japanese ? "拒否" : "refused", answer.refusal));
    if (!refused)
      return Error{Code::internal,
                   fmt::format("{} took what it must refuse as {}: {}", node, one.refusal, one.name.en)};
    TRY(const auto held, desk::ask<proto::control::Fetched>(*relay, proto::control::FetchRequest{answer.id}));
    if (!held.envelope.empty())
      return Error{Code::internal, node + " refused an envelope and keeps it: " + one.name.en};
  }
  return {};
}

/// An envelope of the field node, as its relay holds it.
Result<Bytes> Play::any_envelope() {
  const std::string& field = scenario_.expect.field_node;
  const auto sent =
      std::find_if(sent_.begin(), sent_.end(), [&](const auto& one) { return one.second.node == field; });
  if (sent == sent_.end())
    return Error{Code::bad_data, "scenario: intruders before the first report of " + field};
  TRY(auto relay, desk::RelayClient::connect(network_.socket(field)));
  TRY(auto fetched,
      desk::ask<proto::control::Fetched>(*relay, proto::control::FetchRequest{sent->second.msg}));
  if (fetched.envelope.empty()) return Error{Code::internal, field + " does not hold what it was given"};
  return std::move(fetched.envelope);
}

const NodePlan& Play::home_of(const std::string& org) const {
  const auto found = std::find_if(scenario_.nodes.begin(), scenario_.nodes.end(), [&](const NodePlan& node) {
    return node.home && std::to_string(node.org) == org;
  });
  NOROSHI_ASSERT(found != scenario_.nodes.end());
  return *found;
}

std::size_t Play::arrived(const std::string& node, const std::string& from) const {
  return static_cast<std::size_t>(std::count_if(sent_.begin(), sent_.end(), [&](const auto& one) {
    return (from.empty() || one.second.node == from) && arrivals_.has(node, one.second.msg);
  }));
}

std::vector<Bar> Play::bars() const {
  std::vector<Bar> out;
  for (const NodePlan& node : scenario_.nodes) {
    if (!node.home) continue;
    const std::string org = std::to_string(node.org);
    Bar bar{node.label.in(options_.japanese), 0, 0, {}};
    for (const auto& [key, sent] : sent_) {
      if (std::find(sent.to.begin(), sent.to.end(), org) == sent.to.end()) continue;
      ++bar.total;
      if (arrivals_.has(node.name, sent.msg)) ++bar.done;
    }
    out.push_back(std::move(bar));
  }
  return out;
}

void Play::tick() {
  if (const auto now = Clock::now(); now - looked_ > kLookEvery) {
    looked_ = now;
    arrivals_.look();
  }
  screen_.progress(bars());
}

}  // namespace noroshi::cli::demo
