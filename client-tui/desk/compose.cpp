#include "client-tui/desk/compose.hpp"

#include <algorithm>
#include <set>

#include "client-tui/desk/attachments.hpp"
#include "client-tui/desk/letter.hpp"
#include "keys/language.hpp"
#include "proto/attachment.hpp"

namespace noroshi::desk {

using forms::Report;
using forms::ReportKind;

bool Prepared::sendable() const {
  return std::all_of(problems.begin(), problems.end(), [this](const std::vector<forms::Problem>& of_report) {
    return forms::valid(of_report) || (level == proto::Level::flash && forms::sendable_incomplete(of_report));
  });
}

Error why_not_sendable(const Prepared& prepared, const forms::Catalogue& catalogue) {
  std::string missing, wrong;
  for (std::size_t i = 0; i < prepared.problems.size(); ++i) {
    const forms::FormInfo* form = catalogue.form(prepared.reports[i].form, prepared.reports[i].version);
    for (const forms::Problem& problem : prepared.problems[i]) {
      if (problem.severity != forms::Severity::error) continue;
      const forms::FieldInfo* field = form != nullptr ? catalogue.field(*form, problem.field) : nullptr;
      if (problem.rule == "required" && field != nullptr) {
        missing +=
            (missing.empty() ? "" : ", ") + field->key + " (" + said(field->label.ja, field->label.en) + ")";
      } else {
        wrong += (wrong.empty() ? "" : "; ") + problem.rule + ": " + said(problem.text_ja, problem.text_en);
      }
    }
  }
  if (!missing.empty())
    missing = said("必須の項目がありません（--set 項目=値）: ", "required and missing (--set key=value): ") +
              missing;
  return {Code::bad_data, wrong + (wrong.empty() || missing.empty() ? "" : "; ") + missing +
                              said("：直してから送ってください", ": correct it, then send")};
}

std::vector<RecipientId> default_recipients(const Author& author) {
  std::set<RecipientId> out;
  const keys::Certificate* certificate = author.trust->certificate(author.key);
  const OrgId own = author.key.device.org;
  out.insert(proto::to_org(own));
  if (certificate != nullptr && certificate->default_unit.value != 0) {
    const OrgId association = association_of(certificate->default_unit, *author.trust);
    if (author.trust->organisation(association) != nullptr) out.insert(proto::to_org(association));
  }
  for (const OrgId org : author.trust->organisations()) {
    const keys::Organisation* listed = author.trust->organisation(org);
    if (listed == nullptr) continue;
    const bool above = listed->kind == keys::OrgKind::national || listed->kind == keys::OrgKind::ministry;
    if (above) out.insert(proto::to_org(org));
  }
  return {out.begin(), out.end()};
}

proto::Level default_level(const std::vector<Report>& reports) {
  proto::Level level = proto::Level::routine;
  for (const Report& report : reports) {
    if (report.form != 1) continue;
    level = std::max(level, proto::Level::urgent);
    const auto some = [&](forms::FieldNo field) {
      const auto* count = report.get<forms::Count>(field);
      return count != nullptr && count->comparable() && count->lo() > 0;
    };
    constexpr std::uint32_t kFireOrExplosion = 3, kLife = 5;
    const bool life = report.code(forms::field::six_help) == kLife || some(forms::field::deaths);
    const bool fire = report.code(forms::field::six_danger) == kFireOrExplosion ||
                      some(forms::field::fires) || some(forms::field::explosions);
    if (life || fire) level = proto::Level::flash;
  }
  return level;
}

namespace {

bool same_series(const Facts& facts, const Report& report) {
  const forms::Header header = report.header();
  return facts.form == report.form && facts.incident == header.incident &&
         facts.unit == header.speaks_for().value_or(UnitId{});
}

std::uint32_t next_number(std::span<const Reading> readings, const Report& report) {
  std::uint32_t highest = 0;
  for (const Reading& reading : readings) {
    if (same_series(reading.facts, report)) highest = std::max(highest, reading.report.header().report_no);
  }
  return highest + 1;
}

/// The author's own role for the rules, from the roster.
std::uint32_t role_code(const Author& author) {
  const keys::Organisation* org = author.trust->organisation(author.key.device.org);
  switch (org != nullptr ? org->kind : keys::OrgKind::other) {
    case keys::OrgKind::national: return 4;
    case keys::OrgKind::ministry: return 6;
    case keys::OrgKind::association: return 3;
    case keys::OrgKind::dealer: return 1;
    case keys::OrgKind::inspector: return 5;
    case keys::OrgKind::other: return 10;
  }
  return 10;
}

/// What the envelope and the roster say, for the rules.
std::map<forms::FieldNo, forms::Value> surroundings(const Author& author, WallTime created,
                                                    proto::Level level) {
  const auto precedence = static_cast<std::uint32_t>(4 - static_cast<int>(level));  // 1 flash … 4 bulk
  return {{forms::field::created_at, created},
          {forms::field::precedence, forms::CodeValue{precedence}},
          {forms::field::org_role, forms::CodeValue{role_code(author)}}};
}

WallTime whole_minute(WallTime time) {
  return {time.s - time.s % 60};
}

/// Says where the parts of each file that is new will stand: in one line behind the report. Those of an
/// earlier report have gone with that one.
void number_parts(Report& report, std::vector<forms::Attachment>& files, std::uint32_t& next_delta,
                  const forms::Catalogue& catalogue) {
  std::vector<forms::Attachment> said = forms::attachments_of(report, catalogue);
  for (forms::Attachment& file : said) {
    if (file.parts != 0) {
      if (!report.header().copy_of) file.first_seq_delta = 0;
      continue;
    }
    const auto same = std::ranges::find(files, file.sha256, &forms::Attachment::sha256);
    if (same != files.end()) {
      file.parts = same->parts, file.first_seq_delta = same->first_seq_delta;
      continue;
    }
    file.parts = static_cast<std::uint32_t>(proto::parts_of(file.size));
    file.first_seq_delta = next_delta;
    next_delta += file.parts;
    files.push_back(file);
  }
  forms::put_attachments(report, said, catalogue);
}

Result<std::size_t> sealed_parts_size(const std::vector<forms::Attachment>& files, std::size_t recipients,
                                      std::size_t max) {
  std::size_t out = 0, plain = 0;
  for (const forms::Attachment& file : files) plain += file.size;
  TRY_VOID(check_files(plain, max));
  for (const forms::Attachment& file : files) {
    for (std::size_t left = file.size; left > 0;) {
      const std::size_t data = std::min(left, proto::kPartData);
      TRY(const keys::SealedSize size, keys::sealed_size(recipients, data + proto::kPartHead));
      out += size.total();
      left -= data;
    }
  }
  return out;
}

}  // namespace

const Reading* last_of_series(std::span<const Reading> readings, const Report& report) {
  const Reading* last = nullptr;
  for (const Reading& reading : readings) {
    if (!same_series(reading.facts, report) || reading.facts.kind == ReportKind::cancel) continue;
    if (last == nullptr ||
        std::pair(last->facts.as_of, last->facts.id) < std::pair(reading.facts.as_of, reading.facts.id)) {
      last = &reading;
    }
  }
  return last;
}

std::size_t files_max(const Author& author) {
  const keys::Certificate* certificate = author.trust->certificate(author.key);
  if (certificate == nullptr) return 0;
  const std::uint64_t daily = std::min<std::uint64_t>(author.trust->quota(certificate->quota).bytes, kAttachmentMax);
  return std::min<std::size_t>(kAttachmentMax, daily * (kQuotaDays - kQuotaDaysKept));
}

void complete(Report& report, const Author& author, WallTime now, std::span<const Reading> readings) {
  const forms::BodyContext context = body_context(author.key, now, *author.trust);
  forms::Header header = report.header();
  if (!header.unit && context.default_unit.value != 0) header.unit = context.default_unit;
  if (!header.handler) header.handler = context.default_handler;
  if (!header.as_of) header.as_of = whole_minute(now);
  if (!header.municipality && header.speaks_for()) {
    const keys::Unit* unit = author.trust->unit(*header.speaks_for());
    if (unit != nullptr && unit->municipalities.size() == 1) {
      header.municipality =
          static_cast<std::uint32_t>(std::strtoul(unit->municipalities.front().c_str(), nullptr, 10));
    }
  }
  if (header.kind == ReportKind::final) header.provisional = false;
  report.set_header(header);
  if (header.report_no == 0) {
    header.report_no = next_number(readings, report);
    report.set_header(header);
  }
}

Result<Prepared> prepare(Message message, const Author& author, WallTime created,
                         std::span<const Reading> readings, const forms::Catalogue& catalogue) {
  NOROSHI_ASSERT(!message.reports.empty());
  Prepared out;
  out.ctype = message.ctype;
  out.created = created;
  out.level = message.level.value_or(default_level(message.reports));
  out.recipients = message.recipients.empty() ? default_recipients(author) : std::move(message.recipients);
  std::sort(out.recipients.begin(), out.recipients.end());
  out.recipients.erase(std::unique(out.recipients.begin(), out.recipients.end()), out.recipients.end());
  std::uint32_t next_delta = 1;
  for (Report& report : message.reports) {
    complete(report, author, created, readings);
    number_parts(report, out.files, next_delta, catalogue);
    // What is written today is written in today's form, whatever its parent or draft was; a copy stays what
    // it is.
    const forms::FormInfo* newest = catalogue.form(report.form);
    if (newest != nullptr && !report.header().copy_of)
      report.version = std::max(report.version, newest->version);
    forms::RuleContext context;
    const Reading* previous = last_of_series(readings, report);
    if (previous != nullptr) context.previous = &previous->report;
    context.surroundings = surroundings(author, created, out.level);
    for (const Reading& reading : readings) {
      if (reading.facts.unit != report.header().speaks_for().value_or(UnitId{})) continue;
      if (const forms::FormInfo* form = catalogue.form(reading.facts.form))
        context.linked_forms.insert(form->code);
    }
    std::vector<forms::Problem> problems = forms::validate(report, catalogue, context);
    if (!forms::valid(problems) && out.level == proto::Level::flash && forms::sendable_incomplete(problems)) {
      forms::Header header = report.header();
      header.incomplete = true;
      report.set_header(header);
    }
    out.problems.push_back(std::move(problems));
  }
  out.incident = message.reports.front().header().incident;
  const keys::Incident* incident = author.trust->incident(out.incident);
  out.exercise = incident != nullptr && incident->exercise;
  const forms::BodyContext context = body_context(author.key, created, *author.trust);
  TRY(out.content, forms::encode(message.reports, context, catalogue));
  TRY(out.body, forms::body_sizes(message.reports, context, catalogue));
  TRY(out.size, keys::sealed_size(out.recipients.size(), out.content.size()));
  TRY(out.files_bytes, sealed_parts_size(out.files, out.recipients.size(), files_max(author)));
  out.reports = std::move(message.reports);
  return out;
}

namespace {

/// A report that begins from the values of another: what is said of that one alone is left behind.
Report begin_from(const Reading& from, ReportKind kind, const Author& author) {
  Report report = from.report;
  forms::Header header = report.header();
  const keys::Certificate* certificate = author.trust->certificate(author.key);
  const UnitId own = certificate != nullptr ? certificate->default_unit : UnitId{};
  header.unit.reset();
  header.handler.reset();
  header.on_behalf_of.reset();
  if (from.facts.unit != own) header.on_behalf_of = from.facts.unit;
  header.kind = kind;
  header.parents = {from.facts.id};
  header.report_no = 0;
  header.reason.clear();
  header.overrides.clear();
  header.copy_of.reset();
  header.incomplete = false;
  header.next_contact.reset();
  if (kind != ReportKind::correction) header.as_of.reset();  // a correction speaks of the same time
  report.set_header(header);
  return report;
}

/// Only who, where and which: a cancel has no figures.
Report cancel_of(const Reading& from, const Author& author) {
  const Report report = begin_from(from, ReportKind::cancel, author);
  const forms::Header header = report.header();
  Report out;
  out.form = report.form;
  out.version = report.version;
  forms::Header kept;
  kept.kind = ReportKind::cancel;
  kept.parents = header.parents;
  kept.incident = header.incident;
  kept.municipality = header.municipality;
  kept.on_behalf_of = header.on_behalf_of;
  out.set_header(kept);
  return out;
}

}  // namespace

std::vector<Report> child_of(const Reading& parent, ReportKind kind, const Author& author,
                             std::span<const Reading> readings) {
  if (kind == ReportKind::cancel) return {cancel_of(parent, author)};
  std::vector<Report> out{begin_from(parent, kind, author)};
  std::vector<Facts> facts;
  for (const Reading& reading : readings) facts.push_back(reading.facts);
  for (const std::size_t i : fold(facts).standing) {
    const ReportId& id = facts[i].id;
    const bool sibling = id.key == parent.facts.id.key && id.seq == parent.facts.id.seq &&
                         id != parent.facts.id && facts[i].unit == parent.facts.unit &&
                         facts[i].form == parent.facts.form;
    if (sibling) out.push_back(begin_from(readings[i], ReportKind::update, author));
  }
  return out;
}

}  // namespace noroshi::desk
