#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "client/runner/client.h"
#include "support/held_locks.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::runner {
namespace {

using client::Event;
using client::EventKind;
using test::HasCode;
using test::HeldLocks;
using test::IsOk;
using test::IsOkAndHolds;
using ::testing::Contains;
using ::testing::IsEmpty;

// Clients whose relay nobody is: threads, queues and the store are real.
class SuspensionTest : public ::testing::Test {
 protected:
  std::shared_ptr<Client> Open() {
    ClientOptions options;
    options.dir = dir_.File("store");
    options.create_if_missing = true;
    options.key.host_key = crypto::AeadKey::Zero();
    options.anchor_dir = dir_.File("anchor");
    options.relay_url = "ws://127.0.0.1:9";
    auto client = Client::Open(std::move(options));
    EXPECT_THAT(client, IsOk());
    return client.ok() ? *client : nullptr;
  }
  Code Wait(Client& client, RequestId request) {
    for (int i = 0; i < 300; ++i) {
      auto events = client.TakeEvents(1, 200);
      if (!events.ok()) continue;
      const Event& event = events->front();
      if (event.kind == EventKind::kCompleted && event.request == request) return event.code;
    }
    ADD_FAILURE() << "it never ended";
    return Code::kTimeout;
  }
  test::TempDir dir_;
};

TEST_F(SuspensionTest, NoLockAndNoThreadIsLeftAndAllOfItComesBack) {
  auto client = Open();
  EXPECT_THAT(HeldLocks(dir_.File("store")), Contains("FLOCK WRITE lock"));
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(client->Suspend(), IsOk());
    EXPECT_THAT(client->Suspend(), IsOk()) << "idempotent";
    EXPECT_THAT(HeldLocks(dir_.File("store")), IsEmpty());
    EXPECT_THAT(client->Contacts(), HasCode(Code::kWrongState));
    EXPECT_THAT(client->Resume(), IsOkAndHolds(false));
    EXPECT_THAT(client->Resume(), IsOkAndHolds(false)) << "idempotent";
    EXPECT_THAT(client->Contacts(), IsOk());
    PAWL_ASSERT_OK_AND_ASSIGN(const RequestId request, client->Submit(client::RemoveDevice{}, 0));
    EXPECT_NE(Wait(*client, request), Code::kCancelled);
  }
}

TEST_F(SuspensionTest, WhatIsOrderedMeanwhileIsCarriedOutAfterwards) {
  auto client = Open();
  ASSERT_THAT(client->Suspend(), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const RequestId first, client->Submit(client::RemoveDevice{}, 0));
  PAWL_ASSERT_OK_AND_ASSIGN(const RequestId second, client->Submit(client::RemoveDevice{}, 0));
  EXPECT_THAT(client->SetOnline(false), IsOk());
  EXPECT_THAT(client->Ack(InboxSeq(0)), IsOk());
  ASSERT_THAT(client->Resume(), IsOk());
  EXPECT_EQ(Wait(*client, first), Code::kWrongState) << "there is no account";
  EXPECT_EQ(Wait(*client, second), Code::kWrongState);
}

TEST_F(SuspensionTest, ARequestUnderWayEndsAndWhatItBeganGoesOn) {
  auto client = Open();
  PAWL_ASSERT_OK_AND_ASSIGN(
      const RequestId request,
      client->Submit(client::Register{*identity::Address::Parse("alice@example.org")}, 0));
  while (!client->account().address) std::this_thread::yield();
  ASSERT_THAT(client->Suspend(), IsOk());
  EXPECT_EQ(Wait(*client, request), Code::kCancelled) << "events can be taken while suspended";
  EXPECT_THAT(client->Resume(), IsOk());
  ASSERT_TRUE(client->account().address);
  EXPECT_EQ(client->account().address->ToString(), "alice@example.org");
  PAWL_ASSERT_OK_AND_ASSIGN(
      const RequestId again,
      client->Submit(client::Register{*identity::Address::Parse("bob@example.org")}, 0));
  EXPECT_EQ(Wait(*client, again), Code::kWrongState) << "the one is still under way";
}

