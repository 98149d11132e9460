// The suite of engine_conformance.h: include in exactly one source file of a program.

#include <algorithm>
#include <thread>

#include "support/engine_conformance.h"

namespace pawl::relay::engine {

std::vector<int64_t> CursorsOf(const FetchedMail& mail) {
  std::vector<int64_t> cursors;
  for (const StoredMessage& message : mail.messages) cursors.push_back(*message.cursor);
  return cursors;
}

// --- Mail
// -------------------------------------------------------------------------------------------

TEST_P(EngineConformance, MailComesBackAsItWasInTheOrderOfItsCursors) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  sink_.TakeWoken();
  std::vector<Op> ops;
  for (uint32_t i = 1; i <= 20; ++i) ops.emplace_back(Mail("bob@x", i));
  int64_t last = 0;
  for (const Result& result : CallAll(std::move(ops))) {
    const auto& appended = std::get<Appended>(result);
    EXPECT_EQ(appended.code, Code::kOk);
    EXPECT_FALSE(appended.duplicate);
    EXPECT_EQ(appended.mailbox, mailbox);
    EXPECT_EQ(appended.list_version, 1u);
    EXPECT_GT(*appended.cursor, last);
    last = *appended.cursor;
  }
  EXPECT_EQ(sink_.TakeWoken(), std::set<MailboxRef>{mailbox});
  const FetchedMail mail = FetchAll(mailbox);
  ASSERT_EQ(mail.messages.size(), 20u);
  EXPECT_FALSE(mail.more);
  for (uint32_t i = 1; i <= 20; ++i) {
    const StoredMessage& message = mail.messages[i - 1];
    const Append sent = Mail("bob@x", i);
    EXPECT_EQ(message.id, sent.id);
    EXPECT_EQ(message.envelope, sent.envelope);
    EXPECT_EQ(message.received, kNow);
  }
}

TEST_P(EngineConformance, FetchStopsAtItsLimitsAndSaysThatThereIsMore) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint32_t i = 1; i <= 5; ++i) Call<Appended>(Mail("bob@x", i, 1000));
  auto mail = Call<FetchedMail>(FetchMail{mailbox, MailboxCursor(0), 2, 1 << 20, kNow});
  EXPECT_EQ(mail.messages.size(), 2u);
  EXPECT_TRUE(mail.more);
  mail = Call<FetchedMail>(FetchMail{mailbox, mail.messages[1].cursor, 9, 2500, kNow});
  EXPECT_EQ(mail.messages.size(), 2u);
  EXPECT_TRUE(mail.more);
  mail = Call<FetchedMail>(FetchMail{mailbox, mail.messages[1].cursor, 9, 1, kNow});
  EXPECT_EQ(mail.messages.size(), 1u) << "one message comes, whatever its size";
  EXPECT_FALSE(mail.more);
}

TEST_P(EngineConformance, AcknowledgedIsDeletedAndTheRestStays) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint32_t i = 1; i <= 4; ++i) Call<Appended>(Mail("bob@x", i));
  const auto cursors = CursorsOf(FetchAll(mailbox));
  ASSERT_EQ(cursors.size(), 4u);
  // Out of order, twice, and one that never was.
  const Acknowledge ack{mailbox,
                        {MailboxCursor(cursors[2]), MailboxCursor(cursors[0]),
                         MailboxCursor(cursors[2]), MailboxCursor(999'999)},
                        kNow};
  EXPECT_EQ(Call<Acknowledged>(ack).removed, 2u);
  EXPECT_EQ(CursorsOf(FetchAll(mailbox)), (std::vector<int64_t>{cursors[1], cursors[3]}));
  EXPECT_EQ(Call<Acknowledged>(ack).removed, 0u);
  const Attached attached = AttachDevice("bob@x");
  EXPECT_EQ(attached.queue, 2u);
  EXPECT_EQ(*attached.newest, cursors[3]);
}

TEST_P(EngineConformance, NobodyAcknowledgesOrReadsAnothersMail) {
  const MailboxRef bob = MakeAccount("bob@x");
  const MailboxRef eve = MakeAccount("eve@x");
  Call<Appended>(Mail("bob@x", 1));
  const auto cursors = CursorsOf(FetchAll(bob));
  EXPECT_TRUE(FetchAll(eve).messages.empty());
  const Acknowledge stolen{eve, {MailboxCursor(cursors[0])}, kNow};
  EXPECT_EQ(Call<Acknowledged>(stolen).removed, 0u);
  EXPECT_EQ(CursorsOf(FetchAll(bob)), cursors);
}

TEST_P(EngineConformance, ACursorIsNeverUsedAgain) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const MailboxCursor first = Call<Appended>(Mail("bob@x", 1)).cursor;
  Call<Acknowledged>(Acknowledge{mailbox, {first}, kNow});
  Restart();
  EXPECT_GT(Call<Appended>(Mail("bob@x", 2)).cursor, first);
}

TEST_P(EngineConformance, TheSameEnvelopeIsStoredOnceAlsoAfterItsAcknowledgement) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const Appended first = Call<Appended>(Mail("bob@x", 1));
  const Appended again = Call<Appended>(Mail("bob@x", 1));
  EXPECT_EQ(again.code, Code::kOk);
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.cursor, first.cursor);
  Call<Acknowledged>(Acknowledge{mailbox, {first.cursor}, kNow});
  Restart();
  const Appended late = Call<Appended>(Mail("bob@x", 1));
  EXPECT_EQ(late.code, Code::kOk);
  EXPECT_TRUE(late.duplicate);
  EXPECT_TRUE(FetchAll(mailbox).messages.empty());
}

