#include "client/runner/push_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;

constexpr size_t kCapacity = PushSource::kCapacity;

TEST(PushSource, GivesWhatWasHandedOverInOrder) {
  PushSource source(11, nullptr);
  ASSERT_THAT(source.Write(AsBytes("hello "), 0), IsOk());
  ASSERT_THAT(source.Write(AsBytes("world"), 0), IsOk());
  Bytes out(11);
  ASSERT_THAT(source.ReadAt(0, out), IsOk());
  EXPECT_EQ(AsText(out), "hello world");
}

TEST(PushSource, SaysWhenItIsDryAndTellsWhenItIsNot) {
  int told = 0;
  PushSource source(10, [&] { ++told; });
  Bytes out(5);
  EXPECT_THAT(source.ReadAt(0, out), HasCode(Code::kWouldBlock));
  ASSERT_THAT(source.Write(AsBytes("abc"), 0), IsOk());
  EXPECT_THAT(source.ReadAt(0, out), HasCode(Code::kWouldBlock)) << "all or nothing";
  ASSERT_THAT(source.Write(AsBytes("de"), 0), IsOk());
  EXPECT_THAT(source.ReadAt(0, out), IsOk());
  EXPECT_EQ(told, 2);
}

TEST(PushSource, CannotGoBack) {
  PushSource source(10, nullptr);
  ASSERT_THAT(source.Write(AsBytes("0123456789"), 0), IsOk());
  Bytes out(5);
  ASSERT_THAT(source.ReadAt(0, out), IsOk());
  EXPECT_THAT(source.ReadAt(0, out), HasCode(Code::kUnsupported));
  EXPECT_THAT(source.ReadAt(5, out), IsOk());
}

TEST(PushSource, HoldsNoMoreThanItsCapacity) {
  PushSource source(10 * kCapacity, nullptr);
  EXPECT_THAT(source.Write(Bytes(kCapacity + 1), 0), HasCode(Code::kTooLarge));
  ASSERT_THAT(source.Write(Bytes(kCapacity), 0), IsOk());
  EXPECT_THAT(source.Write(Bytes(1), 10), HasCode(Code::kTimeout));
  Bytes out(100);
  ASSERT_THAT(source.ReadAt(0, out), IsOk());
  EXPECT_THAT(source.Write(Bytes(100), 0), IsOk());
}

TEST(PushSource, TakesNoMoreThanWasAnnounced) {
  PushSource source(3, nullptr);
  EXPECT_THAT(source.Write(AsBytes("abcd"), 0), HasCode(Code::kTooLarge));
  ASSERT_THAT(source.Write(AsBytes("abc"), 0), IsOk());
  EXPECT_THAT(source.Write(AsBytes("d"), 0), HasCode(Code::kTooLarge));
  EXPECT_FALSE(source.Close()) << "nothing is missing";
}

TEST(PushSource, ClosedEarlyItCannotBeFinished) {
  int told = 0;
  PushSource source(10, [&] { ++told; });
  ASSERT_THAT(source.Write(AsBytes("abc"), 0), IsOk());
  EXPECT_TRUE(source.Close());
  EXPECT_EQ(told, 2) << "a worker that waits for more must look again";
  Bytes out(10);
  EXPECT_THAT(source.ReadAt(0, out), HasCode(Code::kCancelled));
  EXPECT_THAT(source.Write(AsBytes("d"), 0), HasCode(Code::kClosed));
}

TEST(PushSource, AWriterThatWaitsIsWokenWhenNobodyReadsAnyMore) {
  std::atomic<int> told{0};
  PushSource source(10 * kCapacity, [&] { ++told; });
  ASSERT_THAT(source.Write(Bytes(kCapacity), 0), IsOk());
  std::thread writer([&] { EXPECT_THAT(source.Write(Bytes(10), -1), HasCode(Code::kClosed)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  source.Abandon();
  writer.join();
  EXPECT_EQ(told, 1);
  source.Close();
  EXPECT_EQ(told, 1) << "nobody is asked after Abandon";
}

TEST(PushSource, ManyPiecesGoAroundTheRingUnharmed) {
  test::SeededRng rng(6);
  Bytes content(3 * kCapacity + 12345);
  rng.Fill(content);
  PushSource source(content.size(), nullptr);
  std::thread writer([&] {
    ByteView rest(content);
    test::SeededRng sizes(7);
    while (!rest.empty()) {
      const size_t piece = std::min<size_t>(rest.size(), 1 + sizes.Below(200'000));
      ASSERT_THAT(source.Write(rest.first(piece), -1), IsOk());
      rest = rest.subspan(piece);
    }
  });
  Bytes out(content.size());
  for (size_t at = 0; at < out.size();) {
    const size_t piece = std::min<size_t>(out.size() - at, 65'472);
    const absl::Status status = source.ReadAt(at, MutableByteView(out).subspan(at, piece));
    if (status.ok()) {
      at += piece;
    } else {
      ASSERT_THAT(status, HasCode(Code::kWouldBlock));
      std::this_thread::yield();
    }
  }
  writer.join();
  EXPECT_EQ(out, content);
}

}  // namespace
}  // namespace pawl::runner
