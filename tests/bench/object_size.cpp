// Sizes of signed objects and envelopes in bytes, beside their budgets. Ends with an error if one is over.
#include <cstdio>
#include <string>

#include "keys/card.hpp"
#include "keys/contact.hpp"
#include "keys/document.hpp"
#include "keys/request.hpp"
#include "tests/support/network.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::test;
using keys::ObjectType;

bool over = false;

/// budget 0: none agreed.
void row(const char* what, std::size_t bytes, std::size_t budget) {
  const bool bad = budget != 0 && bytes > budget;
  over = over || bad;
  if (budget)
    std::printf("%-46s %6zu %8zu%s\n", what, bytes, budget, bad ? "  OVER" : "");
  else
    std::printf("%-46s %6zu\n", what, bytes);
}

/// National body, ministry and 47 associations, one relay each.
NetworkPlan whole_country() {
  NetworkPlan plan;
  plan.weeks = 1;
  plan.organisations = {
      {{1}, keys::OrgKind::national, "全国LPガス協会", "National LP Gas Association", 1, 0, 0},
      {{2}, keys::OrgKind::ministry, "経済産業省ガス安全室", "METI Gas Safety Office", 1, 0, 0}};
  for (std::uint16_t id = 3; id <= 49; ++id)
    plan.organisations.push_back(
        {{id}, keys::OrgKind::association, "石川県エルピーガス協会", "Ishikawa LP Gas Association", 1, 0, 0});
  return plan;
}

std::size_t newest(const keys::Trust& trust, ObjectType type, std::uint64_t owner) {
  return trust.object({type, owner, 0, {}}).size();
}

}  // namespace

int main() {
  const Network network;
  const keys::Trust& trust = *network.trust();
  SeededRng rng(1);
  std::printf("%-46s %6s %8s\n", "object", "bytes", "budget");
  row("root, 5 keys, signed by all", network.root_object().size(), 0);
  row("certificate", newest(trust, ObjectType::certificate, keys::owner_of({field_of(kIshikawa), 1})), 190);
  row("revocation entry", network.revoke({{field_of(kIshikawa), 1}, kStart, {}, kStart}).size(), 82);
  keys::RevocationList list{kIshikawa, kStart, {}};
  row("revocation list, empty",
      network.sign_as_admin(kIshikawa, ObjectType::revocation_list, keys::encode_revocation_list(list))
          .size(),
      76);
  for (std::uint16_t dev = 1; dev <= 24; ++dev)
    list.entries.push_back({{{kIshikawa, dev}, 1}, kStart, {}, kStart});
  row("revocation list, 24 entries",
      network.sign_as_admin(kIshikawa, ObjectType::revocation_list, keys::encode_revocation_list(list))
          .size(),
      76 + 240);
  row("epoch", newest(trust, ObjectType::epoch, 17), 120);
  row("epoch void",
      network
          .sign_as_admin(kIshikawa, ObjectType::epoch_void, keys::encode_epoch_void({{17}, 1, 2, 3, kStart}))
          .size(),
      0);
  row("transport key", newest(trust, ObjectType::transport_key, 17), 0);
  keys::Contact contact{{}, 1, kStart, {}};
  for (int i = 0; i < 5; ++i) contact.neighbours.push_back({relay_of(kToyama, i), 1, 0});
  row("contact object, 5 neighbours",
      keys::sign_contact(network.identity(relay_of(kIshikawa)), contact).size(), 120);
  row("register of 3 units", newest(trust, ObjectType::units, 17), 0);
  row("exercise incident", newest(trust, ObjectType::incident, kExercise.value), 0);

  const Network country(whole_country());
  const Bytes roster = bytes_of(country.trust()->object({ObjectType::roster, 0, 0, {}}));
  row("roster, 49 organisations and a group", roster.size(), 0);
  keys::Roster next = country.roster();
  auto ishikawa = *keys::decode_organisation(kIshikawa, next.entries[17]);
  ishikawa.hubs.push_back({relay_of(kIshikawa), "tcp://hub.ishikawa-lpg.example.jp:7411"});
  next.entries[17] = keys::encode_organisation(ishikawa);
  row("roster delta, one organisation", keys::delta_object(roster, country.sign_roster(next, kStart))->size(),
      600);

  const auto laptop = keys::DeviceKeys::random(kIshikawa, network.root_id(), rng);
  const Bytes request =
      keys::encode_requests({{kIshikawa, keys::Roles{1}, {5}, {1'700'001}, 1, {}, {}}}, {&laptop});
  row("enrolment request, one device", request.size(), 0);
  row("  as a line", keys::request_line(request).size(), 0);
  const auto& relay = network.identity(relay_of(kIshikawa));
  row("card with an address",
      keys::encode_card({network.root_id(), relay.key(), relay.link_public(), relay.sign_public(),
                         "tcp://203.0.113.7:7411"})
          .size(),
      180);
  for (const std::size_t n : {1u, 3u, 8u, 15u})
    row(("envelope around its body, " + std::to_string(n) + " recipients").c_str(), proto::overhead_bytes(n),
        132 + 20 * n);
  return over ? 1 : 0;
}
