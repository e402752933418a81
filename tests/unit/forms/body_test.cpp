#include "proto/forms/body.hpp"

#include <algorithm>

#include "tests/support/form_generator.hpp"
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::f1_of;
using test::wajima;

namespace {

Report round_trip(const Report& report, const BodyContext& context,
                  const Catalogue& catalogue = Catalogue::built_in()) {
  const auto bytes = encode(report, context, catalogue);
  if (!bytes) FAIL(bytes.error().text);
  auto decoded = decode(*bytes, context, catalogue);
  if (!decoded) FAIL(decoded.error().text);
  REQUIRE(decoded->size() == 1);
  return decoded->front();
}

const Catalogue& next_year() {
  static const Catalogue catalogue = Catalogue::load(test::catalogue_bytes("next_year")).value();
  return catalogue;
}

bool refused(const std::string& hex) {
  return !decode(*from_hex(hex), wajima()).ok();
}

}  // namespace

TEST_CASE("a first report of six answers has these bytes") {
  Report report = f1_of(
      R"({"incident_id":1,"report_no":1,"report_version_kind":"initial","as_of":"2024-01-02T11:20:00+09:00",
    "muni":"17204","six_people":"partly_unknown","six_danger":"unconfirmed","six_supply":"to_100","six_cylinders":"to_10",
    "six_mobility":"partly","six_help":"info","checked_scope":"office","hazard_kind":"earthquake"})");
  const Bytes bytes = *encode(report, wajima());
  CHECK(to_hex(bytes) == "0a0701010109b48601120920001b001499120808");
  Report expected = report;
  expected.put(field::unit, std::int64_t{1'700'001});
  expected.put(field::handler, std::int64_t{12});
  CHECK(decode(bytes, wajima())->front() == expected);
}

TEST_CASE("each of the eight states of a count travels, and zero is not unknown") {
  Report report = f1_of(R"({"households_stopped":0,"cyl_lost":{"value":12,"state":"approx"},
    "cyl_fallen":{"value":100,"state":"less_than"},"cyl_buried":{"value":1000,"state":"at_least"},"gas_leaks":"?",
    "fires":{"state":"not_applicable"},"explosions":{"state":"magnitude","value":3}})");
  const Report back = round_trip(report, wajima());
  CHECK(*back.get<Count>(field::households_stopped) == Count{0, CountState::exact});
  CHECK(*back.get<Count>(field::cyl_lost) == Count{12, CountState::approx});
  CHECK(*back.get<Count>(field::cyl_fallen) == Count{100, CountState::less_than});
  CHECK(*back.get<Count>(field::cyl_buried) == Count{1000, CountState::at_least});
  CHECK(*back.get<Count>(field::gas_leaks) == Count{0, CountState::unconfirmed});
  CHECK(*back.get<Count>(field::fires) == Count{0, CountState::not_applicable});
  CHECK(*back.get<Count>(field::explosions) == Count{3, CountState::magnitude});
  CHECK_FALSE(back.find(field::deaths));
}

TEST_CASE(
    "what the envelope and the certificate say is not said again, and stands in the report after reading") {
  BodyContext context = wajima();
  const Report report = f1_of(R"({"muni":"17204","unit":1700001,"handler":12,"households_stopped":1})");
  const std::size_t said = encode(report, context)->size();
  context.municipality = 17204;
  CHECK(encode(report, context)->size() == said - 3);
  CHECK(round_trip(report, context) == report);
  context.default_unit = {1'700'002};
  context.default_handler.reset();
  CHECK(encode(report, context)->size() > said);  // another unit and its place are said
  CHECK(round_trip(report, context) == report);
}

TEST_CASE("a proxy report says its own municipality, whatever the typist's unit has") {
  BodyContext context = wajima();
  context.municipality = 17204;
  const Report report =
      f1_of(R"({"muni":"17204","unit":1700001,"handler":12,"on_behalf_of":1700044,"told_by":"山田",
    "told_at":"2024-01-02T11:00:00+09:00","told_channel":"phone","households_stopped":1})");
  CHECK(round_trip(report, context) == report);
  Report silent = report;
  silent.clear(field::muni);
  CHECK_FALSE(round_trip(silent, context).find(field::muni));
}

