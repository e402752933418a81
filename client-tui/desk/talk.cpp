#include "client-tui/desk/talk.hpp"

#include <algorithm>
#include <set>

#include "client-tui/desk/letter.hpp"

namespace noroshi::desk {

namespace field = forms::field;

forms::Report talk(forms::ActKind act, const forms::Catalogue& catalogue) {
  forms::Report report = forms::new_report(*catalogue.form("F9"));
  report.put(field::act_kind, forms::CodeValue{static_cast<std::uint32_t>(act)});
  return report;
}

forms::Report talk_about(const Facts& about, forms::ActKind act, const forms::Catalogue& catalogue) {
  forms::Report report = talk(act, catalogue);
  forms::Header header = report.header();
  header.incident = about.incident;
  report.set_header(header);
  report.put(field::regarding, forms::References{about.id});
  return report;
}

forms::Report verification(const Facts& about, forms::Verdict verdict, const forms::Catalogue& catalogue) {
  forms::Report report = talk_about(about, forms::ActKind::verification, catalogue);
  report.put(field::verdict, forms::CodeValue{static_cast<std::uint32_t>(verdict)});
  return report;
}

std::optional<Call> call_of(const forms::Report& report) {
  const auto number = [&](forms::FieldNo field) {
    const auto* value = report.get<std::int64_t>(field);
    return value != nullptr ? static_cast<std::uint32_t>(*value) : 0;
  };
  const auto act = static_cast<forms::ActKind>(report.code(field::act_kind));
  const bool asks = act == forms::ActKind::inquiry || act == forms::ActKind::directive;
  Call out;
  out.form = static_cast<forms::FormNo>(number(field::asked_form));
  out.area = number(field::asked_area);
  out.unit = {number(field::to_unit)};
  return report.form == 9 && asks && out.form != 0 ? std::optional(out) : std::nullopt;
}

bool is_called(const Call& call, const ExpectedUnit& unit) {
  if (call.unit.value != 0) return unit.id == call.unit;
  if (unit.municipalities.empty()) return in_area(unit.prefecture * 1'000u, call.area);
  return std::ranges::any_of(unit.municipalities,
                             [&](std::uint32_t municipality) { return in_area(municipality, call.area); });
}

std::vector<RecipientId> associations_called(const Call& call, std::span<const ExpectedUnit> units,
                                             const keys::Trust& trust) {
  std::set<RecipientId> out;
  for (const ExpectedUnit& unit : units) {
    if (is_called(call, unit)) out.insert(proto::to_org(association_of(unit.id, trust)));
  }
  return {out.begin(), out.end()};
}

RecipientId sender_of(const Facts& about, DeviceId self) {
  const bool beside = about.signer.org == self.org && about.signer != self;
  return beside ? proto::to_own_device(about.signer.dev) : proto::to_org(about.signer.org);
}

}  // namespace noroshi::desk
