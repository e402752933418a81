// A form to fill in: every field that matters now, the draft kept as it is typed.
#include <algorithm>
#include <functional>

#include "client-tui/tui/begin.hpp"
#include "client-tui/tui/field_list.hpp"
#include "client-tui/tui/text/grapheme.hpp"
#include "client-tui/words/lines.hpp"
#include "client-tui/words/names.hpp"
#include "client-tui/words/text.hpp"
#include "proto/forms/attachment.hpp"
#include "proto/forms/entry.hpp"
#include "proto/forms/report_json.hpp"

namespace noroshi::tui {
namespace {

using forms::ReportKind;

/// What was typed is on the disk so long after its first key, pause or none: half of the two seconds of
/// typing that a kill may cost, the other half is for a slow disk.
constexpr Millis kKeepAfter{1'000};

/// Where this laptop is, as the value of a field.
bool take_position(Values& values, const forms::FieldInfo& field, Turn& turn) {
  const auto point = turn.office.position();
  if (!point.ok()) turn.complain(point.error().text);
  if (point.ok()) values[field.number] = *point;
  return point.ok();
}

/// Rows of a group: a list of them, each a little form of its own.
class RowPage final : public Page {
 public:
  using Done = std::function<void(const forms::Row& row, Turn& turn)>;
  RowPage(const forms::FieldInfo& group, forms::Row row, WallTime now, Done done)
      : group_(group), row_(std::move(row)), done_(std::move(done)) {
    std::vector<const forms::FieldInfo*> fields;
    for (const forms::FieldInfo& column : group_.columns) {
      // Of a file only what it shows is for people to say.
      if (!forms::holds_attachments(group_) || column.number == forms::attachment_column::caption)
        fields.push_back(&column);
    }
    list_.show(std::move(fields), row_.cells, now);
  }
  [[nodiscard]] std::vector<Where> places() const override { return {Where::form}; }
  [[nodiscard]] std::string title(const Facts&, const Bindings&) const override {
    return group_.label.in(language());
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::review, Action::choose, Action::back};
  }
  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    const WallTime now = turn.office.now().wall;
    if (action == Action::back || action == Action::review) {
      if (!list_.take(row_.cells, now)) return turn.complain(list_.why());
      turn.close();
      return done_(row_, turn);
    }
    if (list_.key(key, turn.bindings, row_.cells, now) != FieldList::Did::choose) return;
    if (list_.field().kind == forms::Kind::point) {
      if (take_position(row_.cells, list_.field(), turn)) list_.go(list_.at(), row_.cells, now);
      return;
    }
    options_ = options_of(list_.field(), *turn.facts);
    turn.open(pick_page(
        list_.field().label.in(language()), options_.choices,
        [this](std::size_t choice, Turn& after) {
          row_.cells[list_.field().number] = options_.values[choice];
          list_.go(list_.at(), row_.cells, after.office.now().wall);
        },
        0, list_.sought()));
  }
  void draw(Area area) const override { list_.draw(area, row_.cells); }

 private:
  const forms::FieldInfo& group_;
  forms::Row row_;
  Done done_;
  FieldList list_;
  Options options_;
};

class FormPage final : public Page {
 public:
  FormPage(desk::Draft draft, const Facts& facts)
      : draft_(std::move(draft)), catalogue_(*facts.catalogue), form_(*catalogue_.form(report().form)) {
    const Values& values = report().values;
    refresh_fields(facts.now.wall);
    if (draft_.field != 0) {
      list_.go_to(draft_.field, values, facts.now.wall);
      if (!draft_.typing.empty()) list_.set_typing(draft_.typing);
    } else {
      list_.go(first_asked(report(), list_.fields()), values, facts.now.wall);
    }
  }

