// noroshi doctor: every prerequisite, OK / 注意 / NG, with the command that mends it.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <langinfo.h>
#include <clocale>

#include "client-tui/cli/context.hpp"
#include "keys/files.hpp"

namespace noroshi::cli {
namespace {

enum class Health : std::uint8_t { ok, warn, bad };

struct Finding {
  std::string check;  ///< stable name, for scripts
  Health health = Health::ok;
  std::string text;
  std::string mend;  ///< command; empty if nothing is to be done
};

const char* name_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warn ? "warn" : "ng";
}

Finding home_is_private(const keys::Home& home) {
  struct stat state {};
  if (::stat(home.c_str(), &state) != 0) {
    return {"home", Health::bad, say(Text::doctor_no_home, home.string()), "noroshi init"};
  }
  if ((state.st_mode & 077) != 0) {
    return {"home", Health::bad, say(Text::doctor_home_open, home.string()), "chmod 700 " + home.string()};
  }
  return {"home", Health::ok, say(Text::doctor_home_ok, home.string()), ""};
}

Finding locale_is_utf8() {
  const bool utf8 =
      std::setlocale(LC_CTYPE, "") != nullptr && std::string_view(::nl_langinfo(CODESET)) == "UTF-8";
  if (utf8) return {"locale", Health::ok, say(Text::doctor_locale_ok), ""};
  return {"locale", Health::warn, say(Text::doctor_locale_bad), "export LANG=C.UTF-8"};
}

Finding disk_has_room(const keys::Home& home) {
  constexpr std::uint64_t kRoomMin = std::uint64_t{512}
                                     << 20;  // a year of one branch's reports, many times over
  struct statvfs disk {};
  if (::statvfs(home.c_str(), &disk) != 0) return {"disk", Health::warn, say(Text::doctor_disk_unknown), ""};
  const std::uint64_t free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  const std::string text = say(Text::doctor_disk, free >> 20);
  return {"disk", free >= kRoomMin ? Health::ok : Health::warn, text, ""};
}

Finding key_is_there(const keys::Home& home) {
  const auto file = keys::key_path(home, keys::Which::person);
  if (!keys::is_present(file)) {
    return {"key", Health::bad, say(Text::doctor_no_key, file.string()), "noroshi init"};
  }
  const auto locked = keys::needs_passphrase(home, keys::Which::person);
  if (!locked.ok()) return {"key", Health::bad, locked.error().text, "chmod 600 " + file.string()};
  if (!*locked) return {"key", Health::warn, say(Text::doctor_key_unlocked), ""};
  return {"key", Health::ok, say(Text::doctor_key_ok), ""};
}

void check_trust(const keys::Home& home, WallTime now, std::vector<Finding>& out) {
  const auto trust = keys::load_trust(home);
  if (!trust.ok()) {
    out.push_back({"enrolment", Health::bad, trust.error().text, "noroshi-keys device install --bundle …"});
    return;
  }
  const keys::Trust& held = **trust;
  out.push_back({"enrolment", Health::ok, say(Text::doctor_enrolled, held.organisations().size()), ""});
  const keys::RosterState state = held.roster_state(now);
  const Health roster = state == keys::RosterState::a_fresh     ? Health::ok
                        : state == keys::RosterState::b_refresh ? Health::warn
                                                                : Health::bad;
  out.push_back({"roster", roster,
                 say(Text::doctor_roster, held.roster_version(), std::string(1, keys::letter(state))),
                 roster == Health::ok ? "" : "noroshi sync"});
  if (now < held.not_before()) {
    out.push_back({"clock", Health::bad,
                   say(Text::clock_is_old, to_rfc3339(now), to_rfc3339(held.not_before())),
                   "sudo timedatectl set-time \"YYYY-MM-DD HH:MM:SS\""});
  } else {
    out.push_back({"clock", Health::ok, say(Text::doctor_clock, to_rfc3339(now)), ""});
  }
}

/// With the key open: the certificate, and whether reports can be sealed and read.
void check_desk(Context& context, WallTime now, std::vector<Finding>& out) {
  if (!keys::is_enrolled(context.home())) return;
  const auto desk = context.desk();
  if (!desk.ok()) {
    out.push_back({"desk", Health::bad, desk.error().text, ""});
    return;
  }
  const keys::Trust& trust = (*desk)->trust();
  const keys::Certificate* certificate = trust.certificate((*desk)->author().key);
  if (certificate != nullptr) {
    const std::int64_t left = (certificate->expires() - now).count / 86'400;
    const Health health = left < 0 ? Health::bad : left < 30 ? Health::warn : Health::ok;
    out.push_back(
        {"certificate", health,
         say(Text::doctor_certificate, to_string(certificate->key), to_rfc3339(certificate->expires())),
         health == Health::ok ? "" : "noroshi-keys device request …"});
  }
  std::string missing;
  for (const RecipientId id : desk::default_recipients((*desk)->author())) {
    if (trust.epoch_for(id, now) == nullptr)
      missing += (missing.empty() ? "" : ", ") + std::to_string(id.value);
  }
  out.push_back(missing.empty() ? Finding{"recipients", Health::ok, say(Text::doctor_recipients_ok), ""}
                                : Finding{"recipients", Health::bad,
                                          say(Text::doctor_recipients_bad, missing), "noroshi sync"});
}

Finding relay_answers(Context& context) {
  auto relay = context.relay();
  if (!relay.ok()) return {"relay", Health::bad, relay.error().text, "sudo systemctl start noroshid"};
  const auto info = desk::ask<proto::control::Info>(**relay, proto::control::InfoRequest{});
  if (!info.ok()) return {"relay", Health::bad, info.error().text, "sudo systemctl restart noroshid"};
  return {"relay", Health::ok, say(Text::doctor_relay, info->program, to_string(info->node)), ""};
}

Result<Done> doctor(Context& context) {
  TRY(const Now now, context.now());
  std::vector<Finding> findings{home_is_private(context.home()), key_is_there(context.home()),
                                locale_is_utf8(), disk_has_room(context.home())};
  check_trust(context.home(), now.wall, findings);
  check_desk(context, now.wall, findings);
  findings.push_back(relay_answers(context));
  bool bad = false;
  for (const Finding& finding : findings) {
    bad = bad || finding.health == Health::bad;
    if (context.json) {
      Json line{{"check", finding.check}, {"state", name_of(finding.health)}, {"text", finding.text}};
      line["command"] = finding.mend.empty() ? Json(nullptr) : Json(finding.mend);
      Context::print(line);
      continue;
    }
    const Text word = finding.health == Health::ok     ? Text::doctor_word_ok
                      : finding.health == Health::warn ? Text::doctor_word_warn
                                                       : Text::doctor_word_bad;
    Context::print(
        fmt::format("{}  {}{}", say(word), finding.text, finding.mend.empty() ? "" : ": " + finding.mend));
  }
  if (bad) return no(Code::config, Text::doctor_something_bad);
  return kDone;
}

}  // namespace

void add_doctor_command(CLI::App& app, Context& context) {
  add_command(app, context, "doctor", Text::help_doctor, "noroshi doctor",
              [&context] { return doctor(context); });
}

}  // namespace noroshi::cli
