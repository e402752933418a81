// The map as a page: arrows move it, + and - zoom; the legend is in words.
#include <algorithm>

#include "client-tui/tui/map.hpp"
#include "client-tui/tui/pages.hpp"
#include "client-tui/tui/tabs.hpp"

namespace noroshi::tui {
namespace {

/// One press moves by a quarter of what is seen, and zooms so that two presses double.
constexpr double kStep = 0.25, kZoom = 1.4142;

class MapPage final : public Page {
 public:
  explicit MapPage(std::function<void(Tab)> go) : go_(std::move(go)) {}
  [[nodiscard]] std::vector<Where> places() const override { return {Where::map, Where::tabs}; }
  [[nodiscard]] std::string title(const Facts& facts, const Bindings& bindings) const override {
    return tabs_title(Tab::map, facts, bindings);
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::pan_left, Action::pan_right, Action::pan_up, Action::pan_down, Action::zoom_in,
            Action::zoom_out, Action::whole,     Action::help,   Action::back};
  }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    if (!action) return;
    if (const auto tab = tab_of(*action)) {
      if (*tab == Tab::map) return;
      go_(*tab);
      return turn.close();
    }
    switch (*action) {
      case Action::home: turn.to_first = true; return;
      case Action::back: return turn.close();
      case Action::refresh:
        turn.office.contact();
        turn.stale = true;
        return turn.say(say(Text::console_contacted));
      case Action::pan_left: return look(moved(seen_, 0, -kStep, area_));
      case Action::pan_right: return look(moved(seen_, 0, kStep, area_));
      case Action::pan_up: return look(moved(seen_, -kStep, 0, area_));
      case Action::pan_down: return look(moved(seen_, kStep, 0, area_));
      case Action::zoom_in: return look(zoomed(seen_, kZoom));
      case Action::zoom_out: return look(zoomed(seen_, 1 / kZoom));
      case Action::whole: chosen_view_.reset(); return;
      case Action::dots: braille_ = !braille_; return;
      default: return;
    }
  }

  void draw(Area area) const override {
    const std::vector<MapPlace> places = map_places(area.facts->board());
    area_ = {std::max(area.rows() - 1, 0), area.columns()};
    seen_ = chosen_view_ ? *chosen_view_ : fitted(area.facts->board().query.prefectures, places, area_);
    seen_.braille = braille_;
    const MapLeftOut left_out = draw_map(area.screen, area.top, area.bottom - 1, seen_, places);
    area.screen.put_within({area.bottom - 1, 1}, area.columns(),
                           places.empty() ? say(Text::map_empty) : map_legend(places, left_out),
                           Style::label);
  }

 private:
  void look(const MapView& view) { chosen_view_ = view; }

  std::function<void(Tab)> go_;
  std::optional<MapView> chosen_view_;  ///< nothing: the whole incident
  bool braille_ = true;
  mutable MapView seen_;  ///< of the last drawing: what a step is
  mutable Size area_;
};

}  // namespace

PagePtr map_page(std::function<void(Tab)> go) {
  return std::make_unique<MapPage>(std::move(go));
}

}  // namespace noroshi::tui
