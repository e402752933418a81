// Several frames in one message.
#include "relay/link/bundle.hpp"

#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::link;

TEST_CASE("a frame that is alone travels as it is") {
  Bundle bundle;
  bundle.add(view_of("\x80"), view_of("hello"));
  const Bytes message = bundle.take();
  CHECK(text_of(message) == "\x80hello");
  CHECK(bundle.empty());
  const auto frames = unbundle(message);
  REQUIRE(frames);
  CHECK(frames->size() == 1);
}

TEST_CASE("frames come out as they went in, in order") {
  Bundle bundle;
  for (const char* frame : {"one", "two", "three"}) bundle.add(view_of(frame), {});
  const Bytes message = bundle.take();
  CHECK(message.size() == 1 + 3 * 2 + 11);
  const auto frames = unbundle(message);
  REQUIRE(frames);
  REQUIRE(frames->size() == 3);
  CHECK(text_of(frames->at(0)) == "one");
  CHECK(text_of(frames->at(2)) == "three");
}

TEST_CASE("a bundle keeps its bound") {
  Bundle bundle;
  CHECK_FALSE(bundle.has_room(100, 0));
  CHECK(bundle.has_room(297, 300));
  CHECK_FALSE(bundle.has_room(298, 300));
  bundle.add(Bytes(100, 1), {});
  CHECK(bundle.has_room(195, 300));
  CHECK_FALSE(bundle.has_room(196, 300));
  CHECK_FALSE(bundle.has_room(0, 300));
  CHECK_FALSE(Bundle().has_room(65'536, 100'000));
}

TEST_CASE("malformed bundles are nothing: cut, empty frames, one frame, a bundle in a bundle") {
  Bundle bundle;
  bundle.add(view_of("one"), {});
  bundle.add(view_of("two"), {});
  const Bytes good = bundle.take();
  for (std::size_t length = 1; length < good.size(); ++length)
    CHECK_FALSE(unbundle(BytesView(good).first(length)));
  CHECK_FALSE(unbundle(Bytes{kFrameBundle}));
  CHECK_FALSE(unbundle(Bytes{kFrameBundle, 0, 0, 0, 1, 7}));
  CHECK_FALSE(unbundle(Bytes{kFrameBundle, 0, 1, kFrameBundle, 0, 1, 7}));
  CHECK(unbundle(Bytes{kFrameBundle, 0, 1, 7, 0, 1, 7}));
}
