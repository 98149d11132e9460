#include "ratchet/braid/scheme.h"

#include <gtest/gtest.h>

#include <set>

#include "pair.h"

namespace pawl::ratchet::braid {
namespace {

TEST(Scheme, NoTwoOfItsOutputsAreTheSame) {
  std::set<std::string> seen;
  const auto is_new = [&](ByteView bytes) { return seen.emplace(AsText(bytes)).second; };
  const ByteArray<32> zeros{};
  for (const uint64_t epoch : {1u, 2u, 256u}) {
    const auto keys = scheme.authenticate(AuthRoot::Zero(), zeros, Epoch(epoch));
    EXPECT_TRUE(is_new(keys.root.Expose()) && is_new(keys.mac.Expose()));
    EXPECT_TRUE(is_new(scheme.epoch_secret(crypto::SharedSecret::Zero(), Epoch(epoch)).Expose()));
    EXPECT_TRUE(is_new(scheme.header_mac(MacKey::Zero(), Epoch(epoch), {})));
    EXPECT_TRUE(is_new(scheme.ciphertext_mac(MacKey::Zero(), Epoch(epoch), {}, {})));
  }
  const EpochKeys first = scheme.start(AuthKey::Zero());
  const EpochKeys next = scheme.add_epoch(ChainRoot::Zero(), EpochSecret::Zero());
  for (const EpochKeys* keys : {&first, &next}) {
    EXPECT_TRUE(is_new(keys->root.Expose()) && is_new(keys->a_to_b.Expose()) &&
                is_new(keys->b_to_a.Expose()));
  }
  for (const uint32_t index : {1u, 2u}) {
    const ChainStep step = scheme.step(ChainKey::Zero(), index);
    EXPECT_TRUE(is_new(step.next.Expose()) && is_new(step.key.Expose()));
  }
}

TEST(Scheme, ItsSizesFit) {
  EXPECT_LE(ProductionScheme().chunk_size, kMaxChunkSize);
  EXPECT_EQ(ProductionScheme().chunk_size % 2, 0u);
}

}  // namespace
}  // namespace pawl::ratchet::braid
