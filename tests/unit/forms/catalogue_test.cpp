#include "proto/forms/catalogue.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;

namespace {

const Catalogue& built_in() {
  return Catalogue::built_in();
}

std::string load_error(const std::string& variant) {
  const auto loaded = Catalogue::load(test::catalogue_bytes(variant));
  return loaded ? "" : loaded.error().text;
}

}  // namespace

TEST_CASE("the built-in catalogue has the header and F1 to F11 with every field of the catalogue") {
  CHECK(built_in().header().fields.size() == 44);
  for (FieldNo number = 1; number <= 39; ++number) CHECK(built_in().header_field(number));
  // Columns of F8's rows carry the catalogue's numbers too.
  const auto has = [](const FormInfo& form, FieldNo number) {
    if (built_in().field(form, number)) return true;
    return std::any_of(form.fields.begin(), form.fields.end(), [&](const FieldInfo& field) {
      return std::any_of(field.columns.begin(), field.columns.end(),
                         [&](const FieldInfo& column) { return column.number == number; });
    });
  };
  struct Span {
    const char* form;
    FieldNo from, to;
  };
  const Span spans[] = {{"F1", 40, 71},   {"F2", 45, 56},    {"F2", 80, 114},  {"F3", 120, 142},
                        {"F4", 150, 167}, {"F5", 170, 184},  {"F6", 190, 195}, {"F6", 196, 198},
                        {"F6", 200, 214}, {"F6", 400, 408},  {"F7", 220, 236}, {"F8", 240, 254},
                        {"F9", 260, 274}, {"F10", 280, 295}, {"F11", 300, 312}};
  for (const Span& span : spans) {
    const FormInfo* form = built_in().form(span.form);
    REQUIRE(form);
    for (FieldNo number = span.from; number <= span.to; ++number) {
      INFO(span.form << " " << number);
      CHECK(has(*form, number));
    }
  }
}

TEST_CASE("a number means the same field in every form that has it") {
  std::map<FieldNo, std::string> keys;
  std::vector<const FormInfo*> forms{&built_in().header()};
  for (const FormInfo& form : built_in().forms()) forms.push_back(&form);
  for (const FormInfo* form : forms)
    for (const FieldInfo& field : form->fields) {
      INFO(form->code << "." << field.key << " " << field.number);
      CHECK(keys.emplace(field.number, field.key).first->second == field.key);
    }
}

TEST_CASE("every field and code says itself in Japanese, English and kana") {
  std::vector<const FormInfo*> forms{&built_in().header()};
  for (const FormInfo& form : built_in().forms()) forms.push_back(&form);
  for (const FormInfo* form : forms)
    for (const FieldInfo& field : form->fields) {
      INFO(form->code << "." << field.key);
      CHECK_FALSE(field.label.ja.empty());
      CHECK_FALSE(field.label.en.empty());
      CHECK_FALSE(field.label.kana.empty());
      if (field.kind == Kind::code || field.kind == Kind::code_set) CHECK(field.list);
      if (field.is_text() && field.said_by == SaidBy::body) CHECK(field.chars_max > 0);
    }
  for (const auto& [name, list] : built_in().lists())
    for (const CodeInfo& code : list.codes) {
      INFO(name << " " << code.name);
      CHECK_FALSE(code.label.ja.empty());
      CHECK_FALSE(code.label.en.empty());
    }
}

TEST_CASE("every rule has an id of its own and speaks both languages") {
  std::set<std::string> ids;
  for (const RuleInfo& rule : built_in().header().rules) CHECK(ids.insert(rule.id).second);
  for (const FormInfo& form : built_in().forms())
    for (const RuleInfo& rule : form.rules) {
      INFO(rule.id);
      CHECK(ids.insert(rule.id).second);
      CHECK_FALSE(rule.message.ja.empty());
      CHECK_FALSE(rule.message.en.empty());
    }
}

TEST_CASE("a field is found by key and by number, in the form and in the header") {
  const FormInfo& f1 = *built_in().form("F1");
  const FieldInfo* stopped = built_in().field(f1, "households_stopped");
  REQUIRE(stopped);
  CHECK(stopped->number == 46);
  CHECK(stopped == built_in().field(f1, FieldNo{46}));
  CHECK(stopped->kind == Kind::count);
  CHECK(stopped->unit.ja == "戸");
  CHECK(stopped->aggregation == Aggregation::sum);
  CHECK(stopped->required);
  CHECK(built_in().field(f1, "remarks")->number == 32);
  CHECK_FALSE(built_in().field(f1, "subject"));
  CHECK(built_in().field(f1, "deaths")->confidentiality == Confidentiality::restricted);
  CHECK(built_in().form(FormNo{1}) == &f1);
  CHECK(built_in().form(FormNo{1}, 9) == &f1);
  CHECK_FALSE(built_in().form("F12"));
}

