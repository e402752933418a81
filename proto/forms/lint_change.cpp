#include <algorithm>

#include "proto/forms/lint.hpp"

namespace noroshi::forms {
namespace {

class Changes {
 public:
  Changes(const Catalogue& before, const Catalogue& after) : before_(before), after_(after) {}

  std::vector<Finding> run() {
    compare_fields("F0", before_.header().fields, after_.header().fields);
    for (const FormInfo& old : before_.forms())
      if (before_.form(old.number) == &old) compare_form(old);
    for (const auto& [name, list] : before_.lists()) compare_list(list);
    return std::move(findings_);
  }

 private:
  void say(const std::string& place, std::string ja, std::string en) {
    findings_.push_back({place, std::move(ja), std::move(en)});
  }

  void compare_form(const FormInfo& old) {
    const FormInfo* now = after_.form(old.number);
    if (!now) return say(old.code, "様式がなくなっています", "is gone");
    if (now->code != old.code)
      return say(now->code, "番号 " + std::to_string(old.number) + " は " + old.code + " のものです",
                 "has the number " + std::to_string(old.number) + " of " + old.code);
    if (now->version < old.version) return say(old.code, "版が古くなっています", "has a lower version");
    const bool grew = compare_fields(old.code, old.fields, now->fields);
    if (grew && now->version == old.version)
      say(old.code, "項目を加えたときは版を上げます", "has more fields: it needs a higher version");
  }

  /// Whether there are fields or columns that were not there before.
  bool compare_fields(const std::string& place, const std::vector<FieldInfo>& before,
                      const std::vector<FieldInfo>& after) {
    bool grew = false;
    for (const FieldInfo& old : before) {
      const auto now = std::ranges::find(after, old.number, &FieldInfo::number);
      const std::string name = place + "." + old.key;
      if (now == after.end())
        say(name, "項目がなくなっています：deprecated にして残します", "is gone: keep it, deprecated");
      else
        grew = compare_field(name, old, *now) || grew;
    }
    return grew || std::ranges::any_of(after, [&](const FieldInfo& field) {
             return std::ranges::find(before, field.number, &FieldInfo::number) == before.end();
           });
  }

  /// Whether it is a group with a new column.
  bool compare_field(const std::string& place, const FieldInfo& old, const FieldInfo& now) {
    if (now.key != old.key)
      say(place, "番号 " + std::to_string(old.number) + " が別の項目 " + now.key + " になっています",
          "has given its number " + std::to_string(old.number) + " to " + now.key);
    const bool list_moved = (old.list ? old.list->name : "") != (now.list ? now.list->name : "");
    if (now.kind != old.kind || now.scale != old.scale || list_moved)
      say(place, "種類・小数の桁・符号表は変えられません：新しい項目にします",
          "has another kind, scale or code list: make it a new field");
    if (now.slot != old.slot || now.bits != old.bits)
      say(place, "スロットは変えられません", "has another slot");
    if (now.said_by != old.said_by) say(place, "言い手は変えられません", "is said by somebody else");
    return compare_fields(place, old.columns, now.columns);
  }

  void compare_list(const CodeList& old) {
    const CodeList* now = after_.list(old.name);
    if (!now) return say(old.name, "符号表がなくなっています", "is gone");
    for (const CodeInfo& code : old.codes) {
      const CodeInfo* same = now->by_number(code.number);
      const std::string place = old.name + "." + code.name;
      if (!same)
        say(place, "符号がなくなっています", "is gone");
      else if (same->name != code.name)
        say(place, "符号 " + std::to_string(code.number) + " が " + same->name + " になっています",
            "has given its number to " + same->name);
    }
  }

  const Catalogue& before_;
  const Catalogue& after_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> lint_change(const Catalogue& before, const Catalogue& after) {
  return Changes(before, after).run();
}

}  // namespace noroshi::forms
