// The console's desk: the store of this home and the relay of this machine.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "client-tui/desk/relay_client.hpp"
#include "client-tui/desk/settings.hpp"
#include "client-tui/tui/office.hpp"

namespace noroshi::tui {

class DeskOffice final : public Office {
 public:
  /// `clock` is asked whenever the time matters; `connect` whenever there is no relay. The desk outlives it.
  using Clock = std::function<Now()>;
  using Connect = std::function<Result<std::unique_ptr<desk::Relay>>()>;
  DeskOffice(desk::Desk& desk, desk::Settings settings, Clock clock, Connect connect);

  /// Where pictures are looked for; nowhere before.
  void look_for_pictures_in(std::vector<std::filesystem::path> folders) { folders_ = std::move(folders); }

  /// The port of this machine's gpsd; 0, and nobody is asked, before.
  void ask_for_position_at(std::uint16_t gpsd_port) { gpsd_port_ = gpsd_port; }

  [[nodiscard]] Now now() override;
  [[nodiscard]] Result<FactsPtr> facts() override;
  void choose_incident(IncidentId incident) override { chosen_ = incident; }
  bool contact() override;
  [[nodiscard]] Result<desk::Prepared> prepare(const desk::Message& message) override;
  [[nodiscard]] Result<desk::Sent> send(const desk::Message& message,
                                        std::optional<std::uint64_t> draft) override;
  [[nodiscard]] desk::Delivery reached(const desk::Sent& sent) override;
  [[nodiscard]] Result<std::uint64_t> keep(const desk::Draft& draft, bool take_over) override;
  [[nodiscard]] Result<void> drop(std::uint64_t draft) override;
  [[nodiscard]] Result<void> acknowledge(const MsgId& id, proto::ReceiptKind kind) override;
  [[nodiscard]] Result<desk::Draft> recall(const MsgId& id) override;
  [[nodiscard]] Result<std::string> print(const Item& item) override;
  [[nodiscard]] std::vector<attach::Found> pictures() override;
  [[nodiscard]] Result<Enclosed> enclose(const std::filesystem::path& picture) override;
  [[nodiscard]] Result<forms::Point> position() override;
  [[nodiscard]] Result<std::string> save_files(const Item& item) override;
  [[nodiscard]] std::optional<proto::control::EnvelopeProgress> progress(const MsgId& id) override;
  [[nodiscard]] std::optional<desk::Reading> own_answer(const desk::Reading& request) override;
  [[nodiscard]] std::vector<forms::Report> child_of(const desk::Reading& parent,
                                                    forms::ReportKind kind) override;

 private:
  [[nodiscard]] bool connected();
  [[nodiscard]] Result<void> exchange();
  void ask_status(Facts& facts);

  desk::Desk& desk_;
  desk::Settings settings_;
  Clock clock_;
  Connect connect_;
  std::unique_ptr<desk::Relay> relay_;
  std::string relay_trouble_;
  std::optional<proto::control::Info> relay_info_;
  desk::Overview overview_;
  std::optional<IncidentId> chosen_;  ///< to be shown
  std::vector<std::filesystem::path> folders_;
  std::uint16_t gpsd_port_ = 0;
  std::uint64_t owner_;  ///< of the drafts that this console writes
};

}  // namespace noroshi::tui