TEST_P(EngineConformance, TheSameIdTwiceInOneBatchIsStoredOnce) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  std::vector<Op> ops;
  ops.emplace_back(Mail("bob@x", 1));
  ops.emplace_back(Mail("bob@x", 1));
  const auto results = CallAll(std::move(ops));
  EXPECT_FALSE(std::get<Appended>(results[0]).duplicate);
  EXPECT_TRUE(std::get<Appended>(results[1]).duplicate);
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 1u);
}

TEST_P(EngineConformance, DedupeRowsGoADayAfterTheAcknowledgement) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const MailboxCursor cursor = Call<Appended>(Mail("bob@x", 1)).cursor;
  Call<Acknowledged>(Acknowledge{mailbox, {cursor}, kNow});
  Call<Expired>(Expire{kNow + kDedupeAfterAck - Seconds(1), 100});
  EXPECT_TRUE(Call<Appended>(Mail("bob@x", 1)).duplicate);
  Call<Expired>(Expire{kNow + kDedupeAfterAck + Seconds(1), 100});
  EXPECT_FALSE(Call<Appended>(Mail("bob@x", 1)).duplicate);
}

TEST_P(EngineConformance, ExpiredMailIsInvisibleAtOnceAndRemovedByExpire) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Append brief = Mail("bob@x", 1);
  brief.expires = kNow + Seconds(10);
  Call<Appended>(brief);
  Call<Appended>(Mail("bob@x", 2));
  const Timestamp later = kNow + Seconds(10);
  const auto visible = CursorsOf(FetchAll(mailbox, MailboxCursor(0), later));
  ASSERT_EQ(visible.size(), 1u);
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 2u);
  EXPECT_EQ(Call<Expired>(Expire{later, 100}).code, Code::kOk);
  EXPECT_EQ(CursorsOf(FetchAll(mailbox)), visible);
}

TEST_P(EngineConformance, ExpireWorksInBoundedStretches) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint32_t i = 1; i <= 25; ++i) {
    Append mail = Mail("bob@x", i);
    if (i % 2 == 0) mail.expires = kNow + Seconds(1);
    Call<Appended>(mail);
  }
  int rounds = 0;
  while (Call<Expired>(Expire{kNow + Seconds(2), 10}).more) ++rounds;
  EXPECT_EQ(rounds, 2);
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 13u);
}

// --- Delivery keys and quotas
// -----------------------------------------------------------------------

TEST_P(EngineConformance, AWrongKeyAndAnUnknownAccountGetTheSameAnswer) {
  MakeAccount("bob@x");
  Append wrong = Mail("bob@x", 1);
  wrong.delivery_key = ByteArray<32>{8};
  EXPECT_EQ(Call<Appended>(wrong).code, Code::kAuthFailed);
  wrong.delivery_key.reset();
  EXPECT_EQ(Call<Appended>(wrong).code, Code::kAuthFailed);
  EXPECT_EQ(Call<Appended>(Mail("nobody@x", 1)).code, Code::kAuthFailed);
  Append zero = Mail("nobody@x", 1);
  zero.delivery_key = ByteArray<32>{};
  EXPECT_EQ(Call<Appended>(zero).code, Code::kAuthFailed);
}

TEST_P(EngineConformance, AnAccountWithoutADeliveryKeyTakesNoKeyedMail) {
  Call<ListPut>(Registration("carol@x"));
  Append zero = Mail("carol@x", 1);
  zero.delivery_key = ByteArray<32>{};
  EXPECT_EQ(Call<Appended>(zero).code, Code::kAuthFailed);
}

TEST_P(EngineConformance, TheRightKeyForADeviceThatIsNotThereIsNotFound) {
  MakeAccount("bob@x");
  Append mail = Mail("bob@x", 1);
  mail.device = DeviceId(9);
  EXPECT_EQ(Call<Appended>(mail).code, Code::kNotFound);
}

TEST_P(EngineConformance, TheOldDeliveryKeyStaysGoodForAWhile) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const PutDeliveryKey rotation{mailbox, ByteArray<32>{9}, kNow};
  Call<Done>(rotation);
  Call<Done>(rotation);  // a retry must not push the old key out
  Append mail = Mail("bob@x", 1);
  mail.received = kNow + kOldDeliveryKeyLife - Seconds(1);
  EXPECT_EQ(Call<Appended>(mail).code, Code::kOk);
  mail = Mail("bob@x", 2);
  mail.received = kNow + kOldDeliveryKeyLife;
  EXPECT_EQ(Call<Appended>(mail).code, Code::kAuthFailed);
  mail.delivery_key = rotation.key;
  EXPECT_EQ(Call<Appended>(mail).code, Code::kOk);
}

