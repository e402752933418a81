// How the desk's rows are written: keys and values of the tables that DESIGN.md draws. Private to the store.
#pragma once

#include <optional>
#include <utility>

#include "client-tui/desk/store.hpp"

namespace noroshi::desk::rows {

// ---- parts
Writer& operator<<(Writer& out, KeyId key);
[[nodiscard]] KeyId read_key(Reader& in);
Writer& operator<<(Writer& out, WallTime time);
[[nodiscard]] WallTime read_time(Reader& in);
[[nodiscard]] MsgId id_of(BytesView bytes);

// ---- keys: big-endian, so that they order as numbers
[[nodiscard]] Bytes number_key(std::uint64_t number);
/// key 5 | seq 4, and with the message id behind it
[[nodiscard]] Bytes seq_key(KeyId key, Seq seq);
[[nodiscard]] Bytes seq_key(KeyId key, Seq seq, const MsgId& id);
/// key 5 | recipient 2, and with seq 4 behind it
[[nodiscard]] Bytes line_key(KeyId key, RecipientId recipient);
[[nodiscard]] Bytes link_key(KeyId key, RecipientId recipient, Seq seq);
/// msg_id 16 | recipient 2
[[nodiscard]] Bytes share_key(const MsgId& id, RecipientId recipient);
/// 'k' key 5; 'r' key 5 | recipient 2
[[nodiscard]] Bytes ledger_key(KeyId key);
[[nodiscard]] Bytes ledger_key(KeyId key, RecipientId recipient);
/// The number in the last four bytes of a link's key.
[[nodiscard]] Seq seq_of(BytesView key);
/// The line that a key of 7 bytes or more begins with.
[[nodiscard]] std::pair<KeyId, RecipientId> line_of(BytesView key);

// ---- values
[[nodiscard]] Bytes encode(const Entry& entry);
[[nodiscard]] std::optional<Entry> decode_entry(const MsgId& id, BytesView bytes);
[[nodiscard]] Bytes encode(const Link& link);
[[nodiscard]] Link decode_link(Seq seq, BytesView bytes);

}  // namespace noroshi::desk::rows
