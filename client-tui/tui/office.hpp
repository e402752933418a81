// What the console can do and see: the desk behind its screens. Pages ask here; tests put another one in its
// place.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/delivery.hpp"
#include "client-tui/desk/desk.hpp"
#include "client-tui/desk/draft.hpp"
#include "client-tui/desk/letter.hpp"
#include "client-tui/desk/rollup.hpp"
#include "client-tui/desk/support.hpp"
#include "client-tui/desk/timeline.hpp"
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
  [[nodiscard]] bool closed() const { return letter.reports.empty(); }
  [[nodiscard]] const desk::Reading& reading() const { return letter.reports[index]; }
};

/// Everything that is shown, as of one moment. Never changes after it was made.
struct Facts {
  Now now;
  std::string node;  ///< name of this machine
  DeviceId self;
  keys::Roles roles;
  UnitId unit;          ///< of the certificate; 0 = none
  IncidentId incident;  ///< the one that is shown and reported to; 0 = PENDING
  keys::TrustPtr trust;
  const forms::Catalogue* catalogue = nullptr;  ///< the forms in use; lives as long as the office
  std::vector<Item> received;                   ///< newest first
  std::vector<Item> own;                        ///< newest first
  std::vector<desk::Reading> readings;
  std::vector<desk::Draft> drafts;
  desk::Board board;
  desk::Timeline timeline;
  std::vector<desk::SupportRequest> support;
  std::optional<proto::control::Status> relay;  ///< nothing: it does not run
  std::string relay_trouble;                    ///< why not, in one line
};
using FactsPtr = std::shared_ptr<const Facts>;

class Office {
 public:
  Office() = default;
  Office(const Office&) = delete;
  Office& operator=(const Office&) = delete;
  virtual ~Office() = default;

  [[nodiscard]] virtual Now now() = 0;
  /// What is here now. Reads the store again only if something may have changed.
  [[nodiscard]] virtual Result<FactsPtr> facts() = 0;
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
  /// The reports to begin from for a child of a report.
  [[nodiscard]] virtual std::vector<forms::Report> child_of(const desk::Reading& parent,
                                                            forms::ReportKind kind) = 0;
};

}  // namespace noroshi::tui
