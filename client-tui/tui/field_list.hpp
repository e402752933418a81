// The fields of a form, or of a row of a group, one below the other: the one under the cursor is being filled
// in. There is no mode to enter first; leaving a field takes over what was typed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client-tui/tui/cursor.hpp"
#include "client-tui/tui/entry.hpp"
#include "client-tui/tui/text/count_entry.hpp"

namespace noroshi::tui {

using Values = std::map<forms::FieldNo, forms::Value>;

class FieldList {
 public:
  /// `values` are of the row or report that the list fills in; it is handed in each time, so that the list
  /// can be moved with its page.
  void show(std::vector<const forms::FieldInfo*> fields, const Values& values, WallTime now);
  void go(std::size_t at, const Values& values, WallTime now);
  /// To a field by its number; stays if it is not asked.
  void go_to(forms::FieldNo number, const Values& values, WallTime now);

  [[nodiscard]] bool empty() const { return fields_.empty(); }
  [[nodiscard]] const forms::FieldInfo& field() const { return *fields_[cursor_.at]; }
  [[nodiscard]] std::size_t at() const { return cursor_.at; }
  [[nodiscard]] const std::vector<const forms::FieldInfo*>& fields() const { return fields_; }

  /// Text of the field as typed, whether it is a value or not; set again after a recovery.
  [[nodiscard]] std::string typing() const {
    return manner() == Manner::typed ? editor_.text() : std::string();
  }
  void set_typing(const std::string& text) { editor_.set(text); }
  /// Into the text under the cursor, where the caret is. False: it does not fit, `why` says it.
  bool insert(const std::string& text);

  /// What became of a key.
  enum class Did : std::uint8_t {
    nothing,
    moved,    ///< to another field, or within this one
    changed,  ///< a value, or what is being typed
    choose,   ///< the list of this field's options is wanted
    rows,     ///< this group's rows are wanted
    refused,  ///< `why` says it
  };
  Did key(const Key& key, const Bindings& bindings, Values& values, WallTime now);
  /// The letter that asked for the list, to be searched for in it; empty if another key did.
  [[nodiscard]] const std::string& sought() const { return sought_; }
  /// Takes over what was typed in the field. False: it is no value; `why` says what the field takes.
  bool take(Values& values, WallTime now);
  [[nodiscard]] const std::string& why() const { return why_; }

  void draw(Area area, const Values& values) const;

 private:
  Did typed(const Key& key, const Bindings& bindings, Values& values, WallTime now);
  Did counted(const Key& key, const Bindings& bindings, Values& values);
  Did picked(const Key& key, Values& values);
  [[nodiscard]] Manner manner() const { return manner_of(field()); }
  Did walk(Action action, Values& values, WallTime now);
  void draw_line(Area area, int row, std::size_t index, int width, const Values& values) const;
  void draw_typed(Area area, int row, int column) const;
  [[nodiscard]] std::string offer(const Bindings& bindings) const;
  [[nodiscard]] std::string shown(const forms::FieldInfo& field, const Values& values) const;

  std::vector<const forms::FieldInfo*> fields_;
  mutable Cursor cursor_;
  mutable Editor editor_;
  CountEntry count_;
  std::string killed_;
  std::string why_, sought_;
  std::uint64_t taken_ = 0;  ///< Editor::changed() when the field was entered or taken over
};

}  // namespace noroshi::tui
