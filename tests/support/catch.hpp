// The one door to Catch2 (v2.13 in Debian 12), so that a later version is one change here.
#pragma once
#include <catch2/catch.hpp>
