#include "tests/fuzz/seeds.hpp"
#include "tests/support/form_generator.hpp"

namespace noroshi::fuzz {

std::vector<Seed> form_body_seeds() {
  test::FormGenerator generator(11);
  const forms::BodyContext context = generator.context();
  const auto body = [&](const std::vector<forms::Report>& reports) {
    auto bytes = forms::encode(reports, context);
    NOROSHI_ASSERT(bytes.ok());
    return *std::move(bytes);
  };
  const forms::Report full = generator.full_f1(context, test::Letters::scripts, test::States::all);
  std::vector<Seed> out = {
      {"full", body({full})},
      {"kanji", body({generator.full_f1(context, test::Letters::kanji)})},
      {"typical", body({generator.typical_f1(context)})},
      {"six_answers", body({generator.six_answers(context)})},
      {"follow_up", body({generator.follow_up(context)})},
      {"correction", body({generator.correction(full, context)})},
      {"several", body({generator.six_answers(context), generator.follow_up(context), full})},
  };
  for (int i = 0; i < 16; ++i) out.push_back({"any_" + std::to_string(i), body({generator.any(context)})});
  return out;
}

}  // namespace noroshi::fuzz
