#include "keys/passphrase.hpp"

#include <fcntl.h>
#include <termios.h>
#include <uninorm.h>
#include <unistd.h>
#include <unistr.h>

#include <cerrno>
#include <cstdlib>

#include "keys/language.hpp"

namespace noroshi::keys {
namespace {

Result<SecretBytes> line_of(int fd, std::string_view where) {
  Wiped<kPassphraseBytesMax + 1> line;
  std::size_t size = 0;
  for (;;) {
    std::uint8_t c = 0;
    const ssize_t got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      return Error{Code::io, std::string(where) + ": " +
                                 said("パスフレーズを読めません", "the passphrase cannot be read")};
    if (got == 0 || c == '\n') break;
    if (size == kPassphraseBytesMax)
      return no(Code::usage, "パスフレーズが長すぎます（1024 バイトまで）",
                "the passphrase is too long (at most 1024 bytes)");
    line.value[size++] = c;
  }
  return normalized_passphrase(BytesView(line.value).first(size));
}

/// The terminal without echo until the scope ends.
class Silent {
 public:
  explicit Silent(int fd) : fd_(fd), active_(::tcgetattr(fd, &before_) == 0) {
    if (!active_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    (void)::tcsetattr(fd, TCSAFLUSH, &silent);
  }
  Silent(const Silent&) = delete;
  Silent& operator=(const Silent&) = delete;
  ~Silent() {
    if (active_) (void)::tcsetattr(fd_, TCSAFLUSH, &before_);
  }

 private:
  int fd_;
  termios before_{};
  bool active_;
};

void put(int fd, std::string_view text) {
  (void)!::write(fd, text.data(), text.size());
}

Result<SecretBytes> ask(int terminal, std::string_view question) {
  const Silent silent(terminal);  // before the question: whoever answers at once is not seen
  put(terminal, question);
  put(terminal, ": ");
  auto answer = line_of(terminal, "/dev/tty");
  put(terminal, "\n");
  return answer;
}

struct Close {
  int fd;
  ~Close() { ::close(fd); }
};

}  // namespace

Result<SecretBytes> normalized_passphrase(BytesView text) {
  if (text.empty()) return no(Code::usage, "パスフレーズが空です", "the passphrase is empty");
  if (text.size() > kPassphraseBytesMax)
    return no(Code::usage, "パスフレーズが長すぎます（1024 バイトまで）",
              "the passphrase is too long (at most 1024 bytes)");
  if (u8_check(text.data(), text.size()) != nullptr)
    return no(Code::usage, "パスフレーズが UTF-8 ではありません", "the passphrase is not UTF-8");
  std::size_t size = 0;
  std::uint8_t* composed = u8_normalize(UNINORM_NFC, text.data(), text.size(), nullptr, &size);
  if (!composed)
    return no(Code::usage, "パスフレーズを正規化できません", "the passphrase cannot be normalized");
  SecretBytes out = SecretBytes::copy_of({composed, size});
  wipe({composed, size});
  std::free(composed);
  return out;
}

Result<void> check_new_passphrase(const SecretBytes& passphrase) {
  std::size_t characters = 0;
  for (const std::uint8_t byte : passphrase.bytes()) characters += (byte & 0xC0) != 0x80 ? 1 : 0;
  if (characters >= kPassphraseCharsMin) return {};
  return no(Code::usage, "新しいパスフレーズは 8 文字以上にしてください",
            "a new passphrase needs 8 characters or more");
}

Result<SecretBytes> passphrase_from_fd(int fd) {
  return line_of(fd, "fd " + std::to_string(fd));
}

Result<SecretBytes> passphrase_from_terminal(std::string_view question, bool twice) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0)
    return no(Code::usage, "端末がありません：--passphrase-fd N でパスフレーズを渡してください",
              "there is no terminal: give the passphrase with --passphrase-fd N");
  const Close close{terminal};
  TRY(SecretBytes first, ask(terminal, question));
  if (!twice) return first;
  TRY(const SecretBytes second, ask(terminal, said("もう一度", "once more")));
  if (!equal(first.bytes(), second.bytes()))
    return no(Code::usage, "二つのパスフレーズが違います", "the two passphrases differ");
  return first;
}

}  // namespace noroshi::keys
