// The catalogue as a document, its lint, and search by reading.
#include "proto/forms/annex.hpp"

#include "proto/forms/lint.hpp"
#include "proto/forms/places.hpp"
#include "proto/forms/search.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;

namespace {

std::string differences_to(const std::string& variant) {
  const Catalogue newer = Catalogue::load(test::catalogue_bytes(variant)).value();
  std::string out;
  for (const Difference& one : differences(Catalogue::built_in(), newer)) {
    out += std::string(name_of(one.change)) + " " + one.place;
    for (const std::string& what : one.what) out += " " + what;
    out += "\n";
  }
  return out;
}

std::string first_place(std::string_view typed) {
  const auto found = find_municipalities(typed);
  return found.empty() ? "" : found.front()->name;
}

std::string first_code(const char* list_name, std::string_view typed) {
  const CodeList& list = *Catalogue::built_in().list(list_name);
  const auto found = index_of(list).find(typed);
  return found.empty() ? "" : list.codes[found.front()].name;
}

}  // namespace

TEST_CASE("the built-in catalogue is fit to be signed") {
  for (const Finding& finding : lint(Catalogue::built_in()))
    FAIL_CHECK(finding.place << ": " << finding.text_en);
}

TEST_CASE("lint names what a form of next year lacks") {
  const Catalogue newer = Catalogue::load(test::catalogue_bytes("next_year")).value();
  std::string said;
  for (const Finding& finding : lint(newer)) said += finding.place + ": " + finding.text_en + "\n";
  CHECK(said.find("F1.meters_tripped: has no reading\n") != std::string::npos);
  CHECK(said.find("F1.meters_tripped: is a count without aggregation\n") != std::string::npos);
  CHECK(said.find("F1.casualties: is told to more people than deaths, which it is made of\n") !=
        std::string::npos);
  CHECK(said.find("F0.overrides.by: has no reading\n") != std::string::npos);
  CHECK(said.find("HAZARD.heat: has no reading\n") != std::string::npos);
}

TEST_CASE("what changed from this year to the next") {
  CHECK(differences_to("next_year") ==
        "changed F0.overrides columns\n"
        "changed F1 version\n"
        "added F1.meters_tripped\n"
        "added F1.note\n"
        "added F1.rain_mm\n"
        "added F1.casualties\n"
        "added HAZARD.heat\n"
        "added ORG_ROLE.heat\n");
  CHECK(differences_to("more_rules") == "added F1 T1\nadded F1 T2\nadded F1 T3\n");
  CHECK(differences(Catalogue::built_in(), Catalogue::built_in()).empty());
}

TEST_CASE("the annex has every form, field, rule and code in both languages") {
  const Catalogue& catalogue = Catalogue::built_in();
  for (const Language language : {Language::ja, Language::en}) {
    const std::string annex = annex_markdown(catalogue, nullptr, language);
    const std::string table = annex_csv(catalogue, nullptr, language);
    for (const FormInfo& form : catalogue.forms()) {
      CHECK(annex.find("## " + form.code + " " + form.label.in(language)) != std::string::npos);
      for (const FieldInfo& field : form.fields) {
        INFO(form.code << "." << field.key);
        CHECK(annex.find("| " + std::to_string(field.number) + " | " + field.label.in(language)) !=
              std::string::npos);
        CHECK(table.find("\"" + form.code + "\",\"1\",\"" + std::to_string(field.number) + "\",\"" +
                         field.key) != std::string::npos);
      }
      for (const RuleInfo& rule : form.rules) CHECK(annex.find("| " + rule.id + " |") != std::string::npos);
    }
    for (const auto& [name, list] : catalogue.lists())
      CHECK(annex.find("### " + name + "\n") != std::string::npos);
  }
}

TEST_CASE("one form alone comes with its own lists only") {
  const Catalogue& catalogue = Catalogue::built_in();
  const std::string annex = annex_markdown(catalogue, catalogue.form("F7"), Language::en);
  CHECK(annex.find("### OP_STATUS\n") != std::string::npos);
  CHECK(annex.find("### HAZARD\n") == std::string::npos);
  CHECK(annex.find("## F6") == std::string::npos);
}

TEST_CASE("a municipality is found by reading, by a later word, and by how a stranger reads it") {
  CHECK(first_place("わじ") == "輪島市");
  CHECK(first_place("りん") == "輪島市");
  CHECK(first_place("リン") == "輪島市");
  CHECK(first_place("輪") == "輪島市");
  CHECK(first_place("すず") == "珠洲市");
  CHECK(first_place("すずし") == "珠洲市");
  CHECK(first_place("たます") == "珠洲市");
  CHECK(first_place("17204") == "輪島市");
  CHECK(first_place("172040").empty());
  // What begins with the word stands before what only has it.
  const auto ward = find_municipalities("ちゅうおう", 1);
  REQUIRE_FALSE(ward.empty());
  CHECK(ward.front()->name == "札幌市 中央区");
}

TEST_CASE("a code is found by its reading, its label in either language and its name") {
  CHECK(first_code("ITEM", "ちょうせい") == "regulator");
  CHECK(first_code("ITEM", "えいせい") == "satellite_phone");
  CHECK(first_code("ITEM", "satellite") == "satellite_phone");
  CHECK(first_code("ITEM", "発電") == "generator");
  CHECK(first_code("HAZARD", "じし") == "earthquake");
  CHECK(first_code("HAZARD", "ぬるぽ").empty());
  CHECK(index_of(*Catalogue::built_in().list("HAZARD")).find("").size() == 10);
}

TEST_CASE("phrases of a form stand before those of the header, and every template reads") {
  const Catalogue& catalogue = Catalogue::built_in();
  const FormInfo& f2 = *catalogue.form("F2");
  const auto phrases = catalogue.phrases(f2, "reason");
  REQUIRE(phrases.size() > 2);
  CHECK(phrases.front()->text.ja == "二重計上を除いた。");
  CHECK(phrases.back()->text.ja == "市区町村を取り違えていた。");
  for (const FormInfo& form : catalogue.forms())
    for (const Template& one : form.templates) {
      INFO(form.code << " " << one.label.ja);
      Report report = new_report(form);
      for (const auto& [key, value] : one.set) CHECK(set_from_text(report, key, value));
    }
}