TEST_P(EngineConformance, StrangersReachTheMailboxUpToTheirOwnLimit) {
  quotas_.mailbox_requests = 2;
  Restart();
  const MailboxRef mailbox = MakeAccount("bob@x");
  const auto request = [&](uint32_t id) {
    Append mail = Mail("bob@x", id);
    mail.path = SendPath::kRequest;
    mail.delivery_key.reset();
    return Call<Appended>(mail).code;
  };
  EXPECT_EQ(request(1), Code::kOk);
  EXPECT_EQ(request(2), Code::kOk);
  EXPECT_EQ(request(3), Code::kQuotaExceeded);
  EXPECT_EQ(Call<Appended>(Mail("bob@x", 4)).code, Code::kOk);
  Call<Acknowledged>(Acknowledge{mailbox, {FetchAll(mailbox).messages[0].cursor}, kNow});
  EXPECT_EQ(request(5), Code::kOk);
  Append nobody = Mail("nobody@x", 6);
  nobody.path = SendPath::kRequest;
  EXPECT_EQ(Call<Appended>(nobody).code, Code::kNotFound);
}

TEST_P(EngineConformance, AFullMailboxRefusesUntilThereIsRoom) {
  quotas_.mailbox_messages = 3;
  quotas_.mailbox_bytes = 1000;
  Restart();
  const MailboxRef mailbox = MakeAccount("bob@x");
  std::vector<Op> ops;
  for (uint32_t i = 1; i <= 4; ++i) ops.emplace_back(Mail("bob@x", i, 10));
  const auto results = CallAll(std::move(ops));
  EXPECT_EQ(CodeOf(results[2]), Code::kOk);
  EXPECT_EQ(CodeOf(results[3]), Code::kQuotaExceeded);
  EXPECT_TRUE(Call<Appended>(Mail("bob@x", 1, 10)).duplicate) << "a retry needs no room";
  Restart();
  EXPECT_EQ(Call<Appended>(Mail("bob@x", 5, 10)).code, Code::kQuotaExceeded);
  Call<Acknowledged>(Acknowledge{mailbox, {FetchAll(mailbox).messages[0].cursor}, kNow});
  EXPECT_EQ(Call<Appended>(Mail("bob@x", 6, 990)).code, Code::kQuotaExceeded) << "by bytes";
  EXPECT_EQ(Call<Appended>(Mail("bob@x", 7, 900)).code, Code::kOk);
}

TEST_P(EngineConformance, AFullMailboxFirstLosesWhatHasExpired) {
  quotas_.mailbox_messages = 1;
  Restart();
  const MailboxRef mailbox = MakeAccount("bob@x");
  Append brief = Mail("bob@x", 1);
  brief.expires = kNow + Seconds(1);
  Call<Appended>(brief);
  EXPECT_EQ(Call<Appended>(Mail("bob@x", 2)).code, Code::kQuotaExceeded);
  Append later = Mail("bob@x", 3);
  later.received = kNow + Seconds(1);
  EXPECT_EQ(Call<Appended>(later).code, Code::kOk);
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 1u);
}

TEST_P(EngineConformance, WhatFollowsARefusedMessageOfItsLineIsRefusedTooUntilOneDoesNotFollow) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const auto in_line = [&](uint64_t line, uint32_t number, bool follows) {
    Append mail = Mail("bob@x", number);
    mail.line = line;
    mail.follows = follows;
    return mail;
  };
  std::vector<Op> ops;
  Append refused = in_line(7, 1, false);
  refused.delivery_key = ByteArray<32>{8};
  ops.emplace_back(refused);
  ops.emplace_back(in_line(7, 2, true));
  ops.emplace_back(in_line(9, 3, true));
  ops.emplace_back(in_line(0, 4, true));
  const auto results = CallAll(std::move(ops));
  EXPECT_EQ(CodeOf(results[0]), Code::kAuthFailed);
  EXPECT_EQ(CodeOf(results[1]), Code::kWouldBlock);
  EXPECT_EQ(CodeOf(results[2]), Code::kOk) << "another line";
  EXPECT_EQ(CodeOf(results[3]), Code::kOk) << "no line";
  EXPECT_EQ(Call<Appended>(in_line(7, 2, true)).code, Code::kWouldBlock) << "in a later batch";
  EXPECT_EQ(Call<Appended>(in_line(7, 1, false)).code, Code::kOk);
  EXPECT_EQ(Call<Appended>(in_line(7, 2, true)).code, Code::kOk);
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 4u);
}

TEST_P(EngineConformance, EphemeralMailIsCheckedAndNotStored) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  sink_.TakeWoken();
  Append mail = Mail("bob@x", 1);
  mail.ephemeral = true;
  const Appended appended = Call<Appended>(mail);
  EXPECT_EQ(appended.code, Code::kOk);
  EXPECT_EQ(appended.mailbox, mailbox);
  EXPECT_EQ(*appended.cursor, 0);
  EXPECT_TRUE(FetchAll(mailbox).messages.empty());
  EXPECT_TRUE(sink_.TakeWoken().empty());
  mail.delivery_key = ByteArray<32>{8};
  EXPECT_EQ(Call<Appended>(mail).code, Code::kAuthFailed);
}

// --- Accounts
// ---------------------------------------------------------------------------------------

TEST_P(EngineConformance, ARegisteredListIsFound) {
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).code, Code::kNotFound);
  const ListPut put = Call<ListPut>(Registration("bob@x"));
  EXPECT_EQ(put.code, Code::kOk);
  EXPECT_EQ(put.version, 1u);
  Restart();
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).record, List("bob@x", 1, {1}).record);
  const Attached attached = AttachDevice("bob@x");
  EXPECT_EQ(attached.code, Code::kOk);
  EXPECT_GT(*attached.mailbox, 0);
  EXPECT_EQ(*attached.epoch, 1u);
  EXPECT_EQ(attached.list_version, 1u);
  EXPECT_EQ(attached.queue, 0u);
  EXPECT_EQ(AttachDevice("bob@x", 2).code, Code::kNotFound);
  EXPECT_EQ(AttachDevice("nobody@x").code, Code::kNotFound);
}

