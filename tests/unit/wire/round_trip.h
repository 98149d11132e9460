#ifndef PAWL_TESTS_UNIT_WIRE_ROUND_TRIP_H_
#define PAWL_TESTS_UNIT_WIRE_ROUND_TRIP_H_

#include <gtest/gtest.h>

#include <optional>

#include "support/matchers.h"
#include "wire/frame.h"

namespace pawl::wire {

// Writes one frame and reads it back; the message lives in `writer`.
template <typename Frame>
std::optional<FrameView> RoundTrip(FrameWriter& writer, const Frame& frame) {
  writer.Clear();
  EXPECT_TRUE(Append(writer, frame));
  FrameReader reader(writer.message());
  auto view = reader.Next();
  EXPECT_THAT(reader.status(), test::IsOk());
  return view;
}

}  // namespace pawl::wire

#endif  // PAWL_TESTS_UNIT_WIRE_ROUND_TRIP_H_
