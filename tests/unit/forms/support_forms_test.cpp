// F4 支援要請, F5 支援回答, F7 施設, F8 通信・道路・電力, F10 セキュリティ事案, F11 消去証明: a round trip
// and the rules of each.
#include "tests/unit/forms/readers.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::errors_of;
using test::report_of;
using test::said_of;
using test::sent_as;
using test::survives;

namespace {

const std::string kSupportHead =
    R"("report_no":1,"report_version_kind":"initial","as_of":"2024-01-02T11:20:00+09:00",
  "source_kind":"own_obs","confidence":"confirmed","clock_quality":"gnss","muni":"17202")";

std::string f4(const std::string& more = "") {
  return "{" + kSupportHead +
         R"(,"request_no":"N-003","request_kind":"goods","item_code":"cylinder_50kg_full","quantity":6,
    "item_unit":"cylinders","needed_by":"2024-01-03T09:00:00+09:00","priority":"high","reason_text":"避難所の給湯",
    "deliver_to":"矢田郷小学校 正門","requested_of":[{"name":"石川県LPガス協会"}],"site_kind":"shelter",
    "constraints":["4t_max"])" +
         more + "}";
}

std::string f5(const std::string& more = "") {
  return "{" + kSupportHead +
         R"(,"answer_kind":"commit","answers":["17/3.1/42.0"],"request_no":"N-003","provider":16,
    "qty_committed":4.5,"item_unit":"cylinders","depart_at":"2024-01-02T15:00:00+09:00",
    "eta":"2024-01-02T21:00:00+09:00","conditions":"使用後に返却")" +
         more + "}";
}

std::string f7(const std::string& more = "") {
  return "{" + kSupportHead +
         R"(,"muni":"17204","facility_id":"W-LPG-1","facility_type":"filling","op_status":"stopped",
    "stop_cause":["equipment","power"],"tank_integrity":"ok","power_source":"none","fill_rate":0,
    "reopen_outlook":"unknown","stock_t":12.5,"stock_days":4,"cyl_empty":"?","cyl_full":{"value":300,"state":"approx"},
    "lorries_ok":0,"lorries_total":2,"trucks_ok":1,"drivers_ok":2,"vehicle_fuel":"1day","joint_use":"no")" +
         more + "}";
}

std::string f8(const std::string& more = "") {
  return "{" + kSupportHead + R"(,"links":[{"channel":"mobile_docomo","chan_state":"down"},
      {"channel":"sat_data","chan_state":"intermittent","chan_window":"2024-01-02T13:00:00+09:00",
       "chan_window_end":"2024-01-02T13:20:00+09:00","chan_cost":"1日10通"}],
    "cell_carriers_down":["docomo","kddi","softbank"],"power_area":"partial",
    "power_households":{"value":9800,"state":"approx"},"water_area":"out","water_households":10000,"isolated":"yes",
    "isolated_place":"大沢町","isolated_people":{"value":60,"state":"approx"},
    "roads":[{"road_id":"国道249号","road_type":"national_road","road_state":"road_close","road_limit":4.0,
      "road_geom":{"lat":37.39,"lon":136.9,"method":"map"}}],"relay_queue":2,"oldest_unsent_min":140)" +
         more + "}";
}

std::string f10(const std::string& more = "") {
  return "{" + kSupportHead + R"(,"authorized_by":"責任者","handling":["parties_only","encryption_required"],
    "ev_stage":"first","ev_status":"suspected","ev_kind":["lost_device"],"occurred_at_ev":"2024-01-01T16:10:00+09:00",
    "noticed_at_ev":"2024-01-02T10:50:00+09:00","reported_at_ev":"2024-01-02T11:15:00+09:00","noticed_how":"self",
    "assets":[{"inventory_id":"PC-012","kind":"ノート型端末","encrypted":"yes"}],"info_affected":"?",
    "info_grade":"2","persons_affected":0,"external_release":"unknown","containment":["revoked_key"],
    "directed_by":"失効を最優先に","evidence":[{"sha256":")" +
         std::string(64, 'a') + R"(","media_type":"text/plain","size":900,"parts":1}])" + more + "}";
}

std::string f11(const std::string& more = "") {
  return "{" + kSupportHead + R"(,"authorized_by":"責任者","cert_no":"17-3-0001","reason_er":"work_end",
    "device_id":[{"inventory_id":"PC-011","maker":"甲社","serial":"X1"}],
    "data_scope":[{"incident":7,"forms":"F1,F2","reports":812,"ids_sha256":")" +
         std::string(64, 'b') +
         R"("}],"copies_known":[{"place":"なし","medium":"なし"}],"method":"purge","method_detail":["crypto_erase"],
    "key_destroyed":[{"key_id":"17/3.1","hardware":"no","attestation":"記録 812"}],"verified_how":"attestation",
    "verify_result":"passed","done_at":"2024-01-02T11:00:00+09:00","done_by":"担当","log_digest":")" +
         std::string(64, 'c') + R"(")" + more + "}";
}

}  // namespace

