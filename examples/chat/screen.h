#ifndef PAWL_EXAMPLES_CHAT_SCREEN_H_
#define PAWL_EXAMPLES_CHAT_SCREEN_H_

#include <termios.h>

#include <string>
#include <string_view>

#include "line_editor.h"

namespace pawl_chat {

// The terminal: lines scroll up, at the bottom stand a status line (progress), if there is one, and
// the line being typed. Whatever is printed goes above them, so that nothing garbles the input. On
// anything that is no terminal: plain lines, no escape codes.
class Screen {
 public:
  // `typing`: a person types at this terminal.
  explicit Screen(bool typing);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  bool is_terminal() const { return terminal_; }
  // A line from elsewhere: control characters in it are shown, not obeyed.
  void Print(std::string_view line);
  // The same, less important.
  void Note(std::string_view line);
  void SetStatus(std::string status);
  void SetPrompt(std::string prompt);
  void Redraw(const LineEditor& editor);

 private:
  void Clear();
  void Draw();
  void Write(std::string_view text);
  size_t Columns() const;

  const bool terminal_;
  termios before_{};
  std::string prompt_ = "> ";
  std::string status_;
  bool status_shown_ = false;
  LineEditor::View input_;
};

}  // namespace pawl_chat

#endif  // PAWL_EXAMPLES_CHAT_SCREEN_H_
