// Columns are the C library's: it must know that the text is UTF-8.
#include <clocale>

namespace {
[[maybe_unused]] const char* const kUtf8 = std::setlocale(LC_CTYPE, "C.UTF-8");
}