TEST_CASE("parents of the same key cost one or two bytes, others carry their key") {
  Report report = f1_of(R"({"households_stopped":1,"unit":1700001,"handler":12})");
  const std::size_t without = encode(report, wajima())->size();
  report.put(field::precedes, References{{{{{17}, 3}, 1}, 12, 0}});
  CHECK(encode(report, wajima())->size() <= without + 2);
  CHECK(round_trip(report, wajima()) == report);
  report.put(field::precedes,
             References{{{{{17}, 3}, 1}, 1200, 2}, {{{{17}, 3}, 2}, 12, 0}, {{{{2}, 9}, 1}, 7, 255}});
  CHECK(round_trip(report, wajima()) == report);
}

TEST_CASE("a body carries several reports, in order") {
  const std::vector<Report> reports{
      f1_of(R"({"muni":"17204","unit":1700001,"handler":12,"cyl_lost":1})"),
      f1_of(R"({"muni":"17205","unit":1700001,"handler":12,"cyl_lost":"?"})"),
      test::f9_of(R"({"act_kind":"message","body":"道路復旧","unit":1700001,"handler":12})")};
  const auto bytes = encode(reports, wajima());
  REQUIRE(bytes);
  CHECK(*decode(*bytes, wajima()) == reports);
}

TEST_CASE("times count in minutes from the envelope, into the past and the future") {
  Report report = f1_of(R"({"unit":1700001,"handler":12,"as_of":"2024-01-02T11:26:00+09:00",
    "occurred_at":"2024-01-01T16:10:00+09:00","next_contact_at":"2025-06-01T00:00:00+09:00","retention_until":"2031-03-31"})");
  CHECK(round_trip(report, wajima()) == report);
  report.put(field::as_of, *parse_time("2199-01-01T00:00:00Z"));
  const auto bytes = encode(report, wajima());
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().text.find("as_of") != std::string::npos);
}

TEST_CASE("encode names the field that cannot travel") {
  Report report = f1_of(R"({"households_stopped":1})");
  report.put(field::remarks, std::string("a\x07"));
  CHECK(encode(report, wajima()).error().text.find("remarks") != std::string::npos);
  report.clear(field::remarks);
  report.put(field::households_stopped, Count{10'000'000, CountState::exact});
  CHECK(encode(report, wajima()).error().text.find("households_stopped") != std::string::npos);
  report.put(field::households_stopped, std::string("many"));
  CHECK(encode(report, wajima()).error().text.find("households_stopped") != std::string::npos);
  report.clear(field::households_stopped);
  report.put(field::subject, std::string("F9's"));
  CHECK(encode(report, wajima()).error().text.find("261") != std::string::npos);
  report.clear(field::subject);
  report.put(field::created_at, wajima().created);
  CHECK(encode(report, wajima()).error().text.find("created_at") != std::string::npos);
  CHECK_FALSE(encode(std::vector<Report>{}, wajima()));
}

TEST_CASE("a body longer than an envelope is refused at writing") {
  Report report = f1_of(R"({"households_stopped":1})");
  std::vector<Report> reports(200, report);
  for (Report& one : reports)
    one.put(field::remarks, test::FormGenerator(3).japanese(400, test::Letters::kanji));
  CHECK_FALSE(encode(reports, wajima()));
}

TEST_CASE("the decoder refuses what encode would not write") {
  CHECK(refused(""));                                            // no form word
  CHECK(refused("0a00"));                                        //
  CHECK(refused("0a0101120100"));                                // bits end in zeros
  CHECK(refused("0a020105"));                                    // a number that no slot takes
  CHECK(refused("0a01011210ffffffffffffffffffffffffffffffff"));  // numbers are missing
  CHECK(refused("0a01011a020681"));                              // text slot 1, jis, cut in the symbol
  CHECK(refused("0a01011a0105"));                                // an empty text
  CHECK(refused("0a01011a0304410a1a03044142"));    // a control character? LF is fine, but slot 1 comes twice
  CHECK(refused("0a01017a030a0101ff"));            // cut
  CHECK(refused("0a01017a097a070a01017a020a00"));  // reports inside a further report
  CHECK(refused("0a010122021001"));                // an extra without a field
}

