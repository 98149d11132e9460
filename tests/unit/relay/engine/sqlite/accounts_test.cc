#include "relay/engine/sqlite/accounts.h"

#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Accounts = TestStore;

TEST_F(Accounts, AnInvitationIsSpentInTheTransactionThatRegisters) {
  Write<Done>(PutInvitation{{5}, kNow + Days(1)});
  RegisterAccount op;
  op.list = List("bob@x", 1, {1});
  op.epoch = {DeviceId(1), DeviceEpoch(1), {0xE1}};
  op.invitation_required = true;
  op.invitation_hash = ByteArray<32>{5};
  op.now = kNow;
  Write<ListPut>(op);
  EXPECT_EQ(Count("SELECT count(*) FROM invitation"), 0);
  EXPECT_EQ(Count("SELECT count(*) FROM account"), 1);
}

TEST_F(Accounts, NoTraceOfARemovedAccountIsLeft) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<Appended>(Mail("bob@x", 1));
  Write<BlobBegun>(BeginBlob{mailbox, BlobId({1}), 10, kNow, kNow + Days(1)});
  EXPECT_EQ(Write<AccountRemoved>(RemoveAccount{"bob@x"}).code, Code::kOk);
  EXPECT_EQ(Count("SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM mailbox) + "
                  "(SELECT count(*) FROM device_keys) + (SELECT count(*) FROM envelope) + "
                  "(SELECT count(*) FROM blob)"),
            0);
}

TEST_F(Accounts, TheRecordsOfARemovedAccountRegisterNothingAnyMore) {
  RegisterAccount op;
  op.list = List("bob@x", 1, {1});
  op.list.account_key = {1};
  op.epoch = {DeviceId(1), DeviceEpoch(1), {0xE1}};
  op.now = kNow;
  EXPECT_EQ(Write<ListPut>(op).code, Code::kOk);
  Write<AccountRemoved>(RemoveAccount{"bob@x"});
  EXPECT_EQ(Write<ListPut>(op).code, Code::kNameTaken) << "anybody may have kept them";
  RegisterAccount next_owner = op;
  next_owner.list.account_key = {2};
  EXPECT_EQ(Write<ListPut>(next_owner).code, Code::kOk);
  RegisterAccount other_name = op;
  other_name.list.account = "rob@x";
  EXPECT_EQ(Write<ListPut>(other_name).code, Code::kOk);
}

TEST_F(Accounts, WhatWasRemovedIsToldOnce) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  MakeAccount("eve@x");
  EXPECT_TRUE(Write<Removals>(TakeRemovals()).mailboxes.empty());
  Write<AccountRemoved>(RemoveAccount{"bob@x"});
  EXPECT_EQ(Write<Removals>(TakeRemovals()).mailboxes, std::vector<MailboxRef>{mailbox});
  EXPECT_TRUE(Write<Removals>(TakeRemovals()).mailboxes.empty());
}

TEST_F(Accounts, TheOldDeliveryKeyIsErasedWhenItsTimeIsOver) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Write<Done>(PutDeliveryKey{mailbox, {9}, kNow});
  EXPECT_EQ(Count("SELECT count(*) FROM account WHERE old_delivery_key IS NOT NULL"), 1);
  Write<Expired>(Expire{kNow + kOldDeliveryKeyLife, 10});
  EXPECT_EQ(Count("SELECT count(*) FROM account WHERE old_delivery_key IS NOT NULL"), 0);
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
