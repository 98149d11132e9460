// The generated C++ over the real library: identities, sessions, and what all calls have in common.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "pawl/pawl.hpp"

namespace {

using namespace std::string_view_literals;

const std::vector<uint8_t> kKey(PAWL_KEY_SIZE, 7);

pawl::ByteSpan AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}
std::string AsText(pawl::ByteSpan bytes) { return {bytes.begin(), bytes.end()}; }

struct Pair {
  pawl::Identity alice = *pawl::Identity::create("alice@example.org");
  pawl::Identity bob = *pawl::Identity::create("bob@example.org");
  pawl::Buffer alice_bundle = *alice.bundle();
  pawl::Buffer bob_bundle = *bob.bundle();
};

TEST(Identity, TwoOfThemHoldAConversation) {
  Pair pair;
  pawl::Session to_bob = *pawl::Session::initiate(pair.alice, pair.bob_bundle);
  const auto first = *to_bob.encrypt(AsBytes("hello"));
  EXPECT_EQ(*pair.bob.peek_sender(first), "alice@example.org");
  auto [bytes, to_alice] = *pawl::Session::accept(pair.bob, pair.alice_bundle, nullptr, first);
  EXPECT_EQ(AsText(bytes), "hello");
  EXPECT_TRUE(*to_alice.recognises(*to_bob.encrypt({})));
  EXPECT_EQ(AsText(*to_bob.decrypt(*to_alice.encrypt(AsBytes("and back")))), "and back");
  EXPECT_TRUE(to_bob.get_info()->is_initiator);
  EXPECT_EQ(*to_alice.peer_address(), "alice@example.org");
  EXPECT_EQ(*pair.alice.safety_number(pair.bob_bundle), *pair.bob.safety_number(pair.alice_bundle));
  EXPECT_EQ(pair.alice.safety_number(pair.bob_bundle)->size(), PAWL_SAFETY_NUMBER_SIZE - 1);
}

TEST(Identity, AnEmptyTextIsAMessageToo) {
  Pair pair;
  const pawl::Session session = *pawl::Session::initiate(pair.alice, pair.bob_bundle);
  const auto first = session.encrypt();
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(pawl::Session::accept(pair.bob, pair.alice_bundle, nullptr, *first)->bytes.empty());
}

TEST(Identity, AnEnvelopeIsAsLongAsWasSaid) {
  Pair pair;
  const pawl::Session session = *pawl::Session::initiate(pair.alice, pair.bob_bundle);
  EXPECT_EQ(session.encrypt(kKey)->size(), *session.encrypted_size(kKey.size()));
}

TEST(Identity, IsRestoredFromWhatWasSaved) {
  Pair pair;
  const pawl::Buffer sealed = *pair.alice.save(kKey);
  EXPECT_EQ(*pawl::Identity::restore(sealed, kKey)->address(), "alice@example.org");
  std::vector<uint8_t> wrong = kKey;
  wrong[0] ^= 1;
  const auto refused = pawl::Identity::restore(sealed, wrong);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.status(), PAWL_E_AUTH_FAILED);
  EXPECT_EQ(refused.error().name(), "AUTH_FAILED");
  EXPECT_FALSE(refused.error().message().empty());
  EXPECT_FALSE(refused.error().retryable());
  EXPECT_FALSE(refused.error().retry_after().has_value());
}

TEST(Identity, AKeyOfAnotherSizeIsRefused) {
  Pair pair;
  EXPECT_EQ(pair.alice.save(AsBytes("short")).status(), PAWL_E_INVALID_ARGUMENT);
}

TEST(Texts, ANulInsideIsRefusedAndNotTheEnd) {
  EXPECT_TRUE(pawl::Identity::create("alice@example.org").ok());
  const auto refused = pawl::Identity::create("alice@example.org\0.evil"sv);
  EXPECT_EQ(refused.status(), PAWL_E_INVALID_ARGUMENT);
  EXPECT_EQ(refused.error().message(), "a text has a NUL inside");
}

TEST(Texts, AViewNeedNotEndWithANul) {
  const std::string_view longer = "alice@example.organic";
  EXPECT_EQ(*pawl::Identity::create(longer.substr(0, 17))->address(), "alice@example.org");
}

TEST(Handles, MoveAndLeaveNothingBehind) {
  static_assert(!std::is_copy_constructible_v<pawl::Identity>);
  static_assert(std::is_nothrow_move_assignable_v<pawl::Identity>);
  pawl::Identity one = *pawl::Identity::create("alice@example.org");
  pawl_identity* const raw = one.raw();
  pawl::Identity other = std::move(one);
  EXPECT_EQ(other.raw(), raw);
  EXPECT_EQ(one.raw(), nullptr);
  EXPECT_EQ(one.address().status(), PAWL_E_BAD_HANDLE);
  other = *pawl::Identity::create("bob@example.org");
  EXPECT_EQ(*other.address(), "bob@example.org");
}

TEST(Handles, AClosedOneSaysSo) {
  const pawl::Identity identity = *pawl::Identity::create("alice@example.org");
  identity.close();
  EXPECT_EQ(identity.address().status(), PAWL_E_CLOSED);
}

TEST(Handles, TakeOverWhatCMade) {
  pawl_identity* made = nullptr;
  ASSERT_EQ(pawl_identity_create("alice@example.org", &made), PAWL_OK);
  EXPECT_EQ(*pawl::Identity(made).address(), "alice@example.org");
  pawl_buffer* sealed = nullptr;
  EXPECT_EQ(pawl_identity_save(made, kKey.data(), kKey.size(), &sealed), PAWL_E_BAD_HANDLE);
}

TEST(Functions, AreThoseOfTheLibrary) {
  EXPECT_EQ(pawl::version_string(), pawl_version_string());
  EXPECT_EQ(pawl::version(), static_cast<uint32_t>(PAWL_VERSION_NUMBER));
  EXPECT_EQ(pawl::status_name(PAWL_E_TIMEOUT), "TIMEOUT");
}

}  // namespace
