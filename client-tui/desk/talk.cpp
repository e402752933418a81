#include "client-tui/desk/talk.hpp"

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

RecipientId sender_of(const Facts& about, DeviceId self) {
  const bool beside = about.signer.org == self.org && about.signer != self;
  return beside ? proto::to_own_device(about.signer.dev) : proto::to_org(about.signer.org);
}

}  // namespace noroshi::desk
