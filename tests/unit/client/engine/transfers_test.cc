#include "client/engine/transfers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "client/engine/reducers.h"
#include "support/step_world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using test::World;
using test::WorldClient;

class Transfers : public ::testing::Test {
 protected:
  Transfers() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
  }
  RequestId Send(std::string path = "/somewhere/badger.png") {
    const RequestId request =
        alice_.Do(SendFile{.id = id_,
                           .to = bob_.address(),
                           .path = std::move(path),
                           .name = "badger.png",
                           .media_type = "image/png",
                           .caption = crypto::SecretBytes::From(AsBytes("look"))});
    world_.Settle();
    return request;
  }
  void Finish() {
    alice_.Push(UploadFinished{.message = id_, .root = {7}, .size = 1000, .padded_size = 1024});
    world_.Settle();
  }
  template <typename Job>
  const Job* LastJob(WorldClient& client) {
    return client.transfers().empty() ? nullptr : std::get_if<Job>(&client.transfers().back());
  }
  template <typename Job>
  bool WasTold(WorldClient& client) {
    const auto& jobs = client.transfers();
    return std::any_of(jobs.begin(), jobs.end(),
                       [](const auto& job) { return std::holds_alternative<Job>(job); });
  }
  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
  const MessageId id_{{0x42}};
};

TEST_F(Transfers, AFileIsUploadedBeforeThePointerToItIsSent) {
  const RequestId request = Send();
  const auto* upload = LastJob<StartUpload>(alice_);
  ASSERT_NE(upload, nullptr);
  EXPECT_EQ(upload->path, "/somewhere/badger.png");
  EXPECT_TRUE(upload->checkpoint.empty());
  const BlobId blob = upload->blob;
  const crypto::BlobKey key = upload->key.Clone();
  EXPECT_EQ(alice_.StateOf(id_), MessageState::kQueued);
  EXPECT_FALSE(alice_.Completed(request));
  EXPECT_EQ(bob_.Count(EventKind::kMessage), 0u);

  EXPECT_FALSE(WasTold<ForgetUpload>(alice_));
  Finish();
  EXPECT_TRUE(WasTold<ForgetUpload>(alice_)) << "its log may go";
  EXPECT_EQ(alice_.Completed(request), Code::kOk);
  EXPECT_EQ(alice_.Last(EventKind::kAttachment)->code, Code::kOk);
  ASSERT_EQ(bob_.Count(EventKind::kMessage), 1u);
  const auto view = ContentView::Parse(bob_.Last(EventKind::kMessage)->content.Expose());
  ASSERT_THAT(view, test::IsOk());
  const auto* shown = std::get_if<AttachmentView>(&view->body);
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->name, "badger.png");
  EXPECT_EQ(shown->size, 1000u);
  EXPECT_EQ(shown->caption, "look");

  const RequestId fetch = bob_.Do(FetchFile{id_, "/elsewhere/badger.png"});
  world_.Settle();
  const auto* download = LastJob<StartDownload>(bob_);
  ASSERT_NE(download, nullptr);
  EXPECT_EQ(download->blob, blob);
  EXPECT_TRUE(download->key.Equals(key));
  EXPECT_EQ(download->root, (crypto::Hash32{7}));
  EXPECT_EQ(download->padded_size, 1024u);
  bob_.Push(DownloadFinished{id_});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(fetch), Code::kOk);
  EXPECT_EQ(bob_.Last(EventKind::kAttachment)->text, "/elsewhere/badger.png");
}

TEST_F(Transfers, ARestartGoesOnFromTheLastCheckpoint) {
  Send();
  const BlobId blob = LastJob<StartUpload>(alice_)->blob;
  alice_.Push(
      TransferCheckpoint{.message = id_, .checkpoint = {1, 2, 3}, .done = 64, .total = 100});
  world_.Settle();
  EXPECT_EQ(alice_.ephemeral().back().kind, EventKind::kProgress);
  EXPECT_EQ(alice_.ephemeral().back().done, 64u);
  alice_.transfers().clear();
  world_.Restart(alice_);
  world_.Settle();
  const auto* again = LastJob<StartUpload>(alice_);
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(again->blob, blob);
  EXPECT_EQ(again->checkpoint, (Bytes{1, 2, 3}));
  Finish();
  EXPECT_EQ(bob_.Count(EventKind::kMessage), 1u);
}

