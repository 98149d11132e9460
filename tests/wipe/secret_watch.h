#ifndef PAWL_TESTS_WIPE_SECRET_WATCH_H_
#define PAWL_TESTS_WIPE_SECRET_WATCH_H_

#include <cstddef>
#include <string>

#include "base/bytes.h"

// Every secret that goes through libsodium or to SQLCipher is remembered (capture.cc), and what a
// test plants besides; then each block of memory that is freed, and the dead part of the stack, are
// searched for every one of them. For one thread.
namespace pawl::wipe {

// Remembers every 16 bytes of `secret`. `what` is a literal. Pieces of few different bytes are left
// out: they are nobody's key, and stand everywhere.
void Plant(ByteView secret, const char* what);
size_t planted();

// While it lives, freed blocks are searched.
class Watch {
 public:
  Watch();
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  size_t blocks() const;  // searched
  size_t finds() const;
  // What was found, in blocks of which size, and who freed them (addresses for addr2line).
  std::string Report() const;
};

// Zeroes what lies below the caller's frame, so that what is found there later is of what ran in
// between.
void ClearDeadStack();
// The secrets that lie there, by name with their number; empty: none.
std::string SearchDeadStack();

}  // namespace pawl::wipe

#endif  // PAWL_TESTS_WIPE_SECRET_WATCH_H_
