// envelope inspect: what a stranger may know of an envelope, and the relay check's verdict where a home is
// given.
#include "keys/cli/context.hpp"
#include "keys/files.hpp"
#include "keys/verify.hpp"

namespace noroshi::keys::cli {
namespace {

struct InspectOptions {
  std::string file;
};

std::string text_of_ctype(std::uint8_t ctype) {
  switch (static_cast<proto::Ctype>(ctype)) {
    case proto::Ctype::report: return "report";
    case proto::Ctype::receipt: return "receipt";
    case proto::Ctype::directive: return "directive";
    case proto::Ctype::epoch_secret: return "epoch_secret";
    case proto::Ctype::attachment: return "attachment";
    case proto::Ctype::forwarded: return "forwarded";
    case proto::Ctype::desk_event: return "desk_event";
    case proto::Ctype::incident_notice: return "incident_notice";
    case proto::Ctype::erase_order: return "erase_order";
    case proto::Ctype::erase_certificate: return "erase_certificate";
    case proto::Ctype::device_head: return "device_head";
  }
  return std::to_string(ctype);
}

/// A name of the interface, and what it means to a person.
struct Meaning {
  std::string_view name, ja, en;
};
constexpr Meaning kMeanings[] = {
    {"short_bytes", "短すぎます", "too short"},
    {"suite", "知らない方式です", "of an unknown suite"},
    {"flags", "旗が正しくありません", "its flags do not hold"},
    {"order", "宛先の並びが正しくありません", "its recipients are out of order"},
    {"unknown_key", "差出の鍵を知りません", "its sender's key is not known here"},
    {"cert_time", "証明書の期間の外です", "outside the time of its certificate"},
    {"revoked", "失効した鍵です", "its key is revoked"},
    {"role", "この役割では送れません", "its role may not send this"},
    {"dead", "期限を大きく過ぎています", "long past its time"},
    {"signature", "署名が合いません", "its signature does not fit"},
    {"roster_B", "手元の名簿の更新時期です", "the roster here is due"},
    {"roster_C", "手元の名簿が期限切れです", "the roster here has expired"},
    {"roster_D", "手元の名簿が古すぎます", "the roster here is far too old"},
    {"certificate_expired", "証明書の期限切れ", "its certificate has expired"},
    {"time_doubtful", "時刻不確実", "its time is in doubt"},
    {"stale", "期限経過", "past its time"},
    {"quarantine", "要確認", "to be checked"},
    {"report", "報告", "report"},
    {"receipt", "受領", "receipt"},
    {"directive", "指示", "directive"},
    {"forwarded", "転送", "forwarded"},
    {"flash", "至急", "flash"},
    {"urgent", "緊急", "urgent"},
    {"routine", "通常", "routine"},
    {"bulk", "後回", "bulk"},
};
/// The name stays to be searched for; the meaning stands beside it where it says more.
std::string explained(std::string_view name) {
  for (const Meaning& one : kMeanings)
    if (one.name == name) {
      const std::string meaning = said(one.ja, one.en);
      return meaning == name ? meaning : std::string(name) + said("（", " (") + meaning + said("）", ")");
    }
  return std::string(name);
}

Json marks_of(const Marks& m) {
  Json out = Json::array();
  if (m.roster != RosterState::a_fresh) out.push_back(std::string("roster_") + letter(m.roster));
  if (m.certificate_expired) out.push_back("certificate_expired");
  if (m.time_doubtful) out.push_back("time_doubtful");
  if (m.stale) out.push_back("stale");
  if (m.dead) out.push_back("dead");
  if (m.quarantine) out.push_back("quarantine");
  return out;
}

Json facts_of(const proto::Envelope& e) {
  const proto::Header& h = e.header;
  Json wraps = Json::array();
  for (const proto::Wrap& w : e.wraps)
    wraps.push_back({{"recipient", w.recipient.value}, {"epoch", w.epoch}, {"prev", w.prev}});
  Json facts = {{"bytes", e.bytes.size()},
                {"msg_id", msg_id_of(e).hex()},
                {"sender", to_string(h.source)},
                {"seq", h.seq},
                {"ctype", text_of_ctype(h.ctype)},
                {"priority", std::string(proto::name_of(h.level))},
                {"exercise", h.exercise},
                {"clock_doubt", h.clock_doubt},
                {"old_roster", h.old_roster},
                {"created", to_rfc3339(h.created)},
                {"stale_at", to_rfc3339(h.stale_at())},
                {"roster_lo", h.roster_lo},
                {"wraps", wraps},
                {"sizes",
                 {{"header", proto::kHeaderBytes},
                  {"ephemeral", e.sealed() ? proto::kEphemeralBytes : 0},
                  {"wraps", e.wraps.size() * proto::kWrapBytes},
                  {"body", e.body.size()},
                  {"signature", proto::kSignatureBytes}}}};
  if (!e.sealed()) facts["destination"] = e.dst().value;
  return facts;
}

std::vector<std::string> lines_of(const proto::Envelope& e) {
  const proto::Header& h = e.header;
  std::vector<std::string> lines = {
      said("メッセージ ", "message ") + msg_id_of(e).hex() + "  " + std::to_string(e.bytes.size()) +
          said(" バイト", " bytes"),
      said("差出 ", "from ") + to_string(h.source) + said("、通番 ", ", number ") + std::to_string(h.seq) +
          "  " + explained(text_of_ctype(h.ctype)) + "  " + explained(proto::name_of(h.level)) +
          (h.exercise ? said("  訓練", "  exercise") : "") +
          (h.clock_doubt ? said("  時計不確実", "  clock in doubt") : ""),
      said("作成 ", "created ") + to_rfc3339(h.created) + said("、期限 ", ", stale at ") +
          to_rfc3339(h.stale_at())};
  for (const proto::Wrap& w : e.wraps)
    lines.push_back(said("宛先 ", "to ") + std::to_string(w.recipient.value) + said("  暗号期 ", "  epoch ") +
                    std::to_string(w.epoch) + said("  前回との差 ", "  previous ") + std::to_string(w.prev));
  if (!e.sealed())
    lines.push_back(said("宛先 ", "to ") + std::to_string(e.dst().value) +
                    said("（平文・署名付き）", " (clear, signed)"));
  return lines;
}

Result<void> inspect(Context& context, const InspectOptions& o) {
  TRY(Bytes bytes, read_file(o.file, kEnvelopeBytesMax));
  const auto parsed = proto::parse_envelope(bytes);
  if (!parsed.envelope)
    return Error{Code::bad_data, o.file + ": " + said("封筒ではありません: ", "is no envelope: ") +
                                     explained(proto::name_of(parsed.why))};
  Json facts = facts_of(*parsed.envelope);
  std::vector<std::string> lines = lines_of(*parsed.envelope);
  const Home home = context.home_path();
  if (!is_enrolled(home)) {
    facts["verdict"] = nullptr;
    context.put(facts, lines);
    return {};
  }
  TRY(const TrustPtr trust, load_trust(home));
  TRY(const WallTime now, context.now());
  const VerifyOutcome outcome = verify(bytes, *trust, {{}, now, false});
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    const std::string name(name_of(*refusal));
    facts["verdict"] = name;
    lines.push_back(said("中継の判定: 拒否 ", "relay check: refused ") + explained(name));
    context.put(facts, lines);
    return Error{
        Code::protocol,
        o.file + ": " + said("中継機はこの封筒を拒みます: ", "a relay refuses it: ") + explained(name)};
  }
  facts["verdict"] = "accepted";
  facts["marks"] = marks_of(std::get<Verified>(outcome).marks());
  std::string accepted = said("中継の判定: 受理", "relay check: accepted");
  for (const Json& mark : facts["marks"]) accepted += "  " + explained(mark.get<std::string>());
  lines.push_back(accepted);
  context.put(facts, lines);
  return {};
}

}  // namespace

void add_envelope_commands(CLI::App& app, Context& context) {
  CLI::App* envelope = add_folder(app, "envelope", "封筒", "envelopes");
  const auto o = std::make_shared<InspectOptions>();
  CLI::App* command =
      add_command(*envelope, context, "inspect", "封筒の外側と中継の判定を示す（鍵は要らない）",
                  "show an envelope from outside and the relay check's verdict (needs no key)",
                  [&context, o] { return inspect(context, *o); });
  add_home_option(*command, context);
  command->add_option("file", o->file, said("封筒のファイル", "file of the envelope"))->required();
}

}  // namespace noroshi::keys::cli
