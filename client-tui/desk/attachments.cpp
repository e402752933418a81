#include "client-tui/desk/attachments.hpp"

#include <algorithm>
#include <map>

#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/store_rows.hpp"
#include "keys/crypto.hpp"
#include "keys/keyring.hpp"
#include "keys/language.hpp"

namespace noroshi::desk {
namespace {

// 'k' name → a file that waits for its report, sealed; 'o' name → what it was made of, sealed; 'p' name,
// device 4 → msg_id of the envelope whose reading is that part. A name is that of a digest, or of a part.
Bytes row_key(char kind, const keys::Secret<32>& store_key, BytesView thing) {
  return Writer().u8(static_cast<std::uint8_t>(kind)).bytes(keys::name_at_rest(store_key, thing)).take();
}
/// Of whoever has sent it: nobody can put another one in its place.
Bytes parts_key(const keys::Secret<32>& store_key, const proto::FileName& file, std::uint16_t part) {
  return row_key('p', store_key, Writer().bytes(file).u16(part).data());
}
Bytes part_key(const keys::Secret<32>& store_key, const proto::FileName& file, std::uint16_t part,
               DeviceId from) {
  return Writer().bytes(parts_key(store_key, file, part)).u16(from.org.value).u16(from.dev).take();
}
std::string context_of(BytesView key) {
  return "desk file " + to_hex(key);
}

std::optional<Bytes> opened(const StoreView& view, const keys::Secret<32>& store_key, char kind,
                            const forms::Attachment& file) {
  const Bytes key = row_key(kind, store_key, file.sha256);
  const auto sealed = view.file_row(key);
  return sealed ? keys::open_at_rest(store_key, context_of(key), *sealed) : std::nullopt;
}
void put(StoreTurn& turn, Desk& desk, char kind, const forms::Attachment& file, BytesView bytes) {
  const keys::Secret<32>& store_key = desk.keyring().store_key();
  const Bytes key = row_key(kind, store_key, file.sha256);
  turn.put_file_row(key, keys::seal_at_rest(store_key, context_of(key), bytes, desk.rng()));
}

}  // namespace

Result<void> check_files(std::size_t bytes, std::size_t max) {
  if (bytes <= max) return {};
  constexpr std::size_t kKilo = 1'000, kMega = 1'000'000;
  const std::string most =
      max < 10 * kMega ? std::to_string(max / kKilo) + " kB" : std::to_string(max / kMega) + " MB";
  return keys::no(Code::bad_data,
                  "この端末で一通に付けられるのは合わせて " + most +
                      " までです: 小さくするか、幾つかに分けて送ってください",
                  "this device attaches at most " + most +
                      " to one message: make it smaller, or send it in several");
}

Result<forms::Attachment> describe(const NewFile& file, forms::MediaType media, std::string caption,
                                   std::size_t max) {
  if (file.bytes.empty())
    return keys::no(Code::bad_data, "空のファイルは付けられません", "an empty file cannot be attached");
  TRY_VOID(check_files(file.bytes.size(), max));
  forms::Attachment out;
  out.sha256 = keys::file_digest(file.bytes);
  out.media = media;
  out.size = static_cast<std::uint32_t>(file.bytes.size());
  out.caption = std::move(caption);
  return out;
}

Result<void> keep_file(Desk& desk, const NewFile& file, const forms::Attachment& described) {
  TRY(StoreTurn turn, desk.store().write());
  put(turn, desk, 'k', described, file.bytes);
  if (!file.original.empty()) put(turn, desk, 'o', described, file.original);
  return turn.commit();
}

std::vector<FileHere> Files::of(const forms::Report& report, const forms::Catalogue& catalogue) const {
  std::vector<FileHere> out;
  for (forms::Attachment& file : forms::attachments_of(report, catalogue)) {
    const std::uint32_t here = arrived(file);
    out.push_back({std::move(file), here});
  }
  return out;
}

std::vector<DeviceId> Files::senders(const forms::Attachment& file, std::uint16_t part) const {
  const Bytes prefix = parts_key(*store_key_, proto::file_name(file.sha256), part);
  std::vector<DeviceId> out;
  for (const Bytes& key : view_->file_keys(prefix)) {
    Reader in(BytesView(key).subspan(prefix.size()));
    const OrgId org{in.u16()};
    out.push_back({org, in.u16()});
  }
  return out;
}

std::optional<Bytes> Files::part(const forms::Attachment& file, std::uint16_t part, DeviceId from) const {
  const auto row = view_->file_row(part_key(*store_key_, proto::file_name(file.sha256), part, from));
  if (!row) return std::nullopt;
  const MsgId id = rows::id_of(*row);
  const auto sealed = view_->reading(id);
  const auto plain = sealed ? keys::open_at_rest(*store_key_, reading_context(id), *sealed) : std::nullopt;
  const auto content = plain ? decode_content(*plain) : std::nullopt;
  const auto read = content ? proto::decode_part(content->body) : std::nullopt;
  return read ? std::optional(bytes_of(read->data)) : std::nullopt;
}

std::uint32_t Files::arrived(const forms::Attachment& file) const {
  if (file.size > kAttachmentMax) return 0;  // whatever it says: nobody could have attached it
  const auto parts = static_cast<std::uint32_t>(proto::parts_of(file.size));
  if (view_->file_row(row_key('k', *store_key_, file.sha256))) return parts;
  std::map<DeviceId, std::uint32_t> sent;
  for (std::uint32_t i = 0; i < parts; ++i) {
    for (const DeviceId from : senders(file, static_cast<std::uint16_t>(i))) ++sent[from];
  }
  std::uint32_t most = 0;
  for (const auto& [from, count] : sent) most = std::max(most, count);
  return most;
}

bool Files::here(const forms::Attachment& file) const {
  return file.size <= kAttachmentMax && arrived(file) == proto::parts_of(file.size);
}

std::optional<Bytes> Files::whole(const forms::Attachment& file) const {
  if (auto waiting = kept(file)) return waiting;
  if (file.size > kAttachmentMax) return std::nullopt;
  for (const DeviceId from : senders(file, 0)) {
    Bytes out;
    for (std::size_t i = 0; i < proto::parts_of(file.size); ++i) {
      const auto data = part(file, static_cast<std::uint16_t>(i), from);
      if (!data) break;
      out.insert(out.end(), data->begin(), data->end());
    }
    if (out.size() == file.size && keys::file_digest(out) == file.sha256) return out;
  }
  return std::nullopt;
}

bool Files::was_sent_to(const forms::Attachment& file, const std::vector<RecipientId>& recipients) const {
  return std::ranges::any_of(senders(file, 0), [&](DeviceId from) {
    const auto row = view_->file_row(part_key(*store_key_, proto::file_name(file.sha256), 0, from));
    const auto bytes = row ? view_->envelope(rows::id_of(*row)) : std::nullopt;
    const auto parsed = bytes ? proto::parse_envelope(*bytes) : proto::ParsedEnvelope{};
    if (!parsed.envelope) return false;
    const auto& wraps = parsed.envelope->wraps;
    return std::ranges::all_of(recipients, [&](RecipientId recipient) {
      return std::ranges::find(wraps, recipient, &proto::Wrap::recipient) != wraps.end();
    });
  });
}

std::optional<Bytes> Files::original(const forms::Attachment& file) const {
  return opened(*view_, *store_key_, 'o', file);
}
std::optional<Bytes> Files::kept(const forms::Attachment& file) const {
  return opened(*view_, *store_key_, 'k', file);
}

void put_part(StoreTurn& turn, const keys::Secret<32>& store_key, DeviceId from,
              const proto::AttachmentPart& part, const MsgId& id) {
  turn.put_file_row(part_key(store_key, part.file, part.part, from), id.value);
}
void take_part_back(StoreTurn& turn, const keys::Secret<32>& store_key, DeviceId from,
                    const proto::AttachmentPart& part, const MsgId& id) {
  const Bytes key = part_key(store_key, part.file, part.part, from);
  if (const auto row = turn.file_row(key); row && rows::id_of(*row) == id) turn.erase_file_row(key);
  turn.drop_reading(id);
}
void keep_again(StoreTurn& turn, Desk& desk, const forms::Attachment& file) {
  if (const auto bytes = desk.files(turn).whole(file)) put(turn, desk, 'k', file, *bytes);
}
void drop_kept(StoreTurn& turn, const keys::Secret<32>& store_key, const forms::Attachment& file) {
  turn.erase_file_row(row_key('k', store_key, file.sha256));
}

void forget_kept(StoreTurn& turn, const keys::Secret<32>& store_key, const forms::Attachment& file,
                 DeviceId self) {
  const bool sent = turn.file_row(part_key(store_key, proto::file_name(file.sha256), 0, self)).has_value();
  turn.erase_file_row(row_key('k', store_key, file.sha256));
  if (!sent) turn.erase_file_row(row_key('o', store_key, file.sha256));
}

}  // namespace noroshi::desk
