// Files that reports name: kept from the moment they are attached until their parts are sealed, and put
// together again where the parts have come.
//
// A file goes as ordinary envelopes (ctype 5) at the lowest precedence, behind the report that names it and
// to the same recipients; each part names its file (proto/attachment.hpp). At rest everything is sealed under
// the store key, and found by names that say nothing.
#pragma once

#include <optional>
#include <vector>

#include "client-tui/desk/store.hpp"
#include "keys/secret.hpp"
#include "proto/attachment.hpp"
#include "proto/forms/attachment.hpp"
#include "proto/random.hpp"

namespace noroshi::desk {

class Desk;

/// A file as it will travel, and what it was made of.
struct NewFile {
  Bytes bytes;
  Bytes original;  ///< kept here for a stick; empty: nothing was left out
};

/// What the files of one message may have together (compose.hpp, files_max), or else why not (bad_data).
[[nodiscard]] Result<void> check_files(std::size_t bytes, std::size_t max);
/// What a report says of a file. Refuses (bad_data) what is empty or larger than `max`.
[[nodiscard]] Result<forms::Attachment> describe(const NewFile& file, forms::MediaType media,
                                                 std::string caption, std::size_t max);
/// Keeps a file until the report that names it is sent. Durable when it returns.
[[nodiscard]] Result<void> keep_file(Desk& desk, const NewFile& file, const forms::Attachment& described);

/// One file of a report, as a reader finds it.
struct FileHere {
  forms::Attachment file;
  std::uint32_t arrived = 0;  ///< parts; == parts_of(file.size): it can be taken out
  [[nodiscard]] bool complete() const { return arrived == proto::parts_of(file.size); }
};

/// What is asked of the files of one snapshot.
class Files {
 public:
  /// Everything named must outlive it.
  Files(const StoreView& view, const keys::Secret<32>& store_key) : view_(&view), store_key_(&store_key) {}
  /// Every file that a report names.
  [[nodiscard]] std::vector<FileHere> of(const forms::Report& report,
                                         const forms::Catalogue& catalogue) const;
  /// How many parts of a file are here, of those that one device has sent; all of them for one that waits to
  /// be sent.
  [[nodiscard]] std::uint32_t arrived(const forms::Attachment& file) const;
  /// Whether it can be sent from here, as far as can be told without reading it.
  [[nodiscard]] bool here(const forms::Attachment& file) const;
  /// The whole file, if every part is here and they are what the report says: its digest and its size.
  [[nodiscard]] std::optional<Bytes> whole(const forms::Attachment& file) const;
  /// Whether somebody has sealed its first part to every one of these.
  [[nodiscard]] bool was_sent_to(const forms::Attachment& file,
                                 const std::vector<RecipientId>& recipients) const;
  /// What an own picture was made of.
  [[nodiscard]] std::optional<Bytes> original(const forms::Attachment& file) const;
  /// One that waits for its report.
  [[nodiscard]] std::optional<Bytes> kept(const forms::Attachment& file) const;

 private:
  /// Who has sent a part of it.
  [[nodiscard]] std::vector<DeviceId> senders(const forms::Attachment& file, std::uint16_t part) const;
  [[nodiscard]] std::optional<Bytes> part(const forms::Attachment& file, std::uint16_t part,
                                          DeviceId from) const;
  const StoreView* view_;
  const keys::Secret<32>* store_key_;
};

/// Notes that an envelope holds a part of a file.
void put_part(StoreTurn& turn, const keys::Secret<32>& store_key, DeviceId from,
              const proto::AttachmentPart& part, const MsgId& id);
/// Undoes that for an envelope that never left, whose reading goes too.
void take_part_back(StoreTurn& turn, const keys::Secret<32>& store_key, DeviceId from,
                    const proto::AttachmentPart& part, const MsgId& id);
/// Nobody means to send it any more: it goes, and, unless this device has sent it before, what it was made
/// of.
void forget_kept(StoreTurn& turn, const keys::Secret<32>& store_key, const forms::Attachment& file,
                 DeviceId self);
/// It waits for its report again: what its parts hold is kept for sending. Nothing if they are not here.
void keep_again(StoreTurn& turn, Desk& desk, const forms::Attachment& file);
/// Takes away what was kept for sending, the original excepted.
void drop_kept(StoreTurn& turn, const keys::Secret<32>& store_key, const forms::Attachment& file);

}  // namespace noroshi::desk
