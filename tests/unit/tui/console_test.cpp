#include "tests/support/catch.hpp"
#include "tests/support/form_generator.hpp"
#include "tests/support/receiver.hpp"
#include "tests/unit/tui/seat.hpp"

namespace noroshi::test {
namespace {

namespace field = forms::field;
using forms::Count;
using forms::CountState;

struct Branch {
  Network network;
  PostOffice post;
  Seat seat{network, post, field_of(kIshikawa)};
};

TEST_CASE_METHOD(Branch, "a first report is ten keys from the first screen to the relay") {
  REQUIRE(seat.shows("1  第一報"));
  seat.press("1 1 9 3 2 2 4 1");
  REQUIRE(seat.shows("送る前の確認"));
  CHECK(seat.shows("供給停止戸数: 〜100戸"));
  seat.press("s");
  CHECK(seat.shows("送信待ちに入りました"));
  const desk::Reading sent = seat.last_sent();
  CHECK(sent.report.code(field::six_supply) == 3);
  CHECK(sent.report.code(field::six_danger) == 9);
  CHECK(sent.report.code(field::checked_scope) == 1);
  CHECK(seat.office().relay().submissions == 1);
}

TEST_CASE_METHOD(Branch, "an answer that was pressed wrongly is taken back with one key") {
  seat.press("1 1 9 Left 1");
  CHECK(seat.shows("見ていない"));
  seat.press("7");
  CHECK(seat.shows("7 はありません"));
}

TEST_CASE_METHOD(Branch, "a follow-up begins with what the last report said and shows what has changed") {
  seat.press("1 1 9 3 2 2 4 1 s").press("3");
  REQUIRE(seat.shows("続報"));
  seat.press("C-f").type("ていし").press("Enter").type("345").press("C-s");
  REQUIRE(seat.shows("送る前の確認"));
  seat.press("s");
  INFO(seat.text());
  REQUIRE(seat.sent() == 2);
  const desk::Reading sent = seat.last_sent();
  CHECK(sent.facts.kind == forms::ReportKind::update);
  CHECK(*sent.report.get<Count>(field::households_stopped) == Count{345, CountState::exact});
  CHECK(sent.report.code(field::six_supply) == 3);
}

TEST_CASE_METHOD(Branch, "a count is unconfirmed with one key, whatever stood there") {
  seat.press("8").type("F1").press("Enter").press("C-f").type("容器流出").press("Enter");
  seat.type("12");
  CHECK(seat.shows("12"));
  seat.press("?");
  CHECK(seat.shows("未確認"));
  seat.press("Del ~").type("30").press("Down");
  INFO(seat.text());
  CHECK(seat.shows("約 30本"));
}

TEST_CASE_METHOD(Branch, "a report that is typed for another unit says for whom, by what channel and when") {
  seat.press("5");
  REQUIRE(seat.shows("どの報告単位"));
  seat.press("Down Enter 1 9 3 2 2 4 1 s");
  const forms::Header header = seat.last_sent().report.header();
  REQUIRE(header.on_behalf_of);
  CHECK(header.told_channel == forms::ToldChannel::phone);
  CHECK(header.told_at == seat.now());
  CHECK(header.source == forms::SourceKind::telephone);
}

TEST_CASE_METHOD(Branch, "the last report is read aloud from the first screen") {
  seat.press("9");
  CHECK(seat.shows("読み上げる報告がありません"));
  seat.press("1 1 9 3 2 2 4 1 s").press("9");
  CHECK(seat.shows("読み上げ"));
  seat.press("End");
  CHECK(seat.shows("確認の語"));
}

TEST_CASE_METHOD(Branch, "a cancel asks for the reason and for nothing else") {
  seat.press("1 1 9 3 2 2 4 1 s 0 2 x");
  REQUIRE(seat.shows("訂正・取消の理由"));
  CHECK_FALSE(seat.shows("供給停止戸数"));
  seat.press("C-s s");
  CHECK(seat.shows("誤りを直すまで送れません"));
  seat.press("Esc").type("別の災害の件だった").press("C-s s");
  const desk::Reading sent = seat.last_sent();
  CHECK(sent.facts.kind == forms::ReportKind::cancel);
  CHECK(sent.report.header().reason == "別の災害の件だった");
}

TEST_CASE_METHOD(Branch, "what was typed is on the disk after a pause, and comes back where it was") {
  seat.press("8").type("F1").press("Enter").press("C-f").type("備考").press("Enter");
  seat.type("門前町道下で容器が流れた");
  CHECK(seat.shows("未保存"));
  seat.wait({2});
  CHECK(seat.shows("保存済"));
  // The program ends here without a word; another one finds the draft.
  Seat* const gone = &seat;
  gone->office().reopen();
  const auto drafts = desk::drafts(seat.office().desk());
  REQUIRE(drafts.ok());
  REQUIRE(drafts->size() == 1);
  CHECK(drafts->front().typing == "門前町道下で容器が流れた");
  CHECK(drafts->front().field == field::remarks);
}

TEST_CASE_METHOD(Branch, "a hangup keeps what was typed a moment ago") {
  seat.press("8").type("F1").press("Enter").press("C-f").type("備考").press("Enter").type("道路不通");
  seat.leave();
  const auto drafts = desk::drafts(seat.office().desk());
  REQUIRE(drafts.ok());
  REQUIRE(drafts->size() == 1);
  CHECK(drafts->front().typing == "道路不通");
}

TEST_CASE_METHOD(Branch, "a draft that was sent is gone from the drafts") {
  seat.press("1 1 9 3 2 2 4 1 s").press("3 C-f").type("停止").press("Enter").type("12").press("C-s s");
  CHECK(desk::drafts(seat.office().desk())->empty());
  CHECK(seat.sent() == 2);
}

TEST_CASE_METHOD(Branch, "a draft of any form comes back as it was") {
  desk::Desk& desk = seat.office().desk();
  FormGenerator generator(20240101);
  for (int round = 0; round < 20; ++round) {
    for (const forms::FormInfo& form : forms::Catalogue::built_in().forms()) {
      desk::Draft draft;
      draft.message.reports = {generator.any_of(form, generator.context())};
      const std::uint64_t number = desk::keep(desk, draft).value();
      const std::vector<desk::Draft> kept = desk::drafts(desk).value();
      INFO(form.code << ", round " << round);
      REQUIRE(kept.size() == 1);
      CHECK(kept.front().message.reports.front() == draft.message.reports.front());
      REQUIRE(desk::drop(desk, number).ok());
    }
  }
}

TEST_CASE_METHOD(Branch, "no damage is said by the form's own template, all but what was checked") {
  seat.press("2");
  REQUIRE(seat.shows("確認した範囲"));
  seat.press("1 C-s");
  CHECK(seat.shows("供給停止戸数: 0戸"));
  CHECK_FALSE(seat.shows("発生日時：必須"));  // the incident says it
  seat.press("Esc");
  for (const std::string name : {"災害種別", "道路状況", "停電", "使える通信手段"})
    seat.press("C-f").type(name).press("Enter 1");
  seat.press("C-s s");
  REQUIRE(seat.sent() == 1);
  const forms::Report sent = seat.last_sent().report;
  CHECK(sent.get<forms::Answer>(field::nil_report) != nullptr);
  CHECK(*sent.get<forms::Count>(field::households_stopped) == forms::Count{0, forms::CountState::exact});
}

TEST_CASE_METHOD(Branch, "a template fills in what it says, and a phrase goes where the caret is") {
  seat.press("8").type("F4").press("Enter C-g");
  REQUIRE(seat.shows("定型を選ぶ"));
  seat.press("Enter C-f").type("備考").press("Enter").type("至急。").press("C-t");
  INFO(seat.text());
  REQUIRE(seat.shows("探す"));
  seat.press("Enter");
  CHECK(seat.shows("至急。"));
}

TEST_CASE_METHOD(Branch,
                 "typing in a field that is chosen from a list looks for it from the first letter on") {
  seat.press("8").type("F2").press("Enter").press("C-f").type("しく").press("Enter").type("りん");
  INFO(seat.text());
  CHECK(seat.shows("探す: りん"));
  seat.press("Enter");
  CHECK(seat.shows("石川県輪島市"));
  seat.type("17210").press("Enter");
  CHECK(seat.shows("石川県白山市"));
}

TEST_CASE_METHOD(Branch, "a position is taken over from the receiver, if there is one") {
  seat.press("8").type("F3").press("Enter").press("C-f").type("位置").press("Enter C-t");
  CHECK(seat.shows("gpsd_port"));
  const Receiver receiver({kWajima}, false);
  seat.desk_office().ask_for_position_at(receiver.port);
  seat.press("C-t");
  INFO(seat.text());
  CHECK(seat.shows("37.39051"));
  CHECK(seat.shows("136.90231"));
}

TEST_CASE_METHOD(Branch, "two consoles of one desk never write over each other's draft") {
  desk::Desk& desk = seat.office().desk();
  desk::Draft mine;
  mine.owner = 1;
  mine.message.reports = {full_f1(3)};
  mine.number = desk::keep(desk, mine).value();
  desk::Draft theirs = desk::drafts(desk)->front();
  theirs.owner = 2;
  theirs.typing = "theirs";
  REQUIRE(desk::keep(desk, theirs, true).value() == mine.number);
  mine.typing = "mine";
  const std::uint64_t other = desk::keep(desk, mine).value();
  CHECK(other != mine.number);
  CHECK(desk::drafts(desk)->size() == 2);
}

TEST_CASE_METHOD(Branch, "without a relay a report is signed and safe, and goes out when the relay is back") {
  seat.office().relay().down = true;
  seat.press("1 1 9 3 2 2 4 1 s");
  CHECK(seat.sent() == 1);
  CHECK(seat.office().relay().submissions == 0);
  CHECK(seat.shows("署名して残しました"));
  seat.office().relay().down = false;
  seat.wait({30});
  CHECK(seat.office().relay().submissions == 1);
}

TEST_CASE_METHOD(Branch, "an own report says how large it is and for whom it waits, as long as it waits") {
  constexpr std::uint8_t kOwed = 0, kParked = 2;
  FakeRelay& relay = seat.office().relay();
  std::uint8_t duty = kOwed;
  relay.told = [&](const MsgId& id) {
    proto::control::EnvelopeProgress said;
    said.id = id;
    for (const OrgId org : {kNational, kMinistry}) {
      proto::control::RecipientProgress& one = said.recipients.emplace_back();
      one.recipient = proto::to_org(org);
      one.duty = duty;
      one.end = "open";
      one.via = relay_of(kNational);
      one.again_s = duty == kParked ? 3'000 : 0;
      one.tried = 1;
    }
    return said;
  };
  seat.press("1 1 9 3 2 2 4 1 s").press("0").wait({5});
  seat.press("2 Enter").wait({1});
  CHECK(seat.shows("封緘 224 B"));
  seat.press("G");
  INFO(seat.text());
  CHECK(seat.shows("1/2 への順番待ち"));
  CHECK(seat.shows("受け取らなかった所 1"));
  duty = kParked;
  seat.wait({1});
  CHECK(seat.shows("1/2 が預かっています、約50分で知らせがなければ送り直"));
  CHECK_FALSE(seat.shows("順番待ち"));
}

TEST_CASE_METHOD(Branch,
                 "a report that has not left is taken back, mended and sent; one that has left is not") {
  seat.office().relay().holds = true;
  seat.press("1 1 9 3 2 2 4 1 s").press("0 2");
  seat.press("Enter b");
  INFO(seat.text());
  REQUIRE(seat.shows("取り戻しました"));
  CHECK(seat.shows("被害速報"));
  seat.press("C-f").type("ていし").press("Enter").type("34").press("C-s");
  REQUIRE(seat.shows("送る前の確認"));
  seat.press("s").press("0").wait({5}).press("2");
  seat.office().relay().let_go();
  REQUIRE(post.posted().size() == 1);
  CHECK(*seat.last_sent().report.get<Count>(field::households_stopped) == Count{34, CountState::exact});
  CHECK(seat.last_sent().report.header().report_no == 1);
  CHECK(seat.desk_office().facts().value()->drafts.empty());
  seat.press("Enter b");
  CHECK(seat.shows("もうこの端末を出たか"));
}

TEST_CASE_METHOD(Branch, "the nodes tab says how long roster and certificate hold, relay or not") {
  seat.office().relay().down = true;
  seat.wait({10});
  seat.press("0 7");
  CHECK(seat.shows("start noroshid"));
  CHECK(seat.shows("名簿 第1版"));
  CHECK(seat.shows("17/21 の証明書  あと 398 日"));
  seat.wait(days(380)).press("C-r");
  CHECK(seat.shows("17/21 の証明書  あと 18 日"));
  seat.wait(days(20)).press("C-r");
  CHECK(seat.shows("17/21 の証明書は"));
}

TEST_CASE_METHOD(Branch, "a report that its relay refuses says why") {
  seat.office().relay().refusal = "role";
  seat.press("1 1 9 3 2 2 4 1 s").press("0").wait({5});
  seat.press("2 Enter").wait({1});
  INFO(seat.text());
  CHECK(seat.shows("拒否（端末の役割では出せません）"));
}

TEST_CASE("a question is read at the branch, answered with a key, and the answer is at the ministry") {
  Network network;
  PostOffice post;
  Seat branch(network, post, field_of(kIshikawa), {30, 110});
  branch.press("1 1 9 3 2 2 4 1 s");
  Seat ministry(network, post, desk_of(kMinistry), {30, 100});
  ministry.wait({10}).press("1");
  REQUIRE(ministry.shows("F1#1 初報"));
  ministry.press("Enter");
  REQUIRE(ministry.shows("供給停止戸数"));
  ministry.press("i")
      .press("C-f")
      .type("件名")
      .press("Enter")
      .type("停止戸数の内訳")
      .press("C-f")
      .type("本文")
      .press("Enter")
      .type("一般消費者は何戸ですか")
      .press("C-s s");
  REQUIRE(ministry.last_sent().report.form == 9);
  branch.wait({60}).press("6");
  REQUIRE(branch.shows("停止戸数の内訳"));
  branch.press("a").press("C-f").type("回答").press("Enter").type("およそ80戸").press("C-s s");
  ministry.wait({60}).press("0 1");
  CHECK(ministry.shows("およそ80戸"));
}

TEST_CASE_METHOD(Branch, "full-width letters of an input method are the keys they look like") {
  seat.type("１").type("１９３２２４１").type("ｓ");
  CHECK(seat.sent() == 1);
}

TEST_CASE_METHOD(Branch, "the help lists what can be pressed here, and narrows as one types") {
  seat.press("?");
  CHECK(seat.shows("今押せるキー"));
  seat.type("終わる");
  CHECK(seat.shows("q  終わる"));
  CHECK_FALSE(seat.shows("C-z"));
}

TEST_CASE_METHOD(Branch, "what the help lists is done by Enter, found by its words or its name") {
  seat.press("0 ?").type("outbox").press("Enter");
  CHECK(seat.shows("[2待機"));
  seat.press("?").type("F7").press("Enter");
  CHECK(seat.shows("施設"));
}

TEST_CASE_METHOD(Branch, "nothing is signed by a choice in a list") {
  seat.press("1 1 9 3 2 2 4 1 ?").type("send").press("Enter");
  CHECK(seat.sent() == 0);
  CHECK(seat.shows("s キーだけ"));
  seat.press("s");
  CHECK(seat.sent() == 1);
}

TEST_CASE("what others send is announced once, with its precedence, and what was there before is not") {
  Network network;
  PostOffice post;
  Seat branch(network, post, field_of(kIshikawa));
  branch.press("1 1 9 3 2 2 4 1 s");
  Seat association(network, post, desk_of(kIshikawa));
  CHECK(association.arrivals().empty());
  branch.press("1 1 9 3 2 2 4 1 s");
  association.wait({10});
  const std::vector<tui::Arrival> arrived = association.arrivals();
  REQUIRE(arrived.size() == 1);
  CHECK(arrived.front().level == proto::Level::urgent);
  CHECK(arrived.front().id == to_string(branch.last_sent().facts.id));
  association.wait({10});
  CHECK(association.arrivals().empty());
  branch.wait({10});
  CHECK(branch.arrivals().empty());  // its own are none
}

TEST_CASE_METHOD(Branch, "a list says how many there are and never cuts silently") {
  for (int i = 0; i < 30; ++i) seat.office().report(static_cast<std::uint32_t>(i), seat.now());
  seat.wait({10}).press("0 2");
  INFO(seat.text());
  CHECK(seat.shows("1-21/30"));
  seat.press("G");
  CHECK(seat.shows("10-30/30"));
  seat.press("f").type("停止 7").press("Enter");
}

TEST_CASE_METHOD(Branch, "a hostile text is shown without its power") {
  const std::string hostile =
      "\x1B[2J\x1B]0;x\x07"
      "\u202E"
      "abc";
  seat.press("8").type("F9").press("Enter C-f").type("本文").press("Enter").paste(hostile);
  CHECK(seat.shows("入れられない文字です"));
  for (const char byte : seat.text()) CHECK((byte == '\n' || static_cast<unsigned char>(byte) >= 0x20));
}

TEST_CASE_METHOD(Branch, "every size of window is drawn, down to one that is too small to say anything") {
  seat.press("8").type("F1").press("Enter");
  for (const tui::Size size : {tui::Size{1, 1}, {2, 5}, {5, 20}, {16, 60}, {24, 80}, {43, 132}, {200, 400}}) {
    seat.resize(size);
    CHECK(seat.screen().size() == size);
  }
}

TEST_CASE("whatever is pressed, the console stands, and nothing is sent that nobody sent", "[random]") {
  Network network;
  PostOffice post;
  SeededRng rng(31);
  static const char* const kKeys[] = {
      "1",         "2",   "3",    "4",    "5",     "6",     "7",     "8",    "9",    "0",    "Enter",
      "Esc",       "Up",  "Down", "Left", "Right", "Tab",   "S-Tab", "PgUp", "PgDn", "Home", "End",
      "BackSpace", "Del", "C-s",  "C-t",  "C-f",   "C-g",   "C-k",   "C-u",  "C-y",  "C-w",  "M-b",
      "M-f",       "F1",  "?",    "/",    "f",     "n",     "u",     "r",    "x",    "a",    "i",
      "c",         "v",   "d",    "p",    "t",     "Space", "~",     "*"};
  for (const DeviceId device : {field_of(kIshikawa), desk_of(kIshikawa)}) {
    Seat seat(network, post, device);
    if (device == field_of(kIshikawa)) seat.office().report(12, seat.now());
    seat.wait({10});
    const std::size_t sent = seat.sent();
    for (int i = 0; i < 3'000; ++i) {
      if (rng.below(9) == 0) {
        seat.type("輪𠮷が\u3099ｶﾞ");
      } else {
        seat.press(kKeys[rng.below(std::size(kKeys))]);
      }
      if (rng.below(40) == 0) seat.wait({static_cast<std::int64_t>(rng.below(5))});
      seat.resize({static_cast<int>(1 + rng.below(40)), static_cast<int>(1 + rng.below(120))});
      if (i % 7 == 0) CHECK_FALSE(seat.text().empty());
    }
    CHECK(seat.sent() == sent);  // "s" is not among the keys
  }
}

}  // namespace
}  // namespace noroshi::test
