#ifndef PAWL_TESTS_SUPPORT_FLIP_H_
#define PAWL_TESTS_SUPPORT_FLIP_H_

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace pawl::test {

// What an adversary on the wire can do to an encoding, one change at a time. `visit` gets the
// damaged bytes, in memory of exactly their size so that AddressSanitizer sees a read past the end;
// the change is named in failure messages.

// Each bit flipped. `stride` > 1 visits every stride-th bit of long inputs.
template <typename Visit>
void ForEachBitFlip(ByteView bytes, const Visit& visit, size_t stride = 1) {
  for (size_t bit = 0; bit < 8 * bytes.size(); bit += stride) {
    SCOPED_TRACE(::testing::Message() << "bit " << bit % 8 << " of byte " << bit / 8 << " flipped");
    Bytes damaged = ToBytes(bytes);
    damaged[bit / 8] = static_cast<uint8_t>(damaged[bit / 8] ^ (1 << (bit % 8)));
    visit(damaged);
  }
}

// Cut to each length from 0 to size - 1.
template <typename Visit>
void ForEachTruncation(ByteView bytes, const Visit& visit, size_t stride = 1) {
  for (size_t length = 0; length < bytes.size(); length += stride) {
    SCOPED_TRACE(::testing::Message() << "cut to " << length << " of " << bytes.size() << " bytes");
    visit(ToBytes(bytes.first(length)));
  }
}

// One byte more at the end.
template <typename Visit>
void WithTrailingByte(ByteView bytes, const Visit& visit) {
  SCOPED_TRACE("one byte appended");
  Bytes longer;
  longer.reserve(bytes.size() + 1);
  longer.assign(bytes.begin(), bytes.end());
  longer.push_back(0);
  visit(longer);
}

// All of the above.
template <typename Visit>
void ForEachDamage(ByteView bytes, const Visit& visit) {
  ForEachBitFlip(bytes, visit);
  ForEachTruncation(bytes, visit);
  WithTrailingByte(bytes, visit);
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_FLIP_H_
