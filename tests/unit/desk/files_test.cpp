// Files that reports name: from the laptop that attaches one to the desks that read it.
#include "client-tui/desk/attachments.hpp"

#include <algorithm>
#include <fstream>

#include "client-tui/desk/draft.hpp"
#include "client-tui/desk/sync.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::desk {
namespace {

using test::at;
using test::desk_of;
using test::field_of;
using test::kIshikawa;
using test::kMinistry;
using test::kStart;
using test::Network;
using test::Office;
using test::OfficePlan;
using test::PostOffice;
using test::usual_network;

Bytes some(std::size_t size) {
  Bytes out;
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(i * 7 + i / 251));
  return out;
}

forms::Attachment keep(Office& office, const Bytes& bytes, const Bytes& original = {}) {
  const auto described = describe({bytes, original}, forms::MediaType::jpeg, "容器の刻印", kAttachmentMax);
  REQUIRE(described.ok());
  REQUIRE(keep_file(office.desk(), {bytes, original}, *described).ok());
  return *described;
}
forms::Report naming(const forms::Attachment& file, const forms::Catalogue& catalogue) {
  forms::Report report = test::full_f1(345);
  REQUIRE(forms::attach(report, file, *catalogue.form("F1"), catalogue));
  return report;
}
Sent send(Office& office, const std::vector<forms::Attachment>& files, WallTime now) {
  const forms::Catalogue& catalogue = office.desk().catalogue();
  Message message;
  message.reports = {test::full_f1(345)};
  for (const forms::Attachment& file : files)
    REQUIRE(forms::attach(message.reports.front(), file, *catalogue.form("F1"), catalogue));
  const auto sent = office.desk().send(message, at(now));
  REQUIRE(sent.ok());
  return *sent;
}

/// The files of the only report that came, as this desk finds them.
std::vector<FileHere> files_at(Office& office) {
  const auto view = office.desk().store().read();
  REQUIRE(view.ok());
  for (const Letter& letter : office.received()) {
    for (const Reading& reading : letter.reports)
      return office.desk().files(*view).of(reading.report, office.desk().catalogue());
  }
  return {};
}
std::optional<Bytes> whole_at(Office& office, const forms::Attachment& file) {
  const auto view = office.desk().store().read();
  REQUIRE(view.ok());
  return office.desk().files(*view).whole(file);
}

TEST_CASE("a picture arrives behind its report, byte for byte, and its parts are no reports") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes picture = some(38'000), original = some(900'000);
  const forms::Attachment kept = keep(branch, picture, original);
  const Sent sent = send(branch, {kept}, kStart);
  (void)branch.sync(kStart);
  (void)ministry.sync(kStart + minutes(1));
  const std::vector<FileHere> files = files_at(ministry);
  REQUIRE(files.size() == 1);
  CHECK(files[0].complete());
  CHECK(files[0].file.caption == "容器の刻印");
  CHECK(files[0].file.parts == 1);
  CHECK(files[0].file.first_seq_delta == 1);
  CHECK((whole_at(ministry, files[0].file) == picture));
  // One line in each list, whatever went along.
  const auto view = ministry.desk().store().read();
  CHECK(ministry.desk().index(*view).size(IndexView::List::inbox) == 1);
  const auto own = branch.desk().store().read();
  CHECK(branch.desk().index(*own).size(IndexView::List::outbox) == 1);
  CHECK(ministry.board().rows.size() == 1);
  // The author has both, and the one that waited is gone.
  const Files at_home = branch.desk().files(*own);
  CHECK((at_home.whole(kept) == picture));
  CHECK((at_home.original(kept) == original));
  CHECK_FALSE(at_home.kept(kept).has_value());
  (void)sent;
}

TEST_CASE("the parts of a large file go in the lowest precedence, and make it whole in any order") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes map = some(130'000), note = some(1'000);
  const forms::Attachment first = keep(branch, map), second = keep(branch, note);
  (void)send(branch, {first, second}, kStart);
  (void)branch.sync(kStart);
  std::vector<PostOffice::Item> parts = post.mailbox(kMinistry);
  REQUIRE(parts.size() == 5);  // the report, three parts, one part
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto parsed = proto::parse_envelope(parts[i].envelope);
    REQUIRE(parsed.envelope);
    CHECK(parsed.envelope->header.level == proto::Level::bulk);
    CHECK(parsed.envelope->header.ctype == static_cast<std::uint8_t>(proto::Ctype::attachment));
  }
  // The last comes first, one comes twice, one is late.
  post.mailbox(kMinistry) = {parts[4], parts[0], parts[3], parts[3], parts[1]};
  (void)ministry.sync(kStart + minutes(1));
  std::vector<FileHere> files = files_at(ministry);
  REQUIRE(files.size() == 2);
  CHECK(files[0].arrived == 2);
  CHECK_FALSE(files[0].complete());
  CHECK_FALSE(whole_at(ministry, files[0].file).has_value());
  CHECK(files[1].complete());
  CHECK(files[1].file.first_seq_delta == 4);
  CHECK((whole_at(ministry, files[1].file) == note));
  post.mailbox(kMinistry).push_back(parts[2]);
  (void)ministry.sync(kStart + minutes(2));
  files = files_at(ministry);
  CHECK(files[0].complete());
  CHECK((whole_at(ministry, files[0].file) == map));
}