  [[nodiscard]] std::vector<Where> places() const override { return {Where::form, Where::typing}; }
  [[nodiscard]] std::string title(const Facts& facts, const Bindings&) const override {
    const forms::Header header = report().header();
    std::string out = form_.code + " " + form_.label.in(language());
    const forms::FieldInfo* kind = catalogue_.header_field(forms::field::report_version_kind);
    if (const auto* code = kind->list->by_number(static_cast<std::uint32_t>(header.kind)))
      out += " " + code->label.in(language());
    if (header.proxy())
      out += "  " + say(Text::console_form_for, words::unit_name(*header.on_behalf_of, *facts.trust));
    if (const std::size_t files = forms::attachments_of(report(), catalogue_).size(); files > 0)
      out += say(Text::console_file_count, files);
    return out + "  " + kept_state();
  }
  [[nodiscard]] std::vector<Action> hints() const override {
    return {Action::review, Action::choose, Action::search, Action::help, Action::back, Action::attach};
  }

  void key(const Key& key, Turn& turn) override {
    const auto action = turn.bindings.action(key, places());
    const Now now = turn.office.now();
    if (action == Action::back) return close(turn);
    if (action == Action::review) return review(turn);
    if (action == Action::search) return find_field(turn);
    if (action == Action::begin) return choose_template(turn);
    if (action == Action::attach) return files(turn);
    switch (list_.key(key, turn.bindings, report().values, now.wall)) {
      case FieldList::Did::choose: return choose(turn);
      case FieldList::Did::rows: return rows(turn);
      case FieldList::Did::refused: return turn.complain(list_.why());
      case FieldList::Did::changed: touched(now); break;
      case FieldList::Did::moved:
        touched(now);
        refresh_fields(now.wall);
        keep(turn.office);  // a field that was left is on the disk
        break;
      case FieldList::Did::nothing: break;
    }
    keep_in_time(turn.office);  // who never pauses is kept safe too
  }
  void tick(Turn& turn) override { keep_in_time(turn.office); }
  void leave(Office& office) override {
    if (typed_at_) keep(office);
  }

  void draw(Area area) const override { list_.draw(area, report().values); }

 private:
  [[nodiscard]] forms::Report& report() { return draft_.message.reports.front(); }
  [[nodiscard]] const forms::Report& report() const { return draft_.message.reports.front(); }

  void refresh_fields(WallTime now) {
    std::vector<const forms::FieldInfo*> fields = asked_now(report(), form_, catalogue_);
    if (fields != list_.fields()) list_.show(std::move(fields), report().values, now);
  }
  /// A value came from a page above.
  void changed(Turn& turn) {
    const Now now = turn.office.now();
    touched(now);
    refresh_fields(now.wall);
    list_.go(list_.at(), report().values, now.wall);
    keep(turn.office);
  }
  void choose(Turn& turn) {
    if (list_.field().is_text()) return choose_phrase(turn);
    if (list_.field().kind == forms::Kind::point) {
      if (take_position(report().values, list_.field(), turn)) changed(turn);
      return;
    }
    options_ = options_of(list_.field(), *turn.facts);
    if (options_.choices.empty()) return;
    turn.open(pick_page(
        list_.field().label.in(language()), options_.choices,
        [this](std::size_t choice, Turn& after) {
          take_option(choice);
          changed(after);
        },
        0, list_.sought()));
  }
  /// 定型文, put where the caret is.
  void choose_phrase(Turn& turn) {
    std::vector<Choice> choices;
    for (const forms::Phrase* phrase : catalogue_.phrases(form_, list_.field().key))
      choices.push_back({phrase->text.in(language()), phrase->text.kana, {}});
    if (choices.empty()) return turn.complain(say(Text::console_no_phrases));
    phrases_ = choices;
    turn.open(pick_page(list_.field().label.in(language()), std::move(choices),
                        [this](std::size_t choice, Turn& after) {
                          if (!list_.insert(phrases_[choice].text)) return after.complain(list_.why());
                          touched(after.office.now());
                        }));
  }
  void choose_template(Turn& turn) {
    if (!list_.take(report().values, turn.office.now().wall)) return turn.complain(list_.why());
    std::vector<Choice> choices;
    for (const forms::Template& one : form_.templates)
      choices.push_back({one.label.in(language()), one.label.kana, std::to_string(choices.size() + 1)});
    if (choices.empty()) return turn.complain(say(Text::console_no_templates, form_.code));
    turn.open(pick_page(say(Text::console_pick_template), std::move(choices),
                        [this](std::size_t choice, Turn& after) {
                          const auto done = forms::apply(form_.templates[choice], report(), catalogue_);
                          if (!done.ok()) return after.complain(done.error().text);
                          changed(after);
                        }));
  }
  void take_option(std::size_t index) {
    const forms::FieldInfo& field = list_.field();
    if (field.kind != forms::Kind::code_set) return report().put(field.number, options_.values[index]);
    forms::CodeSet set;
    if (const auto* had = report().get<forms::CodeSet>(field.number)) set = *had;
    set.mask ^= std::uint64_t{1} << (std::get<forms::CodeValue>(options_.values[index]).number - 1);
    report().put(field.number, set);
  }
  void find_field(Turn& turn) {
    const WallTime now = turn.office.now().wall;
    if (!list_.take(report().values, now)) return turn.complain(list_.why());
    refresh_fields(now);  // what was just typed may have made others matter
    if (typed_at_) keep(turn.office);
    std::vector<Choice> choices;
    found_.clear();
    // The six answers and the figures have names in common: the figures are what is looked for in a form.
    for (const bool first_page : {false, true}) {
      for (std::size_t i = 0; i < list_.fields().size(); ++i) {
        const forms::FieldInfo& field = *list_.fields()[i];
        if ((field.page == 1) != first_page) continue;
        choices.push_back({field.label.in(language()), field.label.kana, std::to_string(field.number)});
        found_.push_back(i);
      }
    }
    turn.open(
        pick_page(say(Text::console_pick_find), std::move(choices), [this](std::size_t choice, Turn& after) {
          list_.go(found_[choice], report().values, after.office.now().wall);
        }));
  }

