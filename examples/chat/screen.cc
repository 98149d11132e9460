#include "screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <utility>

namespace pawl_chat {
namespace {

// What a peer wrote must not move our cursor or change our colours.
std::string Harmless(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // C1 controls are C2 80 … C2 9F in UTF-8.
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte == '\n' || byte == '\t') {
      out += ' ';
    } else if (byte < 0x20 || byte == 0x7f || c1) {
      out += "\xEF\xBF\xBD";  // U+FFFD
      i += c1 ? 1 : 0;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Screen::Screen(bool typing)
    : terminal_(typing && isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0) {
  if (!terminal_) return;
  tcgetattr(STDIN_FILENO, &before_);
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
  Draw();
}

Screen::~Screen() {
  if (!terminal_) return;
  Clear();
  tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
}

void Screen::Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(STDOUT_FILENO, text.data(), text.size());
    if (done <= 0) return;
    text.remove_prefix(static_cast<size_t>(done));
  }
}

size_t Screen::Columns() const {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void Screen::Clear() {
  if (!terminal_) return;
  Write("\r\x1b[K");
  if (std::exchange(status_shown_, false)) Write("\x1b[1A\r\x1b[K");
}

void Screen::Draw() {
  if (!terminal_) return;
  std::string out;
  if (!status_.empty()) {
    out += status_ + "\r\n";
    status_shown_ = true;
  }
  const size_t cursor = prompt_.size() + input_.cursor;
  out += prompt_ + input_.text + "\r";
  if (cursor > 0) out += "\x1b[" + std::to_string(cursor) + "C";
  Write(out);
}

void Screen::Print(std::string_view line) {
  Clear();
  Write(Harmless(line) + (terminal_ ? "\r\n" : "\n"));
  Draw();
}

void Screen::Note(std::string_view line) {
  if (!terminal_) return Print(line);
  Clear();
  Write("\x1b[2m" + Harmless(line) + "\x1b[0m\r\n");
  Draw();
}

void Screen::SetStatus(std::string status) {
  if (!terminal_ || status == status_) return;
  Clear();
  const size_t columns = Columns();
  if (status.size() >= columns) status.resize(columns - 1);
  status_ = std::move(status);
  Draw();
}

void Screen::SetPrompt(std::string prompt) {
  Clear();
  prompt_ = std::move(prompt);
  Draw();
}

void Screen::Redraw(const LineEditor& editor) {
  const size_t columns = Columns();
  const size_t room = columns > prompt_.size() + 1 ? columns - prompt_.size() - 1 : 1;
  Clear();
  input_ = editor.Show(room);
  Draw();
}

}  // namespace pawl_chat
