// pawl-demo: two people, a relay and a crash on this machine, and what the relay knew of it.

#include <getopt.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "actor.h"
#include "picture.h"
#include "story.h"
#include "timeline.h"

namespace {

constexpr const char* kUsage =
    "usage: pawl-demo [FILE] [--json PATH] [--keep]\n"
    "\n"
    "Starts pawl-relay on a free loopback port, lets Alice send a text and FILE to Bob while he is "
    "offline,\n"
    "kills Bob in the middle of a reception, and searches everything the relay and the stores hold "
    "for the\n"
    "plaintext. Exits with 0 only if all of it held.\n"
    "\n"
    "  FILE          what Alice sends; default: a picture of 4 MB that the demo draws\n"
    "  --json PATH   write timeline, claims and hashes as data\n"
    "  --keep        keep the working folder, and print where it is\n"
    "\n"
    "Environment: PAWL_RELAY, the pawl-relay to run (default: beside this program).\n";

struct Options {
  std::filesystem::path file;
  std::string json;
  bool keep = false;
};

bool ParseOptions(int argc, char** argv, Options& options) {
  const option names[] = {{"json", required_argument, nullptr, 'j'},
                          {"keep", no_argument, nullptr, 'k'},
                          {"help", no_argument, nullptr, 'h'},
                          {nullptr, 0, nullptr, 0}};
  for (int c; (c = getopt_long(argc, argv, "h", names, nullptr)) != -1;) {
    if (c == 'h') std::fputs(kUsage, stdout);
    if (c == 'h') std::exit(0);
    if (c == 'j') options.json = optarg;
    if (c == 'k') options.keep = true;
    if (c == '?') return false;
  }
  if (optind < argc) options.file = argv[optind++];
  if (optind != argc) return false;
  std::error_code error;
  if (options.file.empty() || std::filesystem::is_regular_file(options.file, error)) return true;
  std::fprintf(stderr, "pawl-demo: %s is not a file that can be read\n", options.file.c_str());
  return false;
}

std::filesystem::path Self() { return std::filesystem::read_symlink("/proc/self/exe"); }

int RunStory(const Options& options) {
  std::string pattern = (std::filesystem::temp_directory_path() / "pawl-demo-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) {
    std::perror("pawl-demo: no temporary folder");
    return 1;
  }
  const std::filesystem::path home = pattern;
  std::filesystem::path file =
      options.file.empty() ? home / "picture" / "lighthouse-at-dusk.bmp" : options.file;
  if (options.file.empty()) {
    std::filesystem::create_directories(file.parent_path());
    if (!pawl_demo::DrawPicture(file)) return 1;
  }
  const char* relay = std::getenv("PAWL_RELAY");
  pawl_demo::Timeline timeline;
  pawl_demo::Story story(&timeline, Self().string(),
                         relay != nullptr ? relay : (Self().parent_path() / "pawl-relay"), home,
                         std::filesystem::absolute(file));
  story.Tell();
  const bool held = timeline.all_held();
  timeline.data()["held"] = held;
  bool written = true;
  if (!options.json.empty()) {
    std::ofstream out(options.json);
    out << timeline.data().dump(2) << "\n";
    written = out.good();
    if (!written) std::fprintf(stderr, "pawl-demo: cannot write %s\n", options.json.c_str());
  }
  std::printf("\n%s\n", held ? "All of it held." : "Something did not hold: see FAILED above.");
  if (options.keep) std::printf("Working folder: %s\n", home.c_str());
  if (!options.keep) std::filesystem::remove_all(home);
  return held && written ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  signal(SIGPIPE, SIG_IGN);
  if (argc == 7 && std::string(argv[1]) == "--actor") {
    return pawl_demo::RunActor({argv[2], argv[3], argv[4], argv[5], argv[6]});
  }
  Options options;
  if (!ParseOptions(argc, argv, options)) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  return RunStory(options);
}
