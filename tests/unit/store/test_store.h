#ifndef PAWL_TESTS_UNIT_STORE_TEST_STORE_H_
#define PAWL_TESTS_UNIT_STORE_TEST_STORE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "crypto/init.h"
#include "store/store.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::store {

using test::HasCode;
using test::IsOk;
using test::IsOkAndHolds;

template <typename Id>
Id IdOf(uint8_t n) {
  typename Id::Underlying bytes{};
  bytes.fill(n);
  return Id(bytes);
}
inline ByteArray<32> HashOf(uint8_t n) {
  ByteArray<32> bytes{};
  bytes.fill(n);
  return bytes;
}
inline ByteArray<16> TagOf(uint8_t n) {
  ByteArray<16> bytes{};
  bytes.fill(n);
  return bytes;
}
inline HostKey HostKeyOf(uint8_t n) { return HostKey::From(HashOf(n)); }
inline crypto::SecretBytes SecretOf(std::string_view text) {
  return crypto::SecretBytes::From(AsBytes(text));
}
inline std::string TextOf(const crypto::SecretBytes& secret) {
  return std::string(AsText(secret.Expose()));
}
inline Passphrase PassphraseOf(std::string_view text) { return {SecretOf(text)}; }
// The least work that a file may ask for.
inline crypto::Argon2Params CheapArgon2() { return {crypto::kArgon2FloorMib, 1}; }

// What a lost write does is decided by db::ShimVfs, not by the disk underneath: in memory, where
// there is such a file system, thousands of flushes take no time.
class MemoryFolder {
 public:
  MemoryFolder() {
    if (::access("/dev/shm", W_OK) == 0) ::setenv("TMPDIR", "/dev/shm", 0);
  }
};

inline std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A folder with room for a store and, beside it, its anchors.
class StoreTest : private MemoryFolder, public ::testing::Test {
 protected:
  StoreTest() { EXPECT_THAT(crypto::Init(), IsOk()); }

  std::string StoreDir() const { return temp_.File("store"); }
  std::string AnchorDir() const { return temp_.File("anchors"); }

  OpenOptions Options() const {
    OpenOptions options;
    options.dir = StoreDir();
    options.key = HostKeyOf(7);
    options.create_if_missing = true;
    options.anchor = AnchorFile{AnchorDir()};
    return options;
  }
  absl::StatusOr<std::unique_ptr<Store>> TryOpen(OpenOptions options) {
    return Store::Open(std::move(options), now_, rng_);
  }
  // The store, made when it is not there; null (and a failure) when it does not open.
  std::unique_ptr<Store> Open() {
    auto store = TryOpen(Options());
    EXPECT_THAT(store, IsOk());
    return store.ok() ? *std::move(store) : nullptr;
  }

  test::TempDir temp_;
  test::SeededRng rng_{1};
  Timestamp now_{1'700'000'000'000};
};

// A store with a transaction that each test works in.
class GatewayTest : public StoreTest {
 protected:
  void SetUp() override {
    store_ = Open();
    ASSERT_NE(store_, nullptr);
    Begin();
  }
  void Begin() {
    auto begun = store_->Begin();
    ASSERT_THAT(begun, IsOk());
    tx_.emplace(*std::move(begun));
  }
  // Ends the transaction, closes the store, opens it again and begins another.
  void Reopen() {
    ASSERT_THAT(tx_->Commit(now_), IsOk());
    tx_.reset();
    store_.reset();
    SetUp();
  }

  std::unique_ptr<Store> store_;
  std::optional<Transaction> tx_;
};

}  // namespace pawl::store

#endif  // PAWL_TESTS_UNIT_STORE_TEST_STORE_H_