TEST_CASE("the field numbers the program speaks of are those of the catalogue") {
  const FormInfo& f1 = *built_in().form("F1");
  const FormInfo& f9 = *built_in().form("F9");
  const std::pair<FieldNo, const char*> header[] = {{field::incident_id, "incident_id"},
                                                    {field::report_no, "report_no"},
                                                    {field::report_version_kind, "report_version_kind"},
                                                    {field::precedes, "precedes"},
                                                    {field::period_from, "period_from"},
                                                    {field::as_of, "as_of"},
                                                    {field::created_at, "created_at"},
                                                    {field::clock_quality, "clock_quality"},
                                                    {field::org_role, "org_role"},
                                                    {field::authorized_by, "authorized_by"},
                                                    {field::precedence, "precedence"},
                                                    {field::handling, "handling"},
                                                    {field::muni, "muni"},
                                                    {field::source_kind, "source_kind"},
                                                    {field::confidence, "confidence"},
                                                    {field::nil_report, "nil_report"},
                                                    {field::next_contact_at, "next_contact_at"},
                                                    {field::remarks, "remarks"},
                                                    {field::attachments, "attachments"},
                                                    {field::provisional, "provisional"},
                                                    {field::unit, "unit"},
                                                    {field::handler, "handler"},
                                                    {field::on_behalf_of, "on_behalf_of"},
                                                    {field::told_by, "told_by"},
                                                    {field::told_at, "told_at"},
                                                    {field::told_channel, "told_channel"},
                                                    {field::reason, "reason"},
                                                    {field::overrides, "overrides"},
                                                    {field::validation_state, "validation_state"},
                                                    {field::copy_of, "copy_of"}};
  for (const auto& [number, key] : header) CHECK(built_in().header_field(number)->key == key);
  const std::pair<FieldNo, const char*> flash[] = {{field::occurred_at, "occurred_at"},
                                                   {field::hazard_kind, "hazard_kind"},
                                                   {field::staff_safety, "staff_safety"},
                                                   {field::households_served, "households_served"},
                                                   {field::households_stopped, "households_stopped"},
                                                   {field::cyl_lost, "cyl_lost"},
                                                   {field::cyl_fallen, "cyl_fallen"},
                                                   {field::cyl_buried, "cyl_buried"},
                                                   {field::gas_leaks, "gas_leaks"},
                                                   {field::fires, "fires"},
                                                   {field::explosions, "explosions"},
                                                   {field::deaths, "deaths"},
                                                   {field::minor_inj, "minor_inj"},
                                                   {field::comms_working, "comms_working"},
                                                   {field::position, "position"},
                                                   {field::checked_scope, "checked_scope"},
                                                   {field::checked_households, "checked_households"},
                                                   {field::six_people, "six_people"},
                                                   {field::six_danger, "six_danger"},
                                                   {field::six_supply, "six_supply"},
                                                   {field::six_cylinders, "six_cylinders"},
                                                   {field::six_mobility, "six_mobility"},
                                                   {field::six_help, "six_help"}};
  for (const auto& [number, key] : flash) CHECK(built_in().field(f1, number)->key == key);
  const std::pair<FieldNo, const char*> talk[] = {{field::act_kind, "act_kind"},
                                                  {field::subject, "subject"},
                                                  {field::body, "body"},
                                                  {field::regarding, "regarding"},
                                                  {field::answer_due, "answer_due"},
                                                  {field::legal_basis, "legal_basis"},
                                                  {field::answer_text, "answer_text"},
                                                  {field::answer_values, "answer_values"},
                                                  {field::verdict, "verdict"},
                                                  {field::asked_form, "asked_form"},
                                                  {field::asked_area, "asked_area"},
                                                  {field::to_unit, "to_unit"}};
  for (const auto& [number, key] : talk) CHECK(built_in().field(f9, number)->key == key);
}

