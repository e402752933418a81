// The network of these tests, made once.
#pragma once

#include "tests/support/network.hpp"

inline const noroshi::test::Network& world() {
  static const noroshi::test::Network network;
  return network;
}