TEST_F(Transfers, ASourceThatCannotBeOpenedAgainEndsWithTheProcess) {
  Send("");
  world_.Restart(alice_);
  world_.Settle();
  EXPECT_EQ(alice_.Last(EventKind::kAttachment)->code, Code::kCancelled);
  EXPECT_EQ(alice_.StateOf(id_), MessageState::kFailed);
}

TEST_F(Transfers, AFileThatIsSentInOneStepWithTheRegistrationIsNotOneOfAnEarlierProcess) {
  WorldClient& carol = world_.Add("carol");
  world_.Settle();
  world_.SetOnline(carol, false);
  carol.Do(Register{.address = carol.address()});
  carol.Do(SendFile{.id = id_, .to = bob_.address(), .name = "badger.png"});
  world_.Settle();
  EXPECT_EQ(carol.Count(EventKind::kAttachment), 0u);
  EXPECT_EQ(carol.StateOf(id_), MessageState::kQueued);
}

TEST_F(Transfers, FailuresEndWithTheirReason) {
  const RequestId request = Send();
  alice_.Push(TransferFailed{id_, Code::kSourceChanged});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(request), Code::kSourceChanged);
  EXPECT_EQ(alice_.Last(EventKind::kAttachment)->code, Code::kSourceChanged);
  EXPECT_EQ(alice_.StateOf(id_), MessageState::kFailed);
  Finish();  // too late
  EXPECT_EQ(bob_.Count(EventKind::kMessage), 0u);
}

TEST_F(Transfers, WhenAFailureMayHavePassedIsToldWithTheEndOfItsRequest) {
  const RequestId request = Send();
  alice_.Push(TransferFailed{.message = id_, .code = Code::kStorage, .retry_after = Seconds(5)});
  world_.Settle();
  const auto& told = alice_.ephemeral();
  const auto end = std::find_if(told.begin(), told.end(), [&](const Event& event) {
    return event.kind == EventKind::kCompleted && event.request == request;
  });
  ASSERT_NE(end, told.end());
  EXPECT_EQ(end->code, Code::kStorage);
  EXPECT_EQ(end->retry_at, end->at + Seconds(5));
}

TEST_F(Transfers, CancelStopsTheWorker) {
  const RequestId request = Send();
  const RequestId cancel = alice_.Do(CancelTransfer{id_});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(cancel), Code::kOk);
  EXPECT_EQ(alice_.Completed(request), Code::kCancelled);
  EXPECT_TRUE(WasTold<StopTransfer>(alice_));
  const RequestId again = alice_.Do(CancelTransfer{id_});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(again), Code::kNotFound);
}

TEST_F(Transfers, OnlyAttachmentsCanBeFetched) {
  alice_.SendText(bob_.address(), "no file", world_.now());
  world_.Settle();
  const MessageId text = bob_.Last(EventKind::kMessage)->message;
  const RequestId fetch = bob_.Do(FetchFile{text, "/x"});
  const RequestId unknown = bob_.Do(FetchFile{MessageId({1}), "/x"});
  world_.Settle();
  EXPECT_EQ(bob_.Completed(fetch), Code::kNotFound);
  EXPECT_EQ(bob_.Completed(unknown), Code::kNotFound);
}

TEST_F(Transfers, BlockingSomebodyEndsTheFilesOnTheirWayToThem) {
  const RequestId request = Send();
  alice_.Do(BlockContact{bob_.address()});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(request), Code::kBlocked);
  EXPECT_EQ(alice_.StateOf(id_), MessageState::kFailed);
  EXPECT_TRUE(WasTold<StopTransfer>(alice_));
  Finish();  // too late
  EXPECT_EQ(bob_.Count(EventKind::kMessage), 0u);
}

