// report_gun: many distinct reports from one device, and this program's own record of what a relay took over.
//
//   report_gun seal HOME FILE --count N --to ORG…
//     seals with HOME's person.key (unattended) and keeps them in FILE; --after N: behind N sealed before
//   report_gun fire SOCKET FILE RECORD
//     submits them; a line "MSG_ID" in RECORD for each that was taken over
//   report_gun progress SOCKET FILE
//     where they stand, by name of the end, as JSON
//   report_gun drain SOCKET
//     waits for the link, then until nothing is queued or on its way
//   report_gun where SOCKET MSG_ID…
//     what this relay knows of each, a line of JSON
//
// FILE: per envelope its length u32 and its bytes. `fire` asks again what was not answered, whatever happened
// to the relay meanwhile, skips what RECORD has, and ends 0 when all were taken.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "keys/home.hpp"
#include "keys/random.hpp"
#include "keys/seal.hpp"
#include "tests/support/control_client.hpp"
#include "tests/support/envelope_file.hpp"
#include "tests/support/must.hpp"
#include "tests/support/network.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::proto::control;
using test::fail, test::must;
using Clock = std::chrono::steady_clock;

struct Plan {
  std::string home, file, socket, record, level = "routine";
  std::size_t count = 100, after = 0, content = 120, window = 24;
  std::vector<std::uint16_t> to{2};
  std::vector<std::string> ids;
  double pace = 0;
  bool one_by_one = false;
};

Now real_now() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {{0}, WallTime::from_unix(std::chrono::duration_cast<std::chrono::seconds>(wall).count()), false};
}

void seal(const Plan& plan) {
  const keys::TrustPtr trust = must(keys::load_trust(plan.home));
  const keys::Identity who = must(keys::load_identity(plan.home, keys::Which::person, nullptr, *trust));
  test::MemoryLedger ledger(who.store_id());
  keys::SystemRng rng;
  keys::Draft draft;
  draft.level = *proto::level_of(plan.level);
  for (const std::uint16_t org : plan.to) draft.recipients.push_back(proto::to_org({org}));
  draft.content.resize(plan.content);
  std::ofstream out(plan.file, std::ios::binary);
  for (std::size_t i = 0; i < plan.after + plan.count; ++i) {
    rng.fill(draft.content);
    const keys::Sealed sealed = must(keys::seal_next(who, *trust, ledger, draft, real_now(), rng));
    if (i >= plan.after) test::write_envelope(out, sealed.bytes);  // the ledger lives as long as this call
  }
  if (!out.flush()) fail("cannot write " + plan.file);
}

/// Submits with a window of unanswered questions; what is not answered within two seconds is asked again.
class Gun {
 public:
  Gun(const Plan& plan, std::vector<Bytes> envelopes)
      : plan_(plan), client_(plan.socket), envelopes_(std::move(envelopes)) {
    std::ifstream before(plan.record);
    for (std::string line; std::getline(before, line);) taken_.insert(line);
    record_.open(plan.record, std::ios::app);
    for (std::size_t i = 0; i < envelopes_.size(); ++i)
      if (!taken_.contains(to_hex(keys::peek(envelopes_[i])->msg_id.value))) waiting_.push_back(i);
  }

