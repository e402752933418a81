// Promises of the body codec and of the texts, over reports and bytes from seeds.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "proto/forms/body.hpp"
#include "proto/forms/report_json.hpp"
#include "proto/forms/rules.hpp"
#include "proto/forms/text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/form_generator.hpp"

using namespace noroshi;
using namespace noroshi::forms;
using test::FormGenerator;
using test::Letters;
using test::States;

namespace {

/// Decoded bytes say the same again after one more turn.
void settles(BytesView bytes, const BodyContext& context) {
  const auto reports = decode(bytes, context);
  if (!reports) return;
  for (const Report& report : *reports) (void)validate(report, Catalogue::built_in());
  const auto again = encode(*reports, context);
  if (!again) FAIL(to_hex(bytes) << ": " << again.error().text);
  const auto twice = decode(*again, context);
  if (!twice) FAIL(to_hex(bytes) << ": " << twice.error().text);
  if (*twice != *reports) FAIL(to_hex(bytes) << ": decodes to another report");
}

}  // namespace

TEST_CASE("any report comes back from its body as it was") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    FormGenerator generator(seed);
    BodyContext context = generator.context();
    if (generator.chance(3)) context.municipality = 17204;
    std::vector<Report> reports;
    for (std::uint64_t count = generator.from_to(1, 3); count > 0; --count)
      reports.push_back(generator.any(context));
    INFO("seed " << seed);
    const auto bytes = encode(reports, context);
    if (!bytes) FAIL(bytes.error().text);
    const auto decoded = decode(*bytes, context);
    if (!decoded) FAIL(decoded.error().text);
    REQUIRE(*decoded == reports);
    REQUIRE(body_sizes(reports, context)->total() == bytes->size());
  }
}

TEST_CASE("any report comes back from JSON as it was") {
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    FormGenerator generator(seed);
    const Report report = generator.any(generator.context());
    const auto again = report_from_json_text(to_json(report).dump(), "");
    INFO("seed " << seed << " " << to_json(report).dump());
    if (!again) FAIL(again.error().text);
    REQUIRE(*again == report);
  }
}

TEST_CASE("any report of every form comes back from its body and from JSON as it was") {
  for (const FormInfo& form : Catalogue::built_in().forms())
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      FormGenerator generator(seed);
      const BodyContext context = generator.context();
      const std::vector<Report> reports{generator.any_of(form, context)};
      INFO(form.code << " v" << int{form.version} << " seed " << seed);
      const auto bytes = encode(reports, context);
      if (!bytes) FAIL(bytes.error().text);
      const auto decoded = decode(*bytes, context);
      if (!decoded) FAIL(decoded.error().text);
      REQUIRE(*decoded == reports);
      const auto again = report_from_json(to_json(reports.front()), "");
      if (!again) FAIL(again.error().text);
      REQUIRE(*again == reports.front());
    }
}

namespace {

/// Only this field, with one number; nothing for a kind that has none.
std::optional<Report> only(const FormInfo& form, const FieldInfo& field, std::int64_t number) {
  Report out = new_report(form);
  out.put(field::unit, std::int64_t{1'700'001});
  out.put(field::handler, std::int64_t{12});
  switch (field.kind) {
    case Kind::integer:
    case Kind::municipality:
    case Kind::unit: out.put(field.number, number); return out;
    case Kind::decimal: out.put(field.number, Decimal{number}); return out;
    case Kind::count:
      out.put(field.number, Count{static_cast<std::uint32_t>(number), CountState::exact});
      return out;
    default: return std::nullopt;
  }
}

bool out_of_range(const Report& report, const FieldInfo& field) {
  const auto problems = validate(report, Catalogue::built_in());
  return std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) {
    return problem.field == field.key && (problem.rule == "range" || problem.rule == "kind");
  });
}

}  // namespace