TEST_P(EngineConformance, RegisteringAgainIsTheSameAnswerAndAnotherKeyIsRefused) {
  Call<ListPut>(Registration("bob@x"));
  EXPECT_EQ(Call<ListPut>(Registration("bob@x")).code, Code::kOk);
  RegisterAccount other = Registration("bob@x");
  other.list.account_key[0] ^= 1;
  other.list.hash[30] ^= 1;
  EXPECT_EQ(Call<ListPut>(other).code, Code::kNameTaken);
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).record, List("bob@x", 1, {1}).record);
}

TEST_P(EngineConformance, AFreeNameStartsAtVersionOne) {
  RegisterAccount second = Registration("bob@x");
  second.list = List("bob@x", 2, {1});
  EXPECT_EQ(Call<ListPut>(second).code, Code::kDeviceListForked);
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).code, Code::kNotFound);
}

TEST_P(EngineConformance, AnInvitationIsGoodForOneRegistrationUntilItExpires) {
  const ByteArray<32> invitation{5};
  Call<Done>(PutInvitation{invitation, kNow + Days(1)});
  RegisterAccount bob = Registration("bob@x");
  bob.invitation_required = true;
  EXPECT_EQ(Call<ListPut>(bob).code, Code::kInvitationRequired);
  bob.invitation_hash = ByteArray<32>{6};
  EXPECT_EQ(Call<ListPut>(bob).code, Code::kInvitationRequired);
  bob.invitation_hash = invitation;
  EXPECT_EQ(Call<ListPut>(bob).code, Code::kOk);
  EXPECT_EQ(Call<ListPut>(bob).code, Code::kOk) << "a retry needs no second invitation";
  RegisterAccount carol = Registration("carol@x");
  carol.invitation_required = true;
  carol.invitation_hash = invitation;
  EXPECT_EQ(Call<ListPut>(carol).code, Code::kInvitationRequired);
  Call<Done>(PutInvitation{invitation, kNow});
  EXPECT_EQ(Call<ListPut>(carol).code, Code::kInvitationRequired);
}

TEST_P(EngineConformance, AListMustFollowTheStoredOne) {
  Call<ListPut>(Registration("bob@x"));
  EXPECT_EQ(Call<ListPut>(PutList{List("bob@x", 2, {1, 2})}).code, Code::kOk);
  EXPECT_EQ(Call<ListPut>(PutList{List("bob@x", 2, {1, 2})}).code, Code::kOk) << "a retry";
  EXPECT_EQ(Call<ListPut>(PutList{List("bob@x", 1, {1})}).code, Code::kDeviceListRolledBack);
  ListRecord fork = List("bob@x", 2, {1});
  fork.hash[30] ^= 1;
  EXPECT_EQ(Call<ListPut>(PutList{fork}).code, Code::kDeviceListForked);
  EXPECT_EQ(Call<ListPut>(PutList{List("bob@x", 4, {1})}).code, Code::kDeviceListForked);
  ListRecord unchained = List("bob@x", 3, {1});
  unchained.previous[0] ^= 1;
  EXPECT_EQ(Call<ListPut>(PutList{unchained}).code, Code::kDeviceListForked);
  ListRecord other_key = List("bob@x", 3, {1});
  other_key.account_key[0] ^= 1;
  EXPECT_EQ(Call<ListPut>(PutList{other_key}).code, Code::kIdentityChanged);
  EXPECT_EQ(Call<ListPut>(PutList{List("nobody@x", 2, {1})}).code, Code::kNotFound);
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).record, List("bob@x", 2, {}).record);
}

TEST_P(EngineConformance, ADeviceThatLeavesTheListLosesItsMailAndPrekeys) {
  const MailboxRef first = MakeAccount("bob@x");
  Call<ListPut>(PutList{List("bob@x", 2, {1, 2})});
  const MailboxRef second = AttachDevice("bob@x", 2).mailbox;
  Append mail = Mail("bob@x", 1);
  mail.device = DeviceId(2);
  Call<Appended>(mail);
  Call<Appended>(Mail("bob@x", 2));
  const ListPut put = Call<ListPut>(PutList{List("bob@x", 3, {1})});
  EXPECT_EQ(put.removed, std::vector<MailboxRef>{second});
  EXPECT_TRUE(FetchAll(second).messages.empty());
  EXPECT_EQ(FetchAll(first).messages.size(), 1u);
  EXPECT_EQ(AttachDevice("bob@x", 2).code, Code::kNotFound);
  EXPECT_EQ(Call<Acknowledged>(Acknowledge{second, {MailboxCursor(1)}, kNow}).removed, 0u);
  EXPECT_EQ(Call<Done>(PutAnchor{second, {1}}).code, Code::kNotFound);
  Call<ListPut>(PutList{List("bob@x", 4, {1, 2})});
  EXPECT_GT(AttachDevice("bob@x", 2).mailbox, second) << "a mailbox number is never used again";
}

