// The generated C++ over the real library: a client with nobody to talk to, its options and pages.

#include <gtest/gtest.h>
#include <malloc.h>
#include <stdlib.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <new>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include "pawl/pawl.hpp"

namespace {

// How often memory was freed that still held kSecret.
constexpr char kSecret[] = "a secret that is longer than what a string keeps inside";
std::atomic<bool> watching = false;
std::atomic<int> spilt = 0;

// Compilers differ in whether they say how large it was.
void Free(void* memory) {
  const size_t size = memory == nullptr ? 0 : malloc_usable_size(memory);
  if (watching && size >= sizeof(kSecret) - 1 &&
      memmem(memory, size, kSecret, sizeof(kSecret) - 1) != nullptr) {
    ++spilt;
  }
  std::free(memory);
}

}  // namespace

void* operator new(size_t size) {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete(void* memory, size_t) noexcept { Free(memory); }

namespace {

static_assert(std::ranges::input_range<pawl::Events>);
static_assert(std::ranges::input_range<pawl::Contacts>);
static_assert(std::is_aggregate_v<pawl::ClientOptions>);

class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "pawl-cpp-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~ClientTest() override { std::filesystem::remove_all(folder_); }

  pawl::ClientOptions Options() const {
    return {.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE,
            .store_dir = folder_ + "/store",
            .host_key = std::vector<uint8_t>(PAWL_KEY_SIZE, 5),
            .relay_url = "ws://127.0.0.1:9",
            .anchor_dir = folder_ + "/anchor"};
  }

  std::string folder_;
};

TEST_F(ClientTest, BeginsWithoutAnAccountAndWithEmptyPages) {
  const pawl::Client client = *pawl::Client::open(Options());
  EXPECT_EQ(client.account_get_info()->state, PAWL_ACCOUNT_NONE);
  EXPECT_TRUE(client.contacts()->empty());
  EXPECT_EQ(client.conversations()->size(), 0u);
  EXPECT_EQ(client.contacts()->begin(), client.contacts()->end());
  EXPECT_GE(*client.event_fd(), 0);
}

TEST_F(ClientTest, TellsWhatItsOptionsWereWrongAbout) {
  EXPECT_EQ(pawl::Client::open({}).status(), PAWL_E_INVALID_ARGUMENT);
  pawl::ClientOptions options = Options();
  options.flags = PAWL_CLIENT_OFFLINE;
  EXPECT_EQ(pawl::Client::open(options).status(), PAWL_E_NOT_FOUND);
  EXPECT_TRUE(pawl::Client::open(Options()).ok());
  options.host_key[0] ^= 1;
  EXPECT_EQ(pawl::Client::open(options).status(), PAWL_E_WRONG_KEY);
}

TEST_F(ClientTest, RefusesANulInAnyTextOfItsOptions) {
  for (std::string pawl::ClientOptions::*text :
       {&pawl::ClientOptions::store_dir, &pawl::ClientOptions::passphrase,
        &pawl::ClientOptions::relay_url, &pawl::ClientOptions::ca_file,
        &pawl::ClientOptions::anchor_dir}) {
    pawl::ClientOptions options = Options();
    (options.*text).push_back('\0');
    const auto refused = pawl::Client::open(options);
    EXPECT_EQ(refused.status(), PAWL_E_INVALID_ARGUMENT);
    EXPECT_EQ(refused.error().message(), "a text has a NUL inside");
  }
  EXPECT_FALSE(std::filesystem::exists(folder_ + "/store"));
}

TEST_F(ClientTest, GivesEventsAsARangeThatOutlivesTheCall) {
  const pawl::Client client = *pawl::Client::open(Options());
  const auto request = client.attachment_cancel(pawl::Id());
  ASSERT_TRUE(request.ok()) << request.error().name();
  auto events = client.wait_events(64, 60'000);
  ASSERT_TRUE(events.ok()) << events.error().name();
  ASSERT_EQ(events->size(), 1u);
  EXPECT_EQ((*events)[0].type, PAWL_EVENT_COMPLETED);
  for (const pawl_event& event : *std::move(events)) {
    EXPECT_EQ(event.request_id, *request);
    EXPECT_EQ(event.status, PAWL_E_NOT_FOUND);
    EXPECT_EQ(pawl::text(event.text), "");
  }
}

TEST_F(ClientTest, TimesOutWithAnErrorThatMayBeTriedAgain) {
  const pawl::Client client = *pawl::Client::open(Options());
  while (client.wait_events(64, 0).ok()) {
  }
  const auto none = client.wait_events(64, 1);
  EXPECT_EQ(none.status(), PAWL_E_TIMEOUT);
  EXPECT_EQ(none.error().retryable(), pawl::status_is_retryable(PAWL_E_TIMEOUT));
}

TEST_F(ClientTest, AConversationKeepsItsClientAlive) {
  pawl::Client client = *pawl::Client::open(Options());
  const pawl::Conversation conversation = *pawl::Conversation::open(client, "bob@example.org");
  { const pawl::Client gone = std::move(client); }
  EXPECT_EQ(conversation.id().status(), PAWL_E_WRONG_STATE) << "no account yet, but not closed";
}

TEST_F(ClientTest, AnEmptyTextStandsForNone) {
  const pawl::Client client = *pawl::Client::open(Options());
  const std::vector<uint8_t> key(PAWL_KEY_SIZE, 6);
  EXPECT_EQ(client.change_key().status(), PAWL_E_INVALID_ARGUMENT) << "neither of the two";
  EXPECT_EQ(client.change_key("both", key).status(), PAWL_E_INVALID_ARGUMENT);
  EXPECT_TRUE(client.change_key("", key).ok());
  client.close();
  EXPECT_EQ(pawl::Client::open(Options()).status(), PAWL_E_WRONG_KEY);
}

// What is freed is looked at by the operator delete above.
TEST(Options, AreWipedWhenTheyEnd) {
  spilt = 0;
  watching = true;
  { const std::string plain = kSecret; }
  EXPECT_EQ(spilt, 1) << "the watch does not see what a string leaves behind";
  {
    const auto options = std::make_unique<pawl::ClientOptions>();
    options->passphrase = kSecret;
    options->host_key.assign(std::begin(kSecret), std::end(kSecret));
    const pawl::ClientOptions copy = *options;
    pawl::PeekOptions peek;
    peek.passphrase = kSecret;
  }
  { const auto refused = pawl::Identity::create(kSecret); }
  watching = false;
  EXPECT_EQ(spilt, 1);
}

TEST(Options, AreWipedWhereAShortTextStands) {
  const auto room = std::make_unique<unsigned char[]>(sizeof(pawl::PeekOptions));
  // The compiler must not know that this is where the options stood.
  unsigned char* volatile at = room.get();
  auto* const options = new (at) pawl::PeekOptions();
  options->passphrase = "hunter2";
  ASSERT_NE(memmem(at, sizeof(*options), "hunter2", 7), nullptr);
  options->~PeekOptions();
  EXPECT_EQ(memmem(at, sizeof(*options), "hunter2", 7), nullptr);
}

TEST(Values, AreEqualAndOrderedByTheirBytes) {
  pawl_id low{}, high{};
  high.bytes[15] = 1;
  EXPECT_EQ(pawl::Id(low), pawl::Id());
  EXPECT_LT(pawl::Id(low), pawl::Id(high));
  EXPECT_EQ(pawl::Id(high).bytes()[15], 1);
}

}  // namespace