TEST_CASE("sound reports of F4, F5, F7, F8, F10 and F11 have no problem, and come back") {
  const std::pair<const char*, std::string> all[] = {{"F4", f4()}, {"F5", f5()},   {"F7", f7()},
                                                     {"F8", f8()}, {"F10", f10()}, {"F11", f11()}};
  for (const auto& [form, values] : all) {
    INFO(form);
    CHECK(said_of(report_of(form, values), sent_as("flash")).empty());
    CHECK(survives(report_of(form, values)));
  }
}

// ---- F4, F5 ---------------------------------------------------------------------------------------------
TEST_CASE("a request says how much, where and, for people, from when to when") {
  CHECK(errors_of(report_of("F4", f4(R"(,"quantity":null)"))) == "R401 ");
  CHECK(errors_of(report_of("F4", f4(R"(,"quantity":0)"))) == "R402 ");
  CHECK(errors_of(report_of("F4", f4(R"(,"deliver_to":null)"))) == "R406 ");
  CHECK(errors_of(report_of("F4", f4(R"(,"request_kind":"people")"))) == "R404 R404 ");
  const std::string from = R"(,"request_kind":"people","needed_from":"2024-01-05","needed_to":)";
  CHECK(errors_of(report_of("F4", f4(from + R"("2024-01-04")"))) == "R405 ");
  CHECK(errors_of(report_of("F4", f4(from + R"("2024-01-05")"))).empty());
  CHECK(errors_of(report_of("F4", f4(R"(,"request_kind":"info")"))) == "R408 ");
}

TEST_CASE("a request for life has somebody who authorised it, and travels as flash") {
  const Report life = report_of("F4", f4(R"(,"priority":"life")"));
  CHECK(errors_of(life) == "R407 ");
  CHECK(said_of(report_of("F4", f4(R"(,"priority":"life","authorized_by":"支部長")")), sent_as("urgent")) ==
        "R410 ");
}

TEST_CASE("a request that is past its time is said to be overdue") {
  CHECK(said_of(report_of("F4", f4(R"(,"needed_by":"2024-01-02T11:00:00+09:00")")), sent_as("urgent")) ==
        "R403 ");
}

TEST_CASE("R16: what is in transit is recalled as flash") {
  const Report cancel =
      report_of("F4", f4(R"(,"report_version_kind":"cancel","precedes":["17/3.1/42.0"],"reason":"不要")"));
  RuleContext context = sent_as("routine");
  CHECK(errors_of(cancel, context).empty());
  context.surroundings[166] =
      CodeValue{Catalogue::built_in().list("REQUEST_STATE")->by_name("in_transit")->number};
  CHECK(errors_of(cancel, context) == "R16 ");
}

TEST_CASE("a cancel of a request need not say again where to deliver, or who authorised it") {
  CHECK(errors_of(report_of("F4", f4(R"(,"report_version_kind":"cancel","precedes":["17/3.1/42.0"],"reason":"不要",
    "priority":"life","deliver_to":null)"))).empty());
}

TEST_CASE("the ladder of support stands in the order in which it is climbed") {
  std::string ladder;
  for (const CodeInfo& code : Catalogue::built_in().list("REQUEST_STATE")->codes)
    ladder += code.label.ja + " ";
  CHECK(ladder == "要請 受領 受諾 一部提供決定 提供決定 輸送中 到着 不可 取消 期限切れ ");
}

TEST_CASE("an answer names its request, its quantity and, when it declines, its reason") {
  CHECK(errors_of(report_of("F5", f5(R"(,"answers":null,"request_no":null)"))) == "R501 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"qty_committed":null)"))) == "R502 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"qty_delivered":4.6)"))) == "R503 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"answer_kind":"arrived")"))) == "R504 R504 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"answer_kind":"decline")"))) == "R507 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"depart_at":"2024-01-02T22:00:00+09:00")"))) == "R505 ");
  CHECK(errors_of(report_of("F5", f5(R"(,"provider":null)"))) == "R509 ");
}

