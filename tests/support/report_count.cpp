// report_count SOCKET RECORD --until N: pulls what a relay has delivered to its organisation and writes, for
// each item the relay gave, the line "STORE CURSOR MSG_ID" into RECORD. Ends 0 when N different messages
// came, 1 after --patience seconds without a new one. Goes on over deaths of the relay; counts nothing away:
// an item given twice stands there twice.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/control_client.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::proto::control;
using Clock = std::chrono::steady_clock;

struct Plan {
  std::string socket, record;
  std::size_t until = 1;
  int patience = 60;
};

class Count {
 public:
  explicit Count(const Plan& plan) : plan_(plan), client_(plan.socket), record_(plan.record) {}

  bool run() {
    auto heard = Clock::now();
    while (messages_.size() < plan_.until) {
      if (Clock::now() - heard > std::chrono::seconds(plan_.patience)) return false;
      const auto pulled = client_.call<Pulled>(PullRequest{store_, cursor_, 1024}, std::chrono::seconds(2));
      if (!pulled) continue;
      if (take(*pulled)) heard = Clock::now();
      if (!pulled->more) (void)client_.next(std::chrono::milliseconds(20));
    }
    return true;
  }
  void print() const {
    std::printf("%s\n",
                nlohmann::json{{"items", items_}, {"messages", messages_.size()}, {"stores", stores_.size()}}
                    .dump()
                    .c_str());
  }

 private:
  bool take(const Pulled& pulled) {
    const std::size_t before = messages_.size();
    store_ = pulled.store;
    stores_.insert(pulled.store.value);
    for (const Delivered& item : pulled.items) {
      const std::string name = to_hex(item.id.value);
      record_ << pulled.store.value << ' ' << item.cursor << ' ' << name << '\n';
      messages_.insert(name);
      cursor_ = item.cursor;
      ++items_;
    }
    record_.flush();
    return messages_.size() > before;
  }

  const Plan& plan_;
  test::ControlClient client_;
  std::ofstream record_;
  StoreId store_;
  std::uint64_t cursor_ = 0;
  std::size_t items_ = 0;
  std::set<std::string> messages_;
  std::set<std::uint64_t> stores_;
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("counts what a relay has delivered");
  Plan plan;
  app.add_option("SOCKET", plan.socket)->required();
  app.add_option("RECORD", plan.record)->required();
  app.add_option("--until", plan.until);
  app.add_option("--patience", plan.patience, "seconds without a new message");
  CLI11_PARSE(app, argc, argv);
  Count count(plan);
  const bool all = count.run();
  count.print();
  return all ? 0 : 1;
}
