// noroshi doctor: every prerequisite, OK / 注意 / NG, with the command that mends it.
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <langinfo.h>
#include <unistd.h>
#include <clocale>

#include "client-tui/cli/context.hpp"
#include "client-tui/cli/lookup.hpp"
#include "keys/enrol.hpp"
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

/// What frees room on every Debian machine without touching a report.
constexpr const char* kMakeRoom = "sudo apt-get clean; sudo journalctl --vacuum-size=64M";

const char* name_of(Health health) {
  return health == Health::ok ? "ok" : health == Health::warn ? "warn" : "ng";
}

Finding home_is_private(const keys::Home& home) {
  struct stat state {};
  if (::stat(home.c_str(), &state) != 0) {
    return {"home", Health::bad, say(Text::doctor_no_home, home.string()),
            "noroshi init --home " + home.string() + " --org N"};
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
  // Below this not even the store's ballast and a few reports fit.
  constexpr std::uint64_t kFull = std::uint64_t{32} << 20;
  const std::string text = say(Text::doctor_disk, free >> 20);
  if (free >= kRoomMin) return {"disk", Health::ok, text, ""};
  return {"disk", free >= kFull ? Health::warn : Health::bad, text, kMakeRoom};
}

/// A key of this home once more, to be enrolled by the admin.
std::string new_request(const keys::Home& home) {
  return "noroshi-keys device request --home " + home.string() + " --org N --role field";
}
/// What helps depends on what is wrong: a mode, or the bytes. Damaged ones do not come back; a new key does.
std::string mend_of_key(const keys::Home& home, const std::filesystem::path& file, const Error& error) {
  struct stat state {};
  const bool seen = ::lstat(file.c_str(), &state) == 0;
  if (error.code == Code::permission && seen && S_ISREG(state.st_mode)) {
    if (state.st_uid != ::geteuid()) return "sudo chown \"$USER\" " + file.string();
    return "chmod 600 " + file.string();
  }
  return "mv " + file.string() + " " + file.string() + ".damaged && " + new_request(home);
}

Finding key_is_there(const keys::Home& home) {
  const auto file = keys::key_path(home, keys::Which::person);
  if (!keys::is_present(file)) {
    // A home that is enrolled does not run `init` again: it only lacks the person's key.
    return {
        "key", Health::bad, say(Text::doctor_no_key, file.string()),
        keys::is_enrolled(home) ? new_request(home) : "noroshi init --home " + home.string() + " --org N"};
  }
  const auto locked = keys::needs_passphrase(home, keys::Which::person);
  if (!locked.ok()) return {"key", Health::bad, locked.error().text, mend_of_key(home, file, locked.error())};
  if (!*locked) return {"key", Health::warn, say(Text::doctor_key_unlocked), ""};
  return {"key", Health::ok, say(Text::doctor_key_ok), ""};
}

/// A signed catalogue that this program cannot use, or knows better, is no reason to stop: its own forms
/// hold.
Finding forms_are_usable(const keys::Trust& trust) {
  const desk::FormsInUse forms = desk::forms_in_use(trust);
  const std::size_t count = forms.catalogue->forms().size();
  if (!forms.trouble.empty())
    return {"forms", Health::warn, say(Text::forms_not_usable, forms.version, forms.trouble), ""};
  if (!forms.passed_over.empty())
    return {"forms", Health::warn, say(Text::doctor_forms_older, forms.version, forms.passed_over.front()),
            ""};
  return {
      "forms", Health::ok,
      forms.version == 0 ? say(Text::doctor_forms_own, count) : say(Text::doctor_forms, count, forms.version),
      ""};
}

void check_trust(const keys::Home& home, WallTime now, std::vector<Finding>& out) {
  const auto trust = keys::load_trust(home);
  if (!trust.ok()) {
    const std::string install =
        "noroshi-keys device install --home " + home.string() + " --bundle FILE --root-digest WORDS";
    // A home that is enrolled and cannot be read holds on to what is damaged: that goes first.
    const std::string aside = "mv " + (home / "trust").string() + " " + (home / "trust.damaged").string() +
                              " && rm -f " + (home / "root").string() + " && ";
    out.push_back(
        {"enrolment", Health::bad, trust.error().text, (keys::is_enrolled(home) ? aside : "") + install});
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
  out.push_back(forms_are_usable(held));
  if (now < held.not_before()) {
    out.push_back({"clock", Health::bad,
                   say(Text::clock_is_old, to_rfc3339(now), to_rfc3339(held.not_before())),
                   "sudo timedatectl set-time \"YYYY-MM-DD HH:MM:SS\""});
  } else {
    out.push_back({"clock", Health::ok, say(Text::doctor_clock, to_rfc3339(now)), ""});
  }
}

/// The desk does not open: for want of a passphrase, a certificate or room, or because its key is damaged.
std::string mend_of_desk(const keys::Home& home, const Error& error) {
  const auto file = keys::key_path(home, keys::Which::person);
  switch (error.code) {
    case Code::usage: return "noroshi doctor --passphrase-fd 3 3< FILE";
    case Code::unavailable: return "noroshi-keys device install --home " + home.string() + " --bundle FILE";
    case Code::bad_data: return mend_of_key(home, file, error);
    case Code::io:
    case Code::cannot_make: return kMakeRoom;
    default: return "";
  }
}

/// With the key open: the certificate, and whether reports can be sealed and read.
void check_desk(Context& context, WallTime now, std::vector<Finding>& out) {
  if (!keys::is_enrolled(context.home())) return;
  const auto desk = context.desk();
  if (!desk.ok()) {
    out.push_back({"desk", Health::bad, desk.error().text, mend_of_desk(context.home(), desk.error())});
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
         // A key has one certificate for life: a new home brings a new one.
         health == Health::ok ? "" : new_request(context.home().string() + ".new")});
  }
  std::string missing;
  for (const RecipientId id : desk::default_recipients((*desk)->author())) {
    if (trust.epoch_for(id, now) == nullptr)
      missing += (missing.empty() ? "" : ", ") + std::to_string(id.value);
  }
  out.push_back(missing.empty() ? Finding{"recipients", Health::ok, say(Text::doctor_recipients_ok), ""}
                                : Finding{"recipients", Health::bad,
                                          say(Text::doctor_recipients_bad, missing), "noroshi sync"});
  for (const RecipientId id : desk::default_recipients((*desk)->author())) {
    const OrgId org{id.value};
    const auto lacking = keys::homeless(trust, org);
    const keys::Organisation* listed = trust.organisation(org);
    // One home relay is enough to be delivered at.
    if (listed == nullptr || lacking.empty() || lacking.size() < listed->home_relays.size()) continue;
    out.push_back({"home_relay", Health::bad,
                   say(Text::doctor_homeless, to_string(lacking.front()), org_name(org, trust)),
                   fmt::format("noroshi-keys device certify --home ADMIN --request FILE --dev {}",
                               lacking.front().dev)});
  }
}

