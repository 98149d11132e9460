#include "client/runner/peek_fetch.h"

#include <gmock/gmock.h>

#include <string>

#include "base/retry_after.h"
#include "lookout.h"
#include "unit/transport/ws/test_server.h"
#include "wire/frames.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;
using ::testing::AnyOf;
using ::testing::IsEmpty;

using transport::ws::test::kBinary;
using transport::ws::test::Peer;
using transport::ws::test::TestServer;

template <typename Frame>
void Say(Peer& peer, const Frame& frame) {
  wire::FrameWriter writer;
  EXPECT_TRUE(wire::Append(writer, frame));
  peer.WriteFrame(kBinary, writer.message());
}

// The next frame of the client's messages that has such a body; false: there is none.
bool Await(Peer& peer, wire::fb::FrameBody type, uint64_t* req = nullptr) {
  while (const auto message = peer.Await(kBinary)) {
    wire::FrameReader reader(message->payload);
    while (const auto frame = reader.Next()) {
      if (frame->type() != type) continue;
      if (req != nullptr) *req = frame->header->body_as_Fetch()->req();
      return true;
    }
  }
  return false;
}

// Visits to nobody, and to relays that refuse; tests/capi/peek.c visits one that does not.
class PeekFetchTest : public WithAccount {
 protected:
  std::unique_ptr<PeekFetch> Make(const TestServer& server) {
    return Make(("ws://127.0.0.1:" + std::to_string(server.port())).c_str());
  }
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

TEST_F(PeekFetchTest, ARefusalSaysWhenTheRelayMayBeAskedAgain) {
  TestServer relay([](Peer& peer) {
    if (!peer.Upgrade()) return;
    Say(peer, wire::Challenge{.nonce = ByteArray<32>{7},
                              .time = SystemClock().Now(),
                              .max_message = 256 * 1024,
                              .max_envelope = 64 * 1024,
                              .domain = "example.org"});
    if (!Await(peer, wire::fb::FrameBody::Auth)) return;
    Say(peer, wire::Ready{});
    uint64_t req = 0;
    if (!Await(peer, wire::fb::FrameBody::Fetch, &req)) return;
    Say(peer, wire::Error{.req = req, .code = Code::kRateLimited, .retry_after = Seconds(7)});
    peer.Drain();
  });
  const auto refused = Make(relay)->Fetch(Minutes(1));
  EXPECT_THAT(refused, HasCode(Code::kRateLimited));
  EXPECT_EQ(RetryAfterOf(refused.status()), Seconds(7));
}

TEST_F(PeekFetchTest, ARelayThatSendsEverybodyAwaySaysWhenToComeBack) {
  TestServer relay([](Peer& peer) {
    if (!peer.Upgrade()) return;
    Say(peer, wire::GoAway{.code = Code::kDisconnected, .reconnect_after = Minutes(2)});
    peer.Drain();
  });
  const auto away = Make(relay)->Fetch(Seconds(15));  // it says so at the end of its time
  EXPECT_THAT(away, HasCode(Code::kDisconnected));
  EXPECT_GT(RetryAfterOf(away.status()), Minutes(1));
}

TEST_F(PeekFetchTest, CancelEndsItFromAnotherThreadAndBeforeItBegins) {
  std::unique_ptr<PeekFetch> fetch;
  TestServer relay([&](Peer&) { fetch->Cancel(); });
  fetch = Make(relay);
  const auto cancelled = fetch->Fetch(Minutes(1));
  EXPECT_THAT(cancelled, HasCode(Code::kCancelled));
  EXPECT_EQ(RetryAfterOf(cancelled.status()), Duration{});
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
