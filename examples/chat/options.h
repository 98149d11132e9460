#ifndef PAWL_EXAMPLES_CHAT_OPTIONS_H_
#define PAWL_EXAMPLES_CHAT_OPTIONS_H_

#include <string>

#include "pawl/pawl.hpp"

namespace pawl_chat {

struct Options {
  pawl::ClientOptions client{};
  std::string address{};  // name@domain
  std::string invitation{};
  std::string script{};  // a file of lines, or "-"; empty: a person types
};

// Reads the command line. Empty with *why empty: only help was asked for, and printed.
std::optional<Options> ParseOptions(int argc, char** argv, std::string* why);

}  // namespace pawl_chat

#endif  // PAWL_EXAMPLES_CHAT_OPTIONS_H_
