#ifndef PAWL_EXAMPLES_CHAT_SCRIPT_H_
#define PAWL_EXAMPLES_CHAT_SCRIPT_H_

#include <istream>

#include "chat.h"

namespace pawl_chat {

// Plays the lines of a script: what a person could type, and
//   /expect WORDS   until a line with WORDS was printed since the last /expect, two minutes at most
//   /sleep MS
//   # a comment
// False at the first line that cannot be done.
bool PlayScript(std::istream& lines, Chat& chat);

}  // namespace pawl_chat

#endif  // PAWL_EXAMPLES_CHAT_SCRIPT_H_
