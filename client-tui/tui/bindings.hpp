// What keys do: one table (bindings.inc) from which keys, hints and help are drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client-tui/tui/key.hpp"
#include "proto/forms/catalogue.hpp"

namespace noroshi::tui {

enum class Action : std::uint8_t {
  help,
  repaint,
  suspend,
  back,
  up,
  down,
  page_up,
  page_down,
  top,
  bottom,
  open,
  search,
  filter,
  refresh,
  new_report,
  phone,
  call,
  tab_inbox,
  tab_outbox,
  tab_drafts,
  tab_board,
  tab_timeline,
  tab_map,
  tab_nodes,
  tab_support,
  other_form,
  incident,
  home,
  update,
  correct,
  cancel,
  recall,
  answer,
  ask,
  accept,
  confirm,
  hold,
  say,
  print,
  save_files,
  drop,
  pan_left,
  pan_right,
  pan_up,
  pan_down,
  zoom_in,
  zoom_out,
  whole,
  dots,
  next,
  previous,
  choose,
  begin,
  attach,
  review,
  send,
  keep,
  level,
  recipients,
  quit,
  console,
  line_home,
  line_end,
  word_left,
  word_right,
  kill,
  kill_word,
  yank,
  undo,
  redo,
};
/// The kinds of screen that have keys of their own. A report that is shown is in a list, or is one page of
/// it.
enum class Where : std::uint8_t {
  everywhere,
  home,
  list,
  tabs,
  board,
  report,
  map,
  drafts,
  form,
  typing,
  pick,
  review,
  six
};

struct Binding {
  Action action{};
  Where where{};
  std::string_view name;   ///< of the action, as bindings.inc has it: "tab_inbox"
  std::string_view place;  ///< of `where`: "list"
  std::vector<Key> keys;
  forms::Label label;
};

class Bindings {
 public:
  /// The table of bindings.inc.
  [[nodiscard]] static const Bindings& standard();
  /// Gives the action of that name in that place these keys and no others; whatever had them there loses
  /// them. Nothing, or what is wrong in one sentence: a word that is not known (with the nearest), a key that
  /// input methods or terminals need, a letter where letters are typed.
  [[nodiscard]] std::optional<std::string> rebind(std::string_view place, std::string_view name,
                                                  const std::vector<std::string>& keys);
  /// The first action that no key is left for; nothing if all is well.
  [[nodiscard]] const Binding* keyless() const;
  /// What a key does there: the first of `places` that knows it, then what holds everywhere. Full-width
  /// letters count as letters.
  [[nodiscard]] std::optional<Action> action(const Key& key, const std::vector<Where>& places) const;
  /// Everything that can be pressed there, in the order of the table, each action of a place once.
  [[nodiscard]] std::vector<const Binding*> at(const std::vector<Where>& places) const;
  /// The key to show for an action: "C-s"; empty if it has none there.
  [[nodiscard]] std::string key(Action action, const std::vector<Where>& places) const;
  [[nodiscard]] const std::vector<Binding>& all() const { return all_; }

 private:
  Bindings();
  std::vector<Binding> all_;
};

}  // namespace noroshi::tui
