// Three kinds of trouble, three ways to say them:
//   outcome  part of the job: an enum of the module that has it (`duplicate` is not a failure);
//   error    the world said no: Result<T>, with a code for programs and a context for people, passed up by
//   TRY; bug      our own promise is broken: NOROSHI_ASSERT, which stays on in release. The store is
//   crash-safe, so
//            ending the process is a recovery. Input from outside may cause only the first two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace noroshi {

/// What kind of no it was. The command line maps each to one sysexits code (exit_code below).
enum class Code : std::uint8_t {
  usage,        ///< the call itself is wrong                                     64
  bad_data,     ///< bytes or values from outside do not hold                     65
  unavailable,  ///< the relay, a peer or a key that is needed is not there       69
  internal,     ///< a library below us failed in a way it never should           70
  cannot_make,  ///< a file or socket cannot be created                           73
  io,           ///< reading or writing failed                                    74
  temporary,    ///< try again later; what was accepted is kept                   75
  protocol,     ///< the other side does not speak as agreed                      76
  permission,   ///< key, passphrase, file mode or authority                      77
  config,       ///< configuration                                                78
};

/// The sysexits code of the command line for `code` (interfaces: "Exit codes").
[[nodiscard]] int exit_code(Code code);

/// A no from the world. `text` is one line for a person: what, where, what to do. It never holds report
/// content.
struct Error {
  Code code = Code::internal;
  std::string text;
};

/// Either a T or an Error. Cheap to move; empty never.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  [[nodiscard]] T& operator*() & { return value(); }
  [[nodiscard]] const T& operator*() const& { return value(); }
  [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
  [[nodiscard]] T* operator->() { return &value(); }
  [[nodiscard]] const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
  [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// Done, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& { return *error_; }
  [[nodiscard]] Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

/// The same error with the place in front: `within("roster", e)` → "roster: …".
[[nodiscard]] Error within(std::string_view place, Error error);

/// Ends the process with one line on stderr. For NOROSHI_ASSERT.
[[noreturn]] void bug(const char* what, const char* file, int line);

}  // namespace noroshi

#define NOROSHI_CONCAT_(a, b) a##b
#define NOROSHI_CONCAT(a, b) NOROSHI_CONCAT_(a, b)

/// `TRY(auto x, f());` declares x from f's value, or returns f's error. `TRY_VOID(f());` for Result<void>.
#define TRY(declaration, expression)                                                                  \
  auto NOROSHI_CONCAT(try_, __LINE__) = (expression);                                                 \
  if (!NOROSHI_CONCAT(try_, __LINE__).ok()) return std::move(NOROSHI_CONCAT(try_, __LINE__)).error(); \
  declaration = *std::move(NOROSHI_CONCAT(try_, __LINE__))
#define TRY_VOID(expression)                                    \
  do {                                                          \
    auto try_result = (expression);                             \
    if (!try_result.ok()) return std::move(try_result).error(); \
  } while (false)

/// A promise of our own. Stays on in release builds.
#define NOROSHI_ASSERT(condition)                                     \
  do {                                                                \
    if (!(condition)) ::noroshi::bug(#condition, __FILE__, __LINE__); \
  } while (false)