TEST_P(EngineConformance, ADeviceWithAnotherSigningKeyIsAnotherDevice) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<Appended>(Mail("bob@x", 1));
  ListRecord list = List("bob@x", 2, {1});
  list.devices[0].signing_key[5] ^= 1;
  EXPECT_EQ(Call<ListPut>(PutList{list}).removed, std::vector<MailboxRef>{mailbox});
  const Attached attached = AttachDevice("bob@x");
  EXPECT_NE(attached.mailbox, mailbox);
  EXPECT_EQ(attached.queue, 0u);
  EXPECT_EQ(*attached.epoch, 0u);
}

TEST_P(EngineConformance, AnImportedAccountKeyBringsItsAccountBack) {
  const MailboxRef lost = MakeAccount("bob@x");
  RegisterAccount again = Registration("bob@x");
  again.list = List("bob@x", 2, {2});
  again.epoch = Epoch(2, 1);
  again.invitation_required = true;  // not for a name that one owns
  const ListPut put = Call<ListPut>(again);
  EXPECT_EQ(put.code, Code::kOk);
  EXPECT_EQ(put.version, 2u);
  EXPECT_EQ(put.removed, std::vector<MailboxRef>{lost});
  EXPECT_EQ(*AttachDevice("bob@x", 2).epoch, 1u);
}

TEST_P(EngineConformance, AResetFreesTheNameForAnotherAccountKey) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<Appended>(Mail("bob@x", 1));
  EXPECT_EQ(Call<AccountRemoved>(RemoveAccount{"bob@x"}).removed, std::vector<MailboxRef>{mailbox});
  EXPECT_EQ(Call<AccountRemoved>(RemoveAccount{"bob@x"}).code, Code::kNotFound);
  EXPECT_EQ(Call<GotList>(GetList{"bob@x"}).code, Code::kNotFound);
  EXPECT_TRUE(FetchAll(mailbox).messages.empty());
  EXPECT_EQ(Call<ListPut>(Registration("bob@x")).code, Code::kNameTaken) << "its old records";
  EXPECT_EQ(Call<Removals>(TakeRemovals()).mailboxes, std::vector<MailboxRef>{mailbox});
  EXPECT_TRUE(Call<Removals>(TakeRemovals()).mailboxes.empty());
  RegisterAccount other = Registration("bob@x");
  other.list.account_key[0] ^= 1;
  EXPECT_EQ(Call<ListPut>(other).code, Code::kOk);
}

// --- Epochs and prekeys
// -----------------------------------------------------------------------------

TEST_P(EngineConformance, AnEpochIsComparedAndSwapped) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  EXPECT_EQ(Call<EpochPut>(PutEpoch{mailbox, DeviceEpoch(1), Epoch(1, 3)}).code, Code::kOk);
  EXPECT_EQ(Call<EpochPut>(PutEpoch{mailbox, DeviceEpoch(1), Epoch(1, 3)}).code, Code::kOk)
      << "a retry";
  const EpochPut late = Call<EpochPut>(PutEpoch{mailbox, DeviceEpoch(1), Epoch(1, 4)});
  EXPECT_EQ(late.code, Code::kWrongState);
  EXPECT_EQ(*late.epoch, 3u);
  EXPECT_EQ(Call<EpochPut>(PutEpoch{mailbox, DeviceEpoch(3), Epoch(1, 2)}).code, Code::kWrongState);
  EXPECT_EQ(Call<EpochPut>(PutEpoch{MailboxRef(999), DeviceEpoch(0), Epoch(1, 1)}).code,
            Code::kNotFound);
  EXPECT_EQ(*AttachDevice("bob@x").epoch, 3u);
  EXPECT_EQ(AttachDevice("bob@x").epoch_record, Epoch(1, 3).record);
}

PutPrekeys SomePrekeys(MailboxRef mailbox, uint32_t first, uint32_t count, Timestamp now) {
  PutPrekeys put;
  put.mailbox = mailbox;
  put.epoch = DeviceEpoch(1);
  put.bundle = Bytes{0xB0};
  put.now = now;
  for (uint32_t i = first; i < first + count; ++i) {
    put.one_time.push_back({i, now + Days(30), {static_cast<uint8_t>(i)}});
  }
  return put;
}

TEST_P(EngineConformance, AOneTimePairIsHandedOutOnce) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const TakePrekey take{"bob@x", DeviceId(1), true, kNow};
  EXPECT_EQ(Call<PrekeyTaken>(take).code, Code::kNotFound) << "nothing was put";
  EXPECT_EQ(Call<PrekeysPut>(SomePrekeys(mailbox, 1, 3, kNow)).one_time_left, 3u);
  EXPECT_EQ(Call<PrekeysPut>(SomePrekeys(mailbox, 1, 3, kNow)).one_time_left, 3u) << "a retry";
  std::set<Bytes> taken;
  for (int i = 0; i < 3; ++i) {
    if (i == 1) Restart();
    const PrekeyTaken prekey = Call<PrekeyTaken>(take);
    EXPECT_EQ(prekey.code, Code::kOk);
    EXPECT_EQ(prekey.epoch_record, Epoch(1, 1).record);
    EXPECT_EQ(prekey.bundle, Bytes{0xB0});
    EXPECT_FALSE(prekey.one_time.empty());
    taken.insert(prekey.one_time);
  }
  EXPECT_EQ(taken.size(), 3u);
  const PrekeyTaken last = Call<PrekeyTaken>(take);
  EXPECT_EQ(last.code, Code::kOk);
  EXPECT_TRUE(last.one_time.empty());
  EXPECT_EQ(AttachDevice("bob@x").one_time_left, 0u);
}

