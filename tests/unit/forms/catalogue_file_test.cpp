// Forms that come later than the program: files joined to the built-in catalogue, packed for the way.
#include "proto/forms/catalogue_file.hpp"

#include "tests/support/new_form.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;

namespace {

Joined joined(BytesView set) {
  auto out = join(set);
  if (!out.ok()) FAIL(out.error().text);
  return std::move(*out);
}
std::string places(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) out += finding.place + " ";
  return out;
}

}  // namespace

TEST_CASE("a file with one new form joins the program's own, which stay as they are") {
  const Joined now = joined(test::new_form_set());
  CHECK(now.passed_over.empty());
  CHECK(now.catalogue.forms().size() == Catalogue::built_in().forms().size() + 1);
  const FormInfo* f12 = now.catalogue.form("F12");
  REQUIRE(f12 != nullptr);
  CHECK(f12->number == 12);
  CHECK(now.catalogue.field(*f12, "households_dry")->label.ja == "断水戸数");
  CHECK(now.catalogue.list("WATER_STATE") != nullptr);
  CHECK(now.catalogue.field(*now.catalogue.form("F1"), "households_stopped") != nullptr);
  CHECK(lint(now, Catalogue::built_in()).empty());
}

TEST_CASE("a report of a form made as data is written, read, checked and shown like any other") {
  const Catalogue catalogue = joined(test::new_form_set()).catalogue;
  auto report =
      report_from_json_text(R"({"as_of":"2024-01-02T11:20:00+09:00","muni":"17204","water_state":"cut",
    "well":"町野の井戸2か所"})",
                            "F12", catalogue);
  REQUIRE(report.ok());
  const auto broken = validate(*report, catalogue, RuleContext{});
  CHECK(std::any_of(broken.begin(), broken.end(), [](const Problem& p) { return p.rule == "R1201"; }));
  REQUIRE(set_from_text(*report, "households_dry", "約345", catalogue).ok());
  const auto bytes = encode(*report, test::wajima(), catalogue);
  REQUIRE(bytes.ok());
  const auto read = decode(*bytes, test::wajima(), catalogue);
  REQUIRE(read.ok());
  CHECK(values_to_json(read->front(), catalogue).at("households_dry").at("value") == 345);
  CHECK(unknown_lines(read->front(), catalogue, Language::ja).empty());
}

TEST_CASE("a program without the form keeps every value of it, and reads them once the form has come") {
  const Catalogue catalogue = joined(test::new_form_set()).catalogue;
  auto report = report_from_json_text(
      R"({"muni":"17204","water_state":"partial","households_dry":12,"well":"町野"})", "F12", catalogue);
  REQUIRE(report.ok());
  const Bytes bytes = *encode(*report, test::wajima(), catalogue);
  const auto unread = decode(bytes, test::wajima());
  REQUIRE(unread.ok());
  CHECK(unread->front().form == 12);
  CHECK(unread->front().header().municipality == 17204);
  CHECK_FALSE(unread->front().unknown.empty());
  CHECK(unknown_lines(unread->front(), Catalogue::built_in(), Language::ja).front() ==
        "様式 F12 の定義がありません");
  CHECK(decode(bytes, test::wajima(), catalogue)->front().get<Count>(701)->value == 12);
}

TEST_CASE("a changed form of a higher version takes the place of the program's own") {
  const Joined now = joined(test::catalogue_bytes("next_year"));
  CHECK(now.catalogue.form("F1")->version == 2);
  CHECK(now.catalogue.forms().size() == Catalogue::built_in().forms().size());
  CHECK(now.passed_over.empty());
}

TEST_CASE("a file that is older than the program's is passed over by name, the rest of its set is not") {
  const Bytes old = test::catalogue_bytes("last_year"), sets[] = {old, test::new_form_set()};
  const Joined now = joined(*gather(sets));
  CHECK(now.passed_over == std::vector<std::string>{"proto/forms/code_lists.proto"});
  CHECK(now.catalogue.list("HAZARD")->by_name("volcanic") != nullptr);
  CHECK(now.catalogue.form("F12") != nullptr);
  CHECK(places(lint(now, Catalogue::built_in())) == "proto/forms/code_lists.proto ");
}

TEST_CASE("what would damage reports on their way is refused by name") {
  const auto trouble = [](const std::string& variant) {
    const auto now = join(test::catalogue_bytes(variant));
    return now.ok() ? std::string() : now.error().text;
  };
  CHECK(trouble("moved_slot").find("households_stopped") != std::string::npos);
  CHECK(trouble("field_gone").find("F1.power") != std::string::npos);
  CHECK(trouble("same_version").find("F1 ") != std::string::npos);
  CHECK(trouble("renamed_code").find("HAZARD.") != std::string::npos);
}

TEST_CASE("a form that k officers have signed does not go away with the next catalogue") {
  const Joined before = joined(test::new_form_set()), after = joined(Catalogue::built_in_bytes());
  CHECK(places(lint(after, before.catalogue)) == "F12 WATER_STATE ");
}

TEST_CASE("a set packs and unpacks to itself, and a new form is smaller than one satellite message") {
  const Bytes set = test::new_form_set();
  const auto packed = pack_catalogue(set);
  REQUIRE(packed.ok());
  CHECK(packed->size() < 700);
  CHECK(*unpack_catalogue(*packed) == set);
}

TEST_CASE("packed bytes that are cut, changed or followed by others do not unpack") {
  const Bytes packed = *pack_catalogue(test::new_form_set());
  for (std::size_t length = 0; length < packed.size(); ++length)
    CHECK_FALSE(unpack_catalogue(BytesView(packed).first(length)).ok());
  Bytes more = packed;
  more.push_back(0);
  CHECK_FALSE(unpack_catalogue(more).ok());
  Bytes changed = packed;
  changed[changed.size() / 2] ^= 0x10;
  CHECK_FALSE(unpack_catalogue(changed).ok());
}

TEST_CASE("a thousand bytes that unpack to a thousand times as many are refused") {
  const auto bomb = pack_catalogue(Bytes(kUnpackedCatalogueMax + 1, 0));
  REQUIRE(bomb.ok());
  CHECK(bomb->size() < 2000);
  CHECK_FALSE(unpack_catalogue(*bomb).ok());
}

TEST_CASE("a set that no object has room for is refused with both sizes") {
  Bytes noise(kPackedCatalogueMax + 100);
  std::uint32_t state = 1;
  for (std::uint8_t& byte : noise)
    byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  const auto packed = pack_catalogue(noise);
  REQUIRE_FALSE(packed.ok());
  CHECK(packed.error().text.find(std::to_string(kPackedCatalogueMax)) != std::string::npos);
}

TEST_CASE("two sets may share a file, but not two contents of it") {
  const Bytes set = test::new_form_set();
  const Bytes same[] = {set, set};
  CHECK(*gather(same) == set);
  const Bytes clash[] = {test::catalogue_bytes("next_year"), bytes_of(Catalogue::built_in_bytes())};
  CHECK_FALSE(gather(clash).ok());
}

TEST_CASE("bytes that are no set are refused") {
  CHECK_FALSE(join({}).ok());
  CHECK_FALSE(join(view_of("no set")).ok());
  CHECK_FALSE(unpack_catalogue({}).ok());
}
