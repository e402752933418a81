#include "keys/roles.hpp"

#include <algorithm>

namespace noroshi::keys {
namespace {

using proto::Ctype;
using proto::RecipientKind;

bool has_any(Roles roles, std::initializer_list<Role> any) {
  return std::any_of(any.begin(), any.end(), [&](Role role) { return roles.has(role); });
}

bool role_allows(Roles roles, Ctype ctype) {
  switch (ctype) {
    case Ctype::report:
    case Ctype::attachment:
    case Ctype::desk_event: return has_any(roles, {Role::field, Role::desk});
    case Ctype::receipt: return has_any(roles, {Role::field, Role::desk, Role::relay, Role::gateway});
    case Ctype::directive:
    case Ctype::forwarded: return roles.has(Role::desk);
    case Ctype::epoch_secret:
    case Ctype::erase_order: return roles.has(Role::admin);
    case Ctype::incident_notice:
    case Ctype::erase_certificate:
    case Ctype::device_head: return true;
  }
  return true;  // a type of tomorrow: the send mask decides
}

bool is_own(RecipientId recipient, OrgId own) {
  return proto::org_of(recipient, own) == own;
}

bool may_direct(const Organisation& sender, const Trust& trust, RecipientId recipient) {
  const auto may = [&](OrgId org) {
    return org == sender.id ||
           std::find(sender.may_direct.begin(), sender.may_direct.end(), org) != sender.may_direct.end();
  };
  if (const Group* group = trust.group(recipient))
    return std::all_of(group->members.begin(), group->members.end(), may);
  const auto org = proto::org_of(recipient, sender.id);
  return org && may(*org);
}

}  // namespace

Reason why_not(const Certificate& sender, const Trust& trust, const Utterance& what) {
  const auto ctype = static_cast<Ctype>(what.ctype);
  const OrgId own = sender.key.device.org;
  if (what.ctype >= 48 || !(sender.send_mask >> what.ctype & 1))
    return {"証明書がこの種類の送信を認めていません", "the certificate does not allow this content type"};
  if (!role_allows(sender.roles, ctype))
    return {"この端末の役割ではこの種類を送れません",
            "the role of this device does not allow this content type"};
  if (what.level > sender.highest)
    return {"証明書がこの優先度を認めていません", "the certificate does not allow this precedence"};
  const Organisation* organisation = trust.organisation(own);
  if (!organisation) return {"差出組織が名簿にありません", "the sender's organisation is not in the roster"};

  for (const RecipientId recipient : what.recipients) {
    const RecipientKind kind = proto::kind_of(recipient);
    const bool to_key = kind == RecipientKind::transport || kind == RecipientKind::own_device;
    if (ctype == Ctype::epoch_secret && !to_key)
      return {"暗号期の秘密は配送鍵か端末の鍵にだけ送れます",
              "epoch secrets go to transport and device keys only"};
    if (ctype != Ctype::epoch_secret && kind == RecipientKind::transport)
      return {"配送鍵に送れるのは暗号期の秘密だけです", "only epoch secrets go to transport keys"};
    if ((ctype == Ctype::desk_event || ctype == Ctype::erase_order) && !is_own(recipient, own))
      return {"この種類は自組織にだけ送れます",
              "this content type goes to the sender's own organisation only"};
    if (ctype == Ctype::directive && !may_direct(*organisation, trust, recipient))
      return {"名簿はその宛先への指示を認めていません",
              "the roster does not let this organisation direct that recipient"};
  }
  return {};
}

bool needs_authority(std::uint8_t ctype) {
  return ctype == static_cast<std::uint8_t>(Ctype::directive) ||
         ctype == static_cast<std::uint8_t>(Ctype::erase_order);
}

}  // namespace noroshi::keys