TEST_CASE("a report of next year's form is read as far as this year goes, kept whole and sent on unchanged") {
  Report report = new_report(*next_year().form("F1"));
  REQUIRE(report.version == 2);
  report.put(field::unit, std::int64_t{1'700'001});
  report.put(field::handler, std::int64_t{12});
  report.put(field::households_stopped, Count{345, CountState::approx});
  report.put(field::hazard_kind, CodeValue{11});
  report.put(115, Count{77, CountState::at_least});
  report.put(116, std::string("遮断多数"));
  report.put(117, Decimal{1255});
  report.put(field::remarks, std::string("門前町"));
  Row row;
  row.cells = {{1, std::string("R110")}, {2, std::string("確認済")}, {3, std::string("山田")}};
  report.put(field::overrides, Group{{row}});
  CHECK(round_trip(report, wajima(), next_year()) == report);

  const Bytes bytes = *encode(report, wajima(), next_year());
  const auto here = decode(bytes, wajima());
  if (!here) FAIL(here.error().text);
  CHECK(*here->front().get<Count>(field::households_stopped) == Count{345, CountState::approx});
  CHECK(*here->front().get<std::string>(field::remarks) == "門前町");
  CHECK(here->front().code(field::hazard_kind) == 11);
  CHECK_FALSE(here->front().unknown.empty());
  const auto lines = unknown_lines(here->front(), Catalogue::built_in(), Language::ja);
  const auto says = [&](const std::string& what) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return line.find(what) != std::string::npos; });
  };
  CHECK(says("第2版"));
  CHECK(says("77"));
  CHECK(says("遮断多数"));
  CHECK(says("117"));
  CHECK(*encode(*here, wajima()) == bytes);
}

TEST_CASE("a report of this year's form is read by next year's program") {
  test::FormGenerator generator(5);
  const BodyContext context = generator.context();
  const Report report = generator.full_f1(context);
  CHECK(decode(*encode(report, context), context, next_year())->front() == report);
}

TEST_CASE("a form that the catalogue lacks still shows its header") {
  // Form 12, version 1: the form word says 12; its slots are unknown.
  Report report = f1_of(
      R"({"muni":"17204","unit":1700001,"handler":12,"report_no":3,"remarks":"不明様式","cyl_lost":5})");
  Bytes bytes = *encode(report, wajima());
  REQUIRE(bytes[2] == 0x01);
  bytes[2] = 0x0c;
  const auto decoded = decode(bytes, wajima());
  if (!decoded) FAIL(decoded.error().text);
  CHECK(decoded->front().form == 12);
  CHECK(decoded->front().header().municipality == 17204u);
  CHECK(decoded->front().header().remarks == "不明様式");
  CHECK(*encode(*decoded, wajima()) == bytes);
}

TEST_CASE("forms beyond fifteen take one number more") {
  Report report;
  report.form = 16;
  report.put(field::report_no, std::int64_t{3});
  report.put(field::unit, std::int64_t{1'700'001});
  report.put(field::handler, std::int64_t{12});
  CHECK(round_trip(report, wajima()) == report);
}

TEST_CASE("the sizes of the parts add up, and leaving a field out saves what is promised") {
  test::FormGenerator generator(9);
  const BodyContext context = generator.context();
  const Report report = generator.full_f1(context);
  const auto sizes = body_sizes({report}, context);
  REQUIRE(sizes);
  CHECK(sizes->total() == encode(report, context)->size());
  CHECK(sizes->state_bits == 36);
  CHECK(sizes->code_bits == 64);
  const auto offers = savings(report, context);
  REQUIRE(offers.size() > 5);
  CHECK(offers.front().field == field::remarks);  // the most dispensable first
  for (const Saving& offer : offers) {
    CHECK(offer.field != field::households_stopped);
    Report rest = report;
    rest.clear(offer.field);
    CHECK(encode(rest, context)->size() + offer.bytes == encode(report, context)->size());
  }
}

TEST_CASE("the header is a view of the fields and writes them back") {
  test::FormGenerator generator(21);
  const BodyContext context = generator.context();
  Report report = generator.full_f1(context);
  Header header = report.header();
  header.kind = ReportKind::correction;
  header.parents = {{{{{17}, 3}, 1}, 41, 0}};
  header.reason = "二重計上";
  header.on_behalf_of = UnitId{1'700'044};
  header.told_by = "山田";
  header.told_at = context.created - minutes(3);
  header.told_at->s -= ((header.told_at->s % 60) + 60) % 60;
  header.told_channel = ToldChannel::fax;
  header.provisional = false;
  header.incomplete = true;
  header.overrides = {{"R110", "現地で確認"}};
  header.copy_of = ReportId{{{{17}, 3}, 1}, 40, 0};
  report.set_header(header);
  CHECK(report.header() == header);
  CHECK(report.header().speaks_for() == UnitId{1'700'044});
  CHECK(round_trip(report, context).header() == header);
}