  // ---- files
  [[nodiscard]] const forms::FieldInfo& files_field() const {
    return forms::attachments_field(form_, catalogue_);
  }
  /// Another one, or what is to become of those that are there.
  void files(Turn& turn) {
    if (!list_.take(report().values, turn.office.now().wall)) return turn.complain(list_.why());
    const auto* held = report().get<forms::Group>(files_field().number);
    if (held == nullptr) return add_file(turn);
    const std::vector<forms::Row>& rows = held->rows;
    std::vector<Choice> choices{{say(Text::console_pick_picture), {}, {}}};
    for (const Text what : {Text::console_file_caption, Text::console_file_off}) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto file = forms::attachment_of(rows[i]);
        choices.push_back({say(what) + (file ? words::file_line(i + 1, *file, catalogue_) : ""), {}, {}});
      }
    }
    turn.open(pick_page(files_field().label.in(language()), std::move(choices),
                        [this, count = rows.size()](std::size_t choice, Turn& after) {
                          if (choice == 0) return add_file(after);
                          if (choice <= count) return write_caption(choice - 1, after);
                          forms::detach(report(), choice - 1 - count, form_, catalogue_);
                          changed(after);
                        }));
  }
  void add_file(Turn& turn) {
    choose_picture(turn, [this](const Enclosed& picture, Turn& after) {
      if (!forms::attach(report(), picture.file, form_, catalogue_)) {
        return after.complain(say(Text::attach_too_many, form_.code, files_field().items_max));
      }
      changed(after);
      offer_position(picture, after);
    });
  }
  void write_caption(std::size_t index, Turn& turn) {
    const auto& rows = report().get<forms::Group>(files_field().number)->rows;
    turn.open(std::make_unique<RowPage>(files_field(), rows[index], turn.office.now().wall,
                                        [this, index](const forms::Row& row, Turn& after) {
                                          put_row(files_field(), index, row);
                                          changed(after);
                                        }));
  }
  /// Where the picture was taken, if this form asks for a place and nobody has said one.
  void offer_position(const Enclosed& picture, Turn& turn) {
    const forms::FieldInfo* place = forms::open_position(report(), form_, catalogue_);
    if (!picture.position || place == nullptr) return;
    turn.open(
        pick_page(say(Text::console_use_position, forms::typed(*picture.position)),
                  {{say(Text::console_yes), {}, {}}, {say(Text::console_no), {}, {}}},
                  [this, number = place->number, point = *picture.position](std::size_t choice, Turn& after) {
                    if (choice != 0) return;
                    report().put(number, point);
                    changed(after);
                  }));
  }

  // ---- groups
  void rows(Turn& turn) {
    const forms::FieldInfo& group = list_.field();
    std::vector<Choice> choices;
    if (const auto* held = report().get<forms::Group>(group.number)) {
      for (const forms::Row& row : held->rows) choices.push_back({row_line(group, row), {}, {}});
    }
    choices.push_back({say(Text::console_form_row_new), {}, {}});
    turn.open(pick_page(group.label.in(language()), std::move(choices),
                        [this](std::size_t choice, Turn& after) { open_row(choice, after); }));
  }
  void open_row(std::size_t index, Turn& turn) {
    const forms::FieldInfo& group = list_.field();
    const auto* held = report().get<forms::Group>(group.number);
    const bool there = held != nullptr && index < held->rows.size();
    turn.open(std::make_unique<RowPage>(group, there ? held->rows[index] : forms::Row{},
                                        turn.office.now().wall,
                                        [this, index](const forms::Row& row, Turn& after) {
                                          put_row(list_.field(), index, row);
                                          changed(after);
                                        }));
  }
  void put_row(const forms::FieldInfo& group, std::size_t index, const forms::Row& row) {
    const auto* held = report().get<forms::Group>(group.number);
    report().put(group.number, with_row(held != nullptr ? *held : forms::Group{}, index, row));
  }

  // ---- the draft
  void touched(Now now) {
    if (!typed_at_) typed_at_ = now.mono;
  }
  void keep_in_time(Office& office) {
    if (typed_at_ && office.now().mono - *typed_at_ >= kKeepAfter) keep(office);
  }
  void keep(Office& office) {
    draft_.field = list_.empty() ? 0 : list_.field().number;
    draft_.typing = list_.typing();
    auto number = office.keep(draft_, false);
    if (number.ok()) {
      draft_.number = *number;
      kept_ = office.now().wall;
      trouble_.clear();
      typed_at_.reset();
    } else {
      trouble_ = number.error().text;
    }
  }
  [[nodiscard]] std::string kept_state() const {
    if (!trouble_.empty()) return say(Text::console_form_not_kept_why, trouble_);
    if (typed_at_) return say(Text::console_form_not_kept);
    return kept_ ? say(Text::console_form_kept, to_short_jst(*kept_, *kept_)) : "";
  }
  void close(Turn& turn) {
    static_cast<void>(list_.take(report().values, turn.office.now().wall));
    if (typed_at_) keep(turn.office);
    if (draft_.number != 0) {
      turn.say(say(Text::console_form_left, draft_.number));
      turn.stale = true;
    }
    turn.close();
  }
  void review(Turn& turn) {
    if (!list_.take(report().values, turn.office.now().wall)) return turn.complain(list_.why());
    keep(turn.office);
    turn.open(review_page(draft_, turn.office));
  }

  desk::Draft draft_;
  const forms::Catalogue& catalogue_;
  const forms::FormInfo& form_;
  FieldList list_;
  Options options_;
  std::vector<Choice> phrases_;
  std::vector<std::size_t> found_;   ///< fields offered to jump to
  std::optional<Instant> typed_at_;  ///< since when something is not on the disk
  std::optional<WallTime> kept_;
  std::string trouble_;
};

}  // namespace

PagePtr form_page(desk::Draft draft, const Facts& facts) {
  return std::make_unique<FormPage>(std::move(draft), facts);
}

void fill_in(Result<desk::Draft> draft, Turn& turn) {
  if (!draft.ok()) return turn.complain(draft.error().text);
  turn.open(form_page(*std::move(draft), *turn.facts));
}

}  // namespace noroshi::tui
