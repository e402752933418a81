#include "client-tui/desk/public_edition.hpp"

#include <algorithm>

namespace noroshi::desk {
namespace {

class Publisher {
 public:
  Publisher(const forms::FormInfo& form, const forms::Catalogue& catalogue)
      : form_(form), catalogue_(catalogue) {}

  /// Places where units are expected, and those of which something may be told.
  std::vector<Part> parts(const std::vector<Part>& from) const {
    std::vector<Part> out;
    for (const Part& one : from) {
      Part told = part(one);
      if (told.coverage.units_expected > 0 || says_something(told)) out.push_back(std::move(told));
    }
    return out;
  }
  Part part(const Part& from) const {
    Part out;
    out.place = from.place;
    out.coverage.units_heard = from.coverage.units_heard;
    out.coverage.units_expected = from.coverage.units_expected;
    out.coverage.oldest = from.coverage.oldest;
    for (const auto& [field, total] : from.totals) {
      if (is_open(field) && !total.sum.empty()) out.totals.emplace(field, known(total));
    }
    take_open(out.tallies, from.tallies);
    take_open(out.six, from.six);
    take_open(out.extremes, from.extremes);
    return out;
  }
  bool has_open_field() const { return std::ranges::any_of(form_.fields, open); }
  /// Whether the form says that its meshes may be known.
  bool open_mesh() const {
    return std::ranges::any_of(form_.fields, [](const forms::FieldInfo& field) {
      return field.derive && field.derive->how == forms::Derivation::How::mesh && open(field);
    });
  }

 private:
  static bool open(const forms::FieldInfo& field) {
    return field.confidentiality == forms::Confidentiality::open;
  }
  bool is_open(forms::FieldNo number) const {
    const forms::FieldInfo* field = catalogue_.field(form_, number);
    return field != nullptr && open(*field);
  }
  static bool says_something(const Part& part) {
    return !part.totals.empty() || !part.tallies.empty() || !part.six.empty() || !part.extremes.empty();
  }
  static Total known(const Total& from) {
    Total out;
    out.sum = from.sum;
    out.verified = from.verified;
    out.scope = from.scope;
    out.other_scopes = from.other_scopes;
    return out;
  }
  template <typename Map>
  void take_open(Map& into, const Map& from) const {
    for (const auto& [field, what] : from) {
      if (is_open(field)) into.emplace(field, what);
    }
  }

  const forms::FormInfo& form_;
  const forms::Catalogue& catalogue_;
};

}  // namespace

std::optional<Board> public_edition(const Board& board, const forms::Catalogue& catalogue) {
  const forms::FormInfo* form = catalogue.form(board.query.form);
  if (form == nullptr) return std::nullopt;
  const Publisher publisher(*form, catalogue);
  if (!publisher.has_open_field()) return std::nullopt;
  Board out;
  out.query = board.query;
  out.is_public = true;
  out.as_of = board.as_of;
  out.all = publisher.part(board.all);
  for (const Division division : {Division::prefecture, Division::municipality})
    out.by(division) = publisher.parts(board.by(division));
  if (publisher.open_mesh()) out.by(Division::mesh) = publisher.parts(board.by(Division::mesh));
  return out;
}

}  // namespace noroshi::desk
