#include "transport/send_queue.h"

#include <gtest/gtest.h>

#include "wire/frames.h"

namespace pawl::transport {
namespace {

constexpr size_t kHeadroom = 16;

Bytes Envelope(size_t size) { return Bytes(size, 0x5a); }

size_t PushSend(SendQueue& queue, size_t envelope_size, uint64_t req = 1) {
  const Bytes envelope = Envelope(envelope_size);
  wire::Send send;
  send.req = req;
  send.account = "bob@example.org";
  send.envelope = envelope;
  const size_t size =
      queue.Encode([&](wire::FrameWriter& out) { return wire::Append(out, send); }).size();
  queue.Push();
  return size;
}

std::vector<uint64_t> RequestsIn(const Bytes& buffer) {
  std::vector<uint64_t> requests;
  wire::FrameReader reader(ByteView(buffer).subspan(kHeadroom));
  while (auto frame = reader.Next()) requests.push_back(frame->header->body_as_Send()->req());
  EXPECT_TRUE(reader.status().ok());
  return requests;
}

TEST(SendQueue, SmallFramesTravelTogetherInOrder) {
  SendQueue queue(kHeadroom);
  std::vector<uint64_t> expected;
  for (uint64_t req = 1; req <= 5; ++req) {
    PushSend(queue, 100, req);
    expected.push_back(req);
  }
  const auto buffer = queue.Pop();
  ASSERT_TRUE(buffer);
  EXPECT_EQ(RequestsIn(*buffer), expected);
  EXPECT_FALSE(queue.Pop());
}

TEST(SendQueue, AMessageEndsBeforeItOutgrowsATlsRecord) {
  SendQueue queue(kHeadroom);
  for (uint64_t req = 1; req <= 100; ++req) PushSend(queue, 1024, req);
  uint64_t next = 1;
  size_t messages = 0;
  while (auto buffer = queue.Pop()) {
    EXPECT_LE(buffer->size() - kHeadroom, SendQueue::kCoalescedSize);
    for (uint64_t req : RequestsIn(*buffer)) EXPECT_EQ(req, next++);
    ++messages;
  }
  EXPECT_EQ(next, 101u);
  EXPECT_LT(messages, 10u);
}

TEST(SendQueue, ALargeFrameHasItsOwnMessage) {
  SendQueue queue(kHeadroom);
  PushSend(queue, 100, 1);
  PushSend(queue, 60'000, 2);
  EXPECT_TRUE(queue.HasFull());
  PushSend(queue, 100, 3);
  EXPECT_EQ(RequestsIn(*queue.Pop()), std::vector<uint64_t>{1});
  EXPECT_EQ(RequestsIn(*queue.Pop()), std::vector<uint64_t>{2});
  EXPECT_FALSE(queue.HasFull());
  EXPECT_EQ(RequestsIn(*queue.Pop()), std::vector<uint64_t>{3});
}

TEST(SendQueue, NoMessageHoldsMoreFramesThanAReaderTakes) {
  SendQueue queue(kHeadroom);
  const size_t count = wire::kMaxFramesPerMessage + 10;
  for (size_t n = 0; n < count; ++n) {
    queue.Encode([](wire::FrameWriter& out) { return wire::Append(out, wire::Credit{1}); });
    queue.Push();
  }
  size_t seen = 0;
  while (auto buffer = queue.Pop()) {
    wire::FrameReader reader(ByteView(*buffer).subspan(kHeadroom));
    while (reader.Next()) ++seen;
    EXPECT_TRUE(reader.status().ok());
  }
  EXPECT_EQ(seen, count);
}

TEST(SendQueue, CountsTheBytesItHolds) {
  SendQueue queue(kHeadroom);
  EXPECT_EQ(queue.bytes(), 0u);
  const size_t record = PushSend(queue, 500);
  EXPECT_EQ(queue.bytes(), wire::kPreambleSize + record);
  PushSend(queue, 500);
  EXPECT_EQ(queue.bytes(), wire::kPreambleSize + 2 * record);
  const auto buffer = queue.Pop();
  EXPECT_EQ(buffer->size(), kHeadroom + wire::kPreambleSize + 2 * record);
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(SendQueue, AFrameThatFitsNoMessageIsNotQueued) {
  SendQueue queue(kHeadroom);
  EXPECT_EQ(PushSend(queue, wire::kMaxMessageSize), 0u);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
}

TEST(SendQueue, BuffersAreUsedAgain) {
  SendQueue queue(kHeadroom);
  PushSend(queue, 1000);
  Bytes buffer = *queue.Pop();
  const uint8_t* memory = buffer.data();
  queue.Recycle(std::move(buffer));
  PushSend(queue, 900);
  EXPECT_EQ(queue.Pop()->data(), memory);
}

TEST(SendQueue, ClearForgetsEverything) {
  SendQueue queue(kHeadroom);
  for (int n = 0; n < 50; ++n) PushSend(queue, 1000);
  queue.Clear();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.bytes(), 0u);
  EXPECT_FALSE(queue.Pop());
}

}  // namespace
}  // namespace pawl::transport
