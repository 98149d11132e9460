#include "relay/core/blobs.h"

#include <gtest/gtest.h>

#include "relay/engine/sqlite/inline_engine.h"
#include "support/relay_world.h"

namespace pawl::relay {
namespace {

using test::RelayPerson;
using test::RelayWorld;
namespace fb = wire::fb;

class Blobs : public ::testing::Test {
 protected:
  Blobs() : bob_(world_.MakePerson("bob")), device_(world_.ConnectDevice(bob_)) {}

  // All of a blob but its commit.
  void Upload(const BlobId& id, const Bytes& bytes) {
    world_.Say(device_, wire::BlobBegin{1, id, bytes.size()});
    EXPECT_EQ(world_.Expect<fb::BlobBegun>(device_)->offset(), 0u);
    for (size_t at = 0; at < bytes.size(); at += wire::kMaxBlobChunkSize) {
      const size_t size = std::min(wire::kMaxBlobChunkSize, bytes.size() - at);
      world_.Say(device_, wire::BlobChunk{2, id, at, ByteView(bytes).subspan(at, size)});
      EXPECT_EQ(world_.Expect<fb::Ok>(device_)->value(), at + size);
    }
  }
  void Commit(const BlobId& id) {
    world_.Say(device_, wire::BlobCommit{3, id});
    world_.Expect<fb::Ok>(device_);
  }

