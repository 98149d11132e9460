// The store that the first release wrote opens in this one, and everything is in it.

#include <cstdlib>
#include <filesystem>

#include "db/connection.h"
#include "store/key_wrap.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Timestamp kThen{1'790'000'000'000};

class StoreFixture : public StoreTest {
 protected:
  void SetUp() override {
    const char* source = std::getenv("PAWL_SOURCE_DIR");
    const std::filesystem::path root = source != nullptr ? source : ".";
    const auto fixture = root / "tests" / "fixtures" / "store-v1";
    ASSERT_TRUE(std::filesystem::exists(fixture)) << fixture << ": set PAWL_SOURCE_DIR";
    std::filesystem::copy(fixture, StoreDir());
    ASSERT_EQ(SchemaVersion(), 1) << "what that release wrote";
    OpenAt(Generation(2));
  }
  static HostKey KeyOfFixture() {
    ByteArray<32> key{};
    for (size_t n = 0; n < key.size(); ++n) key[n] = static_cast<uint8_t>(n);
    return HostKey::From(key);
  }
  void OpenAt(Generation generation) {
    OpenOptions options;
    options.dir = StoreDir();
    options.key = KeyOfFixture();
    options.anchor = HostAnchor{generation};
    PAWL_ASSERT_OK_AND_ASSIGN(store_, TryOpen(std::move(options)));
    auto begun = store_->Begin();
    ASSERT_THAT(begun, IsOk());
    tx_.emplace(*std::move(begun));
  }
  // Of the file, while no store is open.
  int64_t SchemaVersion() const {
    const std::string file = Contents(StoreDir() + "/key.wrap");
    const auto keys = UnwrapKeys(AsBytes(file), KeyOfFixture());
    EXPECT_THAT(keys, IsOk());
    if (!keys.ok()) return -1;
    db::OpenOptions options;
    options.path = StoreDir() + "/pawl.db";
    const auto connection = db::Connection::Open(options, keys->current);
    EXPECT_THAT(connection, IsOk());
    return connection.ok() ? (*connection)->UserVersion().value_or(-1) : -1;
  }
  static std::string Text(const Bytes& bytes) { return std::string(AsText(bytes)); }

  std::unique_ptr<Store> store_;
  std::optional<Transaction> tx_;
};

TEST_F(StoreFixture, OpensAtItsGeneration) {
  EXPECT_EQ(store_->generation(), Generation(2));
  EXPECT_EQ(store_->opened_state(), OpenedState::kCurrent);
}

TEST_F(StoreFixture, HoldsTheAccountAndItsPrekeys) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto row, tx_->account().Load());
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->address, "alice@example.org");
  EXPECT_EQ(row->device, DeviceId(1));
  EXPECT_EQ(row->epoch, DeviceEpoch(2));
  EXPECT_EQ(TextOf(row->account_seed), "account seed of alice, 32 bytes.");
  EXPECT_EQ(TextOf(row->device_seed), "device seed of alice/1, 32 byte.");
  EXPECT_EQ(TextOf(row->identity_key), "identity key of alice/1, 32 byt.");
  EXPECT_EQ(Text(row->device_list), "alice's device list");
  EXPECT_EQ(Text(row->epoch_record), "alice's epoch record");
  EXPECT_EQ(TextOf(row->delivery_key), "delivery key of alice, 32 bytes.");
  EXPECT_TRUE(row->previous_delivery_key.empty());
  EXPECT_EQ(row->relay_url, "wss://relay.example.org");
  EXPECT_TRUE(row->registered);
  EXPECT_THAT(tx_->values().GetInt("bundle_issued_at"), IsOkAndHolds(kThen.ms));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto bundle, tx_->prekeys().Find(PrekeyKind::kBundle, 1));
  ASSERT_TRUE(bundle.has_value());
  EXPECT_EQ(TextOf(bundle->private_part), "bundle keys");
  EXPECT_EQ(bundle->last_resort_id, 3u);
  EXPECT_EQ(bundle->expires_at, kNever);
  EXPECT_TRUE(bundle->uploaded);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto pair, tx_->prekeys().Find(PrekeyKind::kOneTime, 4));
  ASSERT_TRUE(pair.has_value());
  EXPECT_EQ(pair->expires_at, kThen + Days(90));
  EXPECT_THAT(tx_->replay().Seen(HashOf(0x70)), IsOkAndHolds(true));
  EXPECT_THAT(tx_->prekeys().ReserveIds(1), IsOkAndHolds(5u));
}

