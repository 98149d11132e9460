#include "ratchet/locate.h"

#include <gtest/gtest.h>

#include "party.h"
#include "support/matchers.h"

namespace pawl::ratchet {
namespace {

using Source = Located::Source;
using test::HasCode;
using test::IsOk;
using Tagged = SealedHeader::Tagged;

class LocateTest : public testing::Test {
 protected:
  // `bound` is the tag that the message was sealed with, `borne` the one that the envelope shows.
  absl::StatusOr<Located> LocateAt(const Party& party, const Sealed& sealed, const RouteTag& borne,
                                   Tagged tagged = Tagged::kByRoute) {
    const SkippedDelta delta(party.skipped);
    const MessageParts parts = *MessageParts::Split(sealed.message);
    const AssociatedData associated_data({1, sealed.tag, {}}, parts.header);
    return Locate(ProductionProfile(), party.core, party.window, delta,
                  {borne, tagged, parts.salt, associated_data.for_header(), parts.header});
  }
  absl::StatusOr<Located> LocateAt(const Party& party, const Sealed& sealed) {
    return LocateAt(party, sealed, sealed.tag);
  }

  TwoParties two_;
};

TEST_F(LocateTest, FindsNextThenCurrentThenSkipped) {
  const Sealed first = *two_.alice.Send("0");
  const Sealed second = *two_.alice.Send("1");
  const Sealed third = *two_.alice.Send("2");
  EXPECT_EQ(LocateAt(two_.bob, third)->source, Source::kNext);
  ASSERT_THAT(two_.bob.Receive(second), IsOk());
  EXPECT_EQ(LocateAt(two_.bob, third)->source, Source::kCurrent);
  EXPECT_EQ(LocateAt(two_.bob, first)->source, Source::kSkipped);
  EXPECT_EQ(LocateAt(two_.bob, third)->header.n, 2u);
}

TEST_F(LocateTest, BeyondTheWindowHeaderKeysAreTried) {
  for (uint32_t i = 0; i < 2 * kTagWindow; ++i) ASSERT_THAT(two_.alice.Send("lost"), IsOk());
  const Sealed far = *two_.alice.Send("far");
  ASSERT_FALSE(two_.bob.window.Find(far.tag));
  PAWL_ASSERT_OK_AND_ASSIGN(const Located located, LocateAt(two_.bob, far));
  EXPECT_EQ(located.source, Source::kNext);
  EXPECT_EQ(located.tag, far.tag);
}

TEST_F(LocateTest, OpenedMessageIsAReplay) {
  const Sealed sealed = *two_.alice.Send("once");
  ASSERT_THAT(two_.bob.Receive(sealed), IsOk());
  EXPECT_THAT(LocateAt(two_.bob, sealed), HasCode(Code::kReplayed));
}

TEST_F(LocateTest, StrangersMessageFails) {
  TwoParties others(50);
  const Sealed sealed = *others.alice.Send("who?");
  EXPECT_THAT(LocateAt(two_.bob, sealed), HasCode(Code::kAuthFailed));
}

TEST_F(LocateTest, AuthenticHeaderMustMatchItsTag) {
  two_.Greet();
  const Sealed sealed = *two_.alice.Send("0");
  const Sealed other = *two_.alice.Send("1");
  // A peer that seals its message 0 under the tag of message 1, and one with a tag of its own
  // making.
  EXPECT_THAT(LocateAt(two_.bob, sealed, other.tag), HasCode(Code::kMalformed));
  EXPECT_THAT(LocateAt(two_.bob, sealed, RouteTag()), HasCode(Code::kMalformed));
}

TEST_F(LocateTest, RandomTagsReachEveryChainThatIsRemembered) {
  const Sealed late = *two_.alice.Send("0");
  ASSERT_THAT(two_.bob.Receive(*two_.alice.Send("1")), IsOk());
  EXPECT_EQ(LocateAt(two_.bob, late, RouteTag(), Tagged::kRandomly)->source, Source::kSkipped);
  for (size_t turn = 1; turn < kMaxReceivingChains; ++turn) {
    ASSERT_THAT(two_.alice.Receive(*two_.bob.Send("turn")), IsOk());
    ASSERT_THAT(two_.bob.Receive(*two_.alice.Send("turn")), IsOk());
    PAWL_ASSERT_OK_AND_ASSIGN(const Located located,
                              LocateAt(two_.bob, late, RouteTag(), Tagged::kRandomly));
    EXPECT_EQ(located.source, Source::kSkipped);
    EXPECT_EQ(located.tag, late.tag);
  }
  ASSERT_THAT(two_.alice.Receive(*two_.bob.Send("turn")), IsOk());
  ASSERT_THAT(two_.bob.Receive(*two_.alice.Send("turn")), IsOk());
  EXPECT_THAT(LocateAt(two_.bob, late, RouteTag(), Tagged::kRandomly), HasCode(Code::kAuthFailed));
}

}  // namespace
}  // namespace pawl::ratchet
