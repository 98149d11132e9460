#include "identity/device_list.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/flip.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::identity {
namespace {

using test::HasCode;
using test::IsOk;
using test::kNow;

class DeviceListTest : public testing::Test {
 protected:
  DeviceEntry Entry(uint32_t id) {
    return {DeviceId(id), crypto::Ed25519KeyPair::Generate(rng_).pub(), kNow};
  }
  DeviceList::Fields First() {
    return {*Address::Parse("alice@example.org"), account_.pub(), 1, {}, kNow, {Entry(1)}};
  }
  DeviceList Next(const DeviceList& before, Timestamp issued_at = kNow) {
    DeviceList::Fields fields = before.fields();
    ++fields.version;
    fields.previous = before.hash();
    fields.issued_at = issued_at;
    return *DeviceList::Sign(std::move(fields), account_);
  }

  test::SeededRng rng_{2};
  crypto::Ed25519KeyPair account_ = crypto::Ed25519KeyPair::Generate(rng_);
  DeviceList list_ = *DeviceList::Sign(First(), account_);
};

TEST_F(DeviceListTest, ParsesAsItWasSigned) {
  DeviceList::Fields fields = First();
  fields.devices = {Entry(7), Entry(2), Entry(1)};
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceList made, DeviceList::Sign(fields, account_));
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceList parsed, DeviceList::Parse(made.record()));
  EXPECT_EQ(parsed.hash(), made.hash());
  EXPECT_EQ(parsed.ref(), made.ref());
  EXPECT_EQ(parsed.fields().address, fields.address);
  EXPECT_EQ(parsed.fields().issued_at, kNow);
  ASSERT_EQ(parsed.fields().devices.size(), 3u);
  EXPECT_EQ(parsed.fields().devices[0], fields.devices[2]);
  ASSERT_NE(parsed.Find(DeviceId(7)), nullptr);
  EXPECT_EQ(*parsed.Find(DeviceId(7)), fields.devices[0]);
  EXPECT_EQ(parsed.Find(DeviceId(3)), nullptr);
}

TEST_F(DeviceListTest, DoesNotSurviveAnyDamage) {
  test::ForEachDamage(list_.record(),
                      [&](ByteView damaged) { EXPECT_FALSE(DeviceList::Parse(damaged).ok()); });
}

TEST_F(DeviceListTest, RefusesFieldsThatCannotBe) {
  const auto refused = [&](const auto& spoil) {
    DeviceList::Fields fields = First();
    spoil(fields);
    EXPECT_THAT(DeviceList::Sign(std::move(fields), account_), HasCode(Code::kInvalidArgument));
  };
  refused([](auto& f) { f.devices.clear(); });
  refused([](auto& f) { f.devices[0].id = DeviceId(0); });
  refused([](auto& f) { f.version = 0; });
  refused([](auto& f) { f.version = 2; });         // without the hash before it
  refused([](auto& f) { f.previous.fill(1); });    // version 1 with one
  refused([](auto& f) { f.issued_at = kNever; });  // overflows when a lifetime is added
  refused([](auto& f) { f.issued_at = Timestamp{-1}; });
  refused([&](auto& f) { f.devices.push_back(Entry(1)); });
  refused([](auto& f) { f.devices.push_back({DeviceId(2), f.devices[0].signing_key, kNow}); });
  refused([](auto& f) { f.account_key.fill(1); });
  refused([&](auto& f) {
    for (uint32_t id = 2; id <= kMaxDevices + 1; ++id) f.devices.push_back(Entry(id));
  });
}

TEST_F(DeviceListTest, HoldsTheMostDevices) {
  DeviceList::Fields fields = First();
  for (uint32_t id = 2; id <= kMaxDevices; ++id) fields.devices.push_back(Entry(id));
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceList list, DeviceList::Sign(fields, account_));
  EXPECT_THAT(DeviceList::Parse(list.record()), IsOk());
}

TEST_F(DeviceListTest, FirstSightIsJudgedByAgeAlone) {
  EXPECT_EQ(Judge(nullptr, list_, kNow), ListVerdict::kFirst);
  EXPECT_EQ(Judge(nullptr, list_, kNow + Days(21)), ListVerdict::kFirst);
  EXPECT_EQ(Judge(nullptr, list_, kNow + Days(21) + Milliseconds(1)), ListVerdict::kStale);
}

TEST_F(DeviceListTest, NewerChainsOnTheKnownOne) {
  const DeviceList second = Next(list_);
  const DeviceList third = Next(second);
  EXPECT_EQ(Judge(&list_, list_, kNow), ListVerdict::kSame);
  EXPECT_EQ(Judge(&list_, second, kNow), ListVerdict::kNewer);
  EXPECT_EQ(Judge(&list_, third, kNow), ListVerdict::kNewer);  // one was missed
}

TEST_F(DeviceListTest, RollbackIsNoticedEvenWhenItIsOldAsWell) {
  const DeviceList second = Next(list_);
  EXPECT_EQ(Judge(&second, list_, kNow), ListVerdict::kRolledBack);
  EXPECT_EQ(Judge(&second, list_, kNow + Days(100)), ListVerdict::kRolledBack);
}

TEST_F(DeviceListTest, ForkIsNoticedAtTheSameAndAtTheNextVersion) {
  const DeviceList other = *DeviceList::Sign(First(), account_);
  EXPECT_EQ(Judge(&list_, other, kNow), ListVerdict::kForked);
  EXPECT_EQ(Judge(&list_, Next(other), kNow), ListVerdict::kForked);
}

TEST_F(DeviceListTest, AnotherAccountKeyIsAnotherIdentityWhateverTheVersion) {
  const auto other_account = crypto::Ed25519KeyPair::Generate(rng_);
  DeviceList::Fields fields = First();
  fields.account_key = other_account.pub();
  fields.version = 9;
  fields.previous.fill(1);
  const DeviceList other = *DeviceList::Sign(fields, other_account);
  EXPECT_EQ(Judge(&list_, other, kNow), ListVerdict::kIdentityChanged);
  fields = First();
  fields.address = *Address::Parse("mallory@example.org");
  EXPECT_EQ(Judge(&list_, *DeviceList::Sign(fields, account_), kNow),
            ListVerdict::kIdentityChanged);
}

TEST_F(DeviceListTest, FrozenViewBecomesStale) {
  EXPECT_EQ(Judge(&list_, list_, kNow + Days(22)), ListVerdict::kStale);
  EXPECT_EQ(Judge(&list_, Next(list_, kNow), kNow + Days(22)), ListVerdict::kStale);
  EXPECT_EQ(Judge(&list_, Next(list_, kNow + Days(14)), kNow + Days(22)), ListVerdict::kNewer);
}

TEST_F(DeviceListTest, ClocksMayBeDaysApart) {
  EXPECT_EQ(Judge(nullptr, list_, kNow - Days(6)), ListVerdict::kFirst);
  EXPECT_EQ(Judge(&list_, list_, kNow + Days(20)), ListVerdict::kSame);
}

TEST(ListRef, HasAFixedEncoding) {
  ListRef ref{7, {}};
  ref.hash.fill(3);
  codec::Writer out;
  Write(out, ref);
  EXPECT_EQ(out.view().size(), kListRefSize);
  codec::Reader in(out.view());
  EXPECT_EQ(ReadListRef(in), ref);
  EXPECT_THAT(in.Finish(), IsOk());
}

}  // namespace
}  // namespace pawl::identity