/// The service's home is started by its manager, any other one by hand.
std::string start_of_relay(const keys::Home& home, std::string_view verb) {
  if (home == "/var/lib/noroshi") return "sudo systemctl " + std::string(verb) + " noroshid";
  return "noroshid --home " + home.string() + " &";
}

/// The relay, and whether what it holds has somewhere to go.
void check_relay(Context& context, std::vector<Finding>& out) {
  auto relay = context.relay();
  if (!relay.ok()) {
    out.push_back({"relay", Health::bad, relay.error().text, start_of_relay(context.home(), "start")});
    return;
  }
  const auto info = desk::ask<proto::control::Info>(**relay, proto::control::InfoRequest{});
  const auto status = desk::ask<proto::control::Status>(**relay, proto::control::StatusRequest{});
  if (!info.ok() || !status.ok()) {
    const Error& error = info.ok() ? status.error() : info.error();
    out.push_back({"relay", Health::bad, error.text, start_of_relay(context.home(), "restart")});
    return;
  }
  out.push_back({"relay", Health::ok, say(Text::doctor_relay, info->program, to_string(info->node)), ""});
  if (status->unrouted == 0) {
    out.push_back({"route", Health::ok, say(Text::doctor_route_ok), ""});
    return;
  }
  const std::string config = (context.home() / "noroshid.toml").string();
  out.push_back({"route", Health::bad, say(Text::doctor_route_bad, status->unrouted),
                 status->links.empty() ? "noroshid --check-config --config " + config
                                       : "noroshi outbox; noroshid --check-config --config " + config});
}

Result<Done> doctor(Context& context) {
  TRY(const Now now, context.now());
  std::vector<Finding> findings{home_is_private(context.home()), key_is_there(context.home()),
                                locale_is_utf8(), disk_has_room(context.home())};
  check_trust(context.home(), now.wall, findings);
  check_desk(context, now.wall, findings);
  check_relay(context, findings);
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
