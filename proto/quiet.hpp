// protobuf writes to stderr when bytes from outside do not parse; what is wrong with them is ours to say, in
// one line and in the language spoken.
#pragma once

namespace noroshi::proto {

/// Once, at the start of a program.
void quiet_protobuf();

}  // namespace noroshi::proto
