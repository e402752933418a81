// A picture to send: chosen from what is on this laptop and on what is plugged in, made small at once.
#include <chrono>

#include "client-tui/tui/pages.hpp"
#include "client-tui/words/lines.hpp"

namespace noroshi::tui {
namespace {

WallTime wall_of(std::filesystem::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return {std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch()).count()};
}

/// The folder too: cameras number their pictures from one, each in its own.
std::string name_of(const std::filesystem::path& path) {
  return (path.parent_path().filename() / path.filename()).string();
}

}  // namespace

std::string enclosed_line(const Enclosed& picture, const std::string& name, const Facts& facts) {
  const auto seconds = facts.relay ? words::line_seconds(picture.file.size, *facts.relay) : std::nullopt;
  return say(Text::console_enclosed, name + " " + words::size_text(picture.was),
             words::size_text(picture.file.size),
             seconds ? say(Text::attached_time, words::about_seconds(*seconds)) : "");
}

void choose_picture(Turn& turn, std::function<void(const Enclosed&, Turn&)> then) {
  const std::vector<attach::Found> found = turn.office.pictures();
  if (found.empty()) return turn.complain(say(Text::console_no_pictures));
  std::vector<Choice> choices;
  for (const attach::Found& picture : found)
    choices.push_back(
        {to_short_jst(wall_of(picture.written), turn.facts->now.wall) + "  " + name_of(picture.path),
         {},
         {}});
  turn.open(pick_page(say(Text::console_pick_picture), std::move(choices),
                      [found, then = std::move(then)](std::size_t choice, Turn& after) {
                        const auto picture = after.office.enclose(found[choice].path);
                        if (!picture.ok()) return after.complain(picture.error().text);
                        after.say(enclosed_line(*picture, name_of(found[choice].path), *after.facts));
                        then(*picture, after);
                      }));
}

}  // namespace noroshi::tui
