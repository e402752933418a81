// One key into an editor: what is not a command types.
#include "client-tui/tui/entry.hpp"

namespace noroshi::tui {
namespace {

Edited moved(bool did) {
  return did ? Edited::accepted : Edited::nothing;
}

/// Nothing if the action is none of an editor.
std::optional<Edited> act(Editor& editor, Action action, std::string& killed) {
  switch (action) {
    case Action::line_home: return moved(editor.home());
    case Action::line_end: return moved(editor.end());
    case Action::word_left: return moved(editor.word_left());
    case Action::word_right: return moved(editor.word_right());
    case Action::kill: return editor.kill_to_end(killed);
    case Action::kill_word: return editor.erase_word_left();
    case Action::yank: return editor.yank(killed);
    case Action::undo: return editor.undo();
    case Action::redo: return editor.redo();
    default: return std::nullopt;
  }
}

}  // namespace

Edited edit(Editor& editor, const Key& key, const Bindings& bindings, std::string& killed) {
  if (const auto action = bindings.action(key, {Where::typing})) {
    if (const auto done = act(editor, *action, killed)) return *done;
  }
  switch (key.kind) {
    case Key::Kind::text: return editor.insert(key.text);
    case Key::Kind::paste: return editor.paste(key.text);
    case Key::Kind::enter: return editor.kind().many_lines ? editor.insert("\n") : Edited::nothing;
    case Key::Kind::backspace: return editor.backspace();
    case Key::Kind::del: return editor.erase();
    case Key::Kind::left: return moved(editor.left());
    case Key::Kind::right: return moved(editor.right());
    case Key::Kind::up: return moved(editor.up());
    case Key::Kind::down: return moved(editor.down());
    default: return Edited::nothing;
  }
}

}  // namespace noroshi::tui
