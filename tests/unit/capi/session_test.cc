#include "pawl/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "pawl/buffer.h"
#include "pawl/identity.h"

namespace pawl::capi {
namespace {

class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(pawl_identity_create("alice@example.org", &alice_), PAWL_OK);
    ASSERT_EQ(pawl_identity_create("bob@example.org", &bob_), PAWL_OK);
    ASSERT_EQ(pawl_identity_bundle(alice_, &from_alice_), PAWL_OK);
    ASSERT_EQ(pawl_identity_bundle(bob_, &from_bob_), PAWL_OK);
    ASSERT_EQ(pawl_session_initiate(alice_, pawl_buffer_data(from_bob_),
                                    pawl_buffer_size(from_bob_), nullptr, &to_bob_),
              PAWL_OK);
  }
  void TearDown() override {
    pawl_session_release(to_bob_);
    pawl_session_release(to_alice_);
    pawl_buffer_release(from_alice_);
    pawl_buffer_release(from_bob_);
    pawl_identity_release(alice_);
    pawl_identity_release(bob_);
  }
  std::vector<uint8_t> Seal(pawl_session* session, uint8_t what) {
    std::vector<uint8_t> out(4096);
    size_t length = 0;
    EXPECT_EQ(pawl_session_encrypt(session, &what, 1, out.data(), out.size(), &length), PAWL_OK);
    out.resize(length);
    return out;
  }
  void Accept() {
    const std::vector<uint8_t> first = Seal(to_bob_, 1);
    std::vector<uint8_t> out(first.size());
    size_t length = 0;
    ASSERT_EQ(pawl_session_accept(bob_, pawl_buffer_data(from_alice_),
                                  pawl_buffer_size(from_alice_), nullptr, first.data(),
                                  first.size(), out.data(), out.size(), &length, &to_alice_),
              PAWL_OK);
    ASSERT_EQ(length, 1u);
  }

  pawl_identity *alice_ = nullptr, *bob_ = nullptr;
  pawl_buffer *from_alice_ = nullptr, *from_bob_ = nullptr;
  pawl_session *to_bob_ = nullptr, *to_alice_ = nullptr;
};

TEST_F(SessionTest, TheAnnouncedSizeIsTheOneWritten) {
  std::vector<uint8_t> plain(70'000), out(70'000);
  for (const size_t size : {0, 1, 100, 300, 5'000, 20'000, 60'000}) {
    size_t announced = 0, length = 0;
    ASSERT_EQ(pawl_session_encrypted_size(to_bob_, size, &announced), PAWL_OK);
    ASSERT_EQ(pawl_session_encrypt(to_bob_, plain.data(), size, out.data(), out.size(), &length),
              PAWL_OK);
    EXPECT_EQ(announced, length);
    EXPECT_EQ(length & (length - 1), 0u) << "a power of two";
  }
}

TEST_F(SessionTest, ThreadsThatShareASessionNeitherLoseNorRepeat) {
  Accept();
  constexpr int kThreads = 4, kEach = 50;
  std::vector<std::vector<uint8_t>> envelopes(kThreads * kEach);
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        const size_t at = next++;
        envelopes[at] = Seal(to_bob_, static_cast<uint8_t>(at));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  threads.clear();
  std::atomic<int> opened{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&] {
      // Everybody tries all: each opens for exactly one of them.
      for (size_t at = 0; at < envelopes.size(); ++at) {
        uint8_t out[4096];
        size_t length = 0;
        const pawl_status status = pawl_session_decrypt(
            to_alice_, envelopes[at].data(), envelopes[at].size(), out, sizeof out, &length);
        if (status == PAWL_OK) {
          EXPECT_EQ(out[0], static_cast<uint8_t>(at));
          ++opened;
        } else {
          EXPECT_EQ(status, PAWL_E_REPLAYED);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(opened, kThreads * kEach);
}

TEST_F(SessionTest, InfoGoesAsFarAsTheCallersStruct) {
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  ASSERT_EQ(pawl_session_get_info(to_bob_, &info), PAWL_OK);
  EXPECT_EQ(info.is_initiator, 1);
  EXPECT_EQ(info.is_confirmed, 0);
  EXPECT_EQ(info.needs_fresh_session, 0);
  EXPECT_GT(info.created_ms, 0);
  EXPECT_TRUE(info.suite == PAWL_SUITE_AEGIS_256 || info.suite == PAWL_SUITE_XCHACHA20_POLY1305);
  info.struct_size = 8;
  EXPECT_EQ(pawl_session_get_info(to_bob_, &info), PAWL_E_INVALID_ARGUMENT);
  char address[PAWL_ADDRESS_SIZE];
  size_t length = 0;
  ASSERT_EQ(pawl_session_peer_address(to_bob_, address, sizeof address, &length), PAWL_OK);
  EXPECT_STREQ(address, "bob@example.org");
}

TEST_F(SessionTest, AfterAThousandUnansweredMessagesAFreshOneIsNeeded) {
  std::vector<uint8_t> out(4096);
  size_t length = 0;
  pawl_status status = PAWL_OK;
  int sent = 0;
  while (status == PAWL_OK && sent < 2000) {
    status = pawl_session_encrypt(to_bob_, nullptr, 0, out.data(), out.size(), &length);
    sent += status == PAWL_OK ? 1 : 0;
  }
  EXPECT_EQ(status, PAWL_E_WRONG_STATE);
  EXPECT_EQ(sent, 1000);
  pawl_session_info info = PAWL_SESSION_INFO_INIT;
  ASSERT_EQ(pawl_session_get_info(to_bob_, &info), PAWL_OK);
  EXPECT_EQ(info.needs_fresh_session, 1);
}

}  // namespace
}  // namespace pawl::capi
