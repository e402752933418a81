// Lines for people: a board, whole or one place of it, and what clashes on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client-tui/desk/rolled.hpp"
#include "client-tui/words/line.hpp"

namespace noroshi::words {

/// For paper and pipes: the totals, each place of a division if asked for, every row, what clashes, what is
/// doubtful.
[[nodiscard]] std::vector<Line> board_lines(const desk::Rolled& rolled, std::optional<desk::Division> by,
                                            const Around& around);
/// For a screen: one place of it, or (nothing) the whole. Its totals, a line for each place to look closer
/// at, the rows that none of those has, and of all this what clashes, what is doubtful, who is silent.
[[nodiscard]] std::vector<Line> board_page(const desk::Rolled& rolled,
                                           const std::optional<desk::Locality>& at, const Around& around);

/// "X1 回収済本数: 回収済の個別報告 4、集計の報告 3  17/3.1/5, 17/3.1/8 ほか 2 件". Its reports are all of
/// those that disagree.
[[nodiscard]] Line clash_line(const desk::Clash& clash, const Around& around);

/// "石川県", "輪島市", "3次メッシュ 56360761".
[[nodiscard]] std::string locality_name(const desk::Locality& at);

}  // namespace noroshi::words
