#include "proto/forms/spoken.hpp"

#include <algorithm>

#include "proto/forms/check_number.hpp"
#include "proto/forms/spelling.hpp"
#include "tests/unit/forms/readers.hpp"

namespace noroshi::forms {
namespace {

using test::f1_of;
using test::f9_of;

Script read_aloud(const Report& report, Language language = Language::ja) {
  return script(report, Catalogue::built_in(), language);
}
/// Everything that is said of a field, a line each.
std::string said_of(const Script& script, FieldNo field) {
  std::string out;
  for (const SpokenLine& line : script.lines)
    if (line.field == field) out += (out.empty() ? "" : " / ") + line.said;
  return out;
}
std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " ") + part;
  return out;
}

constexpr const char* kWajima = R"({"unit":1700001,"muni":"17204","as_of":"2024-01-02T13:05:00+09:00",
  "report_version_kind":"initial","households_stopped":"約345","cyl_lost":"12","cyl_fallen":"100未満",
  "cyl_buried":"?","gas_leaks":"0","deaths":"-","minor_inj":"*2","hazard_kind":"earthquake","max_intensity":"6+",
  "comms_working":["fixed_line","sat_phone","mca","none"]})";

TEST_CASE("a report is read in the order of asking, header first, digits one by one") {
  const Script said = read_aloud(f1_of(kWajima));
  REQUIRE(said.lines.size() > 10);
  CHECK(said.lines[0].said == "F いち 被害速報");
  CHECK(said.lines[1].said == "いち なな まる まる まる まる いち");
  CHECK(said.lines[2].said == "石川県輪島市 わじまし");
  CHECK(said.lines[3].said == "いち なな に まる よん");
  CHECK(said.lines[4].said == "に まる に よん 年 いち 月 に 日 いち さん 時 まる ご 分");
  CHECK(said.lines[5].said == "初報");
  const Catalogue& catalogue = Catalogue::built_in();
  std::uint32_t last = 0;
  for (std::size_t i = 6; i < said.lines.size(); ++i) {
    const std::uint32_t ask = catalogue.field(*catalogue.form("F1"), said.lines[i].field)->ask;
    CHECK(ask >= last);
    last = ask;
  }
}

TEST_CASE("a qualifier is said before its number, and a unit behind it") {
  const Script ja = read_aloud(f1_of(kWajima));
  CHECK(said_of(ja, field::households_stopped) == "約 さん よん ご 戸");
  CHECK(said_of(ja, field::cyl_lost) == "いち に 本");
  CHECK(said_of(ja, field::cyl_fallen) == "未満 いち まる まる 本");
  CHECK(said_of(ja, field::cyl_buried) == "未確認");
  CHECK(said_of(ja, field::gas_leaks) == "まる 件");
  CHECK(said_of(ja, field::deaths) == "該当なし");
  CHECK(said_of(ja, field::minor_inj) == "規模 いち まる から いち まる まる 人");
  const Script en = read_aloud(f1_of(kWajima), Language::en);
  CHECK(said_of(en, field::households_stopped) == "about three four five households");
  CHECK(said_of(en, field::cyl_fallen) == "under one zero zero cylinders");
  CHECK(said_of(en, field::as_of) == "two zero two four month one day two hour one three minute zero five");
}

TEST_CASE("four and seven are never said as し or しち") {
  for (const char digit : std::string_view("0123456789")) {
    CHECK(digit_name(digit, Language::ja) != "し");
    CHECK(digit_name(digit, Language::ja) != "しち");
    CHECK(digit_name(digit, Language::ja) != "く");
  }
  CHECK(say_digits("１２.5本、3,400戸", Language::ja) == "いち に てん ご 本、 さん よん まる まる 戸");
}

TEST_CASE("kana is spelled by the table of the radio regulations, letters by the ITU alphabet") {
  CHECK(joined(spelled("わじま", Language::ja)) == "わらびのワ 新聞のシに濁点 マッチのマ");
  CHECK(joined(spelled("ッパー", Language::ja)) == "小さいつるかめのツ はがきのハに半濁点 長音");
  CHECK(joined(spelled("LP-7", Language::ja)) == "リマ パパ ハイフン なな");
  CHECK(joined(spelled("LP7", Language::en)) == "Lima Papa seven");
  for (char32_t c = 0x3041; c <= 0x3096; ++c) {
    std::string kana{static_cast<char>(0xE3), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
                     static_cast<char>(0x80 | (c & 0x3F))};
    INFO(kana);
    CHECK(joined(spelled(kana, Language::ja)).find("の") != std::string::npos);
  }
}

