// card, peer add.
#include "keys/card.hpp"

#include "keys/cli/context.hpp"
#include "keys/files.hpp"

namespace noroshi::keys::cli {
namespace {

struct CardOptions {
  std::string address, which = "relay", line;
};

Result<void> show_card(Context& context, const CardOptions& o) {
  const Home home = context.home_path();
  TRY(const TrustPtr trust, load_trust(home));
  const Which which = o.which == "person" ? Which::person : Which::relay;
  const SecretBytes* phrase = nullptr;
  TRY(const bool needed, needs_passphrase(home, which));
  if (needed) {
    TRY(phrase, context.passphrase(said("この端末のパスフレーズ", "passphrase of this device"), false));
  }
  TRY(const Identity identity, load_identity(home, which, phrase, *trust));
  const std::string card = encode_card(
      {trust->root_id(), identity.key(), identity.link_public(), identity.sign_public(), o.address});
  context.put({{"card", card}, {"node", to_string(identity.device())}, {"address", o.address}}, {card});
  return {};
}

/// Keeps the card under H/peers and says what it says of itself; the node's certificate decides later.
Result<void> add_peer(Context& context, const CardOptions& o) {
  const Home home = context.home_path();
  TRY(const TrustPtr trust, load_trust(home));
  const auto card = decode_card(o.line);
  if (!card)
    return Error{Code::bad_data, said("名刺として読めません：1 行をそのまま写してください",
                                      "is no card: copy the whole line")};
  if (card->root != trust->root_id())
    return Error{Code::permission, said("別のネットワークの名刺です", "the card is of another network")};
  const Certificate* certificate = trust->certificate(card->key);
  if (certificate && (certificate->link != card->link || certificate->sign != card->sign))
    return Error{Code::permission,
                 said("証明書と違う鍵の名刺です：使わず、渡した人に確かめてください",
                      "the card's keys are not those of the certificate: do not use it, ask who gave it")};
  TRY_VOID(make_private_directory(home / "peers"));
  const DeviceId node = card->key.device;
  const std::string name = std::to_string(node.org.value) + "-" + std::to_string(node.dev) + ".card";
  TRY_VOID(write_atomically(home / "peers" / name, view_of(o.line + "\n")));
  context.put({{"peer", to_string(node)},
               {"address", card->address},
               {"link_key", to_hex(card->link.value)},
               {"certified", certificate != nullptr}},
              {said("隣の中継機: ", "neighbour: ") + to_string(node) + "  " + card->address +
               (certificate ? "" : said("（証明書はまだありません）", " (no certificate held yet)"))});
  return {};
}

}  // namespace

void add_card_commands(CLI::App& app, Context& context) {
  const auto o = std::make_shared<CardOptions>();
  CLI::App* card =
      add_command(app, context, "card", "この機械を紹介する 1 行", "one line that introduces this machine",
                  [&context, o] { return show_card(context, *o); });
  add_home_option(*card, context);
  add_passphrase_options(*card, context, false);
  card->add_option("--address", o->address, said("待ち受けるアドレス", "address it listens on"));
  card->add_option("--which", o->which, "relay person")->check(CLI::IsMember({"relay", "person"}));
  CLI::App* peer = add_folder(app, "peer", "隣の中継機", "neighbours");
  CLI::App* add = add_command(*peer, context, "add", "名刺を受け取る", "take a card",
                              [&context, o] { return add_peer(context, *o); });
  add_home_option(*add, context);
  add->add_option("card", o->line, "NORO1:…")->required();
}

}  // namespace noroshi::keys::cli
