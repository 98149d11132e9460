#include "store/key_wrap.h"

#include "codec/writer.h"
#include "crypto/hash.h"
#include "support/flip.h"
#include "unit/store/test_store.h"

namespace pawl::store {
namespace {

class KeyWrap : public StoreTest {
 protected:
  DatabaseKeys OneKey() { return {DatabaseKey::From(HashOf(1)), std::nullopt}; }
  Bytes Wrap(const WrapKey& key) {
    const auto file = WrapKeys(OneKey(), key, CheapArgon2(), rng_);
    EXPECT_THAT(file, IsOk());
    return file.ok() ? *file : Bytes();
  }
  // The file with `params` in place of its own and a checksum that holds.
  static Bytes WithParams(Bytes file, uint32_t memory_mib, uint32_t passes) {
    codec::FixedWriter(MutableByteView(file).subspan(10, 8)).U32(memory_mib).U32(passes);
    const crypto::Hash32 checksum = crypto::Blake2b256({ByteView(file).first(kKeyWrapSize - 32)});
    std::copy(checksum.begin(), checksum.end(), file.end() - 32);
    return file;
  }
};

TEST_F(KeyWrap, HostKeyGivesTheKeysBack) {
  const WrapKey key = HostKeyOf(7);
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys keys, UnwrapKeys(Wrap(key), key));
  EXPECT_TRUE(keys.current.Equals(DatabaseKey::From(HashOf(1))));
  EXPECT_FALSE(keys.next.has_value());
}

TEST_F(KeyWrap, PassphraseGivesTheKeysBackUnderTheParametersInTheFile) {
  const WrapKey key = PassphraseOf("correct horse");
  const Bytes file = Wrap(key);
  EXPECT_EQ(file.size(), kKeyWrapSize);
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys keys, UnwrapKeys(file, key));
  EXPECT_TRUE(keys.current.Equals(DatabaseKey::From(HashOf(1))));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto params, WrapParams(file));
  ASSERT_TRUE(params.has_value());
  EXPECT_EQ(params->memory_mib, crypto::kArgon2FloorMib);
  EXPECT_EQ(params->passes, 1u);
}

TEST_F(KeyWrap, BothKeysOfAReencryptionAreKept) {
  const WrapKey key = HostKeyOf(7);
  const DatabaseKeys keys{DatabaseKey::From(HashOf(1)), DatabaseKey::From(HashOf(2))};
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes file, WrapKeys(keys, key, {}, rng_));
  EXPECT_EQ(file.size(), kKeyWrapSize);
  PAWL_ASSERT_OK_AND_ASSIGN(const DatabaseKeys found, UnwrapKeys(file, key));
  EXPECT_TRUE(found.current.Equals(keys.current));
  ASSERT_TRUE(found.next.has_value());
  EXPECT_TRUE(found.next->Equals(*keys.next));
}

TEST_F(KeyWrap, AnotherKeyIsWrongAndNotCorrupt) {
  EXPECT_THAT(UnwrapKeys(Wrap(HostKeyOf(7)), HostKeyOf(8)), HasCode(Code::kWrongKey));
  EXPECT_THAT(UnwrapKeys(Wrap(PassphraseOf("a")), PassphraseOf("b")), HasCode(Code::kWrongKey));
}

TEST_F(KeyWrap, AnotherKindOfKeyIsWrong) {
  EXPECT_THAT(UnwrapKeys(Wrap(HostKeyOf(7)), PassphraseOf("a")), HasCode(Code::kWrongKey));
  EXPECT_THAT(UnwrapKeys(Wrap(PassphraseOf("a")), HostKeyOf(7)), HasCode(Code::kWrongKey));
}

TEST_F(KeyWrap, EveryDamageIsCorruptAndNeverAWrongKey) {
  const WrapKey key = HostKeyOf(7);
  const Bytes file = Wrap(key);
  test::ForEachDamage(file, [&](const Bytes& damaged) {
    const Code code = CodeOf(UnwrapKeys(damaged, key));
    EXPECT_TRUE(code == Code::kCorrupt || code == Code::kUnsupportedVersion) << CodeName(code);
  });
}

TEST_F(KeyWrap, ALaterVersionIsNamedAsSuch) {
  Bytes file = Wrap(HostKeyOf(7));
  file[8] = 2;
  file.resize(400);
  EXPECT_THAT(UnwrapKeys(file, HostKeyOf(7)), HasCode(Code::kUnsupportedVersion));
}

// A file may not make us allocate the host's memory, nor weaken the passphrase.
TEST_F(KeyWrap, ParametersOutOfBoundsAreRefusedBeforeTheyCost) {
  const WrapKey key = PassphraseOf("a");
  const Bytes file = Wrap(key);
  for (const auto& [memory, passes] : {std::pair<uint32_t, uint32_t>{63, 1},
                                       {1025, 1},
                                       {UINT32_MAX, 1},
                                       {64, 0},
                                       {64, 17},
                                       {64, UINT32_MAX}}) {
    EXPECT_THAT(UnwrapKeys(WithParams(file, memory, passes), key), HasCode(Code::kCorrupt));
  }
  EXPECT_THAT(UnwrapKeys(WithParams(file, 64, 1), key), IsOk());
  // Within bounds but not what it was sealed with: the header is authenticated.
  EXPECT_THAT(UnwrapKeys(WithParams(file, 64, 2), key), HasCode(Code::kWrongKey));
}

TEST_F(KeyWrap, WritingOutOfBoundsIsRefused) {
  for (const crypto::Argon2Params params : {crypto::Argon2Params{63, 1}, {1025, 1}, {64, 0}}) {
    EXPECT_THAT(WrapKeys(OneKey(), PassphraseOf("a"), params, rng_),
                HasCode(Code::kInvalidArgument));
  }
  EXPECT_THAT(WrapKeys(OneKey(), PassphraseOf(""), CheapArgon2(), rng_),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(WrapKeys(OneKey(), PassphraseOf(std::string(1025, 'a')), CheapArgon2(), rng_),
              HasCode(Code::kInvalidArgument));
}

TEST_F(KeyWrap, TwoFilesOfTheSameKeysShareNothing) {
  const Bytes a = Wrap(HostKeyOf(7));
  const Bytes b = Wrap(HostKeyOf(7));
  EXPECT_NE(Bytes(a.begin() + 34, a.begin() + 58), Bytes(b.begin() + 34, b.begin() + 58));
  EXPECT_NE(Bytes(a.begin() + 58, a.end()), Bytes(b.begin() + 58, b.end()));
}

}  // namespace
}  // namespace pawl::store
