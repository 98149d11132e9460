#include "client/engine/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "client/engine/account_backup.h"
#include "support/step_world.h"
#include "support/world.h"
#include "support/world_devices.h"

namespace pawl::client {
namespace {

using identity::DeviceList;
using test::World;
using test::WorldClient;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Alice talks to Bob through a relay that may show her any list of his.
class Directory : public ::testing::Test {
 protected:
  Directory() : alice_(world_.AddRegistered("alice")), bob_(world_.AddRegistered("bob")) {
    world_.MakeContacts(alice_, bob_);
    const auto account = AccountOf(bob_);
    bob_key_.emplace(crypto::Ed25519KeyPair::FromSeed(account.account_key.Clone()));
    bob_list_.emplace(*DeviceList::Parse(account.device_list));
  }

  AccountBackup AccountOf(WorldClient& client) {
    auto key =
        DeriveBackupKey("x", {.memory_mib = crypto::kArgon2FloorMib, .passes = 1}, world_.rng());
    const RequestId request = client.Do(ExportAccount{*std::move(key)});
    world_.Settle();
    auto account = OpenBackup(client.ResultOf(request), "x");
    EXPECT_THAT(account, test::IsOk());
    return *std::move(account);
  }
  DeviceList SignAs(const crypto::Ed25519KeyPair& key, DeviceList::Fields fields) {
    fields.account_key = key.pub();
    auto list = DeviceList::Sign(std::move(fields), key);
    EXPECT_THAT(list, test::IsOk());
    return *std::move(list);
  }
  DeviceList::Fields NextFields() {
    auto fields = bob_list_->fields();
    fields.version += 1;
    fields.previous = bob_list_->hash();
    fields.issued_at = world_.now();
    return fields;
  }
  // From now on the relay answers Alice with this list, and hints that there is news.
  void Show(const DeviceList& list) {
    shown_.push_back(list.record());
    alice_.faults.on_input = [this](Input& input) {
      auto* reply = std::get_if<Reply>(&input);
      if (!reply) return true;
      if (auto* record = std::get_if<DirectoryRecord>(&reply->body)) record->list = shown_.back();
      if (auto* sent = std::get_if<Sent>(&reply->body)) sent->list_version = 1000;
      return true;
    };
  }
  void Talk(std::string_view text) {
    last_ = alice_.SendText(bob_.address(), text, world_.now());
    world_.Settle();
  }

  World world_;
  WorldClient& alice_;
  WorldClient& bob_;
  std::optional<crypto::Ed25519KeyPair> bob_key_;
  std::optional<DeviceList> bob_list_;
  std::deque<Bytes> shown_;
  MessageId last_;
};

TEST_F(Directory, AListThatIsRolledBackIsAnEventAndTheNewerOneStays) {
  const auto second = SignAs(*bob_key_, NextFields());
  Show(second);
  Talk("hello");
  EXPECT_EQ(alice_.Count(EventKind::kDeviceListWarning), 0u);
  Show(*bob_list_);
  Talk("hello again");
  ASSERT_GE(alice_.Count(EventKind::kDeviceListWarning), 1u);
  const Event* warning = alice_.Last(EventKind::kDeviceListWarning);
  EXPECT_EQ(warning->warning, ListWarning::kRolledBack);
  EXPECT_EQ(warning->code, Code::kDeviceListRolledBack);
  EXPECT_EQ(warning->peer, bob_.address());
  EXPECT_EQ(alice_.StateOf(last_), MessageState::kConfirmed) << "and the message goes its way";
}

// Bob gets a second device; the relay goes on to show alice the list from before.
TEST_F(Directory, MailOfADeviceThatAnOlderListHidesWaitsForTheNewerOne) {
  WorldClient& pad = test::LinkDevice(world_, bob_);
  bool hides = true;
  alice_.faults.on_input = [&](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    auto* record = reply ? std::get_if<DirectoryRecord>(&reply->body) : nullptr;
    if (record && hides) record->list = bob_list_->record();
    return true;
  };
  pad.SendText(alice_.address(), "from the second device", world_.now());
  world_.Run(Minutes(1));
  EXPECT_EQ(alice_.Count(EventKind::kMessage), 0u);
  EXPECT_EQ(alice_.Count(EventKind::kGap), 0u) << "nothing is given up";
  hides = false;
  world_.Run(Hours(2));
  ASSERT_EQ(alice_.Count(EventKind::kMessage), 1u);
  EXPECT_EQ(WorldClient::TextOf(*alice_.Last(EventKind::kMessage)), "from the second device");
}

TEST_F(Directory, AForkIsAnEvent) {
  auto fields = bob_list_->fields();
  fields.issued_at = fields.issued_at + Milliseconds(1);
  Show(SignAs(*bob_key_, std::move(fields)));
  Talk("hello");
  ASSERT_GE(alice_.Count(EventKind::kDeviceListWarning), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kDeviceListWarning)->warning, ListWarning::kForked);
}

TEST_F(Directory, AListNobodyRenewsIsAnEvent) {
  world_.Kill(bob_);
  world_.Run(Days(30));  // the weekly look at contacts' lists finds it
  ASSERT_GE(alice_.Count(EventKind::kDeviceListWarning), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kDeviceListWarning)->warning, ListWarning::kStale);
  EXPECT_EQ(alice_.Last(EventKind::kDeviceListWarning)->peer, bob_.address());
}

