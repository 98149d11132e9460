#include "client/runner/peek.h"

#include <gmock/gmock.h>

#include <string>

#include "base/system_clock.h"
#include "lookout.h"
#include "support/held_locks.h"
#include "unit/transport/ws/test_server.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::HeldLocks;
using test::IsOk;
using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using transport::ws::test::Peer;
using transport::ws::test::TestServer;

// Peeks at a store whose relay nobody is; those with one are tests/capi/peek.c.
class PeekTest : public WithAccount {
 protected:
  PeekOptions Options() {
    PeekOptions options;
    options.dir = dir_.File("store");
    options.key.host_key = crypto::AeadKey::Zero();
    options.anchor_dir = dir_.File("anchor");
    return options;
  }
};

TEST_F(PeekTest, NeedsAnAccount) {
  EXPECT_THAT(Peek::Open(Options()), HasCode(Code::kWrongState));
  BeSomebody();
  EXPECT_THAT(Peek::Open(Options()), IsOk());
}

TEST_F(PeekTest, NeedsTheKeyAndOneAlone) {
  BeSomebody();
  PeekOptions options = Options();
  options.key.host_key.reset();
  EXPECT_THAT(Peek::Open(std::move(options)), HasCode(Code::kInvalidArgument));
  options = Options();
  options.key.host_key = crypto::AeadKey::From(ByteArray<32>{1});
  EXPECT_THAT(Peek::Open(std::move(options)), HasCode(Code::kWrongKey));
  options = Options();
  options.dir = dir_.File("nothing");
  EXPECT_THAT(Peek::Open(std::move(options)), HasCode(Code::kNotFound));
}

TEST_F(PeekTest, HoldsNoLockBetweenItsCallsWhateverBecomesOfThem) {
  BeSomebody();
  store_.reset();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto peek, Peek::Open(Options()));
  EXPECT_THAT(HeldLocks(dir_.File("store")), IsEmpty());
  PAWL_ASSERT_OK_AND_ASSIGN(const Peek::Page page, peek->Look(Bytes(256, 7)));
  ASSERT_THAT(page.items, SizeIs(1));
  EXPECT_EQ(page.items[0].kind, client::PeekKind::kUnreadable);
  EXPECT_EQ(page.beyond, 0u);
  EXPECT_THAT(HeldLocks(dir_.File("store")), IsEmpty());
  EXPECT_FALSE(peek->Fetch(200).ok());
  EXPECT_THAT(HeldLocks(dir_.File("store")), IsEmpty());
}

TEST_F(PeekTest, AFetchEndsInTimeAndSaysWhatWasWrong) {
  BeSomebody();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto peek, Peek::Open(Options()));
  EXPECT_THAT(peek->Fetch(0), HasCode(Code::kInvalidArgument));
  const Timestamp began = SystemClock().Now();
  EXPECT_THAT(CodeOf(peek->Fetch(500)), AnyOf(Code::kDisconnected, Code::kTimeout));
  EXPECT_LT(SystemClock().Now() - began, Minutes(1)) << "it tried on and on";
}

TEST_F(PeekTest, CloseEndsACallUnderWayAndAllLaterOnes) {
  BeSomebody();
  std::shared_ptr<Peek> peek;
  // Asked means that the call is under way.
  TestServer relay([&](Peer&) { peek->Close(); });
  const std::string url = "ws://127.0.0.1:" + std::to_string(relay.port());
  ASSERT_THAT(ChooseRelay(*store_, url, {}, kNow), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(peek, Peek::Open(Options()));
  EXPECT_THAT(peek->Fetch(60'000), HasCode(Code::kCancelled));
  EXPECT_THAT(peek->Fetch(60'000), HasCode(Code::kClosed));
  EXPECT_THAT(peek->Look(Bytes(256, 7)), HasCode(Code::kClosed));
}

}  // namespace
}  // namespace pawl::runner
