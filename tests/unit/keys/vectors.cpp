#include "tests/unit/keys/vectors.hpp"

#include <map>
#include <optional>
#include <regex>
#include <sstream>

#include "keys/kem.hpp"
#include "keys/primitives.hpp"

namespace noroshi::test {
namespace {

using keys::Secret;

struct Recipient {
  RecipientId id;
  std::uint8_t epoch = 0, prev = 0;
  ByteArray<32> secret{}, key{};
};

/// One vector as it was read. Every name may stand once.
struct Vector {
  std::map<std::string, Bytes> values;
  std::vector<Recipient> recipients;
  std::optional<std::size_t> total;
  std::vector<std::string> problems;

  void problem(std::string text) { problems.push_back(std::move(text)); }
  [[nodiscard]] bool empty() const { return values.empty() && recipients.empty(); }
  template <std::size_t N>
  ByteArray<N> get(const std::string& name) {
    const auto found = values.find(name);
    if (found == values.end() || found->second.size() != N) {
      problem(name + " is missing or has another length than " + std::to_string(N));
      return {};
    }
    return array_of<N>(found->second);
  }
  Bytes get(const std::string& name) {
    const auto found = values.find(name);
    if (found == values.end()) problem(name + " is missing");
    return found == values.end() ? Bytes{} : found->second;
  }
  void compare(const std::string& name, BytesView computed) {
    if (!equal(get(name), computed)) problem(name + " differs: computed " + to_hex(computed));
  }
};

void read_recipient(Vector& vector, std::istringstream& line) {
  std::string name, word_secret, secret, word_public, key, more;
  line >> name >> word_secret >> secret >> word_public >> key;
  static const std::regex kName("([0-9a-fA-F]{4})/([0-9a-fA-F]{2})/([0-9a-fA-F]{2})");
  std::smatch parts;
  const auto s = array_from_hex<32>(secret), k = array_from_hex<32>(key);
  if (word_secret != "secret" || word_public != "public" || !s || !k || line >> more ||
      !std::regex_match(name, parts, kName))
    return vector.problem("a rcpt line cannot be read");
  const auto hex = [&](std::size_t i) { return std::stoul(parts[i].str(), nullptr, 16); };
  vector.recipients.push_back({{static_cast<std::uint16_t>(hex(1))},
                               static_cast<std::uint8_t>(hex(2)),
                               static_cast<std::uint8_t>(hex(3)),
                               *s,
                               *k});
}

/// `key value [key value …]` on one line.
void read_values(Vector& vector, std::string name, std::istringstream& line) {
  static const std::regex kKnown("root_id|sign_seed|S_pk|seed|body|dst|H|E|W[0-9]+|ct|tag|sig|msg_id");
  do {
    std::string value;
    line >> value;
    const auto bytes = from_hex(value);
    if (!std::regex_match(name, kKnown)) vector.problem("unknown name " + name);
    if (!bytes || value.empty())
      vector.problem(name + " is not hexadecimal");
    else if (!vector.values.emplace(name, *bytes).second)
      vector.problem(name + " stands twice");
  } while (line >> name);
}

void read_comment(Vector& vector, const std::string& line) {
  static const std::regex kTotal("total ([0-9]+) bytes");
  std::smatch found;
  if (std::regex_search(line, found, kTotal)) vector.total = std::stoul(found[1].str());
}

void check_sealed(Vector& v) {
  const auto root = RootId{v.get<8>("root_id")};
  const auto sign_seed = Secret<32>::copy_of(v.get<32>("sign_seed"));
  std::vector<keys::Target> targets;
  for (const Recipient& r : v.recipients) {
    if (keys::x25519_public(r.secret) != r.key)
      v.problem("a recipient's public key is not that of its secret");
    targets.push_back({r.id, r.epoch, r.prev, {r.key}});
  }
  Writer given;
  given.bytes(v.get("H")).bytes(v.get("E"));
  for (std::size_t i = 1; i <= targets.size(); ++i) given.bytes(v.get("W" + std::to_string(i)));
  given.bytes(v.get("ct")).bytes(v.get("tag")).bytes(v.get("sig"));
  if (v.total && *v.total != given.data().size()) v.problem("the total differs");

  const auto parsed = proto::parse_envelope(given.data());
  if (!parsed.envelope || parsed.envelope->wraps.size() != targets.size())
    return v.problem("the parts are no envelope");
  const auto made = keys::seal_with_seed(parsed.envelope->header, targets, v.get("body"), v.get<16>("seed"),
                                         sign_seed, root);
  if (!made) return v.problem("it cannot be sealed");
  const auto ours = proto::parse_envelope(*made);
  if (!ours.envelope) return v.problem("what it gives is no envelope");
  v.compare("S_pk", keys::sign_public(sign_seed).value);
  v.compare("H", ours.envelope->header_bytes());
  v.compare("E", ours.envelope->ephemeral);
  for (std::size_t i = 0; i < targets.size(); ++i)
    v.compare("W" + std::to_string(i + 1), proto::encode_wraps({ours.envelope->wraps[i]}));
  const BytesView body = ours.envelope->body;
  v.compare("ct", body.first(body.size() - proto::kTagBytes));
  v.compare("tag", body.last(proto::kTagBytes));
  v.compare("sig", ours.envelope->signature);
  v.compare("msg_id", keys::msg_id_of(*ours.envelope).value);

  // And the other way: every recipient's secret opens it.
  for (std::size_t i = 0; i < v.recipients.size(); ++i) {
    const auto seed =
        keys::unwrap_seed(*parsed.envelope, i, v.recipients[i].secret, keys::sign_public(sign_seed));
    if (!std::holds_alternative<ByteArray<16>>(seed)) return v.problem("a wrap does not open");
    const auto body_back =
        keys::open_with(*parsed.envelope, std::get<ByteArray<16>>(seed), keys::sign_public(sign_seed), root);
    if (!std::holds_alternative<Bytes>(body_back) || std::get<Bytes>(body_back) != v.get("body"))
      v.problem("wrap " + std::to_string(i + 1) + " does not give the body");
  }
}

void check_clear(Vector& v) {
  const auto root = RootId{v.get<8>("root_id")};
  const auto sign_seed = Secret<32>::copy_of(v.get<32>("sign_seed"));
  const Bytes given = Writer().bytes(v.get("H")).bytes(v.get("ct")).bytes(v.get("sig")).take();
  if (v.total && *v.total != given.size()) v.problem("the total differs");
  const auto parsed = proto::parse_envelope(given);
  if (!parsed.envelope || parsed.envelope->sealed()) return v.problem("the parts are no clear envelope");
  const Bytes body = Writer().bytes(v.get<2>("dst")).bytes(v.get("body")).take();
  const Bytes made = keys::sign_clear(parsed.envelope->header, body, sign_seed, root);
  const auto ours = proto::parse_envelope(made);
  if (!ours.envelope) return v.problem("what it gives is no envelope");
  v.compare("S_pk", keys::sign_public(sign_seed).value);
  v.compare("H", ours.envelope->header_bytes());
  v.compare("ct", ours.envelope->body);
  v.compare("sig", ours.envelope->signature);
  v.compare("msg_id", keys::msg_id_of(*ours.envelope).value);
}

std::vector<std::string> check(Vector vector) {
  if (vector.problems.empty()) {
    if (vector.recipients.empty())
      check_clear(vector);
    else
      check_sealed(vector);
  }
  return vector.problems;
}

}  // namespace

std::vector<std::string> problems_of_vectors(std::string_view text) {
  std::vector<std::string> problems;
  std::size_t count = 0;
  Vector vector;
  const auto finish = [&] {
    if (vector.empty() && vector.problems.empty()) return;
    for (std::string& problem : check(std::exchange(vector, {})))
      problems.push_back("vector " + std::to_string(count + 1) + ": " + problem);
    ++count;
  };
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos) {
      finish();
      continue;
    }
    if (line.front() == '#') {
      read_comment(vector, line);
      continue;
    }
    std::istringstream words(line);
    std::string name;
    words >> name;
    if (name == "rcpt")
      read_recipient(vector, words);
    else
      read_values(vector, name, words);
  }
  finish();
  if (count == 0) problems.push_back("no vector in the file");
  return problems;
}

}  // namespace noroshi::test
