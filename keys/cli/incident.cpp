// incident declare, close, list; exercise start, end.
#include <algorithm>

#include "keys/cli/context.hpp"
#include "keys/document.hpp"
#include "keys/enrol.hpp"
#include "keys/object.hpp"

namespace noroshi::keys::cli {
namespace {

struct IncidentOptions {
  std::uint32_t id = 0;
  std::string name, name_en, prefectures, start, end;
};

/// The document that holds an incident, as its bytes say.
std::optional<Document> document_of(const Trust& trust, IncidentId id) {
  const BytesView bytes = trust.object({ObjectType::incident, id.value, 0, {}});
  const auto parsed = parse_object(bytes);
  return parsed ? decode_document(parsed->body) : std::nullopt;
}

/// National incidents count from 1; an association's exercises from its number × 100,000 + 1.
IncidentId free_id(const Trust& trust, const Organisation& org) {
  std::uint32_t id = org.kind == OrgKind::national ? 1 : org.id.value * kUnitsPerAssociation + 1;
  while (trust.incident({id})) ++id;
  return {id};
}

Json facts_of(const Incident& i) {
  Json facts = {{"incident", i.id.value},       {"name", i.name},
                {"name_en", i.name_en},         {"exercise", i.exercise},
                {"start", to_rfc3339(i.start)}, {"prefectures", i.prefectures}};
  if (i.end) facts["end"] = to_rfc3339(*i.end);
  return facts;
}
std::string line_of(const Incident& i) {
  return std::to_string(i.id.value) + "  " + (i.exercise ? said("【訓練】", "[exercise] ") : "") +
         said(i.name, i.name_en.empty() ? i.name : i.name_en) + "  " + to_rfc3339(i.start) +
         (i.end ? " ～ " + to_rfc3339(*i.end) : "");
}

Result<void> publish(Context& context, const AdminKeys& admin, TrustPtr trust, const Incident& incident,
                     WallTime now, std::uint32_t version) {
  const Document document{admin.org, incident.id.value, version, now, encode_incident(incident)};
  TRY(const Bytes object, sign_as_admin(admin, *trust, ObjectType::incident, encode_document(document)));
  TRY(trust, keep(context.home_path(), trust, {object}));
  context.put(facts_of(incident), {line_of(incident)});
  return {};
}

Result<void> declare(Context& context, const IncidentOptions& o, bool exercise) {
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  const Organisation* own = trust->organisation(admin.org);
  if (!own)
    return Error{Code::unavailable, said("この組織は手元の名簿にありません",
                                         "this organisation is not in the roster held here")};
  Incident incident;
  incident.id = o.id ? IncidentId{o.id} : free_id(*trust, *own);
  incident.name = o.name;
  incident.name_en = o.name_en;
  incident.exercise = exercise;
  TRY(incident.start, Context::time(o.start, now));
  if (incident.start < WallTime{})  // what is signed counts from there
    return Error{Code::usage, said("開始時刻は 2024-01-01T00:00Z より前にできません: ",
                                   "an incident cannot begin before 2024-01-01T00:00Z: ") +
                                  o.start};
  incident.prefectures = split(o.prefectures, ',');
  if (trust->incident(incident.id))
    return Error{Code::usage, said("その番号は使われています", "that number is taken")};
  return publish(context, admin, trust, incident, now, 1);
}

Result<void> close(Context& context, const IncidentOptions& o) {
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  const Incident* held = trust->incident({o.id});
  const auto document = document_of(*trust, {o.id});
  if (!held || !document)
    return Error{Code::unavailable,
                 said("その番号の事案はありません", "there is no incident of that number")};
  Incident incident = *held;
  TRY(incident.end, Context::time(o.end, now));
  return publish(context, admin, trust, incident, now, document->version + 1);
}

Result<void> list(Context& context) {
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  for (const Incident* incident : trust->incidents()) context.put(facts_of(*incident), {line_of(*incident)});
  return {};
}

void add_declare_options(CLI::App& command, Context& context, IncidentOptions& o) {
  add_home_option(command, context);
  add_passphrase_options(command, context, false);
  command.add_option("--id", o.id, said("番号（既定: 空き番号）", "number (default: next free)"));
  command.add_option("--name", o.name, said("名称", "name"))->required();
  command.add_option("--name-en", o.name_en, said("英語名称", "name in English"));
  command.add_option("--pref", o.prefectures,
                     said("都道府県コード（コンマ区切り、無ければ全国）",
                          "prefectures (comma-separated; none = everywhere)"));
  command.add_option("--start", o.start, said("開始時刻", "start"));
}

void add_close_options(CLI::App& command, Context& context, IncidentOptions& o) {
  add_home_option(command, context);
  add_passphrase_options(command, context, false);
  command.add_option("--id", o.id, said("番号", "number"))->required();
  command.add_option("--end", o.end, said("終了時刻", "end"));
}

}  // namespace

void add_incident_commands(CLI::App& app, Context& context) {
  const auto o = std::make_shared<IncidentOptions>();
  CLI::App* incident = add_folder(app, "incident", "事案", "incidents");
  add_declare_options(*add_command(*incident, context, "declare", "事案を宣言する", "declare an incident",
                                   [&context, o] { return declare(context, *o, false); }),
                      context, *o);
  add_close_options(*add_command(*incident, context, "close", "事案を終える", "close an incident",
                                 [&context, o] { return close(context, *o); }),
                    context, *o);
  add_home_option(*add_command(*incident, context, "list", "事案と訓練の一覧", "list incidents and exercises",
                               [&context] { return list(context); }),
                  context);
  CLI::App* exercise = add_folder(app, "exercise", "訓練", "exercises");
  add_declare_options(*add_command(*exercise, context, "start", "訓練を始める", "start an exercise",
                                   [&context, o] { return declare(context, *o, true); }),
                      context, *o);
  add_close_options(*add_command(*exercise, context, "end", "訓練を終える", "end an exercise",
                                 [&context, o] { return close(context, *o); }),
                    context, *o);
}

}  // namespace noroshi::keys::cli
