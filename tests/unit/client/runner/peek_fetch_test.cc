#include "client/runner/peek_fetch.h"

#include <gmock/gmock.h>

#include <thread>

#include "lookout.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::AnyOf;
using ::testing::IsEmpty;

// Visits to nobody; tests/capi/peek.c visits a relay.
class PeekFetchTest : public WithAccount {
 protected:
  std::unique_ptr<PeekFetch> Make(const char* url = "ws://127.0.0.1:9",
                                  transport::TlsPolicy tls = {}) {
    auto fetch = TryMake(url, std::move(tls));
    EXPECT_THAT(fetch, IsOk());
    return fetch.ok() ? *std::move(fetch) : nullptr;
  }
  absl::StatusOr<std::unique_ptr<PeekFetch>> TryMake(const char* url, transport::TlsPolicy tls) {
    RelayChoice relay{url, *transport::Endpoint::Parse(url), std::move(tls)};
    return PeekFetch::Create(std::move(relay), {.identity = {.account = "alice@example.org",
                                                             .device = DeviceId(1),
                                                             .encoded_address = Bytes(30, 1)},
                                                .signing = crypto::Ed25519KeyPair::Generate(rng_)});
  }
};

TEST_F(PeekFetchTest, EndsAtItsDeadlineWithWhatKeptTheRelayAway) {
  const auto fetch = Make();
  const Timestamp until = SystemClock().Now() + Milliseconds(400);
  EXPECT_THAT(CodeOf(fetch->Fetch(Milliseconds(400))), AnyOf(Code::kDisconnected, Code::kTimeout));
  EXPECT_GE(SystemClock().Now() + Milliseconds(20), until) << "tried again until then";
}

TEST_F(PeekFetchTest, CancelEndsItFromAnotherThreadAndBeforeItBegins) {
  auto fetch = Make();
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fetch->Cancel();
  });
  EXPECT_THAT(fetch->Fetch(Minutes(1)), HasCode(Code::kCancelled));
  other.join();
  fetch = Make();
  fetch->Cancel();
  EXPECT_THAT(fetch->Fetch(Minutes(1)), HasCode(Code::kCancelled));
  EXPECT_THAT(fetch->Lists({*identity::Address::Parse("bob@example.org")}), IsEmpty());
}

TEST_F(PeekFetchTest, AskingForNobodysListsAsksNobody) {
  const auto fetch = Make();
  EXPECT_THAT(fetch->Lists({}), IsEmpty());
}

TEST_F(PeekFetchTest, APolicyThatWouldBelieveAnybodyIsRefused) {
  transport::TlsPolicy nobody;
  nobody.roots = transport::TlsPolicy::Roots::kNone;
  EXPECT_THAT(TryMake("wss://127.0.0.1:9", nobody), HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::runner