TEST_F(Directory, AnotherAccountKeyStopsSendingUntilTheAppHasDecided) {
  const auto impostor = crypto::Ed25519KeyPair::Generate(world_.rng());
  auto fields = bob_list_->fields();
  fields.devices[0].signing_key = crypto::Ed25519KeyPair::Generate(world_.rng()).pub();
  Show(SignAs(impostor, std::move(fields)));
  Talk("to the Bob I know");
  ASSERT_EQ(alice_.Count(EventKind::kIdentityChanged), 1u);
  const Event* changed = alice_.Last(EventKind::kIdentityChanged);
  EXPECT_EQ(changed->peer, bob_.address());
  EXPECT_EQ(changed->key, impostor.pub());

  alice_.SendText(bob_.address(), "secret", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.Completed(alice_.last_send()), Code::kIdentityChanged);

  // What the app was shown is what it accepts, nothing else.
  const RequestId other = alice_.Do(AcceptIdentity{bob_.address(), bob_key_->pub()});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(other), Code::kIdentityChanged);
  const RequestId accept = alice_.Do(AcceptIdentity{bob_.address(), impostor.pub()});
  world_.Settle();
  EXPECT_EQ(alice_.Completed(accept), Code::kOk);
  EXPECT_EQ(alice_.Count(EventKind::kDeviceRemoved), 1u) << "the old devices are gone";
  alice_.SendText(bob_.address(), "accepted", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.Completed(alice_.last_send()), Code::kOk);
}

TEST_F(Directory, AnAccountThatDoesNotExistEndsWhatWasSentToIt) {
  const auto nobody = *identity::Address::Parse("nobody@example.org");
  const MessageId message = alice_.SendText(nobody, "hello?", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.StateOf(message), MessageState::kFailed);
  EXPECT_EQ(alice_.Last(EventKind::kMessageState)->code, Code::kNotFound);
}

TEST_F(Directory, NonsenseFromTheRelayIsAskedAgainEverLessOften) {
  WorldClient& carol = world_.AddRegistered("carol");
  int asked = 0;
  alice_.faults.on_call = [&](Call& call) {
    asked += std::holds_alternative<GetDirectory>(call.body);
    return true;
  };
  const Bytes noise(100, 3);
  alice_.faults.on_input = [&](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (!reply) return true;
    if (auto* record = std::get_if<DirectoryRecord>(&reply->body)) record->list = noise;
    return true;
  };
  const MessageId message = alice_.SendText(carol.address(), "hi", world_.now());
  world_.Run(Hours(1));
  EXPECT_GE(asked, 3);
  EXPECT_LE(asked, 60);
  EXPECT_EQ(alice_.StateOf(message), MessageState::kQueued);
  alice_.faults.on_input = nullptr;
  world_.Run(Minutes(30));
  EXPECT_EQ(alice_.StateOf(message), MessageState::kAtRelay);
}

TEST_F(Directory, ARelayThatHidesANewListIsGivenAwayByTheMessagesThemselves) {
  // Bob's list moves on; Alice's relay keeps showing her the old one.
  Show(*bob_list_);
  alice_.faults.on_input = [this](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (!reply) return true;
    if (auto* record = std::get_if<DirectoryRecord>(&reply->body)) record->list = shown_.back();
    return true;
  };
  world_.Run(Days(8));  // Bob re-signs his list
  EXPECT_EQ(alice_.Count(EventKind::kDeviceListWarning), 0u);
  bob_.SendText(alice_.address(), "news", world_.now());
  world_.Settle();
  ASSERT_EQ(alice_.Count(EventKind::kDeviceListWarning), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kDeviceListWarning)->warning, ListWarning::kFrozen);
  bob_.SendText(alice_.address(), "more", world_.now());
  world_.Settle();
  EXPECT_EQ(alice_.Count(EventKind::kDeviceListWarning), 1u) << "once per list";
  EXPECT_EQ(alice_.Texts(bob_.address()).size(), 2u);
}

TEST_F(Directory, AFalseIdentityIsOverWhenTheKnownKeyIsShownAgain) {
  const auto impostor = crypto::Ed25519KeyPair::Generate(world_.rng());
  Show(SignAs(impostor, bob_list_->fields()));
  Talk("to the Bob I know");
  ASSERT_EQ(alice_.Count(EventKind::kIdentityChanged), 1u);
  alice_.SendText(bob_.address(), "secret", world_.now());
  world_.Settle();
  ASSERT_EQ(alice_.Completed(alice_.last_send()), Code::kIdentityChanged);

  alice_.faults.on_input = nullptr;
  world_.Run(Hours(3));
  ASSERT_EQ(alice_.Count(EventKind::kIdentityKept), 1u);
  EXPECT_EQ(alice_.Last(EventKind::kIdentityKept)->peer, bob_.address());
  EXPECT_EQ(alice_.Last(EventKind::kIdentityKept)->key, bob_key_->pub());
  Talk("it was you all the time");
  EXPECT_EQ(alice_.StateOf(last_), MessageState::kConfirmed);
}