  void fire() {
    const auto began = Clock::now();
    while (!waiting_.empty() || !asked_.empty()) {
      while (!waiting_.empty() && asked_.size() < plan_.window && due(began)) {
        const std::size_t i = waiting_.front();
        waiting_.pop_front();
        asked_[client_.ask(SubmitRequest{envelopes_[i]})] = i;
        ++fired_;
      }
      if (auto answer = client_.next(std::chrono::milliseconds(asked_.size() < plan_.window ? 2 : 200)))
        hear(*answer);
      else if (Clock::now() - heard_ > std::chrono::seconds(2))
        ask_again();
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
    std::printf("%s\n", nlohmann::json{{"taken", taken_.size()},
                                       {"duplicate_answers", duplicates_},
                                       {"asked_again", again_},
                                       {"seconds", seconds}}
                            .dump()
                            .c_str());
  }

 private:
  [[nodiscard]] bool due(Clock::time_point began) const {
    if (plan_.pace <= 0) return true;
    return static_cast<double>(fired_) <
           plan_.pace * std::chrono::duration<double>(Clock::now() - began).count();
  }
  void hear(const AnswerMessage& message) {
    const auto found = asked_.find(message.id);
    if (found == asked_.end()) return;
    heard_ = Clock::now();
    const std::size_t i = found->second;
    asked_.erase(found);
    if (const auto* error = std::get_if<Error>(&message.answer); error && error->code == Code::temporary) {
      waiting_.push_back(i);
      return;
    }
    const auto* submitted = std::get_if<Submitted>(&message.answer);
    if (!submitted) fail("the relay answered a submission with something else");
    switch (submitted->outcome) {
      case Submitted::Outcome::refused: fail("refused: " + submitted->refusal);
      case Submitted::Outcome::no_space: waiting_.push_back(i); return;
      case Submitted::Outcome::duplicate: ++duplicates_; break;
      case Submitted::Outcome::queued: break;
    }
    if (const std::string name = to_hex(submitted->id.value); taken_.insert(name).second)
      record_ << name << std::endl;
    if (plan_.one_by_one) wait_until_delivered(submitted->id);
  }
  void wait_until_delivered(const MsgId& id) {
    const auto ended = [](const RecipientProgress& recipient) { return recipient.end == "delivered"; };
    while (true) {
      const auto progress = client_.call<Progress>(ProgressRequest{{id}});
      if (!progress) fail("no answer");
      const auto& recipients = progress->envelopes.at(0).recipients;
      if (!recipients.empty() && std::all_of(recipients.begin(), recipients.end(), ended)) return;
      (void)client_.next(std::chrono::milliseconds(5));
    }
  }
  void ask_again() {
    again_ += asked_.size();
    for (const auto& [id, i] : asked_) waiting_.push_front(i);
    asked_.clear();
    client_.open();
    heard_ = Clock::now();
  }

  const Plan& plan_;
  test::ControlClient client_;
  std::vector<Bytes> envelopes_;
  std::ofstream record_;
  std::set<std::string> taken_;
  std::deque<std::size_t> waiting_;
  std::map<std::uint64_t, std::size_t> asked_;
  Clock::time_point heard_ = Clock::now();
  std::size_t fired_ = 0, duplicates_ = 0, again_ = 0;
};

void progress(const Plan& plan) {
  test::ControlClient client(plan.socket);
  std::map<std::string, std::size_t> ends;
  ProgressRequest request;
  const auto ask = [&] {
    const auto answer = client.call<Progress>(request);
    if (!answer) fail("no answer");
    for (const EnvelopeProgress& envelope : answer->envelopes) {
      if (!envelope.known) ++ends["unknown"];
      for (const RecipientProgress& recipient : envelope.recipients) ++ends[recipient.end];
    }
    request.ids.clear();
  };
  for (const Bytes& envelope : test::read_envelopes(plan.file)) {
    request.ids.push_back(keys::peek(envelope)->msg_id);
    if (request.ids.size() == 256) ask();
  }
  if (!request.ids.empty()) ask();
  std::printf("%s\n", nlohmann::json(ends).dump().c_str());
}

/// The time from the link's coming up to the acknowledgement of the last report that waited for it.
void drain(const Plan& plan) {
  test::ControlClient client(plan.socket);
  std::optional<Clock::time_point> began;
  std::uint64_t waiting = 0;
  while (true) {
    const auto status = client.call<Status>(StatusRequest{});
    if (!status) fail("no answer");
    std::uint64_t queued = 0, on_its_way = 0;
    bool up = false;
    for (const LinkStatus& link : status->links) {
      up = up || link.up;
      on_its_way += link.in_flight_bytes;
      for (const std::uint64_t level : link.queued) queued += level;
    }
    if (!up) waiting = queued;
    if (up && !began) began = Clock::now();
    if (began && queued == 0 && on_its_way == 0) break;
    (void)client.next(std::chrono::milliseconds(began ? 10 : 1));
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - *began).count();
  std::printf("%s\n", nlohmann::json{{"reports", waiting}, {"seconds", seconds}}.dump().c_str());
}

void where(const Plan& plan) {
  test::ControlClient client(plan.socket);
  for (const std::string& name : plan.ids) {
    const auto id = array_from_hex<16>(name);
    if (!id) fail("not a message id: " + name);
    const auto answer = client.call<Progress>(ProgressRequest{{MsgId{*id}}});
    if (!answer) fail("no answer");
    const EnvelopeProgress& envelope = answer->envelopes.at(0);
    nlohmann::json line{{"id", name}, {"known", envelope.known}, {"recipients", nlohmann::json::array()}};
    for (const RecipientProgress& recipient : envelope.recipients)
      line["recipients"].push_back({{"org", recipient.recipient.value},
                                    {"duty", recipient.duty},
                                    {"end", recipient.end},
                                    {"via", to_string(recipient.via)}});
    std::printf("%s\n", line.dump().c_str());
  }
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("many distinct reports from one device");
  app.require_subcommand(1);
  Plan plan;
  auto* to_seal = app.add_subcommand("seal");
  to_seal->add_option("HOME", plan.home)->required();
  to_seal->add_option("FILE", plan.file)->required();
  to_seal->add_option("--count", plan.count);
  to_seal->add_option("--after", plan.after, "numbers that an earlier call has used");
  to_seal->add_option("--to", plan.to);
  to_seal->add_option("--content", plan.content, "bytes of content each");
  to_seal->add_option("--level", plan.level);
  auto* to_fire = app.add_subcommand("fire");
  to_fire->add_option("SOCKET", plan.socket)->required();
  to_fire->add_option("FILE", plan.file)->required();
  to_fire->add_option("RECORD", plan.record)->required();
  to_fire->add_option("--window", plan.window, "questions on the way");
  to_fire->add_flag("--one-by-one", plan.one_by_one, "the next only when the last is delivered");
  to_fire->add_option("--pace", plan.pace, "a second; 0 = as fast as they are taken");
  auto* to_ask = app.add_subcommand("progress");
  to_ask->add_option("SOCKET", plan.socket)->required();
  to_ask->add_option("FILE", plan.file)->required();
  auto* to_drain = app.add_subcommand("drain");
  to_drain->add_option("SOCKET", plan.socket)->required();
  auto* to_look = app.add_subcommand("where");
  to_look->add_option("SOCKET", plan.socket)->required();
  to_look->add_option("MSG_ID", plan.ids)->required();
  CLI11_PARSE(app, argc, argv);

  if (!keys::start_cryptography()) fail("no cryptography");
  if (*to_seal) seal(plan);
  if (plan.one_by_one) plan.window = 1;
  if (*to_fire) Gun(plan, test::read_envelopes(plan.file)).fire();
  if (*to_ask) progress(plan);
  if (*to_drain) drain(plan);
  if (*to_look) where(plan);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "report_gun: %s\n", error.what());
  return 1;
}
