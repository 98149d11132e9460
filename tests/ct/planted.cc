// What the tests of this folder must report, planted on a secret that went the whole way: drawn,
// through an agreement, into a session. If valgrind finds nothing here, its silence elsewhere means
// nothing.
#include <cstdio>
#include <string_view>

#include "ct/secret_devices.h"

namespace {

volatile int sink = 0;

}  // namespace

// Not in a namespace and never inlined: the runner looks for the names in the report.
extern "C" {
[[gnu::noinline]] void PlantedBranch(const uint8_t* secret) {
  if ((*secret & 1) != 0) sink = 1;
}
[[gnu::noinline]] void PlantedIndex(const uint8_t* secret) {
  static const volatile uint8_t table[256] = {};
  sink = table[*secret];
}
[[gnu::noinline]] void PlantedComparison(const uint8_t* secret) {
  static const uint8_t guess[32] = {};
  if (std::equal(guess, guess + sizeof guess, secret)) sink = 1;
}
// The same work on what was declassified: must be silent.
[[gnu::noinline]] void PlantedNothing(const uint8_t* secret) {
  const uint8_t known = pawl::ct::Declassified(*secret);
  PlantedBranch(&known);
  PlantedIndex(&known);
}
}

int main(int argc, char** argv) {
  if (argc != 2 || RUNNING_ON_VALGRIND == 0) return 2;
  pawl::ct::SecretDevices devices(pawl::crypto::Suite::kXChaCha20Poly1305);
  const pawl::session::Session session = devices.Initiate();
  const uint8_t* secret = session.facts().resumption.Expose().data();
  const std::string_view what = argv[1];
  if (what == "branch") {
    PlantedBranch(secret);
  } else if (what == "index") {
    PlantedIndex(secret);
  } else if (what == "comparison") {
    PlantedComparison(secret);
  } else if (what == "nothing") {
    PlantedNothing(secret);
  } else {
    return 2;
  }
  return 0;
}
