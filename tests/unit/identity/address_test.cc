#include "identity/address.h"

#include <gtest/gtest.h>

#include "support/flip.h"
#include "support/matchers.h"

namespace pawl::identity {
namespace {

using test::HasCode;
using test::IsOk;

Bytes Encode(const DeviceAddress& address) {
  codec::Writer out;
  Write(out, address);
  return ToBytes(out.view());
}

absl::StatusOr<DeviceAddress> Decode(ByteView bytes) {
  codec::Reader in(bytes);
  PAWL_ASSIGN(DeviceAddress address, ReadDeviceAddress(in));
  PAWL_TRY(in.Finish());
  return address;
}

TEST(Address, ParsesAndPrintsTheSameText) {
  for (const char* text : {"alice@example.org", "a@b", "a.b_c-9@relay.example.org:8443", "0@0:1",
                           "bob@localhost:65535"}) {
    SCOPED_TRACE(text);
    PAWL_ASSERT_OK_AND_ASSIGN(const Address address, Address::Parse(text));
    EXPECT_EQ(address.ToString(), text);
  }
}

TEST(Address, RefusesEverySpellingButOne) {
  for (const char* text : {"",
                           "@",
                           "alice",
                           "alice@",
                           "@example.org",
                           "Alice@example.org",
                           "alice@Example.org",
                           ".alice@example.org",
                           "alice.@example.org",
                           "al ice@example.org",
                           "alice@@example.org",
                           "alice@example.org@x",
                           "alice@-example.org",
                           "alice@example.org.",
                           "alice@example.org:",
                           "alice@example.org:0",
                           "alice@example.org:08",
                           "alice@example.org:65536",
                           "alice@example.org:+1",
                           "alice@:80",
                           "alice@a:1:2",
                           "alice@example.org/1",
                           "älice@b"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(Address::Parse(text), HasCode(Code::kInvalidArgument));
  }
}

TEST(Address, IsBoundedInLength) {
  const std::string name64(64, 'n');
  const std::string domain253(253, 'd');
  EXPECT_THAT(Address::Create(name64, domain253), IsOk());
  EXPECT_THAT(Address::Create(name64 + "n", domain253), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Address::Create(name64, domain253 + "d"), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Address::Create(name64, std::string(251, 'd') + ":80"),
              HasCode(Code::kInvalidArgument));
}

TEST(DeviceAddress, ParsesAndPrintsTheSameText) {
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceAddress address,
                            DeviceAddress::Parse("alice@example.org:80/4294967295"));
  EXPECT_EQ(address.device, DeviceId(4294967295));
  EXPECT_EQ(address.account.domain(), "example.org:80");
  EXPECT_EQ(address.ToString(), "alice@example.org:80/4294967295");
}

TEST(DeviceAddress, RefusesIdsThatAreNoPlainPositiveNumber) {
  for (const char* text : {"alice@example.org", "alice@example.org/", "alice@example.org/0",
                           "alice@example.org/01", "alice@example.org/-1", "alice@example.org/1 ",
                           "alice@example.org/4294967296", "alice@example.org/1/2"}) {
    SCOPED_TRACE(text);
    EXPECT_THAT(DeviceAddress::Parse(text), HasCode(Code::kInvalidArgument));
  }
}

TEST(DeviceAddress, HasOneEncoding) {
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceAddress address,
                            DeviceAddress::Parse("alice@example.org/7"));
  const Bytes encoded = Encode(address);
  PAWL_ASSERT_OK_AND_ASSIGN(const DeviceAddress decoded, Decode(encoded));
  EXPECT_EQ(decoded, address);
  test::ForEachDamage(encoded, [&](ByteView damaged) {
    const auto other = Decode(damaged);
    if (other.ok()) {
      EXPECT_EQ(Encode(*other), ToBytes(damaged));
    } else {
      EXPECT_THAT(other, HasCode(Code::kMalformed));
    }
  });
}

TEST(DeviceAddress, OrdersByAccountThenDevice) {
  const auto at = [](const char* text) { return *DeviceAddress::Parse(text); };
  EXPECT_LT(at("alice@a/2"), at("bob@a/1"));
  EXPECT_LT(at("alice@a/2"), at("alice@a/10"));
}

}  // namespace
}  // namespace pawl::identity