TEST_F(Directory, AnIdentityThatTheAppTurnsDownIsNotAskedAboutAgain) {
  const auto impostor = crypto::Ed25519KeyPair::Generate(world_.rng());
  Show(SignAs(impostor, bob_list_->fields()));
  const auto reject = [&](const crypto::Ed25519Public& key) {
    const RequestId request = alice_.Do(RejectIdentity{bob_.address(), key});
    world_.Settle();
    return alice_.Completed(request);
  };
  EXPECT_EQ(reject(impostor.pub()), Code::kNotFound) << "nothing was seen yet";
  Talk("to the Bob I know");
  ASSERT_EQ(alice_.Count(EventKind::kIdentityChanged), 1u);
  EXPECT_EQ(reject(bob_key_->pub()), Code::kIdentityChanged) << "not the one that was shown";
  EXPECT_EQ(reject(impostor.pub()), Code::kOk);
  Talk("still you");
  EXPECT_EQ(alice_.StateOf(last_), MessageState::kConfirmed);
  world_.Run(Days(8));  // the relay keeps showing it
  EXPECT_EQ(alice_.Count(EventKind::kIdentityChanged), 1u);
  EXPECT_EQ(alice_.Count(EventKind::kDeviceRemoved), 0u);
}

TEST_F(Directory, OneWarningForOneListHoweverOftenItIsShown) {
  const auto second = SignAs(*bob_key_, NextFields());
  Show(second);
  Talk("hello");
  Show(*bob_list_);
  for (int i = 0; i < 5; ++i) {
    Talk("again");
    world_.Run(Hours(1));
  }
  EXPECT_EQ(alice_.Count(EventKind::kDeviceListWarning), 1u);
}

TEST_F(Directory, ARelayThatHintsAtNewListsAllTheTimeIsAskedNowAndThen) {
  int asked = 0;
  alice_.faults.on_call = [&](Call& call) {
    asked += std::holds_alternative<GetDirectory>(call.body);
    return true;
  };
  uint32_t version = 1000;
  alice_.faults.on_input = [&](Input& input) {
    auto* reply = std::get_if<Reply>(&input);
    if (!reply) return true;
    if (auto* sent = std::get_if<Sent>(&reply->body)) sent->list_version = ++version;
    return true;
  };
  for (int i = 0; i < 50; ++i) Talk("hello");
  EXPECT_GE(asked, 1);
  EXPECT_LE(asked, ListClaims::kLooksAtOnce);
}

// Alice's device by itself: what is said of lists, one message at a time.
class DirectoryClaims : public ::testing::Test {
 protected:
  DirectoryClaims() {
    world_.MakeAccount();
    world_.Know(bob_);
  }
  void Say(const session::ListRefs& refs) {
    EXPECT_THAT(world_.Step([&](Batch& batch) { return CheckListRefs(batch, to_bob_, refs); }),
                test::IsOk());
  }
  const identity::Address& alice() { return world_.state().self->address(); }
  bool Asks(const identity::Address& account) {
    return world_.state().fetches.contains(WholeAccount(account));
  }
  test::StepWorld world_;
  test::TestDevice bob_{"bob@example.org/1", 5};
  const identity::Address to_bob_ = bob_.local.address.account;
};

TEST_F(DirectoryClaims, WhatOthersSayOfOurListIsAReasonToLookAndNothingMore) {
  const identity::ListRef ours = world_.state().self->list.ref();
  Say({.sender = bob_.list.ref(), .recipient = {ours.version, {9}}});
  EXPECT_TRUE(Asks(alice()));
  EXPECT_THAT(world_.Told(), IsEmpty()) << "a fork by their word";
  Say({.sender = bob_.list.ref(), .recipient = {UINT32_MAX, {8}}});
  const Bytes shown = world_.state().self->list.record();
  EXPECT_THAT(world_.Step([&](Batch& batch) { return OnDirectoryRecord(batch, alice(), shown); }),
              test::IsOk());
  EXPECT_THAT(world_.Told(), IsEmpty()) << "frozen by their word";
}

TEST_F(DirectoryClaims, AnAbsurdClaimDoesNotSilenceTheNextOne) {
  const identity::ListRef ours = world_.state().self->list.ref();
  Say({.sender = {UINT32_MAX, {1}}, .recipient = ours});
  EXPECT_TRUE(Asks(to_bob_));
  world_.state().fetches.clear();
  world_.clock.Advance(Seconds(1));
  Say({.sender = {2, {2}}, .recipient = ours});
  EXPECT_TRUE(Asks(to_bob_));
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    return OnDirectoryRecord(batch, to_bob_, bob_.list.record());
  }),
              test::IsOk());
  const auto events = world_.Events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].warning, ListWarning::kFrozen);
}

}  // namespace
}  // namespace pawl::client
