// Linked into the programs of the kill tests: ends the process with SIGKILL at the named point that
// the environment asks for. PAWL_KILL_AT is the point, PAWL_KILL_SKIP how often it is passed
// before, PAWL_KILL_NOTE the file that gets the point's name just before the end, so that the test
// can count what was really hit.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "base/kill_point.h"

namespace {

const char* g_point = nullptr;
const char* g_note = nullptr;
std::atomic<long> g_skip{0};

void KillHere(const char* name) {
  if (std::strcmp(name, g_point) != 0 || g_skip.fetch_sub(1) > 0) return;
  if (g_note != nullptr) {
    const int fd = open(g_note, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0 && write(fd, name, std::strlen(name)) >= 0) close(fd);
  }
  raise(SIGKILL);
}

const bool g_armed = [] {
  g_point = std::getenv("PAWL_KILL_AT");
  if (g_point == nullptr || *g_point == '\0') return false;
  g_note = std::getenv("PAWL_KILL_NOTE");
  if (const char* skip = std::getenv("PAWL_KILL_SKIP")) g_skip = std::strtol(skip, nullptr, 10);
  pawl::SetKillHook(&KillHere);
  return true;
}();

}  // namespace
