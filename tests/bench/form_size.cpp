// How large a report's body is, and where its bytes go. The sizes that matter: a full F1 for three
// organisations in one 340-byte satellite message leaves 147 bytes for the body (340 − 192 envelope − 1
// padding).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "proto/envelope.hpp"
#include "proto/forms/body.hpp"
#include "proto/forms/catalogue_file.hpp"
#include "tests/support/form_generator.hpp"

namespace {

using namespace noroshi;
using namespace noroshi::forms;
using test::FormGenerator;
using test::Letters;
using test::States;

constexpr int kReports = 1000;
constexpr std::size_t kRecipients = 3;
constexpr std::size_t kPadding = 1;
constexpr std::size_t kMessage = 340;

struct Measured {
  std::size_t least = SIZE_MAX, most = 0, sum = 0;
  BodySizes worst;
};

using Make = std::function<Report(FormGenerator&, BodyContext&)>;

Measured measure(const Make& make, std::uint64_t seed) {
  Measured out;
  for (int i = 0; i < kReports; ++i) {
    FormGenerator generator(seed + static_cast<std::uint64_t>(i));
    BodyContext context = generator.context();
    const std::vector<Report> reports{make(generator, context)};
    const auto sizes = body_sizes(reports, context);
    const auto bytes = encode(reports, context);
    if (!sizes || !bytes || bytes->size() != sizes->total()) {
      std::fprintf(stderr, "a generated report cannot be encoded\n");
      std::exit(1);
    }
    const std::size_t total = sizes->total();
    out.least = std::min(out.least, total);
    out.sum += total;
    if (total > out.most) out.most = total, out.worst = *sizes;
  }
  return out;
}

std::size_t sealed(std::size_t body) {
  return proto::bucket_for(proto::overhead_bytes(kRecipients) + body + kPadding).value_or(0);
}

void print_row(const char* what, const Measured& m) {
  std::printf("%-52s %5zu %7.1f %5zu %7zu\n", what, m.least, static_cast<double>(m.sum) / kReports, m.most,
              sealed(m.most));
}

void print_parts(const BodySizes& s) {
  std::printf("  framing: tags, lengths, form word     %4zu\n", s.framing);
  std::printf("  header numbers                        %4zu\n", s.header_numbers);
  std::printf("  values of counts                      %4zu\n", s.counts);
  std::printf("  times                                 %4zu\n", s.times);
  std::printf("  position                              %4zu\n", s.point);
  std::printf("  other numbers (served, channels)      %4zu\n", s.other_numbers);
  std::printf("  bits: quality and presence %zu, states %zu,\n", s.header_bits, s.state_bits);
  std::printf("        codes %zu, presence %zu, as bytes    %4zu\n", s.code_bits, s.presence_bits, s.bits);
  std::printf("  text with its codec byte              %4zu\n", s.text);
  std::printf("  extras                                %4zu\n", s.extras);
  std::printf("  body                                  %4zu\n", s.total());
  std::printf("  envelope for %zu recipients + padding   %4zu\n", kRecipients,
              proto::overhead_bytes(kRecipients) + kPadding);
}

/// Of ten runs the mean, in milliseconds.
template <typename Run>
double milliseconds(Run run) {
  constexpr int kRuns = 10;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kRuns; ++i) run();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count() / kRuns;
}

/// What a program pays at its start, and what every file of today would weigh if all changed at once.
void print_catalogue() {
  const Bytes whole = bytes_of(Catalogue::built_in_bytes());
  const Bytes files[] = {whole};
  const auto set = gather(files);
  const auto packed = set ? pack_catalogue(*set) : Result<Bytes>(set.error());
  std::printf("\nthe catalogue: %zu bytes, loaded in %.1f ms, joined in %.1f ms; ", whole.size(),
              milliseconds([&] { (void)Catalogue::load(whole).ok(); }),
              milliseconds([&] { (void)join(whole).ok(); }));
  std::printf("%s\n",
              packed ? ("packed " + std::to_string(packed->size())).c_str() : packed.error().text.c_str());
}

}  // namespace

int main() {
  std::printf("%d reports each; body bytes, and the sealed size of the largest for %zu recipients\n\n",
              kReports, kRecipients);
  std::printf("%-52s %5s %7s %5s %7s\n", "report", "least", "mean", "most", "sealed");
  const Measured scripts =
      measure([](auto& g, auto& c) { return g.full_f1(c, Letters::scripts, States::numbers); }, 1);
  const Measured characters =
      measure([](auto& g, auto& c) { return g.full_f1(c, Letters::characters, States::numbers); }, 1);
  const Measured kanji =
      measure([](auto& g, auto& c) { return g.full_f1(c, Letters::kanji, States::numbers); }, 1);
  print_row("F1 full, kanji / hiragana / katakana a third each", scripts);
  print_row("F1 full, every character with equal chance", characters);
  print_row("F1 full, only kanji", kanji);
  print_row("F1 full, all seven states",
            measure([](auto& g, auto& c) { return g.full_f1(c, Letters::scripts, States::all); }, 1));
  print_row("F1 typical", measure([](auto& g, auto& c) { return g.typical_f1(c); }, 1));
  print_row("F1 typical, unit with one municipality", measure(
                                                          [](auto& g, auto& c) {
                                                            Report report = g.typical_f1(c);
                                                            c.municipality = report.header().municipality;
                                                            return report;
                                                          },
                                                          1));
  print_row("F1 first report of six answers", measure([](auto& g, auto& c) { return g.six_answers(c); }, 1));
  print_row("F1 follow-up: 7 counts, 12 characters",
            measure([](auto& g, auto& c) { return g.follow_up(c); }, 1));
  const auto correct = [](FormGenerator& g, const BodyContext& c, bool remarks) {
    Report report = g.correction(g.typical_f1(c), c);
    if (!remarks) report.clear(field::remarks);
    return report;
  };
  print_row("F1 correction: typical snapshot, reason of 13",
            measure([&](auto& g, auto& c) { return correct(g, c, false); }, 1));
  print_row("F1 correction: the same, its 40 characters kept",
            measure([&](auto& g, auto& c) { return correct(g, c, true); }, 1));
  std::printf(
      "\neveryday reports of every form: what is required, half of the rest, texts of 4 to 20 characters\n");
  for (const FormInfo& form : Catalogue::built_in().forms())
    print_row(form.code.c_str(), measure([&](auto& g, auto& c) { return g.everyday(form, c); }, 1));
  std::printf("\nwhere the bytes of the largest full F1 go (a third each)\n");
  print_parts(scripts.worst);
  std::printf("\nwhere the bytes of the largest full F1 go (only kanji)\n");
  print_parts(kanji.worst);
  print_catalogue();
  const std::size_t room = kMessage - proto::overhead_bytes(kRecipients) - kPadding;
  const bool fits = scripts.most <= room && characters.most <= room && kanji.most <= room;
  std::printf("\nroom for the body in one %zu-byte message: %zu: %s\n", kMessage, room,
              fits ? "every one fits" : "DOES NOT FIT");
  return fits ? 0 : 1;
}
