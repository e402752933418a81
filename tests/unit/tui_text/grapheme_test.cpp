// Graphemes, columns, and hostile text made harmless.
#include "client-tui/tui/text/grapheme.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/tui_text/repeat.hpp"

namespace noroshi::tui {
namespace {

using test::repeat;

std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> out;
  for (const Grapheme& one : graphemes(text)) out.emplace_back(text.substr(one.begin, one.end - one.begin));
  return out;
}

TEST_CASE("a grapheme is what people call a character") {
  using Pieces = std::vector<std::string>;
  CHECK(pieces("𠮷野家") == Pieces{"𠮷", "野", "家"});
  CHECK(pieces("葛󠄀城市") == Pieces{"葛󠄀", "城", "市"});
  CHECK(pieces("ｶﾞｽ") == Pieces{"ｶﾞ", "ｽ"});
  CHECK(pieces("か\u3099す") == Pieces{"か\u3099", "す"});
  CHECK(pieces("👨‍👩‍👧‍👦🇯🇵🇺🇸👍🏽") ==
        Pieces{"👨‍👩‍👧‍👦", "🇯🇵", "🇺🇸", "👍🏽"});
  CHECK(pieces("a\r\nb") == Pieces{"a", "\r\n", "b"});
  CHECK(pieces("").empty());
}

TEST_CASE("columns are those of the terminal's library") {
  CHECK(columns("LPガス") == 6);
  CHECK(columns("ＬＰ") == 4);
  CHECK(columns("𠮷") == 2);
  CHECK(columns("葛󠄀") == 2);
  CHECK(columns("ｶﾞ") == 2);
  CHECK(columns("か\u309A") == 2);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("❤\uFE0F") == 1);
  CHECK(columns("👨‍👩‍👧‍👦") == 8);
  CHECK(columns("🇯🇵") == 2);
  CHECK(columns("○●※①") == 4);
  CHECK(columns("한국") == 4);
}

TEST_CASE("what terminals disagree about is known") {
  for (const char* one : {"○", "※", "①", "─", "“", "α", "❤\uFE0F", "👨‍👩‍👧‍👦", "🇯🇵",
                          "1\uFE0F\u20E3", "👍🏽"}) {
    INFO(one);
    CHECK(is_ambiguous(one));
  }
  for (const char* one : {"a", "あ", "漢", "ｶﾞ", "か\u3099", "葛󠄀", "😀", "。", "𠮷", "～", "e\u0301"}) {
    INFO(one);
    CHECK_FALSE(is_ambiguous(one));
  }
}

TEST_CASE("honest text is shown as it is") {
  for (const char* text :
       {"石川県輪島市門前町道下 37.2861N", "𠮷野 髙橋 葛󠄀城 ｶﾞｽ", "か\u309A か\u3099",
        "👨‍👩‍👧‍👦 🇯🇵 👍🏽 ❤\uFE0F 👩🏽‍❤\uFE0F‍💋‍👨🏻",
        "〜−‖—", "①②③○●※", "naïve Ω ﷺ 한국 ไทย", "E000: \uE000", ""}) {
    CHECK(printable(text) == text);
  }
  CHECK(printable("一行\n二行\r\n三行", Lines::many) == "一行\n二行\n三行");
}

TEST_CASE("what would act on a terminal or deceive a reader is shown by its number") {
  CHECK(printable("\x1B[2J\x1B]0;x\x07") == "<1B>[2J<1B>]0;x<07>");
  CHECK(printable("a\rb\tc\x7F") == "a<0D>b<09>c<7F>");
  CHECK(printable("\u0085\u009B") == "<0085><009B>");
  CHECK(printable("停止\u202E戸54\u2066\u2069\u200E\u200F\u061C") ==
        "停止<202E>戸54<2066><2069><200E><200F><061C>");
  CHECK(printable("a\u200Bb\uFEFFc\u2060d\u00ADe") == "a<200B>b<FEFF>c<2060>d<00AD>e");
  CHECK(printable("a\u2028b\u2029") == "a<2028>b<2029>");
  CHECK(printable("\U000E0041\U000E007F") == "<E0041><E007F>");
  CHECK(printable("\u115F\u3164") == "<115F><3164>");
  CHECK(printable("\uFFFE") == "<FFFE>");
  CHECK(printable("one\ntwo") == "one<0A>two");
  CHECK(printable(std::string_view("\0", 1)) == "<00>");
}

TEST_CASE("a joiner or selector with nothing to join or select is shown") {
  CHECK(printable("漢\u200D字") == "漢<200D>字");
  CHECK(printable("👨\u200Dx") == "👨<200D>x");
  // U+1FE0F is kept for a picture that does not exist yet: what is shown in its place joins nothing.
  const std::string shown = printable("👨\u200D\U0001FE0F\u20E3");
  CHECK(shown == "👨<200D><1FE0F><20E3>");
  CHECK(printable(shown) == shown);
  CHECK(printable("\uFE0F") == "<FE0F>");
  CHECK(printable("葛\U000E0100\U000E0101") == "葛\U000E0100<E0101>");
  CHECK(printable("\u3099") == "<3099>");
  CHECK(printable("\n\u3099", Lines::many) == "\n<3099>");
}

