// Sessions that are cut while they are young: what one end says arrives, what the other says does not.
#include "station.hpp"

using namespace noroshi;
using namespace noroshi::test;

namespace {

constexpr std::size_t kReports = 80;  // more than one window
const PeerId kI = relay_of(kIshikawa), kN = relay_of(kNational);

/// Everything `from` said is heard by `to`.
void deliver(const std::vector<Left>& said, PeerId from, Station& to) {
  for (const Left& left : said) to.frame(from, left.bytes);
}

}  // namespace

TEST_CASE("sessions that are cut before the answer comes make no report pass for accepted") {
  Station sender(kI, {.neighbours = {neighbour(kN)}, .default_route = kN});
  Station receiver(kN, {.neighbours = {neighbour(kI)}, .default_route = kI});
  Speaker speaker(network(), field_of(kIshikawa));
  sender.up(kN);
  receiver.up(kI);
  settle({{kI, &sender}, {kN, &receiver}});

  std::vector<MsgId> reports;
  for (std::size_t i = 0; i < kReports; ++i) {
    const auto sealed = report(speaker, {kNational});
    reports.push_back(sealed.msg_id);
    sender.submit(sealed.bytes);
  }
  (void)sender.close();  // a whole window leaves, and is lost
  for (int cut = 0; cut < 8; ++cut) {
    sender.down(kN).up(kN);
    receiver.down(kI).up(kI);
    deliver(sender.close(), kI, receiver);
    (void)receiver.close();  // its hello and its ack are lost
  }
  sender.down(kN).up(kN);
  receiver.down(kI).up(kI);
  settle({{kI, &sender}, {kN, &receiver}});

  for (const MsgId& id : reports) CHECK(receiver.store().record(id).has_value());
}
