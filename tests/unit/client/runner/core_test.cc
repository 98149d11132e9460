#include "client/runner/core.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "client/runner/push_source.h"
#include "relay/core/core.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/core_world.h"
#include "wire/frames.h"
#include "wire/tokens.h"

namespace pawl::runner {
namespace {

using client::EventKind;
using test::CoreClient;
using test::CoreWorld;
using ::testing::ElementsAre;

class CoreTest : public ::testing::Test {
 protected:
  void Meet() {
    alice_ = &world_.AddRegistered("alice");
    bob_ = &world_.AddRegistered("bob");
    world_.MakeContacts(*alice_, *bob_);
  }
  std::string MakeFile(CoreClient& client, size_t size) {
    content_.resize(size);
    world_.relay().rng().Fill(content_);
    const std::string path = client.File("file");
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(content_.data()),
               static_cast<std::streamsize>(content_.size()));
    return path;
  }
  static Bytes Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), {});
  }

  CoreWorld world_;
  CoreClient* alice_ = nullptr;
  CoreClient* bob_ = nullptr;
  Bytes content_;
};

TEST_F(CoreTest, ANewStoreSaysNothingToAnybody) {
  CoreClient& client = world_.Add();
  world_.Run(Minutes(1));
  EXPECT_EQ(client.open_sockets(), 0u);
  EXPECT_FALSE(client.board().Get().address.has_value());
}

TEST_F(CoreTest, RegistersAndSaysWhoItIs) {
  CoreClient& alice = world_.AddRegistered("alice");
  const AccountView view = alice.board().Get();
  ASSERT_TRUE(view.address.has_value());
  EXPECT_EQ(view.address->ToString(), "alice@example.org");
  EXPECT_EQ(view.device, DeviceId(1));
  EXPECT_TRUE(view.registered);
  EXPECT_TRUE(view.has_account_key);
  ASSERT_TRUE(view.list.has_value());
  EXPECT_EQ(view.list->fields().devices.size(), 1u);
  EXPECT_EQ(alice.Count(EventKind::kRegistered), 1u);
}

TEST_F(CoreTest, TextGoesBothWays) {
  Meet();
  alice_->Say("bob@example.org", "hello bob");
  world_.Run(Seconds(2));
  EXPECT_THAT(bob_->Texts(), ElementsAre("hello bob"));
  bob_->Say("alice@example.org", "hello alice");
  world_.Run(Seconds(2));
  EXPECT_THAT(alice_->Texts(), ElementsAre("hello alice"));
}

TEST_F(CoreTest, OfflineNobodyIsCalledAndEverythingWaits) {
  Meet();
  bob_->core().SetOnline(false, bob_->now());
  alice_->core().SetOnline(false, alice_->now());
  world_.Run(Seconds(2));
  EXPECT_EQ(alice_->open_sockets(), 0u);
  alice_->Say("bob@example.org", "later");
  world_.Run(Seconds(10));
  EXPECT_EQ(alice_->open_sockets(), 0u);
  alice_->core().SetOnline(true, alice_->now());
  bob_->core().SetOnline(true, bob_->now());
  world_.Run(Seconds(5));
  EXPECT_THAT(bob_->Texts(), ElementsAre("later"));
}

