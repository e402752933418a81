// One field at a time: a question, what may be answered, the answer.
#pragma once

#include "client-tui/tui/entry.hpp"
#include "client-tui/tui/field_list.hpp"
#include "client-tui/tui/plain/room.hpp"

namespace noroshi::tui::plain {

/// What came of a question.
enum class Answered : std::uint8_t {
  next,  ///< a value, none, or what was there
  back,  ///< to the question before
  done,  ///< no more questions
  kept,  ///< leave, and keep what there is
  gone,  ///< there will be no more answers
};

/// Asks until the answer is a value of the field or a command. `place`: "3/40".
[[nodiscard]] Answered fill(const forms::FieldInfo& field, const std::string& place, Values& values,
                            Room& room);

/// What was typed as a whole number; full-width digits count as digits. Nothing: it is none.
[[nodiscard]] std::optional<std::size_t> number_typed(const std::string& text);
/// A number of a printed list: 1 … `count`; 0 for an empty answer or 0. Nothing: gone.
[[nodiscard]] std::optional<std::size_t> pick(const std::string& prompt, std::size_t count, Paper& paper);
/// One of many, by its number or by typing of it (proto/forms/search.hpp). `count` itself: none of them.
[[nodiscard]] std::optional<std::size_t> find(const std::string& prompt, const std::vector<Choice>& choices,
                                              Paper& paper);

}  // namespace noroshi::tui::plain
