// What the console can do and see: the desk behind its screens. Pages ask here; tests put another one in its
// place.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/attach/file.hpp"
#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/draft.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/overview.hpp"
#include "client-tui/tui/battery.hpp"
#include "proto/control.hpp"

namespace noroshi::tui {

/// One report of a list.
struct Item {
  desk::Letter letter;    ///< its envelope, with every report of it
  std::size_t index = 0;  ///< which of them; meaningless if the letter is closed
  desk::Folded::Entry fold;
  desk::Verdict verdict = desk::Verdict::unconfirmed;
  desk::Delivery state{};  ///< own ones: the least advanced recipient
  std::vector<desk::RecipientDelivery> deliveries;
  std::vector<desk::FileHere> files;  ///< that it names
  [[nodiscard]] bool closed() const { return letter.reports.empty(); }
  [[nodiscard]] const desk::Reading& reading() const { return letter.reports[index]; }
};

/// The lists, read as far as somebody looks at them: a headquarters holds more reports than memory or an
/// evening would take. Sizes are those of one moment; what comes later is not seen until the facts are asked
/// for again.
class Shelf {
 public:
  enum class List : std::uint8_t { received, own };
  Shelf() = default;
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  virtual ~Shelf() = default;

  [[nodiscard]] virtual std::size_t size(List list) const = 0;
  /// Newest first, from the `from`th on. Fewer than `max` only at the end.
  [[nodiscard]] virtual std::vector<Item> window(List list, std::size_t from, std::size_t max) const = 0;
  [[nodiscard]] virtual std::size_t unread() const = 0;
  /// Own ones that no relay has taken yet.
  [[nodiscard]] virtual std::size_t not_handed_over() const = 0;

  /// What came and went in the incident that is shown, oldest first.
  [[nodiscard]] virtual std::size_t events() const = 0;
  [[nodiscard]] virtual std::size_t events_before(WallTime time) const = 0;
  [[nodiscard]] virtual std::vector<Item> events(std::size_t from, std::size_t max) const = 0;

  /// The board of a form in the incident that is shown. The same as long as nothing on it changes.
  [[nodiscard]] virtual std::shared_ptr<const desk::Rolled> board(forms::FormNo form) const = 0;

  /// The report of this id; nothing if none is here.
  [[nodiscard]] virtual std::optional<Item> find(const ReportId& id) const = 0;
};

/// Everything that is shown, as of one moment. Never changes after it was made.
struct Facts {
  Now now;
  std::string node;  ///< name of this machine
  DeviceId self;
  keys::Roles roles;
  UnitId unit;                              ///< of the certificate; 0 = none
  IncidentId incident;                      ///< the one that is shown and reported to; 0 = PENDING
  std::vector<const keys::Incident*> open;  ///< every open one, real ones before exercises; of `trust`
  keys::TrustPtr trust;
  const forms::Catalogue* catalogue = nullptr;  ///< the forms in use; lives as long as the office
  std::shared_ptr<const Shelf> shelf;
  std::vector<desk::Draft> drafts;
  std::shared_ptr<const desk::Rolled> rolled;  ///< F1's; the same as long as nothing on it changes
  std::shared_ptr<const desk::Lined> lined;
  std::vector<desk::SupportRequest> support;
  [[nodiscard]] const desk::Board& board() const { return rolled->board; }
  [[nodiscard]] const desk::Timeline& timeline() const { return lined->line; }
  std::optional<proto::control::Status> relay;  ///< nothing: it does not run
  std::string relay_trouble;                    ///< why not, in one line
  std::optional<Battery> battery;               ///< of this laptop
};
using FactsPtr = std::shared_ptr<const Facts>;

/// A picture as it will be sent, and what it was.
struct Enclosed {
  forms::Attachment file;
  std::size_t was = 0;                   ///< bytes
  std::optional<forms::Point> position;  ///< where it was taken
};

class Office {
 public:
  Office() = default;
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;
  virtual ~Office() = default;

  [[nodiscard]] virtual Now now() = 0;
  /// What is here now. Reads the store again only if something may have changed.
  [[nodiscard]] virtual Result<FactsPtr> facts() = 0;
  /// Shows this incident and reports to it from the next facts on, until it is over; 0 = PENDING. Whoever
  /// does not choose has the newest.
  virtual void choose_incident(IncidentId incident) = 0;
  /// One contact with the relay of this machine; true if anything came or went.
  virtual bool contact() = 0;

  /// As it would be sealed now: for the review page and the size meter.
  [[nodiscard]] virtual Result<desk::Prepared> prepare(const desk::Message& message) = 0;
  /// Sealed and durable, and its draft gone, when it returns.
  [[nodiscard]] virtual Result<desk::Sent> send(const desk::Message& message,
                                                std::optional<std::uint64_t> draft) = 0;
  /// How far that has got by now.
  [[nodiscard]] virtual desk::Delivery reached(const desk::Sent& sent) = 0;
  /// Durable when it returns; gives its number: another one if somebody else has taken the draft over since.
  /// `take_over`: it is this console's from now on.
  [[nodiscard]] virtual Result<std::uint64_t> keep(const desk::Draft& draft, bool take_over) = 0;
  [[nodiscard]] virtual Result<void> drop(std::uint64_t draft) = 0;
  [[nodiscard]] virtual Result<void> acknowledge(const MsgId& id, proto::ReceiptKind kind) = 0;
  /// An own message that has not left: the draft that it becomes, written on by this console.
  [[nodiscard]] virtual Result<desk::Draft> recall(const MsgId& id) = 0;
  /// A page for printing (client-tui/paper), in the home's folder `print`; gives its path.
  [[nodiscard]] virtual Result<std::string> print(const Item& item) = 0;
  /// Pictures to choose from, newest first: on this laptop, and on what is plugged in.
  [[nodiscard]] virtual std::vector<attach::Found> pictures() = 0;
  /// Made small, and kept until a report that names it is sent.
  [[nodiscard]] virtual Result<Enclosed> enclose(const std::filesystem::path& picture) = 0;
  /// Where this laptop is, if it has a receiver. Takes as long as that needs, seconds at most.
  [[nodiscard]] virtual Result<forms::Point> position() = 0;
  /// What is attached to a report, in the home's folder `files`; gives that folder.
  [[nodiscard]] virtual Result<std::string> save_files(const Item& item) = 0;
  /// Where the relay of this machine has an own message now; nothing: it does not run, or does not follow it.
  [[nodiscard]] virtual std::optional<proto::control::EnvelopeProgress> progress(const MsgId& id) = 0;
  /// The newest own answer to a request for support that stands.
  [[nodiscard]] virtual std::optional<desk::Reading> own_answer(const desk::Reading& request) = 0;
  /// The reports to begin from for a child of a report.
  [[nodiscard]] virtual std::vector<forms::Report> child_of(const desk::Reading& parent,
                                                            forms::ReportKind kind) = 0;
};

}  // namespace noroshi::tui
