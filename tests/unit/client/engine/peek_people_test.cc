#include "client/engine/peek_people.h"

#include "unit/client/engine/peek_world.h"

namespace pawl::client {
namespace {

using identity::DeviceList;
using test::HasCode;

class PeekPeopleTest : public PeekWorld {
 protected:
  // What a peek knows of Bob's list: its version, 0 when there is none.
  uint32_t VersionWith(const std::vector<DeviceList>& lists) {
    const auto snapshot = world_.Look();
    PeekPeople people(*snapshot, *world_.state().self, lists, world_.clock.Now());
    const DeviceList* list = Must(people.ListOf(bobs_.account));
    return list ? list->ref().version : 0;
  }
  DeviceList Next(const test::TestDevice& of) {
    DeviceList::Fields fields = of.list.fields();
    fields.version += 1;
    fields.previous = of.list.hash();
    fields.issued_at = fields.issued_at + Milliseconds(1);
    return Must(DeviceList::Sign(std::move(fields), of.account));
  }
};

TEST_F(PeekPeopleTest, AFetchedListCountsWhereItIsTheFirstOrANewerOne) {
  EXPECT_EQ(VersionWith({}), 0u);
  EXPECT_EQ(VersionWith({bob_.list}), 1u);
  const DeviceList next = Next(bob_);
  world_.Know(bob_);
  EXPECT_EQ(VersionWith({}), 1u);
  EXPECT_EQ(VersionWith({next}), 2u);
  const test::TestDevice carol("carol@example.org/1", 8);
  EXPECT_EQ(VersionWith({carol.list}), 1u) << "another account's";
}

TEST_F(PeekPeopleTest, AListThatContradictsWhatIsKnownDoesNot) {
  world_.Know(bob_);
  const test::TestDevice impostor("bob@example.org/1", 99);
  EXPECT_EQ(VersionWith({Next(impostor)}), 1u);
}

TEST_F(PeekPeopleTest, APinIsHeldAgainstTheFirstList) {
  const test::TestDevice impostor("bob@example.org/1", 99);
  EXPECT_THAT(world_.Step([&](Batch& batch) {
    batch.peers.Edit(bobs_.account, batch.now).pin = {bob_.account.pub(), {2, {}}};
    return OkStatus();
  }),
              IsOk());
  EXPECT_EQ(VersionWith({Next(impostor)}), 0u);
  EXPECT_EQ(VersionWith({bob_.list}), 0u) << "older than what is known to exist";
  EXPECT_EQ(VersionWith({Next(bob_)}), 2u);
}

TEST_F(PeekPeopleTest, OurOwnListIsOurOwn) {
  const auto snapshot = world_.Look();
  const std::vector<DeviceList> no_lists{};
  PeekPeople people(*snapshot, *world_.state().self, no_lists, world_.clock.Now());
  const DeviceList* own = Must(people.ListOf(people.self().address()));
  ASSERT_NE(own, nullptr);
  EXPECT_THAT(RemoteIn(*own, people.self().device.address), IsOk());
  EXPECT_THAT(RemoteIn(*own, {people.self().address(), DeviceId(9)}),
              HasCode(Code::kDeviceNotListed));
}

}  // namespace
}  // namespace pawl::client
