#include "proto/forms/text.hpp"

#include <iconv.h>

#include "proto/forms/embedded.hpp"
#include "proto/forms/utf8.hpp"
#include "tests/support/catch.hpp"

using namespace noroshi;
using namespace noroshi::forms;

namespace {

/// FNV-1a, 64 bits: enough to notice that a table of the wire format was touched.
std::uint64_t fingerprint(std::string_view bytes) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01B3;
  return hash;
}

std::string jis_hex(std::string_view text) {
  return to_hex(*encode_text(text, TextCodec::jis));
}
std::optional<std::string> from_jis(std::string_view hex) {
  return decode_text(*from_hex(hex), TextCodec::jis);
}

/// CP932 by the C library, as a second opinion. Empty if it cannot.
std::string by_iconv(const char* to, const char* from, std::string in) {
  const iconv_t converter = iconv_open(to, from);
  REQUIRE(converter != reinterpret_cast<iconv_t>(-1));
  std::string out(16, '\0');
  char* source = in.data();
  char* sink = out.data();
  std::size_t left = in.size(), room = out.size();
  const std::size_t result = iconv(converter, &source, &left, &sink, &room);
  iconv_close(converter);
  if (result == static_cast<std::size_t>(-1) || left != 0) return {};
  out.resize(out.size() - room);
  return out;
}

}  // namespace

TEST_CASE("the tables of the text codecs are the ones the wire format was fixed with") {
  CHECK(fingerprint(embedded::jis_cells()) == 0x8C2B'C550'0140'3864);
  CHECK(fingerprint(embedded::cp932_extensions()) == 0x3579'15FA'50B5'9BCD);
}

TEST_CASE("jis gives the known answers and reads them back") {
  const std::pair<const char*, const char*> known[] = {
      {"", ""},
      {"あ", "01"},
      {"輪島市門前町", "c2f6d7ea6ff010af3ece70"},
      {"停止345戸、流出12本。", "b4769ca565758a279e3093a9dd5156fa7790"},
      {"LPガス", "686c860e1900"},
      {"𠮷野 髙橋", "fffc4176f80bbbfffe09ad99f2c0"},
      {"a~Z", "fbc7f0e760"},
      {"連絡待ち\n次は21:00", "c397074b14481fa9ea2e5554fb914d4c"},
  };
  for (const auto& [text, hex] : known) {
    INFO(text);
    CHECK(jis_hex(text) == hex);
    CHECK(from_jis(hex) == text);
  }
}

TEST_CASE("jis refuses what encoding would not write") {
  CHECK_FALSE(from_jis("c2f6d7ea6ff010af3ece71"));  // a padding bit is 1
  CHECK(from_jis("c2f6d7ea6ff010af3ece7000") ==
        "輪島市門前町ぁ");                // eight zero bits are a letter, not padding
  CHECK_FALSE(from_jis("c2"));            // cut in the symbol
  CHECK_FALSE(from_jis("fffc41"));        // cut in the escape
  CHECK_FALSE(from_jis("fffffffffff0"));  // no scalar
  CHECK_FALSE(from_jis("ffffc0"));        // v between the tables
}

TEST_CASE("every character that CP932 has comes and goes as the C library says") {
  std::size_t known = 0;
  for (char32_t c = 0x20; c < 0x10000; ++c) {
    if (!is_scalar(c) || (c >= 0xE000 && c <= 0xF8FF) || (c >= 0x7F && c < 0xA0)) continue;
    std::string text;
    append_utf8(text, c);
    const std::string theirs = by_iconv("CP932", "UTF-8", text);
    const auto ours = encode_text(text, TextCodec::cp932);
    // The C library folds a few characters into others; only an exact round trip counts.
    const bool exact = !theirs.empty() && by_iconv("UTF-8", "CP932", theirs) == text;
    INFO("U+" << std::hex << static_cast<unsigned>(c));
    REQUIRE((ours && decode_text(*ours, TextCodec::cp932) == text) == exact);
    if (!exact) continue;
    ++known;
    REQUIRE(text_of(*ours) == theirs);
  }
  CHECK(known > 7300);
}

TEST_CASE("the smallest codec that comes back exactly is taken") {
  CHECK(smallest_codec("Plain English text, lower case.").codec == TextCodec::utf8);
  CHECK(smallest_codec("門前町で容器が流出").codec == TextCodec::jis);
  CHECK(smallest_codec("ｶﾞｽ ﾓﾚ").codec == TextCodec::cp932);  // half-width katakana: one byte each
  const auto wave = smallest_codec("10〜20");                 // not folded yet: CP932 would give ～ back
  CHECK(decode_text(wave.bytes, wave.codec) == "10〜20");
}

TEST_CASE("forty characters of Japanese take a third to a half less than UTF-8") {
  const std::string text =
      "輪島市門前町道下で土砂崩れにより容器十二本が流出し県道が通行不能となり孤立している";
  REQUIRE(char_count(text) == 41);
  CHECK(text.size() == 123);
  CHECK(encode_text(text, TextCodec::cp932)->size() == 82);
  CHECK(encode_text(text, TextCodec::jis)->size() <= 66);
}

TEST_CASE("kana marks are composed and names keep their compatibility kanji") {
  CHECK(*clean_text("か\u3099") == "が");
  CHECK(*clean_text("ハ\u309A") == "パ");
  CHECK(*clean_text("ウ\u3099") == "ヴ");
  CHECK(*clean_text("あ\u3099") == "あ\u3099");  // there is no such kana: left as it is
  CHECK(*clean_text("神戸") == "神戸");          // U+FA19, not U+795E
  CHECK(*clean_text("e\u0301") == "e\u0301");
}

TEST_CASE("signs that CP932 gives back as others become their full-width twins at entry") {
  CHECK(*clean_text("10〜20−3‖—") == "10～20－3∥―");
  CHECK(*clean_text("a\tb\r\nc\rd") == "a b\nc\nd");
}

TEST_CASE("control characters and bidirectional tricks are refused with their name") {
  const auto bell = clean_text(std::string("a\x07"));
  REQUIRE_FALSE(bell);
  CHECK(bell.error().text.find("U+0007") != std::string::npos);
  for (const char* text : {"\x1b[31m", "\u202Eabc", "\u2066", "\u2028", "\u0085", "\uFFFE", "\x7f"})
    CHECK_FALSE(clean_text(text));
  CHECK_FALSE(clean_text("\xff"));
  CHECK_FALSE(clean_text("\xc0\x80"));      // overlong
  CHECK_FALSE(clean_text("\xed\xa0\x80"));  // surrogate
  CHECK(clean_text("改行\nよし"));
}

TEST_CASE("search folds width, case and kana") {
  CHECK(fold_for_search("ＷＡＪＩＭＡ ワジマ") == "wajima わじま");
}