TEST_F(SuspensionTest, AnotherClientTakesOverAndIsNoticed) {
  auto client = Open();
  ASSERT_THAT(client->Suspend(), IsOk());
  {
    auto other = Open();
    ASSERT_NE(other, nullptr);
    EXPECT_THAT(client->Resume(), HasCode(Code::kStoreLocked));
    EXPECT_THAT(client->Contacts(), HasCode(Code::kWrongState)) << "it stays suspended";
    PAWL_ASSERT_OK_AND_ASSIGN(
        RequestId request,
        other->Submit(client::Register{*identity::Address::Parse("alice@example.org")}, 0));
    while (!other->account().address) std::this_thread::yield();
    static_cast<void>(request);
  }
  EXPECT_THAT(client->Resume(), IsOkAndHolds(true));
  ASSERT_TRUE(client->account().address) << "what the other one wrote is this one's state now";
  EXPECT_EQ(client->account().address->ToString(), "alice@example.org");
}

TEST_F(SuspensionTest, ClosesAndIsClosed) {
  auto client = Open();
  ASSERT_THAT(client->Suspend(), IsOk());
  client->Close();
  EXPECT_THAT(client->Resume(), HasCode(Code::kClosed));
  EXPECT_THAT(client->Suspend(), HasCode(Code::kClosed));
  EXPECT_THAT(client->Contacts(), HasCode(Code::kClosed));
  for (int i = 0; i < 2; ++i) EXPECT_THAT(client->Ack(InboxSeq(0)), HasCode(Code::kClosed));
  EXPECT_NE(Open(), nullptr);
}

TEST_F(SuspensionTest, ClosingEndsTheWriterOfAnUploadThatNoThreadTook) {
  auto client = Open();
  ASSERT_THAT(client->Suspend(), IsOk());
  client::SendFile file{.id = MessageId(ByteArray<16>{1}),
                        .to = *identity::Address::Parse("bob@example.org")};
  PAWL_ASSERT_OK_AND_ASSIGN(const auto pushed,
                            client->SubmitPushed(std::move(file), 2 * PushSource::kCapacity));
  const Bytes piece(PushSource::kCapacity);
  ASSERT_THAT(pushed.source->Write(piece, 0), IsOk());
  std::thread closer([&] { client->Close(); });
  EXPECT_THAT(pushed.source->Write(piece, 60'000), HasCode(Code::kClosed));
  closer.join();
}

TEST_F(SuspensionTest, CallsFromEverywhereMeetIt) {
  auto client = Open();
  std::atomic<bool> over{false}, all_asked{false};
  std::atomic<int> ended{0}, asked{0};
  std::thread taker([&] {
    for (;;) {
      auto events = client->TakeEvents(16, 50);
      if (events.ok()) {
        for (const Event& event : *events) ended += event.kind == EventKind::kCompleted ? 1 : 0;
      } else if (all_asked && ended == asked) {
        return;
      }
    }
  });
  std::thread asker([&] {
    while (!over) {
      if (client->Submit(client::RemoveDevice{}, 0).ok()) ++asked;
      client->SetOnline(asked % 2 == 0).IgnoreError();
      client->Ack(InboxSeq(0)).IgnoreError();
      client->Contacts().status().IgnoreError();
      client->Tell(client::SendTyping{*identity::Address::Parse("a@b.c")}).IgnoreError();
    }
  });
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(client->Suspend(), IsOk());
    EXPECT_THAT(HeldLocks(dir_.File("store")), IsEmpty());
    EXPECT_THAT(client->Resume(), IsOk());
  }
  over = true;
  asker.join();
  all_asked = true;
  taker.join();
  EXPECT_EQ(ended, asked) << "every request that was taken on has ended";
}

}  // namespace
}  // namespace pawl::runner
