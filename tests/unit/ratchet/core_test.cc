#include "ratchet/core.h"

#include <gtest/gtest.h>

#include "party.h"
#include "support/flip.h"
#include "support/matchers.h"

namespace pawl::ratchet {
namespace {

using test::HasCode;
using test::IsOk;

ByteArray<kCoreSize> Encode(const Core& core) {
  ByteArray<kCoreSize> bytes;
  EncodeCore(core, bytes);
  return bytes;
}

// A core with every part present and all closed chains.
Core Busy() {
  TwoParties two;
  for (int turn = 0; turn < 8; ++turn) two.Greet();
  EXPECT_TRUE(two.bob.Receive(*two.alice.Send("x")).ok());
  EXPECT_TRUE(two.bob.Send("y").ok());
  Core core = two.bob.core.Clone();
  core.resumption = Resumption{Resumption::Use::kWhenSending, ResumptionSecret::Random(two.setup)};
  return core;
}

TEST(Core, RestoresToTheSameBytesInEveryShape) {
  TwoParties two;
  for (const Party* party : {&two.alice, &two.bob}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const Core core, DecodeCore(party->State()));
    EXPECT_EQ(Encode(core), party->State());
  }
  two.Greet();
  for (const Party* party : {&two.alice, &two.bob}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const Core core, DecodeCore(party->State()));
    EXPECT_EQ(Encode(core), party->State());
  }
  const Core busy = Busy();
  EXPECT_EQ(busy.closed.size(), kMaxReceivingChains - 1);
  PAWL_ASSERT_OK_AND_ASSIGN(const Core core, DecodeCore(Encode(busy)));
  EXPECT_EQ(Encode(core), Encode(busy));
}

TEST(Core, CloneIsTheSameState) {
  const Core busy = Busy();
  EXPECT_EQ(Encode(busy.Clone()), Encode(busy));
}

TEST(Core, RestoredGoesOnAsIfNothingHadHappened) {
  TwoParties two;
  two.Greet();
  PAWL_ASSERT_OK_AND_ASSIGN(Core restored, DecodeCore(two.bob.State()));
  Party bob(std::move(restored), 77);
  EXPECT_THAT(bob.Receive(*two.alice.Send("after the restart")), IsOk());
  EXPECT_THAT(two.alice.Receive(*bob.Send("yes")), IsOk());
}

TEST(Core, EveryDecodableStateHasOneEncoding) {
  for (const Core& core : {TwoParties().InitiatorCore(), TwoParties().ResponderCore(), Busy()}) {
    test::ForEachBitFlip(Encode(core), [](ByteView damaged) {
      const auto decoded = DecodeCore(damaged);
      if (!decoded.ok()) return;
      EXPECT_EQ(ToBytes(Encode(*decoded)), ToBytes(damaged));
    });
  }
}

TEST(Core, RefusesOtherLengthsAndVersions) {
  const auto bytes = Encode(Busy());
  test::ForEachTruncation(
      bytes, [](ByteView cut) { EXPECT_THAT(DecodeCore(cut), HasCode(Code::kMalformed)); });
  test::WithTrailingByte(
      bytes, [](ByteView longer) { EXPECT_THAT(DecodeCore(longer), HasCode(Code::kMalformed)); });
  auto newer = bytes;
  newer[0] = 2;
  EXPECT_THAT(DecodeCore(newer), HasCode(Code::kUnsupportedVersion));
}

TEST(Core, RefusesStatesThatNoConversationLeadsTo) {
  const auto refused = [](const auto& spoil) {
    Core core = Busy();
    spoil(core);
    EXPECT_THAT(DecodeCore(Encode(core)), HasCode(Code::kMalformed));
  };
  refused([](Core& c) { c.peer.reset(); });       // receives without a peer
  refused([](Core& c) { c.own.reset(); });        // sends without a key
  refused([](Core& c) { c.receiving.reset(); });  // closed chains without an open one
  refused([](Core& c) { ++c.next_serial; });
  refused([](Core& c) { c.closed[0].serial = c.closed[1].serial; });
  refused([](Core& c) { c.receiving->serial = c.closed[3].serial; });
  refused([](Core& c) { c.peer->fill(0xFF); });
  refused([](Core& c) { c.own->pub.fill(0xFF); });
  refused([](Core& c) {
    c.own.reset();
    c.peer.reset();
    c.sending.reset();
    c.receiving.reset();
    c.closed.clear();
    c.next_serial = 0;
  });
}

}  // namespace
}  // namespace pawl::ratchet
