#include "ratchet/message.h"

#include <gmock/gmock.h>

#include "party.h"
#include "support/counting_allocator.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/replace_operator_new.h"

namespace pawl::ratchet {
namespace {

using test::HasCode;
using test::IsOk;

TEST(Message, DoesNotSurviveAnyDamageAndLeavesTheStateByteIdentical) {
  TwoParties two;
  two.Greet();
  const Sealed sealed = *two.alice.Send("whole or not at all");
  const auto before = two.bob.State();
  test::ForEachDamage(sealed.message, [&](ByteView damaged) {
    ASSERT_FALSE(two.bob.Receive({sealed.tag, ToBytes(damaged)}).ok());
    ASSERT_EQ(two.bob.State(), before);
    ASSERT_EQ(two.bob.skipped.size(), 0u);
  });
  EXPECT_THAT(two.bob.Receive(sealed), IsOk());
}

TEST(Message, IsBoundToVersionTagAndChannel) {
  TwoParties two;
  SendStep step = *PrepareSend(ProductionProfile(), two.alice.core, two.alice.rng);
  Bytes message(MessageSize(kSuite, 1));
  const Binding binding{1, step.tag, {}};
  step.header.stamp = kNoStamp;
  SealMessage(ProductionProfile(), kSuite, binding, step, PqKey::Zero(), {}, AsBytes("x"),
              two.alice.rng, message);
  const MessageParts parts = *MessageParts::Split(message);
  const auto opens = [&](const Binding& with) {
    const AssociatedData associated_data(with, parts.header);
    return OpenHeader(step.header_key, parts.salt, associated_data.for_header(), parts.header).ok();
  };
  EXPECT_TRUE(opens(binding));
  EXPECT_FALSE(opens({2, step.tag, {}}));
  EXPECT_FALSE(opens({1, RouteTag(), {}}));
  EXPECT_FALSE(opens({1, step.tag, {1}}));
}

TEST(Message, SaltComesFromTheRngForEachMessage) {
  TwoParties two;
  const Sealed first = *two.alice.Send("same");
  const Sealed second = *two.alice.Send("same");
  EXPECT_NE((*MessageParts::Split(first.message)).salt,
            (*MessageParts::Split(second.message)).salt);
}

TEST(Message, TooShortForItsPartsIsMalformed) {
  EXPECT_THAT(MessageParts::Split(Bytes(kMinMessageSize - 1)), HasCode(Code::kMalformed));
  EXPECT_THAT(MessageParts::Split(Bytes(kMinMessageSize)), IsOk());
}

TEST(Message, SealingAllocatesNothingAndOpeningTheContentAlone) {
  TwoParties two;
  two.Greet();
  const std::string text(1024, 't');
  ASSERT_THAT(two.alice.Send(text), IsOk());  // opens the chain
  Bytes message(MessageSize(kSuite, text.size()));
  {
    test::AllocationCounter counter;
    SendStep step = *PrepareSend(ProductionProfile(), two.alice.core, two.alice.rng);
    SealMessage(ProductionProfile(), kSuite, {1, step.tag, {}}, step, PqKey::Zero(), {},
                AsBytes(text), two.alice.rng, message);
    ApplySend(std::move(step), two.alice.core);
    EXPECT_EQ(counter.count(), 0u);
  }
  const Sealed sealed = *two.alice.Send(text);
  ASSERT_THAT(two.bob.Receive(sealed), IsOk());
  const Sealed next = *two.alice.Send(text);
  test::AllocationCounter counter(64);
  ASSERT_THAT(two.bob.Receive(next), IsOk());
  EXPECT_LE(counter.count(), 2u);  // the content, and the copy that this test returns
}

}  // namespace
}  // namespace pawl::ratchet
