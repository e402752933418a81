// Any bytes as a signed object, brought to a node that knows the whole network and to one that knows its root
// alone; as they are, and as those who are named in them would have signed them.
#include "tests/fuzz/accepted.hpp"
#include "tests/fuzz/world.hpp"

namespace {

using namespace noroshi;

const keys::TrustPtr& root_alone() {
  static const keys::TrustPtr trust = *keys::Trust::begin(fuzz::network().root_object());
  return trust;
}

keys::Applied bring(const keys::TrustPtr& held, BytesView object) {
  const keys::ApplyResult result = keys::Trust::apply(held, object);
  NOROSHI_ASSERT(result.next != nullptr);
  NOROSHI_ASSERT(result.applied == keys::Applied::added || result.next == held);
  if (result.applied == keys::Applied::added) {
    const BytesView stored = result.next->object(result.ref);
    // A delta is kept as the roster it leads to.
    NOROSHI_ASSERT(equal(stored, object) || (result.ref.type == keys::ObjectType::roster && !stored.empty()));
    NOROSHI_ASSERT(keys::Trust::apply(result.next, object).applied == keys::Applied::known);
  }
  return result.applied;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView bytes(data, size);
  (void)keys::Trust::begin(bytes);
  (void)bring(fuzz::network().trust(), bytes);
  const auto object = keys::parse_object(bytes);
  if (!object) return 0;
  NOROSHI_ASSERT(equal(keys::join_object(object->type, object->body, object->signatures), bytes));

  const Bytes signed_now = fuzz::signed_again(*object);
  const keys::Applied with_all = bring(fuzz::network().trust(), signed_now);
  const keys::Applied with_root = bring(root_alone(), signed_now);
  if (with_all == keys::Applied::added || with_root == keys::Applied::added) fuzz::accepted.count();
  return 0;
}
