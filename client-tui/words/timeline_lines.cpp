#include "client-tui/words/timeline_lines.hpp"

#include <algorithm>

#include "client-tui/words/lines.hpp"
#include "client-tui/words/marks.hpp"
#include "client-tui/words/names.hpp"
#include "proto/forms/places.hpp"

namespace noroshi::words {
namespace {

using Readings = std::vector<desk::Reading>;

/// The unit whose figures they are; of a question who speaks.
std::string speaker(const desk::Reading& reading, const keys::Trust& trust) {
  const desk::Facts& facts = reading.facts;
  return facts.unit.value != 0 && facts.form != 9 ? unit_name(facts.unit, trust)
                                                  : org_name(facts.signer.org, trust);
}

std::string owed_line(const desk::Owed& owed, const desk::Timeline& line, const keys::Trust& trust,
                      const forms::Catalogue& catalogue) {
  const WallTime now = line.query.now;
  const bool called =
      owed.because && std::ranges::find(line.calls, *owed.because, &desk::Called::id) != line.calls.end();
  const std::string why = called         ? say(Text::timeline_called_by, to_string(*owed.because))
                          : owed.because ? say(Text::timeline_because, to_string(*owed.because))
                          : owed.last_heard
                              ? say(Text::timeline_last_heard, to_short_jst(*owed.last_heard, now))
                              : say(Text::timeline_never_heard);
  return say(Text::timeline_owed, form_code(owed.form, catalogue), unit_name(owed.unit, trust),
             to_short_jst(owed.due, now), span_text(now - owed.due), why);
}

std::string area_name(std::uint32_t area) {
  const bool english = language() == forms::Language::en;
  const forms::Prefecture* prefecture = forms::prefecture(area);
  if (area == 0) return say(Text::call_everywhere);
  if (prefecture != nullptr) return english ? prefecture->name_en : prefecture->name;
  return forms::place_name(area, english);
}

std::string call_line(const desk::Called& called, const desk::Reading& reading, const keys::Trust& trust,
                      const forms::Catalogue& catalogue, WallTime now) {
  const std::string where =
      called.call.unit.value != 0 ? unit_name(called.call.unit, trust) : area_name(called.call.area);
  return say(Text::timeline_call, speaker(reading, trust), form_code(called.call.form, catalogue), where,
             to_short_jst(called.due, now), called.answered, called.expected, to_string(called.id));
}

std::string question_line(const desk::Question& question, const desk::Reading& reading,
                          const keys::Trust& trust, const forms::Catalogue& catalogue, WallTime now) {
  std::string what = report_summary(reading.report, catalogue);
  if (const auto* to = reading.report.get<std::int64_t>(forms::field::to_unit))
    what = "→ " + unit_name({static_cast<std::uint32_t>(*to)}, trust) + "  " + what;
  const Seconds apart = question.overdue ? now - question.due : question.due - now;
  return say(question.overdue ? Text::timeline_question_past : Text::timeline_question_open,
             speaker(reading, trust), to_short_jst(question.due, now), span_text(apart),
             to_string(reading.facts.id), what);
}

}  // namespace

std::string span_text(Seconds length) {
  constexpr std::int64_t kHour = 60, kDay = 24 * kHour;  // in minutes
  const std::int64_t minutes = std::max<std::int64_t>(length.count, 0) / 60;
  if (minutes < kHour) return say(Text::time_minutes, minutes);
  if (minutes < 2 * kDay) return say(Text::hours_minutes, minutes / kHour, minutes % kHour);
  return say(Text::days_long, minutes / kDay);
}

std::string phase_word(forms::Phase phase) {
  switch (phase) {
    case forms::Phase::t0: return say(Text::phase_t0);
    case forms::Phase::t1h: return say(Text::phase_t1h);
    case forms::Phase::t3h: return say(Text::phase_t3h);
    case forms::Phase::t24h: return say(Text::phase_t24h);
    case forms::Phase::t72h: return say(Text::phase_t72h);
    case forms::Phase::t1w: return say(Text::phase_t1w);
    case forms::Phase::t1m: return say(Text::phase_t1m);
  }
  return {};
}

std::vector<Line> overdue_lines(const desk::Timeline& timeline, const Readings& readings,
                                const keys::Trust& trust, const forms::Catalogue& catalogue, bool open_too) {
  const WallTime now = timeline.query.now;
  std::vector<Line> out;
  if (!timeline.overdue.empty())
    out.push_back({say(Text::timeline_overdue, timeline.overdue.size()), Weight::heading});
  for (const desk::Owed& owed : timeline.overdue)
    out.push_back(
        {owed_line(owed, timeline, trust, catalogue), owed.because ? Weight::alarm : Weight::caution});
  if (!timeline.missed.empty())
    out.push_back({say(Text::timeline_missed, timeline.missed.size()), Weight::heading});
  for (const desk::MissedContact& contact : timeline.missed) {
    out.push_back(
        {say(Text::timeline_missed_line, unit_name(contact.unit, trust), to_short_jst(contact.announced, now),
             span_text(now - contact.announced), to_string(readings[contact.reading].facts.id)),
         Weight::caution,
         {readings[contact.reading].facts.id}});
  }
  const auto shown = [&](const desk::Question& question) { return open_too || question.overdue; };
  const auto questions = std::count_if(timeline.questions.begin(), timeline.questions.end(), shown);
  if (questions > 0) out.push_back({say(Text::timeline_questions, questions), Weight::heading});
  for (const desk::Question& question : timeline.questions) {
    if (!shown(question)) continue;
    out.push_back({question_line(question, readings[question.reading], trust, catalogue, now),
                   question.overdue ? Weight::caution : Weight::plain,
                   {readings[question.reading].facts.id}});
  }
  const auto is_late = [&](const desk::Called& called) {
    return called.due < now && called.answered < called.expected;
  };
  const auto calls = std::ranges::count_if(
      timeline.calls, [&](const desk::Called& called) { return open_too || is_late(called); });
  if (calls > 0) out.push_back({say(Text::timeline_calls, calls), Weight::heading});
  for (const desk::Called& called : timeline.calls) {
    if (!open_too && !is_late(called)) continue;
    out.push_back({call_line(called, readings[called.reading], trust, catalogue, now),
                   is_late(called) ? Weight::caution : Weight::plain,
                   {called.id}});
  }
  if (out.empty()) out.push_back({say(Text::timeline_nothing_overdue)});
  return out;
}

std::string phase_heading(const std::optional<forms::Phase>& phase) {
  return phase ? phase_word(*phase) : say(Text::timeline_undated);
}

Line event_line(const desk::Event& event, const desk::Reading& reading, const keys::Trust& trust,
                const forms::Catalogue& catalogue, WallTime now) {
  std::string marks = reading.facts.proxy ? say(Text::mark_proxy) : "";
  for (const Mark& mark : marks_of(reading)) marks += say(mark.text);
  std::string out =
      fmt::format("  {:>11} {} {}  {} #{}  {}{}", to_short_jst(event.at, now),
                  say(event.sent ? Text::timeline_sent : Text::timeline_received), speaker(reading, trust),
                  form_code(reading.facts.form, catalogue), reading.report.header().report_no,
                  report_summary(reading.report, catalogue), marks.empty() ? "" : "  " + marks);
  if (event.late)
    out += say(Text::timeline_late, to_short_jst(reading.facts.as_of, now), span_text(event.delay));
  return {std::move(out), event.late ? Weight::caution : Weight::plain, {reading.facts.id}};
}

std::vector<Line> timeline_head(const desk::Timeline& timeline, const Readings& readings,
                                const keys::Trust& trust, const forms::Catalogue& catalogue) {
  const desk::TimelineQuery& query = timeline.query;
  std::vector<Line> out;
  const keys::Incident* incident = trust.incident(query.incident);
  const std::string name =
      incident != nullptr ? in_language(incident->name, incident->name_en) : say(Text::board_pending);
  out.push_back({(query.exercise ? say(Text::mark_exercise) : "") + name + "  " +
                     (query.start ? say(Text::timeline_begin, to_short_jst(*query.start, query.now),
                                        span_text(query.now - *query.start),
                                        phase_word(forms::phase_at(query.now - *query.start)))
                                  : say(Text::timeline_not_declared)),
                 Weight::heading});
  for (Line& line : overdue_lines(timeline, readings, trust, catalogue, true)) out.push_back(std::move(line));
  if (!timeline.silent.empty())
    out.push_back({say(Text::timeline_silent, timeline.silent.size()), Weight::heading});
  for (const UnitId unit : timeline.silent) out.push_back({"  " + unit_name(unit, trust)});
  if (!timeline.steps.empty()) out.push_back({say(Text::timeline_steps), Weight::heading});
  for (const desk::Step& step : timeline.steps) {
    const bool past = step.due < query.now && step.answered < step.expected;
    out.push_back({say(Text::timeline_step, phase_word(step.phase), form_code(step.form, catalogue),
                       to_short_jst(step.due, query.now), step.answered, step.expected),
                   past ? Weight::caution : Weight::plain});
  }
  return out;
}

}  // namespace noroshi::words