  RelayWorld world_;
  RelayPerson bob_;
  ConnectionId device_;
  const BlobId id_ = BlobId({0xB1});
};

TEST_F(Blobs, WhatADeviceUploadsAnyoneWithTheIdReads) {
  Bytes bytes(150'000);
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(i * 7 >> 4);
  Upload(id_, bytes);
  Commit(id_);
  const ConnectionId reader = world_.ConnectAnonymously(9);
  Bytes read;
  while (read.size() < bytes.size()) {
    world_.Say(reader, wire::BlobGet{4, id_, read.size(), 0});
    const auto* data = world_.Expect<fb::BlobData>(reader);
    ASSERT_NE(data, nullptr);
    EXPECT_EQ(data->offset(), read.size());
    EXPECT_EQ(data->total(), bytes.size());
    const Bytes piece = world_.last_payload();
    EXPECT_LE(piece.size(), wire::kMaxBlobChunkSize);
    read.insert(read.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(read, bytes);
  EXPECT_EQ(world_.stats().blob_bytes_received, bytes.size());
  EXPECT_EQ(world_.stats().blob_bytes_sent, bytes.size());
}

TEST_F(Blobs, ChunksMayBeSentAhead) {
  const Bytes chunk(1000, 1);
  world_.Say(device_, wire::BlobBegin{1, id_, 3000});
  world_.Expect<fb::BlobBegun>(device_);
  world_.Say(device_, wire::BlobChunk{2, id_, 0, chunk}, wire::BlobChunk{3, id_, 1000, chunk},
             wire::BlobChunk{4, id_, 2000, chunk}, wire::BlobCommit{5, id_});
  for (uint64_t held : {1000, 2000, 3000, 3000}) {
    EXPECT_EQ(world_.Expect<fb::Ok>(device_)->value(), held);
  }
}

TEST_F(Blobs, AnUploadGoesOnInANewConnection) {
  world_.Say(device_, wire::BlobBegin{1, id_, 3000}, wire::BlobChunk{2, id_, 0, Bytes(1000, 1)});
  world_.Disconnect(device_);
  device_ = world_.ConnectDevice(bob_);
  world_.Say(device_, wire::BlobBegin{1, id_, 3000});
  EXPECT_EQ(world_.Expect<fb::BlobBegun>(device_)->offset(), 1000u);
}

TEST_F(Blobs, NothingIsReadBeforeItIsCommitted) {
  Upload(id_, Bytes(100, 1));
  const ConnectionId reader = world_.ConnectAnonymously();
  world_.Say(reader, wire::BlobGet{4, id_, 0, 10});
  EXPECT_EQ(world_.ExpectError(reader, 4), Code::kNotFound);
  Commit(id_);
  world_.Say(reader, wire::BlobGet{5, id_, 0, 10});
  EXPECT_NE(world_.Expect<fb::BlobData>(reader), nullptr);
  EXPECT_EQ(world_.last_payload().size(), 10u);
}

TEST_F(Blobs, OddRequestsAreRefused) {
  world_.Say(device_, wire::BlobBegin{1, id_, 0});
  EXPECT_EQ(world_.ExpectError(device_, 1), Code::kInvalidArgument);
  world_.Say(device_, wire::BlobBegin{2, id_, UINT64_MAX});
  EXPECT_EQ(world_.ExpectError(device_, 2), Code::kQuotaExceeded);
  world_.Say(device_, wire::BlobChunk{3, id_, 0, Bytes(1, 1)});
  EXPECT_EQ(world_.ExpectError(device_, 3), Code::kWrongState) << "not begun";
  world_.Say(device_, wire::BlobChunk{4, id_, 0, Bytes(wire::kMaxBlobChunkSize + 1, 1)});
  EXPECT_EQ(world_.ExpectError(device_, 4), Code::kTooLarge);
  world_.Say(device_, wire::BlobChunk{5, id_, 0, {}});
  EXPECT_EQ(world_.ExpectError(device_, 5), Code::kInvalidArgument);
  world_.Say(device_, wire::BlobCommit{6, id_});
  EXPECT_EQ(world_.ExpectError(device_, 6), Code::kNotFound);
  world_.Say(device_, wire::BlobGet{7, id_, UINT64_MAX, UINT32_MAX});
  EXPECT_EQ(world_.ExpectError(device_, 7), Code::kNotFound);
}

TEST_F(Blobs, OnlyItsAccountDeletesABlob) {
  Upload(id_, Bytes(100, 1));
  Commit(id_);
  RelayPerson eve = world_.MakePerson("eve");
  const ConnectionId eves = world_.ConnectDevice(eve);
  world_.Say(eves, wire::BlobDelete{1, id_});
  EXPECT_EQ(world_.ExpectError(eves, 1), Code::kNotFound);
  world_.Say(device_, wire::BlobDelete{2, id_});
  world_.Expect<fb::Ok>(device_);
  const ConnectionId reader = world_.ConnectAnonymously();
  world_.Say(reader, wire::BlobGet{4, id_, 0, 10});
  EXPECT_EQ(world_.ExpectError(reader, 4), Code::kNotFound);
}

TEST_F(Blobs, AnAnonymousConnectionNamesAnOwner) {
  const ConnectionId anonymous = world_.ConnectAnonymously();
  world_.Say(anonymous, wire::BlobBegin{1, id_, 10});
  EXPECT_EQ(world_.ExpectError(anonymous, 1), Code::kInvalidArgument);
}

TEST_F(Blobs, BeginningAgainAndAgainIsSlowedDown) {
  int begun = 0;
  while (begun < 10'000) {
    world_.Say(device_, wire::BlobBegin{1, id_, 10});
    const auto heard = world_.Hear(device_);
    if (heard->As<fb::BlobBegun>() == nullptr) break;
    ++begun;
  }
  EXPECT_EQ(begun, static_cast<int>(kBlobBucket.burst));
  world_.Say(device_, wire::BlobCommit{2, id_});
  world_.Say(device_, wire::BlobCommit{3, id_});
  EXPECT_EQ(world_.ExpectError(device_, 2), Code::kRateLimited);
}

TEST_F(Blobs, AnUploadThatIsNotFinishedGoesSoonACommittedBlobStays) {
  Upload(id_, Bytes(100, 1));
  Commit(id_);
  const BlobId open({0xB2});
  world_.Say(device_, wire::BlobBegin{1, open, 100}, wire::BlobChunk{2, open, 0, Bytes(50, 1)});
  world_.Expect<fb::BlobBegun>(device_);
  world_.Expect<fb::Ok>(device_);
  world_.Tick(kUploadLife);
  world_.Say(device_, wire::BlobBegin{3, open, 100}, wire::BlobGet{4, id_, 0, 0});
  EXPECT_EQ(world_.Expect<fb::BlobBegun>(device_)->offset(), 0u);
  EXPECT_NE(world_.Expect<fb::BlobData>(device_), nullptr);
}

TEST_F(Blobs, AReaderThatAsksForMuchIsReadMoreSlowly) {
  Upload(id_, Bytes(wire::kMaxBlobChunkSize, 1));
  Commit(id_);
  const ConnectionId reader = world_.ConnectAnonymously();
  world_.HoldEngine();
  const size_t enough = kMaxUnansweredBytes / wire::kMaxBlobChunkSize;
  for (size_t i = 0; i < enough; ++i) {
    EXPECT_TRUE(world_.IsRead(reader));
    world_.Say(reader, wire::BlobGet{i + 1, id_, 0, 0});
  }
  EXPECT_FALSE(world_.IsRead(reader));
  world_.ReleaseEngine();
  EXPECT_TRUE(world_.IsRead(reader));
}

}  // namespace
}  // namespace pawl::relay
