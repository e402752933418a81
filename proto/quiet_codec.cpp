#include <google/protobuf/stubs/logging.h>

#include "proto/quiet.hpp"

namespace noroshi::proto {

void quiet_protobuf() {
  google::protobuf::SetLogHandler(nullptr);
}

}  // namespace noroshi::proto
