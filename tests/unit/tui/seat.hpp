// Somebody at the console of a test network: keys in, screens out, the relays replaced by a post office, time
// moved by the test.
#pragma once

#include <clocale>
#include <sstream>
#include <string>

#include "client-tui/tui/console.hpp"
#include "client-tui/tui/desk_office.hpp"
#include "keys/language.hpp"
#include "tests/support/offices.hpp"

namespace noroshi::test {

/// A relay that somebody else owns.
class Borrowed final : public desk::Relay {
 public:
  explicit Borrowed(desk::Relay& relay) : relay_(relay) {}
  [[nodiscard]] Result<proto::control::Answer> ask(const proto::control::Request& request) override {
    return relay_.ask(request);
  }

 private:
  desk::Relay& relay_;
};

class Seat {
 public:
  Seat(const Network& network, PostOffice& post, DeviceId device, tui::Size size = {24, 80})
      : office_(network, post, device),
        desk_office_(
            office_.desk(), {}, [this] { return now_; },
            [this]() -> Result<std::unique_ptr<desk::Relay>> {
              if (office_.relay().down) return Error{Code::unavailable, "no relay"};
              return std::unique_ptr<desk::Relay>(std::make_unique<Borrowed>(office_.relay()));
            }),
        console_(desk_office_, tui::Bindings::standard()),
        size_(size) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    keys::speak(keys::Language::ja);
    if (auto started = console_.start(); !started.ok()) throw std::runtime_error(started.error().text);
  }

  /// "1 2 Enter C-s": keys by name.
  Seat& press(const std::string& names) {
    std::istringstream in(names);
    for (std::string name; in >> name;) wish_ = console_.key(tui::key_of(name).value());
    return *this;
  }
  /// As an input method commits it: one character after the other.
  Seat& type(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
      std::size_t size = 1;
      while (i + size < text.size() && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) ++size;
      wish_ = console_.key(tui::typed(text.substr(i, size)));
      i += size;
    }
    return *this;
  }
  Seat& paste(const std::string& text) {
    wish_ = console_.key({tui::Key::Kind::paste, text});
    return *this;
  }
  /// So much time passes without a key.
  Seat& wait(Seconds time) {
    now_.wall = now_.wall + time;
    now_.mono = now_.mono + millis(time);
    office_.relay().now = now_.wall;
    wish_ = console_.tick();
    return *this;
  }
  [[nodiscard]] std::vector<tui::Arrival> arrivals() { return console_.arrivals(); }
  void leave() { console_.leave(); }
  void resize(tui::Size size) { size_ = size; }

  [[nodiscard]] tui::Screen screen() const { return console_.view(size_); }
  [[nodiscard]] std::string text() const { return screen().text(); }
  [[nodiscard]] bool shows(const std::string& part) const { return text().find(part) != std::string::npos; }
  [[nodiscard]] tui::Console::Wish wish() const { return wish_; }
  [[nodiscard]] Office& office() { return office_; }
  [[nodiscard]] tui::DeskOffice& desk_office() { return desk_office_; }
  [[nodiscard]] WallTime now() const { return now_.wall; }
  /// The newest own report.
  [[nodiscard]] desk::Reading last_sent() {
    const auto view = office_.desk().store().read();
    const auto own = office_.desk().letters(*view).own();
    return own.back().reports.front();
  }
  [[nodiscard]] std::size_t sent() {
    const auto view = office_.desk().store().read();
    return office_.desk().letters(*view).own().size();
  }

 private:
  Office office_;
  Now now_ = at(kStart, 1'000'000);
  tui::DeskOffice desk_office_;
  tui::Console console_;
  tui::Size size_;
  tui::Console::Wish wish_{};
};

}  // namespace noroshi::test
