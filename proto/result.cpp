#include "proto/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace noroshi {

int exit_code(Code code) {
  switch (code) {
    case Code::usage: return 64;
    case Code::bad_data: return 65;
    case Code::unavailable: return 69;
    case Code::internal: return 70;
    case Code::cannot_make: return 73;
    case Code::io: return 74;
    case Code::temporary: return 75;
    case Code::protocol: return 76;
    case Code::permission: return 77;
    case Code::config: return 78;
  }
  return 70;
}

Error within(std::string_view place, Error error) {
  error.text = std::string(place) + ": " + error.text;
  return error;
}

void bug(const char* what, const char* file, int line) {
  std::fprintf(stderr, "noroshi: broken promise: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace noroshi
