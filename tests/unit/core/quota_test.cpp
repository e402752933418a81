#include "relay/core/quota.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::core;

namespace {
constexpr keys::Quota kDaily{.envelopes = 200, .bytes = 1'000'000, .flash = 30};
}

TEST_CASE("a bucket holds a week and refills exactly by the day") {
  QuotaRow row = quota::refilled({}, kDaily, {0});
  int sent = 0;
  for (; quota::rule(row, kDaily, {.bytes = 340}).allowed; ++sent)
    quota::debit(row, {.bytes = 340}, quota::rule(row, kDaily, {.bytes = 340}));
  CHECK(sent == 7 * 200);
  CHECK(quota::rule(row, kDaily, {.bytes = 340}).retry_after == Seconds{432});
  row = quota::refilled(row, kDaily, {86'400});
  for (sent = 0; quota::rule(row, kDaily, {.bytes = 340}).allowed; ++sent)
    quota::debit(row, {.bytes = 340}, quota::rule(row, kDaily, {.bytes = 340}));
  CHECK(sent == 200);
}

TEST_CASE("many small refills give what one large one gives") {
  QuotaRow little = quota::refilled({}, kDaily, {0});
  little.envelopes = little.bytes = little.flash = little.doubted = 0;
  QuotaRow once = little;
  for (std::int64_t s = 1; s <= 10'000; ++s) little = quota::refilled(little, kDaily, {s});
  once = quota::refilled(once, kDaily, {10'000});
  CHECK(little == once);
}

TEST_CASE("above the flash quota a report goes on, as less") {
  QuotaRow row = quota::refilled({}, kDaily, {0});
  const quota::Charge flash{.bytes = 340, .flash = true};
  for (int i = 0; i < 7 * 30; ++i) {
    CHECK_FALSE(quota::rule(row, kDaily, flash).flash_spent);
    quota::debit(row, flash, quota::rule(row, kDaily, flash));
  }
  CHECK(quota::rule(row, kDaily, flash).allowed);
  CHECK(quota::rule(row, kDaily, flash).flash_spent);
}

TEST_CASE("twenty a day of a doubted clock keep their priority") {
  QuotaRow row = quota::refilled({}, kDaily, {0});
  const quota::Charge doubted{.bytes = 340, .clock_doubt = true};
  for (int i = 0; i < 20; ++i) quota::debit(row, doubted, quota::rule(row, kDaily, doubted));
  CHECK(quota::rule(row, kDaily, doubted).doubt_spent);
  CHECK_FALSE(quota::rule(quota::refilled(row, kDaily, {86'400}), kDaily, doubted).doubt_spent);
}

TEST_CASE("under an expired roster carrying for others costs double") {
  QuotaRow row = quota::refilled({}, kDaily, {0});
  int sent = 0;
  const quota::Charge charge{.bytes = 340, .twice = true};
  for (; quota::rule(row, kDaily, charge).allowed; ++sent)
    quota::debit(row, charge, quota::rule(row, kDaily, charge));
  CHECK(sent == 7 * 100);
}

TEST_CASE("pictures leave the last day of a quota to the reports") {
  QuotaRow row = quota::refilled({}, kDaily, {0});
  const auto pass = [&](const quota::Charge& charge) {
    int passed = 0;
    for (; quota::rule(row, kDaily, charge).allowed; ++passed)
      quota::debit(row, charge, quota::rule(row, kDaily, charge));
    return passed;
  };
  const quota::Charge part{.bytes = 50'000, .bulk = true}, report{.bytes = 5'000};
  CHECK(pass(part) == 6 * 20);
  CHECK(quota::rule(row, kDaily, part).retry_after == Seconds{4'320});
  CHECK(pass(report) == 200);
  row = quota::refilled({}, kDaily, {0});
  CHECK(pass({.bytes = 340, .bulk = true}) == 6 * 200);
  CHECK(pass({.bytes = 340}) == 200);
}

TEST_CASE("no quota and absurd quotas do no harm") {
  const QuotaRow none = quota::refilled({}, {}, {0});
  CHECK_FALSE(quota::rule(none, {}, {.bytes = 1}).allowed);
  const keys::Quota absurd{.envelopes = ~0u, .bytes = ~0ull, .flash = ~0u};
  QuotaRow row = quota::refilled({}, absurd, {INT64_MAX / 2});
  row = quota::refilled(row, absurd, {INT64_MAX});
  CHECK(quota::rule(row, absurd, {.bytes = 65'535, .flash = true}).allowed);
}