TEST_CASE("a name of kana is read and spelled, a sentence is only read") {
  Report report = f1_of(kWajima);
  report.put(field::remarks, std::string("のとホーム"));
  CHECK(said_of(read_aloud(report), field::remarks) ==
        "のとホーム / 野原のノ、東京のト、保険のホ、長音、無線のム");
  report.put(field::remarks, std::string("門前町道下で容器12本が流れた。道路は不通、迂回路を確認している"));
  const std::string said = said_of(read_aloud(report), field::remarks);
  CHECK(said.find("いち に 本が") != std::string::npos);
  CHECK(said.find(" / ") != std::string::npos);
  CHECK(said.find("無線のム") == std::string::npos);
}

TEST_CASE("no line is too long to be said and repeated") {
  Report report = f1_of(kWajima);
  report.put(field::remarks, std::string(400, '7'));
  report.put(field::comms_working, CodeSet{(1u << 12) - 1});
  report.put(field::position, Point{3'728'610, 13'673'450, 10, PointMethod::gnss});
  for (const SpokenLine& line : read_aloud(report).lines) {
    INFO(line.said);
    CHECK(static_cast<std::size_t>(std::count(line.said.begin(), line.said.end(), ' ')) <= kSpokenChars);
    CHECK(line.said.size() <= 6 * 3 * kSpokenChars);
  }
}

/// Computed by another program from the texts of DESIGN.md, "Spoken".
TEST_CASE("known answers of the check number") {
  // 2=F1;35=0001700001;27=0000017204;11=2024-01-02T13:05;8=1;41=1;42=9;46=~0000345;47=0000012;48=<0000100;
  // 49=?;50=0000000;53=-;56=*0000002;60=1 6 9 15 ;
  CHECK(read_aloud(f1_of(kWajima)).check == 0x26284D);

  // 2=F1;35=0001700001;27=0000017204;11=2024-01-02T13:05;8=1;66=1;67=9;68=3;69=2;70=2;71=4;64=1;
  Report six = f1_of(
      R"({"unit":1700001,"muni":"17204","as_of":"2024-01-02T13:05:00+09:00","report_version_kind":"update"})");
  apply_six(six, *parse_six("1-9-3-2-2-4"), CheckedScope::office);
  CHECK(read_aloud(six).check == 0x15622D);
  CHECK(six_check(*parse_six("1-9-3-2-2-4")) == 0x120659);

  // 2=F9;35=0001700001;11=2024-01-02T21:00;8=1;260=7;261=;262=3452100;
  CHECK(read_aloud(f9_of(R"({"on_behalf_of":1700001,"as_of":"2024-01-02T21:00:00+09:00","act_kind":"message",
    "subject":"供給停止","body":"停止345戸。次は２１:00"})"))
            .check == 0x0DEA31);
}

TEST_CASE("who types the same values by another telephone gets the same checks") {
  const Report caller = f1_of(kWajima);
  Report typed = caller;
  Header header = typed.header();
  header.unit.reset();
  header.on_behalf_of = UnitId{1'700'001};
  header.told_by = "店主";
  header.told_at = *parse_time("2024-01-02T13:30:00+09:00");
  header.told_channel = ToldChannel::phone;
  header.source = SourceKind::telephone;
  header.report_no = 7;
  header.incident = {2024001};
  header.handler = HandlerId{12};
  header.clock = ClockQuality::manual;
  header.incomplete = true;
  typed.set_header(header);
  for (const Language language : {Language::ja, Language::en}) {
    const Script theirs = read_aloud(caller, Language::ja), ours = read_aloud(typed, language);
    CHECK(ours.check == theirs.check);
    REQUIRE(ours.sections.size() == theirs.sections.size());
    for (std::size_t i = 0; i < ours.sections.size(); ++i)
      CHECK(ours.sections[i].check == theirs.sections[i].check);
  }
}

