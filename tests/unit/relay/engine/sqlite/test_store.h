#ifndef PAWL_TESTS_UNIT_RELAY_ENGINE_SQLITE_TEST_STORE_H_
#define PAWL_TESTS_UNIT_RELAY_ENGINE_SQLITE_TEST_STORE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "db/transaction.h"
#include "relay/engine/sqlite/accounts.h"
#include "relay/engine/sqlite/append.h"
#include "relay/engine/sqlite/database.h"
#include "relay/engine/sqlite/lookup.h"
#include "relay/engine/sqlite/writes.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {

// A relay.db of one's own, below the engine: operations one by one, rows to look at.
class TestStore : public ::testing::Test {
 protected:
  static constexpr Timestamp kNow{1'900'000'000'000};
  static constexpr ByteArray<32> kDeliveryKey{7};

  void SetUp() override { Open(); }
  virtual void Open() {
    location_.directory = folder_.path().string();
    auto db = OpenToWrite(location_);
    ASSERT_THAT(db, test::IsOk());
    db_ = *std::move(db);
    auto files = OpenBlobs(location_, *db_);
    ASSERT_THAT(files, test::IsOk());
    files_ = std::make_unique<BlobFiles>(*std::move(files));
    writes_ = std::make_unique<Writes>(*db_, *files_, quotas_);
  }

  // One write in a transaction of its own.
  template <typename R>
  R Write(Op op) {
    std::vector<Request> batch;
    batch.push_back({OpId(1), std::move(op)});
    Completions completions = writes_->Execute(batch);
    EXPECT_EQ(completions.done.size(), 1u);
    return std::get<R>(std::move(completions.done.front().result));
  }
  int64_t Count(Literal sql) {
    auto select = db_->Prepare(sql);
    EXPECT_THAT(select, test::IsOk());
    EXPECT_THAT(select->Step(), test::IsOkAndHolds(true));
    return select->Int(0);
  }
  WriteContext Context() { return {*db_, quotas_, full_, lines_, {}, {}, {}}; }

  static ListRecord List(const std::string& account, uint32_t version,
                         const std::vector<uint32_t>& devices) {
    ListRecord list;
    list.account = account;
    list.version = version;
    list.hash[0] = static_cast<uint8_t>(version);
    if (version > 1) list.previous[0] = static_cast<uint8_t>(version - 1);
    for (const uint32_t id : devices) list.devices.push_back({DeviceId(id), {}});
    list.record = {1, 2, 3};
    return list;
  }
  // The mailbox of device 1, with a delivery key.
  MailboxRef MakeAccount(const std::string& account) {
    RegisterAccount op;
    op.list = List(account, 1, {1});
    op.epoch = {DeviceId(1), DeviceEpoch(1), {0xE1}};
    op.now = kNow;
    EXPECT_EQ(Write<ListPut>(op).code, Code::kOk);
    const auto id = FindAccount(*db_, account);
    const auto mailbox = FindMailbox(*db_, *id, DeviceId(1));
    EXPECT_EQ(Write<Done>(PutDeliveryKey{*mailbox, kDeliveryKey, kNow}).code, Code::kOk);
    return *mailbox;
  }
  static Append Mail(const std::string& account, uint8_t id, size_t size = 100) {
    Append append;
    append.account = account;
    append.device = DeviceId(1);
    append.id = EnvelopeId({id});
    append.delivery_key = kDeliveryKey;
    append.received = kNow;
    append.expires = kNow + Days(30);
    append.envelope = Bytes(size, id);
    return append;
  }

  test::TempDir folder_;
  Location location_;
  Quotas quotas_;
  FullMailboxes full_;
  SendLines lines_;
  std::unique_ptr<db::Connection> db_;
  std::unique_ptr<BlobFiles> files_;
  std::unique_ptr<Writes> writes_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_TESTS_UNIT_RELAY_ENGINE_SQLITE_TEST_STORE_H_
