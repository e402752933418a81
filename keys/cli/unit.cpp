// unit add, import, list: the register of reporting units 台帳 of the admin's association.
#include <algorithm>

#include "keys/cli/context.hpp"
#include "keys/document.hpp"
#include "keys/enrol.hpp"
#include "keys/files.hpp"
#include "keys/object.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::keys::cli {
namespace {

constexpr std::size_t kCsvBytesMax = 4u * 1024 * 1024;

struct UnitOptions {
  std::uint32_t number = 0, parent = 0, households = 0;
  std::uint16_t interval = 0;
  std::string name, kana, municipalities, file;
  std::uint16_t org = 0;
};

std::vector<Unit> units_held(const Trust& trust, OrgId org) {
  std::vector<Unit> out;
  for (const Unit* unit : trust.units(org)) out.push_back(*unit);
  return out;
}

/// The next version of an owner's document of this type.
std::uint32_t next_version(const Trust& trust, ObjectType type, std::uint32_t owner) {
  std::uint32_t version = 0;
  for (const ObjectRef& ref : trust.inventory())
    if (ref.type == type && ref.owner == owner) version = std::max(version, ref.version);
  return version + 1;
}

/// The most that a report may say of its unit (F1 households_served): more is a slip of the finger.
constexpr std::uint32_t kHouseholdsMax = 500'000;

/// What the codec cannot know: whether a place exists, and whether it is in the organisation's prefecture (a
/// unit may serve beyond it, so that is only said).
Result<void> check_unit(const Unit& unit, const Organisation* organisation) {
  const auto bad = [&](const std::string& what, std::string_view ja, std::string_view en) {
    return Error{Code::usage, unit.name + ": " + what + said(ja, en)};
  };
  if (unit.name.empty()) return no(Code::usage, "報告単位の名称が空です", "the unit has no name");
  if (unit.households_served > kHouseholdsMax)
    return bad(std::to_string(unit.households_served), ": 供給戸数は 0〜500000 です",
               ": households are 0 to 500000");
  for (const std::string& text : unit.municipalities) {
    const auto code = forms::parse_municipality(text);
    const forms::Municipality* place = code ? forms::municipality(*code) : nullptr;
    if (place == nullptr)
      return bad(text, ": この市区町村コードはありません（JIS X 0402 の 5 桁、例 17204）",
                 ": there is no such municipality (JIS X 0402, five digits, like 17204)");
    if (organisation != nullptr && organisation->prefecture != 0 &&
        place->prefecture() != organisation->prefecture)
      Context::note(unit.name + ": " + text + " " + forms::place_name(*code, language() == Language::en) +
                    said(" は組織の都道府県の外です：よければそのままで構いません",
                         " is outside the organisation's prefecture: leave it so if it is meant"));
  }
  return {};
}

/// Replaces units of the same number, keeps the others, signs the register anew.
Result<void> publish(Context& context, std::vector<Unit> changed) {
  const Home home = context.home_path();
  TRY(const WallTime now, context.now());
  TRY(const AdminKeys admin, context.admin());
  TRY(TrustPtr trust, load_trust(home));
  const std::uint32_t base = admin.org.value * kUnitsPerAssociation;
  std::map<UnitId, Unit> all;
  for (Unit& unit : units_held(*trust, admin.org)) all[unit.id] = std::move(unit);
  for (Unit& unit : changed) {
    TRY_VOID(check_unit(unit, trust->organisation(admin.org)));
    unit.association = admin.org;
    unit.id.value = base + unit.id.value % kUnitsPerAssociation;
    if (unit.parent.value != 0) unit.parent.value = base + unit.parent.value % kUnitsPerAssociation;
    all[unit.id] = unit;
  }
  std::vector<Unit> units;
  for (auto& [id, unit] : all) units.push_back(std::move(unit));
  const Bytes content = encode_units(units);
  if (!decode_units(admin.org, content) || content.size() > kObjectBytesMax - 200)
    return Error{Code::usage,
                 said("台帳として成り立ちません：番号・親・市区町村コードを確かめてください",
                      "the register does not hold: check numbers, parents and municipality codes")};
  const Document document{admin.org, admin.org.value,
                          next_version(*trust, ObjectType::units, admin.org.value), now, content};
  TRY(const Bytes object, sign_as_admin(admin, *trust, ObjectType::units, encode_document(document)));
  TRY(trust, keep(home, trust, {object}));
  context.put({{"org", admin.org.value},
               {"version", document.version},
               {"units", units.size()},
               {"bytes", object.size()}},
              {said("台帳 第", "register version ") + std::to_string(document.version) + said("版: ", ": ") +
               std::to_string(units.size()) + said(" 件", " units")});
  return {};
}

Result<void> unit_add(Context& context, const UnitOptions& o) {
  Unit unit;
  unit.id = {o.number};
  unit.parent = {o.parent};
  unit.name = o.name;
  unit.kana = o.kana;
  unit.municipalities = split(o.municipalities, ',');
  unit.households_served = o.households;
  unit.expected_interval_h = o.interval;
  return publish(context, {unit});
}

/// number,parent,name,kana,municipalities (separated by spaces or /),households,interval; a first line of
/// names is skipped.
Result<Unit> unit_of_line(const std::string& line, std::size_t number) {
  std::vector<std::string> cells;
  std::string cell;
  for (const char c : line + ",") {
    if (c == ',')
      cells.push_back(std::exchange(cell, {}));
    else if (c != '\r')
      cell += c;
  }
  const auto bad = [&](const char* what) {
    return Error{Code::bad_data, said("", "line ") + std::to_string(number) + said(" 行目: ", ": ") + what};
  };
  if (cells.size() < 7) return bad("number,parent,name,kana,municipalities,households,interval");
  Unit unit;
  TRY(unit.id.value, number_of(cells[0], 0xFFFF'FFFF));
  TRY(unit.parent.value, number_of(cells[1].empty() ? "0" : cells[1], 0xFFFF'FFFF));
  unit.name = cells[2];
  unit.kana = cells[3];
  for (const std::string& code : split(cells[4], '/'))
    if (!code.empty()) unit.municipalities.push_back(code);
  TRY(unit.households_served, number_of(cells[5].empty() ? "0" : cells[5], 0xFFFF'FFFF));
  TRY(const std::uint32_t interval, number_of(cells[6].empty() ? "0" : cells[6], 0xFFFF));
  unit.expected_interval_h = static_cast<std::uint16_t>(interval);
  return unit;
}

Result<void> unit_import(Context& context, const UnitOptions& o) {
  TRY(const Bytes bytes, read_file(o.file, kCsvBytesMax));
  std::vector<Unit> units;
  std::size_t number = 0;
  std::string line;
  for (const char c : std::string(text_of(bytes)) + "\n") {
    if (c != '\n') {
      line += c;
      continue;
    }
    ++number;
    const std::string current = std::exchange(line, {});
    const bool names = number == 1 && !current.empty() && (current[0] < '0' || current[0] > '9');
    if (current.empty() || current == "\r" || names) continue;
    TRY(Unit unit, unit_of_line(current, number));
    units.push_back(std::move(unit));
  }
  return publish(context, std::move(units));
}

Result<void> unit_list(Context& context, const UnitOptions& o) {
  TRY(const TrustPtr trust, load_trust(context.home_path()));
  for (const OrgId org : trust->organisations()) {
    if (o.org != 0 && org.value != o.org) continue;
    for (const Unit* unit : trust->units(org))
      context.put({{"unit", unit->id.value},
                   {"parent", unit->parent.value},
                   {"name", unit->name},
                   {"kana", unit->kana},
                   {"municipalities", unit->municipalities},
                   {"households_served", unit->households_served},
                   {"expected_interval_h", unit->expected_interval_h}},
                  {std::to_string(unit->id.value) + "  " + unit->name + "  " +
                   std::to_string(unit->households_served) + said(" 戸", " households")});
  }
  return {};
}

}  // namespace

void add_unit_commands(CLI::App& app, Context& context) {
  CLI::App* unit = add_folder(app, "unit", "報告単位の台帳", "register of reporting units");
  const auto o = std::make_shared<UnitOptions>();
  CLI::App* add = add_command(*unit, context, "add", "報告単位を加える・改める", "add or change a unit",
                              [&context, o] { return unit_add(context, *o); });
  add_home_option(*add, context);
  add_passphrase_options(*add, context, false);
  add->add_option(
         "--number", o->number,
         said("番号（1〜99999、または組織×100000＋番号）", "number (1 to 99999, or org × 100000 + n)"))
      ->required();
  add->add_option("--name", o->name, said("名称", "name"))->required();
  add->add_option("--kana", o->kana, said("かな", "kana"));
  add->add_option("--parent", o->parent, said("親の番号", "number of the parent"));
  add->add_option(
      "--muni", o->municipalities,
      said("市区町村コード（JIS X 0402、コンマ区切り）", "municipalities (JIS X 0402, comma-separated)"));
  add->add_option("--households", o->households, said("供給戸数", "households served"));
  add->add_option("--interval", o->interval, said("報告の間隔（時間）", "hours between reports"));
  CLI::App* import =
      add_command(*unit, context, "import",
                  "CSV から取り込む（number,parent,name,kana,municipalities,households,interval）",
                  "import CSV (number,parent,name,kana,municipalities,households,interval)",
                  [&context, o] { return unit_import(context, *o); });
  add_home_option(*import, context);
  add_passphrase_options(*import, context, false);
  import->add_option("file", o->file, "CSV")->required();
  CLI::App* list = add_command(*unit, context, "list", "報告単位の一覧", "list units",
                               [&context, o] { return unit_list(context, *o); });
  add_home_option(*list, context);
  list->add_option("--org", o->org, said("組織番号", "organisation"));
}

}  // namespace noroshi::keys::cli
