#include "proto/forms/rule_codec.hpp"

namespace noroshi::forms {
namespace {

Condition condition_of(const schema::Condition& in) {
  Condition out;
  out.field = in.field();
  out.is.assign(in.is().begin(), in.is().end());
  out.positive = in.positive();
  out.zero = in.zero();
  out.set = in.set();
  out.negate = in.not_();
  return out;
}

}  // namespace

Label label_of(const schema::Label& in) {
  return {in.ja(), in.en(), in.kana()};
}

When when_of(const schema::When& in) {
  When out;
  for (const auto& condition : in.all()) out.all.push_back(condition_of(condition));
  for (const auto& condition : in.any()) out.any.push_back(condition_of(condition));
  return out;
}

std::optional<RuleInfo> rule_of(const schema::Rule& in) {
  RuleInfo out;
  out.id = in.id();
  out.severity = in.severity() == schema::error ? Severity::error : Severity::warning;
  out.message = label_of(in.message());
  out.when = when_of(in.when());
  const auto pair = [&](Check check, const schema::Pair& terms) {
    out.check = check;
    out.fields = {terms.a(), terms.b()};
    out.slack_minutes = terms.slack_minutes();
  };
  const auto sum = [&](Check check, const schema::Sum& terms) {
    out.check = check;
    out.fields = strings_of(terms.parts());
    out.total = terms.total();
  };
  const auto fields = [&](Check check, const schema::Fields& terms) {
    out.check = check;
    out.fields = strings_of(terms.field());
    out.one_suffices = terms.one_suffices();
  };
  switch (in.check_case()) {
    case schema::Rule::kLe: pair(Check::le, in.le()); break;
    case schema::Rule::kTimeOrder: pair(Check::time_order, in.time_order()); break;
    case schema::Rule::kSumLe: sum(Check::sum_le, in.sum_le()); break;
    case schema::Rule::kSumEq: sum(Check::sum_eq, in.sum_eq()); break;
    case schema::Rule::kNonDecreasing: fields(Check::non_decreasing, in.non_decreasing()); break;
    case schema::Rule::kRequired: fields(Check::required, in.required()); break;
    case schema::Rule::kAllZero: fields(Check::all_zero, in.all_zero()); break;
    case schema::Rule::kIncreasing: fields(Check::increasing, in.increasing()); break;
    case schema::Rule::kJump:
      out.check = Check::jump;
      out.fields = strings_of(in.jump().field());
      out.factor = in.jump().factor();
      break;
    case schema::Rule::kLinkRequired:
      out.check = Check::link_required;
      out.form = in.link_required();
      break;
    case schema::Rule::kNear:
      out.check = Check::near;
      out.fields = {in.near().point(), in.near().municipality()};
      out.kilometres = in.near().kilometres();
      break;
    case schema::Rule::kNever: out.check = Check::never; break;
    case schema::Rule::CHECK_NOT_SET: return std::nullopt;  // a kind of rule this program does not have
  }
  return out;
}

std::optional<Derivation> derivation_of(const schema::Derive& in) {
  using How = Derivation::How;
  Derivation out;
  switch (in.how_case()) {
    case schema::Derive::kDifference:
      out.how = How::difference;
      out.from = {in.difference().from()};
      out.minus = strings_of(in.difference().minus());
      out.minus_if_said = strings_of(in.difference().minus_if_said());
      break;
    case schema::Derive::kSum:
      out.how = How::sum;
      out.from = strings_of(in.sum().parts());
      break;
    case schema::Derive::kMesh:
      out.how = How::mesh;
      out.from = {in.mesh()};
      break;
    case schema::Derive::kSteps:
      out.how = How::steps;
      out.from = {in.steps().from(), in.steps().to()};
      out.before = in.steps().before();
      out.after = in.steps().after();
      for (const auto& step : in.steps().step()) out.steps.push_back({step.minutes(), step.code(), {}});
      break;
    case schema::Derive::kDue:
      out.how = How::due;
      out.from = {in.due().from()};
      for (const auto& step : in.due().step()) out.steps.push_back({step.days(), {}, when_of(step.when())});
      break;
    case schema::Derive::kManDays:
      out.how = How::man_days;
      out.from = {in.man_days().people(), in.man_days().from(), in.man_days().to()};
      break;
    case schema::Derive::kClass: out.how = How::classes; break;
    case schema::Derive::HOW_NOT_SET: return std::nullopt;
  }
  return out;
}

ClassTable classes_of(const schema::Classes& in) {
  ClassTable out;
  out.version = in.version();
  out.label = label_of(in.label());
  for (const auto& step : in.step()) {
    ClassStep& one = out.steps.emplace_back();
    one.code = step.code();
    one.when = when_of(step.when());
    for (const auto& reach : step.reach()) one.reach.push_back({strings_of(reach.parts()), reach.value()});
  }
  return out;
}

}  // namespace noroshi::forms