TEST_CASE("a part that somebody else sends under the same name takes nothing's place") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      association(usual_network(), post, desk_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes picture = some(20'000);
  const forms::Attachment kept = keep(branch, picture);
  // Another device of the trust says that its own bytes are that file.
  {
    auto turn = association.desk().store().write();
    REQUIRE(turn.ok());
    const Bytes other(20'000, 0xEE);
    const Bytes content = proto::encode_part({proto::file_name(kept.sha256), 0, other});
    const Desk::Enclosing to{{proto::to_org(kMinistry)}, true, test::kExercise, {}};
    REQUIRE(association.desk().seal_part(*turn, content, to, at(kStart)).ok());
    REQUIRE(turn->commit().ok());
  }
  (void)association.sync(kStart);
  (void)ministry.sync(kStart);
  (void)send(branch, {kept}, kStart + minutes(1));
  (void)branch.sync(kStart + minutes(1));
  (void)ministry.sync(kStart + minutes(2));
  const std::vector<FileHere> files = files_at(ministry);
  REQUIRE(files.size() == 1);
  CHECK((whole_at(ministry, files[0].file) == picture));
}

TEST_CASE("a picture that cannot be read any more is sealed again by itself, like its report") {
  PostOffice post;
  OfficePlan enrolled_late;
  enrolled_late.first_epoch = 5;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry), enrolled_late);
  const Bytes picture = some(30'000);
  (void)send(branch, {keep(branch, picture)}, kStart);
  (void)branch.sync(kStart);
  const WallTime later = kStart + days(28);
  CHECK(ministry.sync(later).unreadable == 2);
  CHECK(branch.sync(later + minutes(1)).resealed == 2);
  (void)branch.sync(later + minutes(2));
  CHECK(ministry.sync(later + minutes(3)).opened == 2);
  std::vector<FileHere> files;
  for (const Letter& letter : ministry.received()) {
    const auto view = ministry.desk().store().read();
    if (!letter.reports.empty())
      files = ministry.desk().files(*view).of(letter.reports.front().report, ministry.desk().catalogue());
  }
  REQUIRE(files.size() == 1);
  CHECK((whole_at(ministry, files[0].file) == picture));
  CHECK(branch.sync(later + minutes(4)).resealed == 0);
  // A part is no line of its own, whatever became of it.
  const auto view = ministry.desk().store().read();
  CHECK(ministry.desk().index(*view).size(IndexView::List::inbox) == 1);
  CHECK(ministry.desk().index(*view).size(IndexView::List::unread) == 1);
}

TEST_CASE("an update keeps its picture and does not send it again") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes picture = some(30'000);
  (void)send(branch, {keep(branch, picture)}, kStart);
  (void)branch.sync(kStart);
  const std::size_t posted = post.posted().size();
  const auto readings = branch.desk().readings();
  REQUIRE(readings.ok());
  Message update;
  update.reports = child_of(readings->front(), forms::ReportKind::update, branch.desk().author(), *readings);
  const auto prepared = branch.desk().prepare(update, at(kStart + minutes(5)));
  REQUIRE(prepared.ok());
  CHECK(prepared->files.empty());
  REQUIRE(branch.desk().send(update, at(kStart + minutes(5))).ok());
  (void)branch.sync(kStart + minutes(5));
  CHECK(post.posted().size() == posted + 1);
  (void)ministry.sync(kStart + minutes(6));
  const auto read = ministry.desk().readings();
  REQUIRE(read.ok());
  const auto newest =
      std::ranges::find(*read, forms::ReportKind::update, [](const Reading& one) { return one.facts.kind; });
  REQUIRE(newest != read->end());
  const auto view = ministry.desk().store().read();
  const auto files = ministry.desk().files(*view).of(newest->report, ministry.desk().catalogue());
  REQUIRE(files.size() == 1);
  CHECK(files[0].file.first_seq_delta == 0);
  CHECK((whole_at(ministry, files[0].file) == picture));
}

TEST_CASE("a picture goes with the last draft that names it, and stays once it was sent") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  desk::Desk& desk = branch.desk();
  const Bytes original = some(60'000);
  const forms::Attachment kept = keep(branch, some(10'000), original);
  const auto holds = [&] {
    const auto view = desk.store().read();
    return std::pair(desk.files(*view).kept(kept).has_value(), desk.files(*view).original(kept).has_value());
  };
  Draft draft;
  draft.message.reports = {naming(kept, desk.catalogue())};
  const std::uint64_t first = desk::keep(desk, draft).value(), second = desk::keep(desk, draft).value();
  REQUIRE(drop(desk, first).ok());
  CHECK(holds() == std::pair(true, true));
  REQUIRE(desk.send(draft.message, at(kStart)).ok());
  REQUIRE(drop(desk, second).ok());  // as a console does after sending
  CHECK(holds() == std::pair(false, true));

  // Attached again and dropped again: it was sent, so its original stays.
  REQUIRE(keep(branch, some(10'000), original) == kept);
  REQUIRE(drop(desk, desk::keep(desk, draft).value()).ok());
  CHECK(holds() == std::pair(false, true));

  const forms::Attachment other = keep(branch, some(11'000), original);
  draft.message.reports = {naming(other, desk.catalogue())};
  REQUIRE(drop(desk, desk::keep(desk, draft).value()).ok());
  const auto view = desk.store().read();
  CHECK_FALSE(desk.files(*view).kept(other).has_value());
  CHECK_FALSE(desk.files(*view).original(other).has_value());
}

TEST_CASE("a picture that is taken off its draft goes, unless another draft names it or it was sent") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  desk::Desk& desk = branch.desk();
  const forms::Attachment first = keep(branch, some(10'000)), second = keep(branch, some(11'000));
  const auto holds = [&](const forms::Attachment& file) {
    const auto view = desk.store().read();
    return desk.files(*view).kept(file).has_value();
  };
  Draft both;
  both.message.reports = {naming(first, desk.catalogue())};
  REQUIRE(
      forms::attach(both.message.reports.front(), second, *desk.catalogue().form("F1"), desk.catalogue()));
  both.number = desk::keep(desk, both).value();
  Draft other;
  other.message.reports = {naming(second, desk.catalogue())};
  other.number = desk::keep(desk, other).value();

  Draft neither = both;
  neither.message.reports = {test::full_f1(345)};
  REQUIRE(desk::keep(desk, neither).value() == both.number);
  CHECK_FALSE(holds(first));
  CHECK(holds(second));

  REQUIRE(give_up(desk, {second}).ok());  // somebody else's sending of it failed
  CHECK(holds(second));
  REQUIRE(drop(desk, other.number).ok());
  CHECK_FALSE(holds(second));
}

TEST_CASE("a follow-up to somebody who has not got the picture takes it along") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes picture = some(30'000);
  Message first;
  first.reports = {naming(keep(branch, picture), branch.desk().catalogue())};
  first.recipients = {proto::to_org(kIshikawa)};
  REQUIRE(branch.desk().send(first, at(kStart)).ok());
  const auto readings = branch.desk().readings();
  REQUIRE(readings.ok());
  Message update;
  update.reports = child_of(readings->front(), forms::ReportKind::update, branch.desk().author(), *readings);
  REQUIRE(branch.desk().send(update, at(kStart + minutes(5))).ok());
  (void)branch.sync(kStart + minutes(5));
  (void)ministry.sync(kStart + minutes(6));
  const std::vector<FileHere> files = files_at(ministry);
  REQUIRE(files.size() == 1);
  CHECK((whole_at(ministry, files[0].file) == picture));
}

TEST_CASE("a follow-up of a report whose picture never came is sent all the same") {
  PostOffice post;
  Office association(usual_network(), post, desk_of(kIshikawa));
  forms::Attachment absent;
  absent.sha256.fill(7);
  absent.size = 100;
  Message update;
  update.reports = {naming(absent, association.desk().catalogue())};
  forms::Header header = update.reports.front().header();
  header.kind = forms::ReportKind::update;
  header.parents = {{{field_of(kIshikawa), 1}, 1, 0}};
  header.municipality = 17204;
  update.reports.front().set_header(header);
  const auto sent = association.desk().send(update, at(kStart));
  INFO((sent.ok() ? "" : sent.error().text));
  CHECK(sent.ok());
}

TEST_CASE("the files of one message are no more than the quota of their device lets pass at once") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  Message message;
  message.reports = {test::full_f1(345)};
  const forms::Catalogue& catalogue = branch.desk().catalogue();
  for (std::size_t i = 0; i < 2; ++i) {
    const forms::Attachment large = keep(branch, some(3'100'000 + i));
    REQUIRE(forms::attach(message.reports.front(), large, *catalogue.form("F1"), catalogue));
  }
  const auto sent = branch.desk().send(message, at(kStart));
  REQUIRE_FALSE(sent.ok());
  CHECK(sent.error().code == Code::bad_data);
}

TEST_CASE("a desk may attach what a field device may not") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  CHECK(files_max(branch.desk().author()) == 6'000'000);
  CHECK(files_max(ministry.desk().author()) == kAttachmentMax);
  CHECK_FALSE(describe({some(6'000'001), {}}, forms::MediaType::pdf, "", 6'000'000).ok());
  CHECK_FALSE(describe({{}, {}}, forms::MediaType::pdf, "", 6'000'000).ok());
}

TEST_CASE("a file of a hundred parts arrives whole, and the flash report behind it leaves before all of them") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa)),
      ministry(usual_network(), post, desk_of(kMinistry));
  const Bytes survey = some(100 * proto::kPartData);
  const forms::Attachment kept = keep(branch, survey);
  const Sent sent = send(branch, {kept}, kStart);
  Message urgent;
  urgent.level = proto::Level::flash;
  urgent.reports = {test::full_f1(345)};
  const auto flash = branch.desk().send(urgent, at(kStart + minutes(1)));
  REQUIRE(flash.ok());
  (void)branch.sync(kStart + minutes(2));
  REQUIRE(post.posted().size() == 102);
  CHECK(keys::peek(post.posted()[0])->msg_id == flash->msg_id);
  CHECK(keys::peek(post.posted()[1])->msg_id == sent.msg_id);
  (void)ministry.sync(kStart + minutes(3));
  CHECK(whole_at(ministry, kept) == survey);
}

TEST_CASE("the same picture in two rows is sent once") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  const forms::Attachment kept = keep(branch, some(10'000));
  (void)send(branch, {kept, kept}, kStart);
  (void)branch.sync(kStart);
  CHECK(post.posted().size() == 2);
}

TEST_CASE("a report whose picture is gone from the store is not sent, and says what to do") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  const auto described = describe({some(500), {}}, forms::MediaType::jpeg, "", kAttachmentMax);
  REQUIRE(described.ok());
  Message message;
  message.reports = {naming(*described, branch.desk().catalogue())};
  const auto sent = branch.desk().send(message, at(kStart));
  REQUIRE_FALSE(sent.ok());
  CHECK(sent.error().code == Code::bad_data);
  (void)branch.sync(kStart);
  CHECK(post.posted().empty());  // nothing of it left
}

TEST_CASE("a report that names files nobody could have attached is read, and nothing is sought for long") {
  forms::Attachment absurd;
  absurd.size = UINT32_MAX;
  absurd.parts = 65'535;
  PostOffice post;
  Office ministry(usual_network(), post, desk_of(kMinistry));
  const auto view = ministry.desk().store().read();
  const Files files = ministry.desk().files(*view);
  CHECK(files.arrived(absurd) == 0);
  CHECK_FALSE(files.whole(absurd).has_value());
  CHECK_FALSE(proto::decode_part(Bytes(proto::kPartHead, 0)).has_value());
  CHECK_FALSE(proto::decode_part(Bytes(kAttachmentPartMax + 1, 0)).has_value());
}

TEST_CASE("what is attached lies sealed in the store") {
  PostOffice post;
  Office branch(usual_network(), post, field_of(kIshikawa));
  const std::string mark = "この写真の中身は誰にも読めない";
  Bytes picture = some(9'000);
  picture.insert(picture.end(), mark.begin(), mark.end());
  const forms::Attachment kept = keep(branch, picture, picture);
  (void)send(branch, {kept}, kStart);
  branch.close();
  std::ifstream file(branch.home() / "desk" / "data.mdb", std::ios::binary);
  const std::string held(std::istreambuf_iterator<char>(file), {});
  REQUIRE(held.size() > picture.size());
  CHECK(held.find(mark) == std::string::npos);
  CHECK(held.find(text_of(kept.sha256)) == std::string::npos);
}

}  // namespace
}  // namespace noroshi::desk
