#include "ratchet/profile.h"

#include <gtest/gtest.h>

#include <set>

#include "support/hex.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet {
namespace {

using test::ToHex;

template <typename Key>
Key Filled(uint8_t byte) {
  Key key = Key::Zero();
  std::fill(key.Writable().begin(), key.Writable().end(), byte);
  return key;
}

const Profile& P() { return ProductionProfile(); }

// The formulas of FORMAT.md computed by another implementation (Python's hashlib and hmac).
TEST(ProductionProfile, RootStepIsHkdfSha512) {
  const RootOutput out = P().root(Filled<RootKey>(1), Filled<crypto::SharedSecret>(2), nullptr);
  EXPECT_EQ(ToHex(out.root.Expose()),
            "1611eafcaec6c459d84b128953716981913ca564a731045d8f5980ac7d8d4597");
  EXPECT_EQ(ToHex(out.chain.Expose()),
            "55ae142088b492860095666b1d9036d128232a2aa3a161c95c3638dd3a3c042c");
  EXPECT_EQ(ToHex(out.next.header.Expose()),
            "503617a748682b1a2f7b7aa25089a6f6eeb52c640f8284b0646a91e1bd018c05");
  EXPECT_EQ(ToHex(out.next.tag.Expose()),
            "94613ab0f435b98676ee46271a8aca77b79467c7a00c394c3ed5c61f9147532d");
}

TEST(ProductionProfile, ResumedRootStepHasItsOwnLabelAndInput) {
  const ResumptionSecret secret = Filled<ResumptionSecret>(3);
  const RootOutput out = P().root(Filled<RootKey>(1), Filled<crypto::SharedSecret>(2), &secret);
  EXPECT_EQ(ToHex(out.root.Expose()),
            "432dabd6fe69b7f43477e2dad0a652ab8bb16d98ac7bbe28e7c61197e8fd866b");
}

TEST(ProductionProfile, ChainStepIsKeyedBlake2b) {
  const ChainOutput out = P().chain(Filled<ChainKey>(4));
  EXPECT_EQ(ToHex(out.next.Expose()),
            "db5aaf25ebd3e93af953b10d158003b657cf6a0976e2c1ad0cbad169a538f097");
  EXPECT_EQ(ToHex(out.seed.Expose()),
            "60e4b9cc431b4251122af5e3b8598247d615cc2dade8ac36760402726e0b9a8c");
}

TEST(ProductionProfile, BodyKeyAndNonceComeFromSeedPqKeyAndSalt) {
  Salt salt;
  salt.fill(7);
  const BodyKeys out = P().body(Filled<MessageSeed>(5), Filled<PqKey>(6), salt);
  EXPECT_EQ(ToHex(out.key.Expose()),
            "40e4d2e7707546954062cbc04c9d8c94318040531d3b27c5d8a7e04242d3474c");
  EXPECT_EQ(ToHex(out.nonce), "9eaaa01013524cb38430ec577096e34159c67739739a583d49a68f5ea7119821");
}

TEST(ProductionProfile, TagIsKeyedBlake2bOfTheNumber) {
  EXPECT_EQ(ToHex(P().tag(Filled<TagKey>(8), 0x01020304).value()),
            "51a30e00135e12fba4467238a45e6990");
}

TEST(ProductionProfile, EveryInputOfABodyKeyMatters) {
  Salt salt{};
  std::set<std::string> keys;
  const auto add = [&](uint8_t seed, uint8_t pq) {
    keys.insert(ToHex(P().body(Filled<MessageSeed>(seed), Filled<PqKey>(pq), salt).key.Expose()));
  };
  add(0, 0);
  add(1, 0);
  add(0, 1);
  salt[23] = 1;
  add(0, 0);
  EXPECT_EQ(keys.size(), 4u);
}

TEST(ProductionProfile, TagsOfOneChainDiffer) {
  std::set<RouteTag> tags;
  const TagKey key = Filled<TagKey>(8);
  for (uint32_t n = 0; n < 1000; ++n) tags.insert(P().tag(key, n));
  EXPECT_EQ(tags.size(), 1000u);
}

}  // namespace
}  // namespace pawl::ratchet