// ---- F7, F8 ---------------------------------------------------------------------------------------------
TEST_CASE("Wajima's filling station: stopped without power, tanks sound, reopening unknown") {
  const Report report = report_of("F7", f7());
  CHECK(said_of(report).empty());
  CHECK(errors_of(report_of("F7", f7(R"(,"reopen_outlook":null)"))) == "R702 ");
  CHECK(errors_of(report_of("F7", f7(R"(,"stop_cause":null)"))) == "R701 ");
  CHECK(said_of(report_of("F7", f7(R"(,"fill_rate":10)"))) == "R703 ");
}

TEST_CASE("Nanao's base: limited shipment from stock until its receiving facility is repaired") {
  CHECK(said_of(report_of("F7", f7(R"(,"muni":"17202","facility_type":"secondary_base","op_status":"limited",
    "stop_cause":["equipment"],"power_source":"grid","fill_rate":40,"reopen_eta":"2024-02-29")")))
            .empty());
}

TEST_CASE("X4: running without power is doubted; a core station on its generator is not") {
  const std::string running =
      R"(,"facility_type":"core_filling","op_status":"running","stop_cause":null,"fill_rate":100)";
  CHECK(said_of(report_of("F7", f7(running))) == "X4 ");
  CHECK(
      said_of(report_of("F7", f7(running + R"(,"power_source":"generator","generator_hours":72)"))).empty());
  CHECK(said_of(report_of("F7", f7(running + R"(,"power_source":"generator")"))) == "R707 ");
}

TEST_CASE("a leaking tank travels as flash") {
  CHECK(errors_of(report_of("F7", f7(R"(,"tank_integrity":"leak")")), sent_as("urgent")) == "R706 ");
  CHECK(errors_of(report_of("F7", f7(R"(,"tank_integrity":"leak")")), sent_as("flash")).empty());
}

TEST_CASE("Hokkaido's blackout: 2,950,000 households without power in one report") {
  const Report report =
      report_of("F8", "{" + kSupportHead + R"(,"power_area":"out","isolated":"no","water_area":"ok",
    "cell_carriers_down":[],"power_households":{"value":2950000,"state":"approx"}})");
  CHECK(errors_of(report).empty());
  CHECK(survives(report));
}

TEST_CASE("power and water agree with their households, and an empty F8 is refused") {
  CHECK(errors_of(report_of("F8", f8(R"(,"power_households":0)"))) == "R802 ");
  CHECK(errors_of(report_of("F8", f8(R"(,"power_area":"ok")"))) == "R804 ");
  CHECK(errors_of(report_of("F8", f8(R"(,"water_area":"ok")"))) == "R805 ");
  CHECK(errors_of(report_of("F8", "{" + kSupportHead + "}")) == "R801 ");
}

// ---- F10, F11 -------------------------------------------------------------------------------------------
TEST_CASE("F10 is for the handlers alone, every field of it") {
  for (const FieldInfo& field : Catalogue::built_in().form("F10")->fields) {
    INFO(field.key);
    CHECK(field.confidentiality == Confidentiality::handlers);
  }
}

TEST_CASE(
    "a lost laptop: a suspicion is reported; its revocation travels as flash; the final report has a cause") {
  CHECK(errors_of(report_of("F10", f10()), sent_as("urgent")) == "R1005 ");
  CHECK(errors_of(report_of("F10", f10(R"(,"ev_stage":"final")")), sent_as("flash")) == "R1003 R1003 ");
  CHECK(errors_of(report_of("F10", f10(R"(,"occurred_at_ev":"2024-01-02T10:51:00+09:00")")),
                  sent_as("flash")) == "R1001 ");
  CHECK(said_of(report_of("F10", f10(R"(,"persons_affected":12)")), sent_as("flash")) == "R1004 ");
  CHECK(said_of(report_of("F10", f10(R"(,"reported_at_ev":"2024-01-02T12:00:00+09:00")")),
                sent_as("flash")) == "R1007 ");
  CHECK(said_of(report_of("F10", f10(R"(,"handling":["parties_only"])")), sent_as("flash")) == "R26 ");
}

TEST_CASE("an erasure names its keys, its witness at the end of a contract, and overwriting is no proof") {
  CHECK(errors_of(report_of("F11", f11(R"(,"key_destroyed":null)"))) == "R1101 ");
  CHECK(errors_of(report_of("F11", f11(R"(,"reason_er":"contract_end")"))) == "R1102 ");
  CHECK(said_of(report_of("F11", f11(R"(,"method_detail":["overwrite"])"))) == "R1103 ");
  CHECK(errors_of(report_of("F11", f11(R"(,"verify_result":"failed")"))) == "R1104 ");
  CHECK(errors_of(report_of("F11", f11(R"(,"log_digest":"abcd")"))) == "length ");
}