TEST_CASE("every number of every form travels at both ends of its range, and is refused beyond them") {
  const BodyContext context = FormGenerator(1).context();
  std::size_t ends = 0;
  for (const FormInfo& form : Catalogue::built_in().forms())
    for (const FieldInfo& field : form.fields) {
      if (field.said_by != SaidBy::body) continue;
      const bool count = field.kind == Kind::count;
      const std::int64_t least = field.min.value_or(0);
      const std::int64_t most = field.max.value_or(count ? kCountMax : std::int64_t{1} << 53);
      INFO(form.code << "." << field.key);
      for (const std::int64_t number : {least, most}) {
        const auto report = only(form, field, number);
        if (!report) break;
        ++ends;
        CHECK_FALSE(out_of_range(*report, field));
        const auto bytes = encode(*report, context);
        if (!bytes) FAIL(bytes.error().text);
        CHECK(decode(*bytes, context).value() == std::vector<Report>{*report});
        CHECK(report_from_json(to_json(*report), "").value() == *report);
      }
      if (const auto above = only(form, field, most + 1)) CHECK(out_of_range(*above, field));
    }
  CHECK(ends > 200);
}

TEST_CASE("an everyday report of every form has no value out of its range, and no code that is unknown") {
  for (const FormInfo& form : Catalogue::built_in().forms())
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
      FormGenerator generator(seed);
      const BodyContext context = generator.context();
      const Report report = generator.everyday(form, context);
      REQUIRE(encode(report, context));
      for (const Problem& problem : validate(report, Catalogue::built_in())) {
        INFO(form.code << " " << problem.field << ": " << problem.text_en);
        CHECK(problem.rule != "range");
        CHECK(problem.rule != "kind");
        CHECK(problem.rule != "code");
        CHECK(problem.rule != "length");
      }
    }
}

TEST_CASE("a cut or changed body is refused or says one thing, and never more than that") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    FormGenerator generator(seed);
    const BodyContext context = generator.context();
    const Bytes bytes =
        *encode(generator.chance(2) ? generator.any(context) : generator.full_f1(context), context);
    if (bytes.size() > 400) continue;  // longer ones say the same in more time
    for (std::size_t length = 0; length < bytes.size(); ++length)
      settles(BytesView(bytes).first(length), context);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      Bytes flipped = bytes;
      flipped[bit / 8] = static_cast<std::uint8_t>(flipped[bit / 8] ^ 1u << bit % 8);
      settles(flipped, context);
    }
  }
}

TEST_CASE("random bytes never hurt the decoder") {
  FormGenerator generator(7);
  const BodyContext context = generator.context();
  for (int i = 0; i < 20'000; ++i) {
    Bytes bytes(generator.from_to(0, 60));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(generator.from_to(0, 255));
    settles(bytes, context);
  }
}

TEST_CASE("twenty thousand random texts round-trip in every codec that takes them") {
  FormGenerator generator(11);
  std::size_t best[4] = {};
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = generator.any_text(40);
    const CodedText small = smallest_codec(text);
    ++best[static_cast<std::size_t>(small.codec)];
    REQUIRE(decode_text(small.bytes, small.codec) == text);
    const auto jis = encode_text(text, TextCodec::jis);
    REQUIRE(jis);
    REQUIRE(decode_text(*jis, TextCodec::jis) == text);
    REQUIRE(clean_text(text).value() == text);
  }
  // Each codec is the smallest for some text, or it would not be worth its code.
  CHECK(best[0] > 100);
  CHECK(best[1] > 10);
  CHECK(best[2] > 1000);
}

TEST_CASE("jis refuses every bit string that encoding would not write") {
  FormGenerator generator(13);
  std::size_t accepted = 0;
  for (int i = 0; i < 50'000; ++i) {
    Bytes bytes(generator.from_to(1, 8));
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(generator.from_to(0, 255));
    const auto text = decode_text(bytes, TextCodec::jis);
    if (!text) continue;
    ++accepted;
    REQUIRE(*encode_text(*text, TextCodec::jis) == bytes);
  }
  CHECK(accepted > 100);
}

TEST_CASE("the fullest flash report of a thousand fits one satellite message for three organisations") {
  for (const Letters letters : {Letters::scripts, Letters::characters, Letters::kanji})
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
      FormGenerator generator(seed);
      const BodyContext context = generator.context();
      const auto bytes = encode(generator.full_f1(context, letters, States::numbers), context);
      REQUIRE(bytes);
      REQUIRE(bytes->size() <= 147);  // 340 − 192 envelope − 1 padding
    }
}
