#include "session/handshake_block.h"

#include <gtest/gtest.h>

#include <set>

#include "support/flip.h"
#include "support/matchers.h"
#include "support/two_devices.h"

namespace pawl::session {
namespace {

using test::HasCode;
using test::IsOk;

class HandshakeBlockTest : public testing::Test {
 protected:
  HandshakeBlockTest() {
    block_.epoch_record = device_.local.epoch_record;
    block_.list = device_.local.list;
    block_.suites = {crypto::Suite::kAegis256, static_cast<crypto::Suite>(900)};
    block_.suite = crypto::Suite::kAegis256;
    block_.recipient_epoch = DeviceEpoch(3);
    block_.ephemeral = crypto::X25519KeyPair::Generate(device_.rng).pub;
    block_.signed_prekey_id = PrekeyId(5);
    block_.last_resort_id = PrekeyId(6);
    block_.one_time_id = PrekeyId(7);
    block_.ciphertext = device_.rng.Array<crypto::kMlKemCiphertextSize>();
    block_.resumption =
        ResumptionProof{TranscriptHash(device_.rng.Array<32>()), device_.rng.Array<32>()};
  }

  static Bytes Encode(const HandshakeBlock& block) {
    Bytes bytes(kHandshakeBlockSize);
    EXPECT_THAT(EncodeBlock(block, MutableByteView(bytes).first<kHandshakeBlockSize>()), IsOk());
    return bytes;
  }
  static absl::StatusOr<HandshakeBlock> Parse(ByteView bytes) {
    return ParseBlock(bytes.first<kHandshakeBlockSize>());
  }

  test::TestDevice device_{"alice@example.org/1", 1};
  HandshakeBlock block_;
};

TEST_F(HandshakeBlockTest, ParsesAsItWasEncoded) {
  for (const bool full : {true, false}) {
    if (!full) {
      block_.one_time_id.reset();
      block_.resumption.reset();
    }
    PAWL_ASSERT_OK_AND_ASSIGN(const HandshakeBlock parsed, Parse(Encode(block_)));
    EXPECT_EQ(parsed.epoch_record, block_.epoch_record);
    EXPECT_EQ(parsed.list, block_.list);
    EXPECT_EQ(parsed.suites, block_.suites);  // also those that we do not know
    EXPECT_EQ(parsed.suite, block_.suite);
    EXPECT_EQ(parsed.recipient_epoch, block_.recipient_epoch);
    EXPECT_EQ(parsed.ephemeral, block_.ephemeral);
    EXPECT_EQ(parsed.signed_prekey_id, block_.signed_prekey_id);
    EXPECT_EQ(parsed.last_resort_id, block_.last_resort_id);
    EXPECT_EQ(parsed.one_time_id, block_.one_time_id);
    EXPECT_EQ(parsed.ciphertext, block_.ciphertext);
    ASSERT_EQ(parsed.resumption.has_value(), full);
    if (full) {
      EXPECT_EQ(parsed.resumption->previous, block_.resumption->previous);
      EXPECT_EQ(parsed.resumption->mac, block_.resumption->mac);
    }
    EXPECT_EQ(parsed.Core(), block_.Core());
    EXPECT_EQ(parsed.Id(), block_.Id());
  }
}

TEST_F(HandshakeBlockTest, EveryParsableBlockHasOneEncoding) {
  for (const bool full : {true, false}) {
    if (!full) {
      block_.one_time_id.reset();
      block_.resumption.reset();
    }
    test::ForEachBitFlip(
        Encode(block_),
        [](ByteView damaged) {
          const auto parsed = Parse(damaged);
          if (!parsed.ok()) return;
          EXPECT_EQ(Encode(*parsed), ToBytes(damaged));
        },
        3);
  }
}

TEST_F(HandshakeBlockTest, IdDependsOnEverythingButTheProof) {
  std::set<HandshakeId> ids = {block_.Id()};
  const auto differs = [&](const auto& change) {
    HandshakeBlock other = block_;
    change(other);
    EXPECT_TRUE(ids.insert(other.Id()).second);
  };
  differs([](HandshakeBlock& b) { b.ephemeral[0] ^= 1; });
  differs([](HandshakeBlock& b) { b.ciphertext[0] ^= 1; });
  differs([](HandshakeBlock& b) { b.one_time_id.reset(); });
  differs([](HandshakeBlock& b) { b.last_resort_id = PrekeyId(60); });
  differs([](HandshakeBlock& b) { b.epoch_record[9] ^= 1; });
  differs([](HandshakeBlock& b) { b.suites.pop_back(); });
  HandshakeBlock proven = block_;
  proven.resumption->mac[0] ^= 1;
  EXPECT_EQ(proven.Id(), block_.Id());
}

TEST_F(HandshakeBlockTest, TheLongestOfEverythingFits) {
  const auto account = *identity::Address::Create(std::string(64, 'n'), std::string(253, 'd'));
  const identity::EpochRecord epoch{
      {account, DeviceId(4294967295)}, DeviceEpoch(1), device_.local.identity_key.pub};
  block_.epoch_record = *epoch.Sign(device_.signing);
  block_.suites.resize(identity::kMaxSuites, crypto::Suite::kAegis256);
  EXPECT_THAT(Parse(Encode(block_)), IsOk());
}

TEST_F(HandshakeBlockTest, RefusesToEncodeWhatNobodyWouldParse) {
  const auto refused = [&](const auto& spoil) {
    HandshakeBlock other = block_;
    spoil(other);
    Bytes bytes(kHandshakeBlockSize);
    EXPECT_THAT(EncodeBlock(other, MutableByteView(bytes).first<kHandshakeBlockSize>()),
                HasCode(Code::kInvalidArgument));
  };
  refused([](HandshakeBlock& b) { b.suites.clear(); });
  refused([](HandshakeBlock& b) { b.suites.resize(9, crypto::Suite::kAegis256); });
  refused([](HandshakeBlock& b) { b.suite = static_cast<crypto::Suite>(900); });
  refused([](HandshakeBlock& b) { b.epoch_record.clear(); });
  refused([](HandshakeBlock& b) { b.epoch_record.resize(1000); });
  refused([](HandshakeBlock& b) { b.ephemeral.fill(0xFF); });
  refused([](HandshakeBlock& b) { b.recipient_epoch = DeviceEpoch(0); });
  refused([](HandshakeBlock& b) { b.one_time_id = PrekeyId(0); });
}

TEST_F(HandshakeBlockTest, AnotherVersionIsRefusedWhateverItsShape) {
  Bytes newer(kHandshakeBlockSize, 0xEE);
  newer[0] = 0;
  newer[1] = 2;
  EXPECT_THAT(Parse(newer), HasCode(Code::kUnsupportedVersion));
}

}  // namespace
}  // namespace pawl::session