TEST_F(StoreFixture, HoldsThePeerItsDeviceAndTheSession) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto peer, tx_->peers().Find("bob@example.net"));
  ASSERT_TRUE(peer.has_value());
  EXPECT_EQ(peer->account_key, HashOf(0xb0));
  EXPECT_EQ(Text(peer->device_list), "bob's device list");
  EXPECT_EQ(peer->list_version, 3u);
  EXPECT_EQ(peer->list_hash, TagOf(0xb1));
  EXPECT_EQ(peer->list_checked_at, kThen);
  EXPECT_EQ(peer->state, ContactState::kAccepted);
  EXPECT_EQ(TextOf(peer->delivery_key), "delivery key of bob, 32 bytes...");
  EXPECT_EQ(peer->display_name, "Bob");
  EXPECT_TRUE(peer->verified);
  EXPECT_FALSE(peer->pending_key.has_value());
  EXPECT_EQ(peer->created_at, kThen - Days(2));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto device,
                            tx_->peer_devices().Find("bob@example.net", DeviceId(4)));
  ASSERT_TRUE(device.has_value());
  EXPECT_EQ(device->signing_key, HashOf(0xb4));
  EXPECT_EQ(device->epoch, DeviceEpoch(1));
  EXPECT_EQ(Text(device->epoch_record), "bob/4's epoch record");
  EXPECT_EQ(Text(device->bundle), "bob/4's bundle");
  EXPECT_THAT(device->suites, ElementsAre(2, 1));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto sessions, tx_->sessions().LoadAll());
  ASSERT_THAT(sessions, SizeIs(1));
  EXPECT_EQ(sessions[0].id, SessionId(1));
  EXPECT_EQ(sessions[0].address, "bob@example.net");
  EXPECT_EQ(sessions[0].device, DeviceId(4));
  EXPECT_EQ(TextOf(sessions[0].facts), "facts of the session");
  EXPECT_EQ(TextOf(sessions[0].progress), "progress of the session");
  EXPECT_EQ(sessions[0].transcript_hash, HashOf(0x5e));
  EXPECT_TRUE(sessions[0].initiator);
  EXPECT_TRUE(sessions[0].confirmed);
  EXPECT_EQ(sessions[0].retired_until, kNever);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto skipped, tx_->skipped().LoadOf(SessionId(1)));
  ASSERT_THAT(skipped, SizeIs(1));
  EXPECT_EQ(skipped[0].tag, TagOf(0x61));
  EXPECT_EQ(TextOf(skipped[0].key), "skipped key");
  EXPECT_EQ(skipped[0].expires_at, kThen + Days(30));
}

TEST_F(StoreFixture, HoldsTheConversation) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto conversations, tx_->conversations().List(nullptr, 9));
  ASSERT_THAT(conversations, SizeIs(1));
  EXPECT_EQ(conversations[0].peer, "bob@example.net");
  EXPECT_EQ(conversations[0].unread, 1u);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto messages,
                            tx_->messages().History(IdOf<ConversationId>(0xc0), std::nullopt, 9));
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(TextOf(messages[0].content), "content that bob sent");
  EXPECT_EQ(messages[0].sender, "bob@example.net");
  EXPECT_EQ(messages[0].direction, Direction::kIncoming);
  EXPECT_EQ(messages[0].state, MessageState::kReceived);
  EXPECT_EQ(messages[0].expires_at, kThen + Days(7));
  EXPECT_EQ(TextOf(messages[1].content), "content that alice sent");
  EXPECT_EQ(messages[1].direction, Direction::kOutgoing);
  EXPECT_EQ(messages[1].state, MessageState::kQueued);
  EXPECT_THAT(tx_->dedupe().SeenHash(HashOf(0xe2)), IsOkAndHolds(true));
}

TEST_F(StoreFixture, HoldsWhatIsOnItsWay) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto due, tx_->outbox().Due(kThen, OutboxId(), 9));
  ASSERT_THAT(due, SizeIs(1));
  EXPECT_EQ(due[0].envelope, IdOf<EnvelopeId>(0xe1));
  EXPECT_EQ(due[0].address, "bob@example.net");
  EXPECT_EQ(due[0].expires_at, kThen + Days(30));
  Bytes frame;
  ASSERT_THAT(tx_->outbox().ReadFrame(due[0].id, frame), IsOk());
  EXPECT_EQ(frame, Bytes(256, 0xf1));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto pending,
                            tx_->pending().LoadFor("carol@example.org", DeviceId(0), 9));
  ASSERT_THAT(pending, SizeIs(1));
  EXPECT_EQ(TextOf(pending[0].content), "content for carol");
  EXPECT_EQ(pending[0].reason, PendingReason::kNeedsDirectory);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto transfers,
                            tx_->transfers().LoadState(TransferState::kActive));
  ASSERT_THAT(transfers, SizeIs(1));
  EXPECT_EQ(transfers[0].path, "/media/film.mp4");
  EXPECT_EQ(transfers[0].size, 5'000'000'000u);
  EXPECT_EQ(transfers[0].blob, IdOf<BlobId>(0xbb));
  EXPECT_TRUE(transfers[0].secret.empty()) << "that release uploaded in the account's name";
  EXPECT_FALSE(transfers[0].begun);
}

TEST_F(StoreFixture, WhatIsWrittenToItStandsInAStoreOfTheNewestSchema) {
  ASSERT_THAT(tx_->values().PutInt("since_then", 7), IsOk());
  ASSERT_THAT(tx_->inbox().Append({}), IsOkAndHolds(InboxSeq(4)));
  ASSERT_THAT(tx_->Commit(kThen + Days(1)), IsOk());
  tx_.reset();
  const Generation written = store_->generation();
  EXPECT_GT(written, Generation(2));
  ASSERT_THAT(store_->Close(kThen + Days(1)), IsOk());
  store_.reset();
  EXPECT_EQ(SchemaVersion(), 3);

  OpenAt(written);
  EXPECT_EQ(store_->opened_state(), OpenedState::kCurrent);
  EXPECT_THAT(tx_->values().GetInt("since_then"), IsOkAndHolds(7));
  EXPECT_THAT(tx_->values().GetInt("bundle_issued_at"), IsOkAndHolds(kThen.ms));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto events, tx_->inbox().Read(InboxSeq(0), 9));
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[1].seq, InboxSeq(4));
}

TEST_F(StoreFixture, GoesOnCountingItsInbox) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto events, tx_->inbox().Read(InboxSeq(0), 9));
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].seq, InboxSeq(3));
  EXPECT_EQ(events[0].kind, 2);
  EXPECT_EQ(events[0].peer, "bob@example.net");
  EXPECT_THAT(tx_->inbox().Append({}), IsOkAndHolds(InboxSeq(4)));
}

}  // namespace
}  // namespace pawl::store
