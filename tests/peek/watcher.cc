// A notification service for the tests of two processes: peeks at a store without end and says what
// it saw. It may be stopped or killed at any instant.
//
//   peek_watcher STORE ANCHORS
// Prints "ready", then for each peek a line: "peek STATUS MESSAGES UNREADABLE MILLISECONDS LOCKS",
// with tabs; LOCKS are those that this process holds on any file once the call is over.

#include <unistd.h>

#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "pawl/pawl.hpp"

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kFetchMs = 3000;

int OwnLocks() {
  int held = 0;
  std::ifstream locks("/proc/locks");
  for (std::string line; std::getline(locks, line);) {
    std::istringstream in(line);
    std::string number, kind, mode, access, process;
    in >> number >> kind >> mode >> access >> process;
    held += process == std::to_string(::getpid()) ? 1 : 0;
  }
  return held;
}

struct Seen {
  pawl_status status = PAWL_OK;
  int messages = 0;
  int unreadable = 0;
};

Seen LookOnce(const pawl::PeekOptions& options) {
  Seen seen;
  auto peek = pawl::Peek::open(options);
  if (!peek.ok()) return {.status = peek.status()};
  const auto page = peek->fetch(kFetchMs);
  if (!page.ok()) return {.status = page.status()};
  for (const pawl_peeked_item& item : *page) {
    seen.messages += item.kind == PAWL_PEEK_MESSAGE ? 1 : 0;
    if (item.kind != PAWL_PEEK_UNREADABLE) continue;
    ++seen.unreadable;
    std::fprintf(stderr, "unreadable: %s\n", pawl_status_name(item.status));
  }
  return seen;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  pawl::PeekOptions options;
  options.store_dir = argv[1];
  options.anchor_dir = argv[2];
  options.host_key.assign(PAWL_KEY_SIZE, 0);
  options.host_key[0] = 0x4b;
  std::puts("ready");
  std::fflush(stdout);
  for (;;) {
    const auto began = SteadyClock::now();
    const Seen seen = LookOnce(options);
    const std::chrono::duration<double, std::milli> took = SteadyClock::now() - began;
    std::printf("peek\t%s\t%d\t%d\t%.0f\t%d\n", pawl_status_name(seen.status), seen.messages,
                seen.unreadable, took.count(), OwnLocks());
    std::fflush(stdout);
  }
}