TEST_P(EngineConformance, ManyTakersInOneBatchGetDistinctPairs) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<PrekeysPut>(SomePrekeys(mailbox, 1, 50, kNow));
  std::vector<Op> ops;
  for (int i = 0; i < 60; ++i) ops.emplace_back(TakePrekey{"bob@x", DeviceId(1), true, kNow});
  std::multiset<Bytes> taken;
  for (const Result& result : CallAll(std::move(ops))) {
    taken.insert(std::get<PrekeyTaken>(result).one_time);
  }
  EXPECT_EQ(taken.count(Bytes()), 10u);
  EXPECT_EQ(std::set<Bytes>(taken.begin(), taken.end()).size(), 51u);
}

TEST_P(EngineConformance, TheBundleAloneLeavesThePairs) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<PrekeysPut>(SomePrekeys(mailbox, 1, 1, kNow));
  EXPECT_TRUE(Call<PrekeyTaken>(TakePrekey{"bob@x", DeviceId(1), false, kNow}).one_time.empty());
  EXPECT_EQ(AttachDevice("bob@x").one_time_left, 1u);
}

TEST_P(EngineConformance, ExpiredPairsAreNotHandedOut) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<PrekeysPut>(SomePrekeys(mailbox, 1, 1, kNow));
  const PrekeyTaken late =
      Call<PrekeyTaken>(TakePrekey{"bob@x", DeviceId(1), true, kNow + Days(30)});
  EXPECT_EQ(late.code, Code::kOk);
  EXPECT_TRUE(late.one_time.empty());
  Call<Expired>(Expire{kNow + Days(30), 100});
  EXPECT_EQ(AttachDevice("bob@x").one_time_left, 0u);
}

TEST_P(EngineConformance, ANewEpochDropsThePrekeysOfTheOldOne) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  Call<PrekeysPut>(SomePrekeys(mailbox, 1, 5, kNow));
  Call<EpochPut>(PutEpoch{mailbox, DeviceEpoch(1), Epoch(1, 2)});
  EXPECT_EQ(Call<PrekeyTaken>(TakePrekey{"bob@x", DeviceId(1), true, kNow}).code, Code::kNotFound);
  EXPECT_EQ(Call<PrekeysPut>(SomePrekeys(mailbox, 1, 1, kNow)).code, Code::kWrongState)
      << "records of epoch 1";
  EXPECT_EQ(AttachDevice("bob@x").one_time_left, 0u);
}

TEST_P(EngineConformance, PairsAreKeptUpToTheQuota) {
  quotas_.one_time_pairs = 10;
  Restart();
  const MailboxRef mailbox = MakeAccount("bob@x");
  EXPECT_EQ(Call<PrekeysPut>(SomePrekeys(mailbox, 1, 10, kNow)).code, Code::kOk);
  EXPECT_EQ(Call<PrekeysPut>(SomePrekeys(mailbox, 1, 10, kNow)).code, Code::kOk) << "a retry";
  const PrekeysPut full = Call<PrekeysPut>(SomePrekeys(mailbox, 11, 1, kNow));
  EXPECT_EQ(full.code, Code::kQuotaExceeded);
  EXPECT_EQ(full.one_time_left, 10u);
}

TEST_P(EngineConformance, AnAnchorComesBackWithEveryAttach) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  EXPECT_TRUE(AttachDevice("bob@x").anchor.empty());
  Call<Done>(PutAnchor{mailbox, {1, 2, 3}});
  Restart();
  EXPECT_EQ(AttachDevice("bob@x").anchor, (Bytes{1, 2, 3}));
}

// --- Blobs
// ------------------------------------------------------------------------------------------

BeginBlob Begin(MailboxRef mailbox, const BlobId& id, uint64_t size, Timestamp now) {
  return {mailbox, id, size, now, now + Days(30)};
}

TEST_P(EngineConformance, ABlobIsUploadedInOrderAndReadOnceCommitted) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  const Bytes first(1000, 1), second(500, 2);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, id, 1500, kNow)).offset, 0u);
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 0, first}).held, 1000u);
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 100, kNow}).code, Code::kNotFound) << "not committed";
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{mailbox, id}).code, Code::kWrongState) << "incomplete";
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 1000, second}).held, 1500u);
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{mailbox, id}).size, 1500u);
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{mailbox, id}).code, Code::kOk) << "a retry";
  Restart();
  const BlobRead read = Call<BlobRead>(ReadBlob{id, 990, 20, kNow});
  EXPECT_EQ(read.total, 1500u);
  Bytes expected(10, 1);
  expected.resize(20, 2);
  EXPECT_EQ(read.bytes, expected);
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 1400, 1000, kNow}).bytes.size(), 100u);
  EXPECT_TRUE(Call<BlobRead>(ReadBlob{id, 1500, 10, kNow}).bytes.empty());
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 1501, 10, kNow}).code, Code::kInvalidArgument);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, id, 1500, kNow)).offset, 1500u);
}

TEST_P(EngineConformance, AnUploadGoesOnWhereItStopped) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Call<BlobBegun>(Begin(mailbox, id, 3000, kNow));
  Call<BlobAppended>(AppendBlob{mailbox, id, 0, Bytes(1000, 1)});
  Restart();
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, id, 3000, kNow)).offset, 1000u);
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 500, Bytes(500, 1)}).code, Code::kOk)
      << "a chunk that is held already";
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 2000, Bytes(500, 1)}).code,
            Code::kWrongState)
      << "a gap";
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 1000, Bytes(2001, 1)}).code,
            Code::kWrongState)
      << "beyond the announced size";
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{mailbox, id, 1000, Bytes(2000, 1)}).held, 3000u);
}