TEST_CASE("bytes that are not UTF-8 are shown as bytes") {
  CHECK(printable("輪\xE5\xB3") == "輪<E5><B3>");
  CHECK(printable("\xED\xA0\x80") == "<ED><A0><80>");  // a lone surrogate
  CHECK(printable("\xC0\x8A") == "<C0><8A>");          // an overlong line feed
  CHECK(printable("\xF4\x90\x80\x80") == "<F4><90><80*2>");
  CHECK(printable("\xFF"
                  "か\u3099") == "<FF>か\u3099");
}

TEST_CASE("ten thousand marks on one letter are counted, not drawn") {
  const std::string drawn = printable("a" + repeat(10'000, "\u0301") + "b");
  CHECK(drawn == "a" + repeat(4, "\u0301") + "<+9996>b");
  CHECK(columns("a" + repeat(10'000, "\u0301")) == 8);
  CHECK(printable(repeat(500, "\u0301")) == repeat(4, "<0301>") + "<+496>");
}

TEST_CASE("a flood of characters without width is counted") {
  CHECK(printable(repeat(10'000, "\u200B")) == "<200B*10000>");
  CHECK(printable("a" + repeat(3, "\u202E") + "b" + repeat(2, "\xFF")) == "a<202E*3>b<FF*2>");
  CHECK(printable(repeat(100, "\u200B\u200C")).size() <= 4 * 600);
}

TEST_CASE("an endless emoji ends") {
  const std::string drawn = printable(repeat(1'000, "👨\u200D") + "👨");
  CHECK(drawn.ends_with("<+1992>"));
  CHECK(columns(drawn) < 20);
}

TEST_CASE("hostile text grows at most fourfold") {
  for (const char* piece :
       {"\x01", "\xFF", "\u0085", "\u200B", "\u061C", "\U000E0041", "\u0301", "a\u034F", "\u2028"}) {
    INFO(piece);
    const std::string text = repeat(1'000, piece);
    CHECK(printable(text).size() <= 4 * text.size());
    std::string mixed;
    for (int i = 0; i < 1'000; ++i) mixed += piece + std::string(1, i % 2 == 0 ? '\x02' : '\x03');
    CHECK(printable(mixed).size() <= 4 * mixed.size());
  }
}

TEST_CASE("a text is fitted between graphemes, and the cut is marked") {
  CHECK(fit("石川県輪島市", 12) == "石川県輪島市");
  CHECK(fit("石川県輪島市", 11) == "石川県輪島>");
  CHECK(fit("石川県輪島市", 10) == "石川県輪>");
  CHECK(fit("石川県輪島市", 6, "…") == "石川…");
  CHECK(fit("石川", 1) == ">");
  CHECK(fit("石川", 0).empty());
  CHECK(fit("石川", 3, "") == "石");
  CHECK(fit("👨‍👩‍👧‍👦家", 9) == "👨‍👩‍👧‍👦>");
  CHECK(fit("か\u309A城", 3) == "か\u309A>");
  CHECK(fit("\x1B[2J", 4) == "<1B>");
}

TEST_CASE("a text is filled up to its columns") {
  CHECK(pad("輪島", 6) == "輪島  ");
  CHECK(pad("345", 6, Side::right) == "   345");
  CHECK(pad("輪島", 7, Side::middle) == " 輪島  ");
  CHECK(pad("石川県輪島市", 6) == "石川> ");
  CHECK(pad("", 3) == "   ");
}

TEST_CASE("on a terminal for ASCII only, kana are read, signs are spelled and the rest is shown by number") {
  struct Only {
    Only() { draw_with(Glyphs::ascii); }
    ~Only() { draw_with(Glyphs::all); }
  } const only;
  CHECK(printable("わじまし") == "wajimashi");
  CHECK(printable("ワジマ・ｶﾞｽ") == "wajima-ka\"su");
  CHECK(printable("ＬＰガス「なし」。") == "LPgasu\"nashi\".");
  CHECK(printable("輪島市") == "<8F2A><5CF6><5E02>");
  CHECK(printable("\x1B[31m 約10戸") == "<1B>[31m <7D04>10<6238>");
  CHECK(columns("わじま") == 6);
  CHECK(columns("輪") == 6);
  for (const char c : printable("𠮷 葛󠄀 か\u3099 👨‍👩‍👧‍👦 ○ é"))
    CHECK((static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7F));
  for (const Grapheme& one : graphemes("とう島")) CHECK(one.columns > 0);
}

}  // namespace
}  // namespace noroshi::tui