TEST_CASE("a follow-up taken down where the first report is not known has the same checks") {
  Report caller = f1_of(kWajima);
  caller.put(field::report_version_kind, CodeValue{static_cast<std::uint32_t>(ReportKind::update)});
  CHECK(said_of(read_aloud(caller), field::report_version_kind) == "続報");
  CHECK(read_aloud(caller).check == read_aloud(f1_of(kWajima)).check);
  caller.put(field::report_version_kind, CodeValue{static_cast<std::uint32_t>(ReportKind::cancel)});
  CHECK(read_aloud(caller).check != read_aloud(f1_of(kWajima)).check);
}

TEST_CASE("of a text its digits are checked, not how it is written") {
  Report caller = f1_of(kWajima), typed = caller;
  caller.put(field::remarks, std::string("門前町道下 容器12本"));
  typed.put(field::remarks, std::string("もんぜんまち とうげ、ようき１２ほん"));
  CHECK(read_aloud(caller).check == read_aloud(typed).check);
  typed.put(field::remarks, std::string("もんぜんまち ようき13ほん"));
  CHECK(read_aloud(caller).check != read_aloud(typed).check);
  typed.clear(field::remarks);
  CHECK(read_aloud(caller).check != read_aloud(typed).check);
}

TEST_CASE("a wrong value and a left-out line show in their own section and in no other") {
  const Report caller = f1_of(kWajima);
  const Script theirs = read_aloud(caller);
  Report wrong = caller;
  wrong.put(field::gas_leaks, Count{1, CountState::exact});
  Report missed = caller;
  missed.clear(field::comms_working);
  for (const auto& [typed, field] : {std::pair{wrong, field::gas_leaks}, {missed, field::comms_working}}) {
    const Script ours = read_aloud(typed);
    REQUIRE(ours.sections.size() == theirs.sections.size());
    const auto line = std::find_if(theirs.lines.begin(), theirs.lines.end(),
                                   [&](const SpokenLine& one) { return one.field == field; });
    for (std::size_t i = 0; i < ours.sections.size(); ++i) {
      INFO(i);
      CHECK((ours.sections[i].check != theirs.sections[i].check) == (i == line->section));
    }
  }
}

TEST_CASE("the six answers are read as six keys with their meanings") {
  const Script said = script(*parse_six("1-9-3-2-2-4"), Catalogue::built_in(), Language::ja);
  REQUIRE(said.lines.size() == 6);
  CHECK(said.lines[0].said == "いち 全員無事");
  CHECK(said.lines[1].said == "きゅう 未確認");
  CHECK(said.lines[2].said == "さん ひゃっこまで");
  CHECK(said.check == six_check(*parse_six("1-9-3-2-2-4")));
  CHECK(script(*parse_six("1-9-3-2-2-4"), Catalogue::built_in(), Language::en).lines[2].said ==
        "three up to one zero zero");
}

TEST_CASE("a report of a form that is not known is still named") {
  Report report;
  report.form = 99;
  const Script said = read_aloud(report);
  CHECK(said.lines.front().said == "F きゅう きゅう");
  CHECK(said.sections.size() == 1);
}

TEST_CASE("one or two wrong characters anywhere, and any two exchanged, change the check number") {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>('0' + i * 7 % 10);
  const std::uint32_t right = check_number(text);
  CHECK(right < 1u << kCheckBits);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (std::size_t j = i; j < text.size(); ++j) {
      std::string other = text;
      other[i] = static_cast<char>('0' + (other[i] - '0' + 3) % 10);
      if (j != i) other[j] = static_cast<char>('0' + (other[j] - '0' + 5) % 10);
      if (check_number(other) == right) FAIL("characters " << i << " and " << j);
      std::string swapped = text;
      std::swap(swapped[i], swapped[j]);
      if (text[i] != text[j] && check_number(swapped) == right) FAIL("exchange of " << i << " and " << j);
    }
  }
}

TEST_CASE("one wrong digit, or two neighbours exchanged, changes the short check") {
  const std::string text = "46=345;47=12;48=<100;";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') continue;
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string other = text;
      other[i] = digit;
      CHECK((short_check(other) == short_check(text)) == (other == text));
    }
    std::string swapped = text;
    std::swap(swapped[i], swapped[i + 1]);
    CHECK((short_check(swapped) == short_check(text)) == (swapped == text));
  }
}

}  // namespace
}  // namespace noroshi::forms
