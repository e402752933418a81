#include "client-tui/desk/recall.hpp"

#include <algorithm>

#include "keys/language.hpp"

namespace noroshi::desk {
namespace {

namespace control = proto::control;

Error not_own() {
  return keys::no(Code::bad_data, "取り戻せるのは自分の報告だけです: noroshi outbox で番号を確かめてください",
                  "only an own report can be taken back: look up its id with noroshi outbox");
}
Error named_since() {
  return keys::no(Code::bad_data, "同じ宛先へ後から出した報告があり、取り戻せません: 取消を書いてください",
                  "a later report to the same recipients follows it: write a cancel instead");
}
Error is_continued() {
  return keys::no(Code::bad_data,
                  "これを引き継ぐ報告か下書があり、取り戻せません: 先にそちらを取り戻すか捨ててください",
                  "a later report or a draft continues it: take that one back or drop it first");
}
Error has_left() {
  return keys::no(Code::bad_data, "もうこの端末を出たか、届いています: 取消を書いてください",
                  "it has left this machine, or was delivered: write a cancel instead");
}

/// Somebody would look in vain for the report that theirs continues.
bool has_children(const StoreView& view, const Letter& letter, const Desk& desk) {
  const IndexView index = desk.index(view);
  return std::ranges::any_of(letter.reports, [&](const Reading& reading) {
    const ReportId& id = reading.facts.id;
    return !index.rows().naming(id).empty() || is_named_by_draft(view, desk, id);
  });
}

/// The envelopes of a message: its own, then the parts of its files, in the order of their numbers.
std::vector<Entry> with_parts(const StoreView& view, const Letter& letter,
                              const forms::Catalogue& catalogue) {
  std::vector<Entry> out{letter.entry};
  for (const Reading& reading : letter.reports) {
    for (const forms::Attachment& file : forms::attachments_of(reading.report, catalogue)) {
      for (std::uint32_t i = 0; file.first_seq_delta != 0 && i < file.parts; ++i) {
        for (const MsgId& id : view.at(letter.entry.key, letter.entry.seq + file.first_seq_delta + i)) {
          const auto part = view.entry(id);
          const bool ours = part && part->state == ReadState::own &&
                            static_cast<proto::Ctype>(part->ctype) == proto::Ctype::attachment;
          if (ours) out.push_back(*part);
        }
      }
    }
  }
  // Two reports of a message may name one file.
  std::ranges::sort(out, {}, &Entry::seq);
  const auto same = [](const Entry& a, const Entry& b) { return a.seq == b.seq; };
  out.erase(std::unique(out.begin(), out.end(), same), out.end());  // clang 14 knows no std::ranges::unique
  return out;
}

/// Nothing was sealed to any of its recipients since, but its own parts.
bool is_newest(const StoreView& view, const Letter& letter, const std::vector<Entry>& envelopes) {
  return std::ranges::all_of(letter.recipients, [&](RecipientId recipient) {
    const auto since = view.sent(letter.entry.key, recipient, letter.entry.seq, UINT32_MAX);
    return since.size() == envelopes.size() &&
           std::ranges::equal(since, envelopes, {}, &std::pair<Seq, MsgId>::second, &Entry::id);
  });
}

/// Those that the relay has been given: what it says counts, whatever was written down here.
Result<std::vector<MsgId>> known_to(Relay& relay, const std::vector<Entry>& envelopes) {
  control::ProgressRequest request;
  for (const Entry& entry : envelopes) request.ids.push_back(entry.id);
  TRY(const control::Progress progress, ask<control::Progress>(relay, std::move(request)));
  std::vector<MsgId> out;
  for (const control::EnvelopeProgress& one : progress.envelopes) {
    if (one.known || !one.recipients.empty()) out.push_back(one.id);
  }
  return out;
}

/// Somebody has said that it got further than the relay here.
bool went_on(const StoreView& view, const Letter& letter) {
  return std::ranges::any_of(letter.recipients, [&](RecipientId recipient) {
    const auto told = view.told(letter.entry.id, recipient);
    return view.reached(letter.entry.id, recipient) || (told && told->state > Delivery::queued);
  });
}

/// A relay has had it: one that does not know it any more has lost its store, and may have sent it before.
bool was_given(const StoreView& view, const Letter& letter, const Entry& envelope) {
  return view.handed(envelope.id).state == Handed::State::taken ||
         std::ranges::any_of(letter.recipients, [&](RecipientId recipient) {
           return view.told(envelope.id, recipient).has_value();
         });
}

/// What it said, to be said anew: numbers are given when it is sealed.
Draft as_draft(const Letter& letter, std::uint64_t owner, WallTime now, const forms::Catalogue& catalogue) {
  Draft draft;
  draft.owner = owner;
  draft.kept = now;
  draft.message.ctype = static_cast<proto::Ctype>(letter.header.ctype);
  draft.message.recipients = letter.recipients;
  for (const Reading& reading : letter.reports) {
    forms::Report report = reading.report;
    forms::Header header = report.header();
    header.report_no = 0;
    header.incomplete = false;
    report.set_header(header);
    std::vector<forms::Attachment> files = forms::attachments_of(report, catalogue);
    for (forms::Attachment& file : files) {
      if (file.first_seq_delta != 0) file.parts = file.first_seq_delta = 0;  // those that went with it
    }
    forms::put_attachments(report, files, catalogue);
    draft.message.reports.push_back(std::move(report));
  }
  // What nobody had chosen follows what the draft will say.
  if (letter.header.level != default_level(draft.message.reports)) draft.message.level = letter.header.level;
  return draft;
}

/// The envelopes of its files go, and the files wait for the draft.
void take_parts_back(StoreTurn& turn, Desk& desk, const Letter& letter, const std::vector<Entry>& envelopes) {
  for (const Reading& reading : letter.reports) {
    for (const forms::Attachment& file : forms::attachments_of(reading.report, desk.catalogue())) {
      if (file.first_seq_delta != 0) keep_again(turn, desk, file);
    }
  }
  for (const Entry& entry : envelopes) {
    const auto content = entry.id == letter.entry.id ? std::nullopt : desk.letters(turn).content(entry.id);
    const auto part = content ? proto::decode_part(content->body) : std::nullopt;
    if (part) take_part_back(turn, desk.keyring().store_key(), desk.self(), *part, entry.id);
  }
}

}  // namespace

Result<Draft> recall(Desk& desk, Relay& relay, const MsgId& id, std::uint64_t owner, Now now) {
  // Open while the relay is asked, so that nobody seals behind it.
  TRY(StoreTurn turn, desk.store().write());
  const auto letter = desk.letters(turn).read(id);
  const bool copy = letter && std::ranges::any_of(letter->reports, [](const Reading& reading) {
                      return reading.report.header().copy_of.has_value();
                    });
  if (!letter || !letter->own() || letter->reports.empty() || copy) return not_own();
  const std::vector<Entry> envelopes = with_parts(turn, *letter, desk.catalogue());
  if (!is_newest(turn, *letter, envelopes)) return named_since();
  if (has_children(turn, *letter, desk)) return is_continued();
  TRY(const std::vector<MsgId> given, known_to(relay, envelopes));
  const bool lost_sight = std::ranges::any_of(envelopes, [&](const Entry& envelope) {
    return was_given(turn, *letter, envelope) && std::ranges::find(given, envelope.id) == given.end();
  });
  if (lost_sight || went_on(turn, *letter)) return has_left();
  if (!given.empty()) {
    TRY(const control::Recalled answer, ask<control::Recalled>(relay, control::RecallRequest{given}));
    if (!answer.recalled) return has_left();
  }
  take_parts_back(turn, desk, *letter, envelopes);
  for (auto entry = envelopes.rbegin(); entry != envelopes.rend(); ++entry) turn.take_back(*entry);
  turn.drop_reading(id);
  desk.indexed(turn, id);
  Draft draft = as_draft(*letter, owner, now.wall, desk.catalogue());
  draft.number = keep(turn, desk, draft);
  TRY_VOID(turn.commit());
  return draft;
}

}  // namespace noroshi::desk
