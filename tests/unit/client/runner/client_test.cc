#include "client/runner/client.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::runner {
namespace {

using client::Event;
using client::EventKind;
using test::HasCode;
using test::IsOk;

// Clients whose relay nobody is: threads, queues and the store are real.
class ClientTest : public ::testing::Test {
 protected:
  ClientOptions Options() {
    ClientOptions options;
    options.dir = dir_.File("store");
    options.create_if_missing = true;
    options.key.host_key = crypto::AeadKey::Zero();
    options.anchor_dir = dir_.File("anchor");
    options.relay_url = "ws://127.0.0.1:9";
    return options;
  }
  std::shared_ptr<Client> Open(ClientOptions options) {
    auto client = Client::Open(std::move(options));
    EXPECT_THAT(client, IsOk());
    return client.ok() ? *client : nullptr;
  }
  // The status with which the request ended.
  Code Wait(Client& client, RequestId request) {
    for (int i = 0; i < 300; ++i) {
      auto events = client.TakeEvents(16, 200);
      if (!events.ok()) continue;
      for (const Event& event : *events) {
        if (event.kind == EventKind::kCompleted && event.request == request) return event.code;
      }
    }
    ADD_FAILURE() << "it never ended";
    return Code::kTimeout;
  }

  test::TempDir dir_;
};

TEST_F(ClientTest, ARequestEndsWithItsOwnNumber) {
  auto client = Open(Options());
  PAWL_ASSERT_OK_AND_ASSIGN(const RequestId first, client->Submit(client::RemoveDevice{}, 0));
  PAWL_ASSERT_OK_AND_ASSIGN(const RequestId second, client->Submit(client::RemoveDevice{}, 0));
  EXPECT_NE(first, second);
  EXPECT_NE(Wait(*client, first), Code::kOk);
}

TEST_F(ClientTest, TooManyRequestsAreToldAndHearWhenThereIsRoom) {
  ClientOptions options = Options();
  options.queue_capacity = 4;
  auto client = Open(std::move(options));
  for (int i = 0; i < 4; ++i) EXPECT_THAT(client->Submit(client::RemoveDevice{}, 0), IsOk());
  EXPECT_THAT(client->Submit(client::RemoveDevice{}, 0), HasCode(Code::kWouldBlock));
  EXPECT_THAT(client->Tell(client::SendTyping{*identity::Address::Parse("a@b.c")}),
              HasCode(Code::kWouldBlock));
  bool drained = false;
  for (int i = 0; i < 300 && !drained; ++i) {
    auto events = client->TakeEvents(1, 200);
    if (!events.ok()) continue;
    drained = events->front().kind == EventKind::kDrained;
  }
  EXPECT_TRUE(drained);
  EXPECT_THAT(client->Submit(client::RemoveDevice{}, 0), IsOk());
  EXPECT_THAT(client->Submit(client::RemoveDevice{}, size_t{64} << 20), HasCode(Code::kTooLarge));
}

TEST_F(ClientTest, WhatHasNoCompletionGivesItsPlaceBackByItself) {
  ClientOptions options = Options();
  options.queue_capacity = 2;
  auto client = Open(std::move(options));
  // Typing has no completion: its place is free as soon as the engine saw it.
  for (int i = 0; i < 50; ++i) {
    while (CodeOf(client->Tell(client::SendTyping{*identity::Address::Parse("a@b.c")})) ==
           Code::kWouldBlock) {
      std::this_thread::yield();
    }
  }
}

TEST_F(ClientTest, OneKeyNoMoreNoLess) {
  ClientOptions none = Options();
  none.key.host_key.reset();
  EXPECT_THAT(Client::Open(std::move(none)), HasCode(Code::kInvalidArgument));
  ClientOptions two = Options();
  two.key.passphrase = crypto::SecretBytes::From(AsBytes("and a passphrase"));
  EXPECT_THAT(Client::Open(std::move(two)), HasCode(Code::kInvalidArgument));
  ClientOptions no_relay = Options();
  no_relay.relay_url.clear();
  EXPECT_THAT(Client::Open(std::move(no_relay)), HasCode(Code::kInvalidArgument));
}

TEST_F(ClientTest, AStoreHasOneClientAndIsFreeAfterClose) {
  auto first = Open(Options());
  EXPECT_THAT(Client::Open(Options()), HasCode(Code::kStoreLocked));
  first->Close();
  EXPECT_NE(Open(Options()), nullptr);
}

TEST_F(ClientTest, ClosedEverythingSaysSo) {
  auto client = Open(Options());
  client->Close();
  client->Close();
  EXPECT_THAT(client->Submit(client::RemoveDevice{}, 0), HasCode(Code::kClosed));
  EXPECT_THAT(client->Tell(client::SendTyping{*identity::Address::Parse("a@b.c")}),
              HasCode(Code::kClosed));
  EXPECT_THAT(client->TakeEvents(1, -1), HasCode(Code::kClosed));
  EXPECT_THAT(client->SetOnline(true), HasCode(Code::kClosed));
  EXPECT_THAT(client->Contacts(), HasCode(Code::kClosed));
  pollfd entry{.fd = client->event_fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(::poll(&entry, 1, 0), 1);
}

TEST_F(ClientTest, ClosingWakesWaitersAndWritersFromAnyThread) {
  for (int round = 0; round < 10; ++round) {
    auto client = Open(Options());
    PAWL_ASSERT_OK_AND_ASSIGN(
        Client::Pushed pushed,
        client->SubmitPushed(
            {.id = MessageId(ByteArray<16>{1}), .to = *identity::Address::Parse("bob@example.org")},
            uint64_t{10} << 20));
    std::thread waiter([&] {
      while (CodeOf(client->TakeEvents(1, -1)) != Code::kClosed) {
      }
    });
    std::thread writer([&] {
      const Bytes piece(300'000);
      while (pushed.source->Write(piece, 50).ok()) {
      }
    });
    std::thread submitter([&] {
      while (CodeOf(client->Submit(client::RemoveDevice{}, 0)) != Code::kClosed) {
        std::this_thread::yield();
      }
    });
    std::thread closer([&] { client->Close(); });
    client->Close();
    for (std::thread* thread : {&waiter, &submitter, &closer}) thread->join();
    client.reset();
    writer.join();
  }
}

TEST_F(ClientTest, OnlyNumbersThatWereGivenOutCanBeAcknowledged) {
  auto client = Open(Options());
  EXPECT_THAT(client->Ack(InboxSeq(0)), IsOk());
  EXPECT_THAT(client->Ack(InboxSeq(1)), HasCode(Code::kInvalidArgument));
}

TEST_F(ClientTest, ADescriptorThatIsNoFileIsRefusedAtOnce) {
  auto client = Open(Options());
  EXPECT_THAT(client->SubmitDescriptor({.id = MessageId(ByteArray<16>{1}),
                                        .to = *identity::Address::Parse("bob@example.org")},
                                       -1),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(client->SubmitPushed({.id = MessageId(ByteArray<16>{1}),
                                    .to = *identity::Address::Parse("bob@example.org")},
                                   UINT64_MAX),
              HasCode(Code::kTooLarge));
}

TEST_F(ClientTest, ReadsNeedNobodyElse) {
  auto client = Open(Options());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto contacts, client->Contacts());
  EXPECT_TRUE(contacts.empty());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto conversations, client->Conversations());
  EXPECT_TRUE(conversations.empty());
  EXPECT_THAT(client->AccountKeyOf("bob@example.org"), HasCode(Code::kNotFound));
  EXPECT_FALSE(client->account().address.has_value());
}

TEST_F(ClientTest, AChangedKeyIsTheOneThatOpensTheStoreFromThenOn) {
  auto client = Open(Options());
  EXPECT_THAT(client->ChangeKey({}), HasCode(Code::kInvalidArgument));
  const auto other = crypto::AeadKey::From(std::span<const uint8_t, 32>(ByteArray<32>{7}));
  EXPECT_THAT(client->ChangeKey({.host_key = crypto::AeadKey::From(other.Expose())}), IsOk());
  EXPECT_THAT(client->Contacts(), IsOk()) << "reading goes on";
  client->Close();
  EXPECT_THAT(client->ChangeKey({.host_key = crypto::AeadKey::Zero()}), HasCode(Code::kClosed));
  client.reset();
  EXPECT_THAT(Client::Open(Options()), HasCode(Code::kWrongKey));
  ClientOptions options = Options();
  options.key.host_key = crypto::AeadKey::From(other.Expose());
  EXPECT_NE(Open(std::move(options)), nullptr);
}

TEST_F(ClientTest, EncryptingAnewNeedsTheKeyInForceAndKeepsEverything) {
  auto client = Open(Options());
  PAWL_ASSERT_OK_AND_ASSIGN(
      const RequestId request,
      client->Submit(client::Register{*identity::Address::Parse("alice@example.org")}, 0));
  EXPECT_NE(*request, 0u);
  const auto wrong = crypto::AeadKey::From(std::span<const uint8_t, 32>(ByteArray<32>{7}));
  EXPECT_THAT(client->Reencrypt({.host_key = crypto::AeadKey::From(wrong.Expose())}),
              HasCode(Code::kWrongKey));
  std::atomic<bool> over = false;
  std::thread reader([&] {
    while (!over) EXPECT_THAT(client->Contacts(), IsOk());
  });
  EXPECT_THAT(client->Reencrypt({.host_key = crypto::AeadKey::Zero()}), IsOk());
  over = true;
  reader.join();
  client->Close();
  client = Open(Options());
  ASSERT_NE(client, nullptr);
  ASSERT_TRUE(client->account().address);
  EXPECT_EQ(client->account().address->ToString(), "alice@example.org");
}

}  // namespace
}  // namespace pawl::runner