TEST_CASE("the codes the program speaks of are those of the lists") {
  const auto is = [](const char* list, auto code, const char* name) {
    const CodeInfo* info = built_in().list(list)->by_name(name);
    return info && info->number == static_cast<std::uint32_t>(code);
  };
  CHECK(is("REPORT_VERSION_KIND", ReportKind::initial, "initial"));
  CHECK(is("REPORT_VERSION_KIND", ReportKind::update, "update"));
  CHECK(is("REPORT_VERSION_KIND", ReportKind::correction, "correction"));
  CHECK(is("REPORT_VERSION_KIND", ReportKind::cancel, "cancel"));
  CHECK(is("REPORT_VERSION_KIND", ReportKind::final, "final"));
  CHECK(is("SOURCE_KIND", SourceKind::hearsay, "hearsay"));
  CHECK(is("SOURCE_KIND", SourceKind::rollup, "rollup"));
  CHECK(is("CONFIDENCE", Confidence::unknown, "unknown"));
  CHECK(is("CLOCK_QUALITY", ClockQuality::manual, "manual"));
  CHECK(is("TOLD_CHANNEL", ToldChannel::fax, "fax"));
  CHECK(is("TOLD_CHANNEL", ToldChannel::other, "other"));
  CHECK(is("ANSWER", forms::Answer::unknown, "unknown"));
  CHECK(is("POINT_METHOD", PointMethod::estimated, "estimated"));
  CHECK(is("ACT_KIND", ActKind::message, "message"));
  CHECK(is("ACT_KIND", ActKind::verification, "verification"));
  CHECK(is("VERDICT", Verdict::held, "held"));
  CHECK(built_in().list("INTENSITY")->by_name("!5-")->number == 11);
  CHECK(built_in().list("CHANNEL")->codes.size() == 15);
}

TEST_CASE("the slots that DESIGN.md draws are the slots of the catalogue") {
  std::ifstream file(std::string(NOROSHI_SOURCE_DIR) + "/proto/forms/DESIGN.md");
  const std::string design((std::istreambuf_iterator<char>(file)), {});
  std::vector<const FormInfo*> forms{&built_in().header()};
  for (const FormInfo& form : built_in().forms()) forms.push_back(&form);
  for (const FormInfo* form : forms)
    for (const auto* places : {&form->slots, &form->texts})
      for (const std::size_t place : *places) {
        const FieldInfo& field = form->fields[place];
        const std::string row = std::string("| ") + (field.is_text() ? "t" : "") +
                                std::to_string(field.slot) + " | " + std::to_string(field.number) + " " +
                                field.key + " | " + std::string(name_of(field.kind)) + " | " +
                                std::to_string(field.bits) + " |";
        INFO(row);
        CHECK(design.find(row) != std::string::npos);
      }
}

TEST_CASE("what is asked comes in the order of asking, the first page first") {
  const auto asked = built_in().asked(*built_in().form("F1"));
  REQUIRE(asked.size() > 30);
  CHECK(asked[0]->key == "six_people");
  CHECK(asked[5]->key == "six_help");
  CHECK(asked[6]->key == "checked_scope");
  for (std::size_t i = 0; i + 1 < asked.size(); ++i) CHECK(asked[i]->ask <= asked[i + 1]->ask);
}

TEST_CASE("a catalogue of next year is read by the program of this year") {
  const auto loaded = Catalogue::load(test::catalogue_bytes("next_year"));
  if (!loaded) FAIL(loaded.error().text);
  const FormInfo* f1 = loaded->form("F1");
  REQUIRE(f1);
  CHECK(f1->version == 2);
  CHECK(loaded->field(*f1, "meters_tripped")->label.ja == "遮断");
  CHECK(loaded->list("HAZARD")->by_name("heat")->number == 11);
}

TEST_CASE("a catalogue that does not hold together is refused by name") {
  CHECK(load_error("moved_slot").find("households_stopped: slot moved") != std::string::npos);
  CHECK(load_error("same_slot").find("slot 12 twice") != std::string::npos);
  CHECK(load_error("wrong_rule").find("houses_stopped") != std::string::npos);
  CHECK(load_error("wrong_code").find("offices") != std::string::npos);
  CHECK(load_error("no_header").find("no header") != std::string::npos);
  CHECK_FALSE(Catalogue::load(view_of("not a descriptor set")));
  CHECK_FALSE(Catalogue::load({}));
}

TEST_CASE("the built-in catalogue loads from its own bytes, as a signed one would") {
  const auto loaded = Catalogue::load(Catalogue::built_in_bytes());
  REQUIRE(loaded);
  CHECK(loaded->forms().size() == built_in().forms().size());
}