TEST_F(CoreTest, ABrokenConnectionComesBackByItselfAndNothingIsLostOrTwice) {
  Meet();
  for (int i = 0; i < 20; ++i) {
    alice_->Say("bob@example.org", std::to_string(i));
    if (i % 3 == 0) alice_->BreakSockets();
    if (i % 4 == 0) bob_->BreakSockets();
    world_.Run(Milliseconds(200));
  }
  world_.Run(Minutes(5));
  std::vector<std::string> expected;
  for (int i = 0; i < 20; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(bob_->Texts(), expected);
}

TEST_F(CoreTest, WhatTheAppDidNotAcknowledgeComesAgainWithTheSameNumber) {
  Meet();
  bob_->acknowledge = false;
  alice_->Say("bob@example.org", "read me");
  world_.Run(Seconds(2));
  ASSERT_THAT(bob_->Texts(), ElementsAre("read me"));
  const InboxSeq seq = bob_->seen.back().seq;
  bob_->seen.clear();
  bob_->Kill();
  bob_->Start();
  world_.Run(Seconds(2));
  EXPECT_THAT(bob_->Texts(), ElementsAre("read me"));
  bool found = false;
  for (const client::Event& event : bob_->seen) {
    if (event.kind == EventKind::kMessage) found = event.seq <= seq || found;
  }
  EXPECT_TRUE(found);
}

TEST_F(CoreTest, MoreDurableEventsThanTheWindowHoldsAllComeInOrder) {
  Meet();
  constexpr int kMany = 150;  // the window has 64
  for (int i = 0; i < kMany; ++i) alice_->Say("bob@example.org", std::to_string(i));
  world_.Run(Minutes(1));
  std::vector<std::string> expected;
  for (int i = 0; i < kMany; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(bob_->Texts(), expected);
}

TEST_F(CoreTest, AFileGoesFromDiskToDisk) {
  Meet();
  const std::string path = MakeFile(*alice_, 700'000);
  const MessageId id(ByteArray<16>{9});
  const RequestId sent = alice_->Do(
      client::SendFile{.id = id, .to = *identity::Address::Parse("bob@example.org"), .path = path});
  world_.Run(Seconds(10));
  EXPECT_EQ(alice_->Completed(sent), Code::kOk);
  EXPECT_GT(alice_->Count(EventKind::kProgress), 0u);
  const RequestId got = bob_->Do(client::FetchFile{id, bob_->File("got")});
  world_.Run(Seconds(10));
  EXPECT_EQ(bob_->Completed(got), Code::kOk);
  EXPECT_EQ(Read(bob_->File("got")), content_);
}

TEST_F(CoreTest, AnUploadSurvivesBreaksAndKills) {
  Meet();
  const std::string path = MakeFile(*alice_, 2'000'000);
  const MessageId id(ByteArray<16>{9});
  alice_->Do(
      client::SendFile{.id = id, .to = *identity::Address::Parse("bob@example.org"), .path = path});
  for (int i = 0; i < 6; ++i) {
    for (int turn = 0; turn < 12 + i; ++turn) alice_->Turn();
    if (i % 2 == 0) {
      alice_->BreakSockets();
    } else {
      alice_->Kill();
      alice_->Start();
    }
    world_.relay().Tick(Seconds(3));
  }
  world_.Run(Minutes(2));
  const RequestId got = bob_->Do(client::FetchFile{id, bob_->File("got")});
  world_.Run(Seconds(10));
  EXPECT_EQ(bob_->Completed(got), Code::kOk);
  EXPECT_EQ(Read(bob_->File("got")), content_);
}

// BLOB_BEGINs and TOKEN_ISSUEs, by the mode of their connection.
struct BlobTraffic {
  explicit BlobTraffic(test::RelayWorld& relay) {
    relay.on_wire = [this](relay::ConnectionId id, bool from_client, ByteView message) {
      if (from_client) Look(id, message);
    };
  }
  void Look(relay::ConnectionId id, ByteView message) {
    const Bytes aligned = ToBytes(message);
    wire::FrameReader reader(aligned);
    while (const auto frame = reader.Next()) {
      const wire::fb::Frame& header = *frame->header;
      if (const auto* hello = header.body_as_Hello()) {
        if (hello->mode() == wire::fb::Mode::Anonymous) anonymous.insert(id);
      }
      if (header.body_as_TokenKeysGet()) keys += anonymous.contains(id) ? 1 : 0;
      if (header.body_as_TokenIssue()) issues += anonymous.contains(id) ? 0 : 1;
      const auto* begin = header.body_as_BlobBegin();
      if (begin == nullptr) continue;
      EXPECT_TRUE(anonymous.contains(id)) << "it would say whose it is";
      begins.push_back(ToBytes(frame->payload));
    }
  }
  std::set<relay::ConnectionId> anonymous;
  int keys = 0, issues = 0;
  std::vector<Bytes> begins;  // the tokens of each
};

TEST_F(CoreTest, FilesArePaidForAndNobodysNameIsOnThem) {
  Meet();
  BlobTraffic traffic(world_.relay());
  alice_->BreakSockets();
  world_.Run(Seconds(30));
  for (uint8_t n = 1; n <= 2; ++n) {
    const std::string path = MakeFile(*alice_, 1'500'000);
    const RequestId sent =
        alice_->Do(client::SendFile{.id = MessageId(ByteArray<16>{n}),
                                    .to = *identity::Address::Parse("bob@example.org"),
                                    .path = path});
    world_.Run(Seconds(10));
    EXPECT_EQ(alice_->Completed(sent), Code::kOk);
  }
  ASSERT_EQ(traffic.begins.size(), 2u);
  EXPECT_EQ(traffic.begins[0].size(), 2 * wire::kTokenSize);
  EXPECT_EQ(traffic.begins[1].size(), 2 * wire::kTokenSize);
  EXPECT_NE(traffic.begins[0], traffic.begins[1]);
  EXPECT_EQ(traffic.issues, 1) << "the second is paid out of the stock";
  EXPECT_EQ(traffic.keys, 1);
  world_.relay().on_wire = nullptr;
}

// Killed at each step in turn: the same tokens are shown until it is begun, and no others.
TEST_F(CoreTest, KilledAnywhereAnUploadIsPaidOnce) {
  Meet();
  for (uint8_t n = 1; n <= 40; ++n) {
    SCOPED_TRACE(static_cast<int>(n));
    BlobTraffic traffic(world_.relay());
    alice_->BreakSockets();
    world_.Run(Seconds(30));
    const MessageId id(ByteArray<16>{n});
    alice_->Do(client::SendFile{.id = id,
                                .to = *identity::Address::Parse("bob@example.org"),
                                .path = MakeFile(*alice_, 3000)});
    for (int turn = 0; turn < n; ++turn) {
      alice_->Turn();
      world_.relay().Tick(Milliseconds(5));
    }
    alice_->Kill();
    alice_->Start();
    world_.Run(Minutes(2));
    std::set<Bytes> tokens(traffic.begins.begin(), traffic.begins.end());
    tokens.erase(Bytes());  // of one that went on
    EXPECT_EQ(tokens.size(), 1u);
    world_.relay().on_wire = nullptr;
  }
  size_t ended = 0;
  for (const client::Event& event : alice_->seen) {
    if (event.kind != EventKind::kAttachment) continue;
    EXPECT_EQ(event.code, Code::kOk);
    ++ended;
  }
  EXPECT_EQ(ended, 40u);
}

TEST_F(CoreTest, ASourceThatCannotOutliveItsProcessEndsAsCancelled) {
  Meet();
  const MessageId id(ByteArray<16>{9});
  alice_->Do(client::SendFile{.id = id, .to = *identity::Address::Parse("bob@example.org")},
             std::make_unique<PushSource>(1'000'000, nullptr));
  world_.Run(Seconds(2));
  alice_->Kill();
  alice_->Start();
  world_.Run(Seconds(5));
  ASSERT_EQ(alice_->Count(EventKind::kAttachment), 1u);
  for (const client::Event& event : alice_->seen) {
    if (event.kind == EventKind::kAttachment) {
      EXPECT_EQ(event.code, Code::kCancelled);
    }
  }
}

TEST_F(CoreTest, TheAnonymousConnectionIsLetGoWhenNobodyNeedsIt) {
  Meet();
  world_.Run(Minutes(5));
  EXPECT_EQ(alice_->open_sockets(), 1u) << "the device's alone";
  alice_->Say("bob@example.org", "again");
  world_.Run(Seconds(1));
  EXPECT_EQ(alice_->open_sockets(), 2u);
}

TEST_F(CoreTest, SocketsThatCannotBeHadAreTriedAgain) {
  Meet();
  alice_->refuse_sockets = true;
  alice_->BreakSockets();
  alice_->Say("bob@example.org", "through");
  world_.Run(Minutes(2));
  EXPECT_EQ(alice_->open_sockets(), 0u);
  alice_->refuse_sockets = false;
  world_.Run(Minutes(3));
  EXPECT_THAT(bob_->Texts(), ElementsAre("through"));
}

TEST_F(CoreTest, NeverAsksToBeWokenAtOnceForEver) {
  Meet();
  world_.Run(Minutes(3));
  EXPECT_GT(alice_->wake_at(), alice_->now());
}

TEST_F(CoreTest, StoppedItClosesItsConnections) {
  Meet();
  alice_->core().Stop(alice_->now());
  EXPECT_EQ(alice_->open_sockets(), 0u);
}

}  // namespace
}  // namespace pawl::runner
