// What a test or its tools only set up: there nothing may fail; if it does, the reason is thrown.
#pragma once

#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "proto/result.hpp"

namespace noroshi::test {

[[noreturn]] inline void fail(const std::string& why) {
  throw std::runtime_error(why);
}

template <typename T>
T must(Result<T> result) {
  if (!result.ok()) fail(result.error().text);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace noroshi::test
