// end_to_end_bench: what a message costs on its whole way, client to relay to client, all durable,
// on this machine.

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "big_file.h"
#include "relay.h"
#include "throughput.h"

namespace {

constexpr const char* kUsage =
    "usage: end_to_end_bench [--messages N] [--size BYTES] [--file MIB]\n"
    "\n"
    "Starts pawl-relay on loopback (TLS, encrypted database) and two clients, and measures\n"
    "  messages per second from one client's call to the other's event, each durable in both "
    "stores and the relay,\n"
    "  the time of one message alone, there and back,\n"
    "  resident memory of client and relay while a file of MIB (0: skipped) moves.\n"
    "Defaults: 5000 messages of 1024 bytes, no file. PAWL_RELAY names the relay to run, PAWL_DEMO "
    "the pawl-demo\n"
    "whose actor moves the file.\n";

// What is measured is the way, not the relay's limits, which are made for people.
constexpr int kWideLimits = 10'000;

struct Options {
  int messages = 5000;
  size_t size = 1024;
  uint64_t file_mib = 0;
};

bool Parse(int argc, char** argv, Options& options) {
  const option names[] = {{"messages", required_argument, nullptr, 'm'},
                          {"size", required_argument, nullptr, 's'},
                          {"file", required_argument, nullptr, 'f'},
                          {"help", no_argument, nullptr, 'h'},
                          {nullptr, 0, nullptr, 0}};
  for (int c; (c = getopt_long(argc, argv, "h", names, nullptr)) != -1;) {
    if (c == 'm') options.messages = std::atoi(optarg);
    if (c == 's') options.size = std::strtoul(optarg, nullptr, 10);
    if (c == 'f') options.file_mib = std::strtoul(optarg, nullptr, 10);
    if (c == 'h') std::fputs(kUsage, stdout);
    if (c == 'h') std::exit(0);
    if (c == '?') return false;
  }
  return optind == argc && options.messages > 0 && options.size > 0;
}

std::string Program(const char* variable, const char* name) {
  const char* given = std::getenv(variable);
  return given != nullptr
             ? given
             : (std::filesystem::read_symlink("/proc/self/exe").parent_path() / name).string();
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  Options options;
  if (!Parse(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  std::string home = (std::filesystem::temp_directory_path() / "pawl-bench-XXXXXX").string();
  if (mkdtemp(home.data()) == nullptr) return 1;
  pawl_demo::Relay relay(Program("PAWL_RELAY", "pawl-relay"), std::filesystem::path(home) / "relay",
                         kWideLimits);
  bool done = relay.Start();
  if (!done) std::fprintf(stderr, "the relay does not start: see %s\n", relay.log().c_str());
  if (done)
    done = pawl_bench::MeasureThroughput(relay.place(), home, options.messages, options.size);
  if (done && options.file_mib > 0) {
    done = pawl_bench::MeasureBigFile(relay, Program("PAWL_DEMO", "pawl-demo"), home,
                                      options.file_mib);
  }
  relay.Stop();
  std::filesystem::remove_all(home);
  return done ? 0 : 1;
}
