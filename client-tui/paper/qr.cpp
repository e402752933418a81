#include "client-tui/paper/qr.hpp"

#include <qrencode.h>

#include <memory>

namespace noroshi::paper {

bool Modules::at(int row, int column) const {
  const bool inside = row >= 0 && column >= 0 && row < size && column < size;
  return inside && dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(size) +
                        static_cast<std::size_t>(column)];
}

std::optional<Modules> qr_modules(const std::string& text) {
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
      QRcode_encodeString(text.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1), QRcode_free);
  if (!code) return std::nullopt;
  Modules out{.size = code->width, .dark = {}};
  const int modules = code->width * code->width;
  for (int i = 0; i < modules; ++i) out.dark.push_back((code->data[i] & 1) != 0);
  return out;
}

}  // namespace noroshi::paper
