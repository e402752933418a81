// Taking an own message back 取戻し while it is still here. Nothing of it has left this machine, so nobody
// misses it: what it said becomes a draft again, and the next message to the same recipients takes its place
// in their chains. Its number is never used.
//
// Only the newest to each of its recipients can be taken back: a later one already names its number, and they
// would ask for it for ever. What cannot be taken back is cancelled 取消 by a report behind it.
#pragma once

#include "client-tui/desk/draft.hpp"
#include "client-tui/desk/relay_client.hpp"

namespace noroshi::desk {

/// The draft that holds what it said, files included. Errors: bad_data if it is no own report, or a later
/// message names its number, or it has left; those of the relay, which is asked because it may have sent it.
/// A crash leaves it as it was, or taken back; never half.
[[nodiscard]] Result<Draft> recall(Desk& desk, Relay& relay, const MsgId& id, std::uint64_t owner, Now now);

}  // namespace noroshi::desk