TEST_F(Transfers, AMessageDeletedWhileItsFileIsOnTheWayTakesTheFileAlong) {
  const RequestId request = Send();
  const MessageId deletion({9});
  auto content = Compose({.id = deletion,
                          .sent_at = world_.now(),
                          .conversation = ConversationOf(alice_.address(), bob_.address()),
                          .body = DeleteView{id_}});
  ASSERT_THAT(content, test::IsOk());
  alice_.Do(SendMessage{.id = deletion, .to = bob_.address(), .content = *std::move(content)});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(request), Code::kCancelled);
  EXPECT_TRUE(WasTold<StopTransfer>(alice_));
  alice_.transfers().clear();
  world_.Restart(alice_);
  world_.Settle();
  EXPECT_EQ(LastJob<StartUpload>(alice_), nullptr);
}

TEST_F(Transfers, OneThatAnEarlierReleaseBeganInTheAccountsNameBeginsAnewAsNobodys) {
  Send();
  const auto* begun = LastJob<StartUpload>(alice_);
  const BlobId blob = begun->blob;
  const BlobSecret secret = begun->secret.Clone();
  {
    auto tx = test::Must(alice_.store().Begin());
    const auto rows = test::Must(tx.transfers().LoadMessage(id_));
    EXPECT_THAT(tx.transfers().SetBlob(rows.at(0).id, blob, crypto::SecretBytes()), test::IsOk());
    EXPECT_THAT(tx.Commit(world_.now()), test::IsOk());
  }
  alice_.transfers().clear();
  world_.Restart(alice_);
  world_.Settle();
  const auto* again = LastJob<StartUpload>(alice_);
  ASSERT_NE(again, nullptr);
  EXPECT_NE(again->blob, blob);
  EXPECT_FALSE(again->secret.Equals(secret));
  EXPECT_FALSE(again->secret.Equals(BlobSecret::Zero()));
  const BlobId other = again->blob;
  alice_.transfers().clear();
  world_.Restart(alice_);
  world_.Settle();
  EXPECT_EQ(LastJob<StartUpload>(alice_)->blob, other) << "once";
  Finish();
  bob_.Do(FetchFile{id_, "/elsewhere"});
  world_.Settle();
  ASSERT_NE(LastJob<StartDownload>(bob_), nullptr);
  EXPECT_EQ(LastJob<StartDownload>(bob_)->blob, other) << "the pointer is to it";
}

// The two that UploadFinished finds by itself: another device of ours blocked, the timer was
// faster.
TEST_F(Transfers, WhatMustNotBeSentAnyMoreIsFoundAtTheLastMoment) {
  test::StepWorld world;
  world.MakeAccount();
  test::TestDevice carol("carol@example.org/1", 7);
  world.Know(carol);
  const auto to = carol.local.address.account;
  const auto begin = [&](const MessageId& id) {
    EXPECT_THAT(world.Step([&](Batch& batch) {
      return Reduce(batch, RequestId(1), SendFile{.id = id, .to = to, .path = "/x"});
    }),
                test::IsOk());
  };
  const auto finish = [&](const MessageId& id) {
    EXPECT_THAT(world.Step([&](Batch& batch) {
      return Reduce(batch, UploadFinished{.message = id, .size = 1, .padded_size = 1});
    }),
                test::IsOk());
    auto events = world.Events();
    return std::move(events.back());
  };
  const MessageId deleted({1}), blocked({2});
  begin(deleted);
  ASSERT_THAT(world.Step([&](Batch& batch) {
    const std::string own = batch.own_address().ToString();
    return batch.tx.messages().EraseContent(
        {ConversationOf(batch.own_address(), to), own, deleted});
  }),
              test::IsOk());
  const Event gone = finish(deleted);
  EXPECT_EQ(gone.kind, EventKind::kAttachment);
  EXPECT_EQ(gone.code, Code::kCancelled);

  begin(blocked);
  world.Know(carol, store::ContactState::kBlocked);
  finish(blocked);
  const auto left = world.Read(
      [](auto& tx) { return test::Must(tx.transfers().LoadState(store::TransferState::kActive)); });
  EXPECT_TRUE(left.empty());
  EXPECT_EQ(world.state().outbox.size() + world.state().pending.all().size(), 0u);
}

}  // namespace
}  // namespace pawl::client
