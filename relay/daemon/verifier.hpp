// Signatures are checked on a core of their own, while the loop reads, commits and sends: one thread, and two
// queues behind one lock. The loop asks with `ask`, waits on `fd` and takes the verdicts at the beginning of
// a turn; a turn commits whatever has been judged by then.
//
// The most urgent goes first, by what its outside claims; within a level the neighbours take turns, so that
// one who sends much delays nobody else's. What a claim is worth is judged behind the signature, by quota.
//
// Bounded by what the core asks at a time (core::VerifyJob). What was not answered when the process ends is
// still owed by whoever sent it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "keys/trust.hpp"
#include "keys/verify.hpp"
#include "relay/core/node.hpp"

namespace noroshi::daemon {

/// What is to be judged, by which snapshot and at what time.
struct Question {
  core::VerifyJob job;
  keys::TrustPtr trust;
  Now now;
};

/// The order in which questions are judged.
class Questions {
 public:
  void push(Question question);
  [[nodiscard]] std::optional<Question> pop();
  void clear();

 private:
  /// What waits at one level, by neighbour; and who was served last.
  struct Row {
    std::map<core::PeerId, std::deque<Question>> waiting;
    core::PeerId last;
  };
  Row rows_[proto::kLevels];
};

class Verifier {
 public:
  /// Of a whole envelope; or, of an offer, what speaks against its outside.
  using Word = std::variant<keys::VerifyOutcome, std::optional<keys::Refusal>>;
  struct Verdict {
    core::JobId job = 0;
    Word word;
    std::uint64_t took_us = 0;
  };

  Verifier();
  Verifier(const Verifier&) = delete;
  Verifier& operator=(const Verifier&) = delete;
  ~Verifier();

  void ask(Question question);
  /// What has been judged since the last call, in the order of judging. Never blocks.
  [[nodiscard]] std::vector<Verdict> take();
  /// The node that asked is gone: nothing that was asked before this call is answered after it.
  void forget();
  /// Readable while verdicts wait to be taken.
  [[nodiscard]] int fd() const { return ready_; }
  [[nodiscard]] bool has_judged();

 private:
  void work();

  int ready_ = -1;
  std::mutex lock_;
  std::condition_variable asked_;
  Questions questions_;
  std::vector<Verdict> judged_;
  std::uint64_t life_ = 0;  ///< counts calls of forget()
  bool over_ = false;
  std::thread worker_;  ///< last: it uses everything above
};

}  // namespace noroshi::daemon
