#ifndef PAWL_EXAMPLES_CHAT_LINE_EDITOR_H_
#define PAWL_EXAMPLES_CHAT_LINE_EDITOR_H_

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl_chat {

// The line that is being typed: UTF-8 text, a cursor, the lines before it. Knows keys, no terminal.
class LineEditor {
 public:
  enum class Did { kNothing, kEdited, kEntered, kEnd };

  // One byte from the terminal. kEntered: take Line(). kEnd: ctrl-D on an empty line, or ctrl-C.
  Did Feed(char byte);
  // The line that was entered; the editor is empty again.
  std::string Take();

  // What is shown in `columns` columns, and in which of them the cursor stands.
  struct View {
    std::string text;
    size_t cursor = 0;
  };
  View Show(size_t columns) const;

 private:
  Did Control(char byte);
  Did Escape(char byte);
  void Insert();
  void EraseWord();
  void Recall(int step);

  std::vector<std::string> line_;  // one code point each
  size_t cursor_ = 0;
  std::string pending_;  // of a code point or an escape sequence
  std::deque<std::string> before_;
  size_t recalled_ = 0;  // 0: the line itself
};

}  // namespace pawl_chat

#endif  // PAWL_EXAMPLES_CHAT_LINE_EDITOR_H_