TEST_P(EngineConformance, AnotherAccountCannotTouchABlob) {
  const MailboxRef bob = MakeAccount("bob@x");
  const MailboxRef eve = MakeAccount("eve@x");
  const BlobId id({1});
  Call<BlobBegun>(Begin(bob, id, 10, kNow));
  EXPECT_EQ(Call<BlobBegun>(Begin(eve, id, 10, kNow)).code, Code::kAlreadyExists);
  EXPECT_EQ(Call<BlobBegun>(Begin(bob, id, 11, kNow)).code, Code::kAlreadyExists);
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{eve, id, 0, Bytes(10, 1)}).code, Code::kWrongState);
  Call<BlobAppended>(AppendBlob{bob, id, 0, Bytes(10, 1)});
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{eve, id}).code, Code::kNotFound);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{eve, id}).code, Code::kNotFound);
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{bob, id}).code, Code::kOk);
}

TEST_P(EngineConformance, BlobsFillAQuotaThatDeletingGivesBack) {
  quotas_.blob_bytes = 100'000;
  Restart();
  const MailboxRef mailbox = MakeAccount("bob@x");
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({1}), 60'000, kNow)).code, Code::kOk);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({2}), 40'001, kNow)).code, Code::kQuotaExceeded);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({2}), UINT64_MAX, kNow)).code,
            Code::kQuotaExceeded);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({1}), 60'000, kNow)).code, Code::kOk)
      << "a retry";
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({2}), 40'000, kNow)).code, Code::kOk);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{mailbox, BlobId({1})}).code, Code::kOk);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{mailbox, BlobId({1})}).code, Code::kOk) << "a retry";
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, BlobId({3}), 60'000, kNow)).code, Code::kOk);
}

TEST_P(EngineConformance, ADeletedBlobIsGoneAndItsIdStartsAfresh) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Call<BlobBegun>(Begin(mailbox, id, 10, kNow));
  Call<BlobAppended>(AppendBlob{mailbox, id, 0, Bytes(10, 1)});
  Call<BlobCommitted>(CommitBlob{mailbox, id});
  Call<BlobDeleted>(DeleteBlob{mailbox, id});
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 10, kNow}).code, Code::kNotFound);
  EXPECT_EQ(Call<BlobBegun>(Begin(mailbox, id, 5, kNow)).offset, 0u);
}

TEST_P(EngineConformance, BlobsExpire) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  const BlobId id({1});
  Call<BlobBegun>(Begin(mailbox, id, 10, kNow));
  Call<BlobAppended>(AppendBlob{mailbox, id, 0, Bytes(10, 1)});
  Call<BlobCommitted>(CommitBlob{mailbox, id});
  const Timestamp end = kNow + Days(30);
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 10, end}).code, Code::kNotFound);
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 10, kNow}).code, Code::kOk);
  Call<Expired>(Expire{end, 10});
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 10, kNow}).code, Code::kNotFound);
}

// --- Tokens
// -----------------------------------------------------------------------------------------

BeginBlob BeginPaid(uint8_t owner, uint8_t id, std::vector<SpentToken> tokens, Code unpaid,
                    Timestamp now) {
  BeginBlob begin;
  begin.owner = BlobOwner(ByteArray<32>{owner});
  begin.id = BlobId({id});
  begin.size = 1000;
  begin.now = now;
  begin.expires = now + Days(3);
  begin.tokens = std::move(tokens);
  begin.unpaid = unpaid;
  return begin;
}

TEST_P(EngineConformance, ATokenPaysOnceAlsoAcrossARestart) {
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow)).code, Code::kOk);
  Restart();
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 2, {{7, {1}}}, Code::kOk, kNow)).code, Code::kReplayed);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 2, {{7, {2}}, {7, {1}}}, Code::kOk, kNow)).code,
            Code::kReplayed);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 2, {{7, {2}}}, Code::kOk, kNow)).code, Code::kOk)
      << "it was not taken by what was refused";
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 3, {{8, {1}}}, Code::kOk, kNow)).code, Code::kOk)
      << "another period's";
}

TEST_P(EngineConformance, ABegunUploadIsPaidUntilItIsDeleted) {
  Call<BlobBegun>(BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow));
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {}, Code::kExpired, kNow)).code, Code::kOk);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow)).code, Code::kOk);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 1, {{7, {2}}}, Code::kOk, kNow)).code,
            Code::kAlreadyExists);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(2, 2, {}, Code::kAuthFailed, kNow)).code, Code::kAuthFailed);
  const BlobOwner owner(ByteArray<32>{1});
  const BlobId id({1});
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{owner, id, 0, Bytes(1000, 1)}).held, 1000u);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{owner, id, true}).code, Code::kOk) << "a restart";
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{owner, id}).code, Code::kWrongState);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {}, Code::kExpired, kNow)).offset, 0u);
  EXPECT_EQ(Call<BlobAppended>(AppendBlob{owner, id, 0, Bytes(1000, 2)}).held, 1000u);
  EXPECT_EQ(Call<BlobCommitted>(CommitBlob{owner, id}).code, Code::kOk);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{owner, id, true}).code, Code::kWrongState)
      << "committed anew it would be kept for longer than was paid";
  EXPECT_EQ(Call<BlobRead>(ReadBlob{id, 0, 10, kNow}).code, Code::kOk);
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{owner, id}).code, Code::kOk);
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {}, Code::kExpired, kNow)).code, Code::kExpired);
}

