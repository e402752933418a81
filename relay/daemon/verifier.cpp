#include "relay/daemon/verifier.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <utility>

namespace noroshi::daemon {
namespace {

Verifier::Word word_on(core::VerifyJob& job, const keys::Trust& trust, Now now) {
  if (job.offer) return core::refusal_of(*job.offer, trust, now);
  return keys::verify(std::move(job.envelope), trust, now);
}

Verifier::Verdict judge(Question question) {
  const auto began = std::chrono::steady_clock::now();
  Verifier::Word word = word_on(question.job, *question.trust, question.now);
  const auto took = std::chrono::steady_clock::now() - began;
  return {.job = question.job.id,
          .word = std::move(word),
          .took_us = static_cast<std::uint64_t>(
              std::chrono::duration_cast<std::chrono::microseconds>(took).count())};
}

}  // namespace

void Questions::push(Question question) {
  Row& row = rows_[static_cast<std::size_t>(question.job.claimed)];
  row.waiting[question.job.peer].push_back(std::move(question));
}

std::optional<Question> Questions::pop() {
  for (std::size_t level = proto::kLevels; level-- > 0;) {
    Row& row = rows_[level];
    if (row.waiting.empty()) continue;
    auto turn = row.waiting.upper_bound(row.last);
    if (turn == row.waiting.end()) turn = row.waiting.begin();
    row.last = turn->first;
    Question out = std::move(turn->second.front());
    turn->second.pop_front();
    if (turn->second.empty()) row.waiting.erase(turn);
    return out;
  }
  return std::nullopt;
}

void Questions::clear() {
  for (Row& row : rows_) row.waiting.clear();
}

Verifier::Verifier() : ready_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  NOROSHI_ASSERT(ready_ >= 0);
  worker_ = std::thread([this] { work(); });
}

Verifier::~Verifier() {
  {
    const std::lock_guard hold(lock_);
    over_ = true;
  }
  asked_.notify_one();
  worker_.join();
  ::close(ready_);
}

void Verifier::ask(Question question) {
  {
    const std::lock_guard hold(lock_);
    questions_.push(std::move(question));
  }
  asked_.notify_one();
}

std::vector<Verifier::Verdict> Verifier::take() {
  const std::lock_guard hold(lock_);
  std::uint64_t count = 0;
  (void)!::read(ready_, &count, sizeof count);
  return std::exchange(judged_, {});
}

void Verifier::forget() {
  const std::lock_guard hold(lock_);
  ++life_;
  questions_.clear();
  judged_.clear();
  std::uint64_t count = 0;
  (void)!::read(ready_, &count, sizeof count);
}

bool Verifier::has_judged() {
  const std::lock_guard hold(lock_);
  return !judged_.empty();
}

void Verifier::work() {
  std::unique_lock hold(lock_);
  while (true) {
    std::optional<Question> question;
    asked_.wait(hold, [&] { return over_ || (question = questions_.pop()).has_value(); });
    if (over_) return;
    const std::uint64_t life = life_;
    hold.unlock();
    Verdict verdict = judge(*std::exchange(question, std::nullopt));
    hold.lock();
    if (life != life_) continue;
    const std::uint64_t one = 1;
    if (judged_.empty()) (void)!::write(ready_, &one, sizeof one);
    judged_.push_back(std::move(verdict));
  }
}

}  // namespace noroshi::daemon
