// A chat for the terminal over pawl.hpp. Try it with two of them: see --help.

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <utility>

#include "chat.h"
#include "line_editor.h"
#include "options.h"
#include "screen.h"
#include "script.h"

namespace pawl_chat {
namespace {

int leave_pipe[2];

// Only the descriptor that the loop waits for is touched in a signal handler.
void OnSignal(int) {
  const char byte = 0;
  [[maybe_unused]] const ssize_t ignored = ::write(leave_pipe[1], &byte, 1);
}

void WatchSignals() {
  if (::pipe(leave_pipe) != 0) return;
  struct sigaction action {};
  action.sa_handler = OnSignal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
}

// A person types: keys, events and signals, whichever comes.
void Converse(Chat& chat, Screen& screen) {
  LineEditor editor;
  while (!chat.over()) {
    pollfd ready[] = {
        {STDIN_FILENO, POLLIN, 0}, {chat.event_fd(), POLLIN, 0}, {leave_pipe[0], POLLIN, 0}};
    if (poll(ready, 3, -1) < 0) continue;
    if (ready[2].revents != 0) return;
    if (ready[1].revents != 0) chat.DrainEvents();
    if (ready[0].revents == 0) continue;
    char keys[256];
    const ssize_t got = ::read(STDIN_FILENO, keys, sizeof keys);
    if (got <= 0) return;
    for (ssize_t i = 0; i < got && !chat.over(); ++i) {
      const LineEditor::Did did = editor.Feed(keys[i]);
      if (did == LineEditor::Did::kEnd) return;
      if (did != LineEditor::Did::kEntered) continue;
      const std::string line = editor.Take();
      screen.Redraw(editor);
      chat.Enter(line);
    }
    if (!chat.over()) screen.Redraw(editor);
  }
}

int Run(int argc, char** argv) {
  std::string why;
  const std::optional<Options> options = ParseOptions(argc, argv, &why);
  if (!options) {
    if (!why.empty()) std::cerr << "chat: " << why << "\nchat --help says more\n";
    return why.empty() ? 0 : 2;
  }
  auto client = pawl::Client::open(options->client);
  if (!client) {
    std::cerr << "chat: the store cannot be opened: " << client.error().name() << " ("
              << client.error().message() << ")\n";
    return 1;
  }
  WatchSignals();
  const bool scripted = !options->script.empty();
  Screen screen(!scripted);
  Chat chat(std::move(*client), *options, &screen);
  chat.Start();
  if (!scripted) {
    Converse(chat, screen);
    return 0;
  }
  std::ifstream file(options->script);
  if (options->script != "-" && !file.is_open()) {
    std::cerr << "chat: " << options->script << " cannot be read\n";
    return 1;
  }
  return PlayScript(options->script == "-" ? std::cin : file, chat) ? 0 : 1;
}

}  // namespace
}  // namespace pawl_chat

int main(int argc, char** argv) { return pawl_chat::Run(argc, argv); }
