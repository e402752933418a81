#include "client-tui/desk/store_rows.hpp"

namespace noroshi::desk::rows {

Writer& operator<<(Writer& out, KeyId key) {
  return out.u16(key.device.org.value).u16(key.device.dev).u8(key.gen);
}
KeyId read_key(Reader& in) {
  KeyId key;
  key.device.org.value = in.u16();
  key.device.dev = in.u16();
  key.gen = in.u8();
  return key;
}
Writer& operator<<(Writer& out, WallTime time) {
  return out.u64(static_cast<std::uint64_t>(time.s));
}
WallTime read_time(Reader& in) {
  return {static_cast<std::int64_t>(in.u64())};
}

Bytes number_key(std::uint64_t number) {
  return Writer().u64(number).take();
}
Bytes seq_key(KeyId key, Seq seq) {
  Writer out;
  out << key;
  return out.u32(seq).take();
}
Bytes seq_key(KeyId key, Seq seq, const MsgId& id) {
  Writer out;
  out << key;
  return out.u32(seq).bytes(id.value).take();
}
Bytes line_key(KeyId key, RecipientId recipient) {
  Writer out;
  out << key;
  return out.u16(recipient.value).take();
}
Bytes link_key(KeyId key, RecipientId recipient, Seq seq) {
  Writer out;
  out << key;
  return out.u16(recipient.value).u32(seq).take();
}
Bytes share_key(const MsgId& id, RecipientId recipient) {
  return Writer().bytes(id.value).u16(recipient.value).take();
}
Bytes ledger_key(KeyId key) {
  Writer out;
  out.u8('k');
  out << key;
  return out.take();
}
Bytes ledger_key(KeyId key, RecipientId recipient) {
  Writer out;
  out.u8('r');
  out << key;
  return out.u16(recipient.value).take();
}

// entry: key 5 | seq 4 | ctype 1 | state 1 | flags 1 | marks 1 | roster 1 | as 2 | arrival 8 | first_seen 8 |
// created 8 | size 4. flags: 1 answered, 2 read, 4 accepted. marks: in the order of keys::Marks, from bit 0.
Bytes encode(const Entry& entry) {
  Writer out;
  out << entry.key;
  const int flags = (entry.answered ? 1 : 0) | (entry.read ? 2 : 0) | (entry.accepted ? 4 : 0);
  const int marks = (entry.marks.certificate_expired ? 1 : 0) | (entry.marks.time_doubtful ? 2 : 0) |
                    (entry.marks.stale ? 4 : 0) | (entry.marks.dead ? 8 : 0) |
                    (entry.marks.quarantine ? 16 : 0);
  out.u32(entry.seq)
      .u8(entry.ctype)
      .u8(static_cast<std::uint8_t>(entry.state))
      .u8(static_cast<std::uint8_t>(flags));
  out.u8(static_cast<std::uint8_t>(marks))
      .u8(static_cast<std::uint8_t>(entry.marks.roster))
      .u16(entry.as.value);
  out.u64(entry.arrival) << entry.first_seen;
  out << entry.created;
  return out.u32(entry.size).take();
}
std::optional<Entry> decode_entry(const MsgId& id, BytesView bytes) {
  Reader in(bytes);
  Entry entry;
  entry.id = id;
  entry.key = read_key(in);
  entry.seq = in.u32();
  entry.ctype = in.u8();
  entry.state = static_cast<ReadState>(in.u8());
  const std::uint8_t flags = in.u8(), marks = in.u8();
  entry.answered = flags & 1;
  entry.read = flags & 2;
  entry.accepted = flags & 4;
  entry.marks.certificate_expired = marks & 1;
  entry.marks.time_doubtful = marks & 2;
  entry.marks.stale = marks & 4;
  entry.marks.dead = marks & 8;
  entry.marks.quarantine = marks & 16;
  entry.marks.roster = static_cast<keys::RosterState>(in.u8());
  entry.as.value = in.u16();
  entry.arrival = in.u64();
  entry.first_seen = read_time(in);
  entry.created = read_time(in);
  entry.size = in.u32();
  if (!in.done()) return std::nullopt;
  return entry;
}

// chain: prev 1 | state 1 | answered 1 | before 4 | msg_id 16
Bytes encode(const Link& link) {
  return Writer()
      .u8(link.prev)
      .u8(static_cast<std::uint8_t>(link.state))
      .u8(link.answered ? 1 : 0)
      .u32(link.before)
      .bytes(link.id.value)
      .take();
}
Link decode_link(Seq seq, BytesView bytes) {
  Reader in(bytes);
  Link link;
  link.seq = seq;
  link.prev = in.u8();
  link.state = static_cast<ReadState>(in.u8());
  link.answered = in.u8() != 0;
  link.before = in.u32();
  link.id.value = in.array<16>();
  return link;
}

MsgId id_of(BytesView bytes) {
  return {array_of<16>(bytes)};
}
Seq seq_of(BytesView key) {
  return Reader(key.last(4)).u32();
}

std::pair<KeyId, RecipientId> line_of(BytesView bytes) {
  Reader in(bytes);
  const KeyId key = read_key(in);
  return {key, {in.u16()}};
}

}  // namespace noroshi::desk::rows
