#include "script.h"

#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace pawl_chat {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(120);

// Lets events come in until `enough`, or for as long as given.
template <typename Enough>
bool Pump(Chat& chat, Clock::duration longest, Enough enough) {
  const auto until = Clock::now() + longest;
  while (!enough()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0 || chat.over()) return false;
    pollfd entry{.fd = chat.event_fd(), .events = POLLIN, .revents = 0};
    poll(&entry, 1, static_cast<int>(std::min<int64_t>(left, 100)));
    chat.DrainEvents();
  }
  return true;
}

bool PlayLine(const std::string& line, Chat& chat) {
  constexpr std::string_view kExpect = "/expect ";
  constexpr std::string_view kSleep = "/sleep ";
  if (line.empty() || line[0] == '#') return true;
  if (line.starts_with(kSleep)) {
    const int ms = std::atoi(line.c_str() + kSleep.size());
    Pump(chat, std::chrono::milliseconds(ms), [] { return false; });
    return true;
  }
  if (line.starts_with(kExpect)) {
    const std::string words = line.substr(kExpect.size());
    return Pump(chat, kPatience, [&] { return chat.TakePrinted(words); });
  }
  chat.DrainEvents();
  return chat.Enter(line);
}

}  // namespace

bool PlayScript(std::istream& lines, Chat& chat) {
  if (!Pump(chat, kPatience, [&] { return chat.registered(); })) {
    std::cerr << "not registered in time\n";
    return false;
  }
  std::string line;
  while (!chat.over() && std::getline(lines, line)) {
    if (PlayLine(line, chat)) continue;
    std::cerr << "could not be done: " << line << '\n';
    return false;
  }
  return true;
}

}  // namespace pawl_chat