TEST_P(EngineConformance, TokensPayForNoMoreThanABlobMayHave) {
  quotas_.blob_bytes = 999;
  Restart();
  EXPECT_EQ(Call<BlobBegun>(BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow)).code,
            Code::kQuotaExceeded);
}

TEST_P(EngineConformance, ABlobOfNobodyIsItsSecrets) {
  const MailboxRef bob = MakeAccount("bob@x");
  Call<BlobBegun>(BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow));
  Call<BlobBegun>(Begin(bob, BlobId({2}), 1000, kNow));
  const BlobOwner eve(ByteArray<32>{2});
  for (const BlobOwner& other : {BlobOwner(bob), eve}) {
    EXPECT_EQ(Call<BlobAppended>(AppendBlob{other, BlobId({1}), 0, Bytes(10, 1)}).code,
              Code::kWrongState);
    EXPECT_EQ(Call<BlobCommitted>(CommitBlob{other, BlobId({1})}).code, Code::kNotFound);
    EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{other, BlobId({1})}).code, Code::kNotFound);
  }
  EXPECT_EQ(Call<BlobDeleted>(DeleteBlob{eve, BlobId({2})}).code, Code::kNotFound);
}

TEST_P(EngineConformance, TokensAreCountedByAccountAndPeriod) {
  quotas_.blob_bytes = 1000;
  Restart();
  const MailboxRef bob = MakeAccount("bob@x");
  const MailboxRef eve = MakeAccount("eve@x");
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {1}, 7, 600}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {1}, 7, 600}).code, Code::kOk) << "a retry";
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {2}, 7, 401}).code, Code::kQuotaExceeded);
  Restart();
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {3}, 7, 400}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {4}, 7, 1}).code, Code::kQuotaExceeded);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{eve, {5}, 7, 1000}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {6}, 8, 1000}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{bob, {7}, 9, UINT64_MAX}).code, Code::kQuotaExceeded);
}

TEST_P(EngineConformance, ARequestForTokensComesAgainThoughAnotherDeviceAskedMeanwhile) {
  quotas_.blob_bytes = 1000;
  Restart();
  const MailboxRef first = MakeAccount("bob@x");
  ASSERT_EQ(Call<ListPut>(PutList{List("bob@x", 2, {1, 2})}).code, Code::kOk);
  const MailboxRef second = AttachDevice("bob@x", 2).mailbox;
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{first, {1}, 7, 600}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{second, {2}, 7, 300}).code, Code::kOk);
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{first, {1}, 7, 600}).code, Code::kOk) << "again";
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{second, {3}, 7, 101}).code, Code::kQuotaExceeded)
      << "one quota for all";
  EXPECT_EQ(Call<TokensCounted>(IssueTokens{second, {3}, 7, 100}).code, Code::kOk);
}

TEST_P(EngineConformance, WhoGoesOnWithAPaidUploadHasTimeAgainButNotForEver) {
  BeginBlob first = BeginPaid(1, 1, {{7, {1}}}, Code::kOk, kNow);
  first.latest = kNow + Days(5);
  EXPECT_EQ(Call<BlobBegun>(first).code, Code::kOk);
  const auto go_on = [&](Timestamp now) {
    Call<Expired>(Expire{now, 10});
    return Call<BlobBegun>(BeginPaid(1, 1, {}, Code::kQuotaExceeded, now)).code;
  };
  EXPECT_EQ(go_on(kNow + Days(1)), Code::kOk);
  EXPECT_EQ(go_on(kNow + Days(3)), Code::kOk);
  EXPECT_EQ(go_on(kNow + Days(5) - Milliseconds(1)), Code::kOk);
  EXPECT_EQ(go_on(kNow + Days(5)), Code::kQuotaExceeded);
}

TEST_P(EngineConformance, TheFirstTokenSeedStays) {
  const auto seed = [](uint8_t byte) {
    return std::make_shared<const TokenSeed>(TokenSeed::From(ByteArray<32>{byte}));
  };
  EXPECT_TRUE(Call<GotTokenSeed>(GetTokenSeed{seed(1)}).seed->Equals(*seed(1)));
  Restart();
  EXPECT_TRUE(Call<GotTokenSeed>(GetTokenSeed{seed(2)}).seed->Equals(*seed(1)));
}

// --- All together
// -----------------------------------------------------------------------------------

TEST_P(EngineConformance, WhatCompletedIsThereAfterARestart) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  std::vector<Op> ops;
  for (uint32_t i = 1; i <= 300; ++i) ops.emplace_back(Mail("bob@x", i));
  CallAll(std::move(ops));
  Restart();
  EXPECT_EQ(FetchAll(mailbox).messages.size(), 300u);
}

TEST_P(EngineConformance, AReadSeesWhatCompletedBeforeIt) {
  const MailboxRef mailbox = MakeAccount("bob@x");
  for (uint32_t i = 1; i <= 50; ++i) {
    const MailboxCursor cursor = Call<Appended>(Mail("bob@x", i)).cursor;
    const auto mail = FetchAll(mailbox, MailboxCursor(*cursor - 1));
    ASSERT_EQ(mail.messages.size(), 1u);
  }
}

}  // namespace pawl::relay::engine
