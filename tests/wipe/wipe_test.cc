// No secret is left in memory that was freed: the client's own paths, as optimized as what ships.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "client/engine/account_backup.h"
#include "client/engine/peek.h"
#include "client/runner/reads.h"
#include "session/sealed_state.h"
#include "store/snapshot.h"
#include "support/core_world.h"
#include "support/two_devices.h"
#include "wipe/secret_watch.h"
#include "wire/frames.h"

namespace pawl::wipe {
namespace {

using test::IsOk;
using test::Must;

// Runs twice: what the first run drew, the second draws again, so that a copy is noticed that is
// freed before the secret is first used.
void ExpectNothingLeft(const std::function<void()>& work) {
  work();
  const size_t known = planted();
  const Watch watch;
  work();
  EXPECT_EQ(watch.finds(), 0u) << watch.Report();
  EXPECT_GT(watch.blocks(), 100u);
  EXPECT_LE(planted() - known, known / 20) << "the second run was not the first again";
}

// --- That it bites ---

constexpr std::string_view kMark = "0123456789abcdef0123456789ABCDEF";

TEST(SecretWatch, FindsACopyThatIsDeleted) {
  Plant(AsBytes(kMark), "mark");
  const Watch watch;
  { const std::vector<char> careless(kMark.begin() + 1, kMark.end()); }
  EXPECT_EQ(watch.finds(), 1u) << "the second half, wherever it begins";
  { const crypto::SecretBytes careful = crypto::SecretBytes::From(AsBytes(kMark)); }
  EXPECT_EQ(watch.finds(), 1u);
}

TEST(SecretWatch, FindsACopyThatGrows) {
  Plant(AsBytes(kMark), "mark");
  const Watch watch;
  std::string careless(kMark);
  careless.append(200, ' ');
  std::fill(careless.begin(), careless.end(), '\0');
  EXPECT_EQ(watch.finds(), 1u) << "in the block that it grew out of";
}

TEST(SecretWatch, FindsACopyThatCCodeFrees) {
  Plant(AsBytes(kMark), "mark");
  const Watch watch;
  char* careless = static_cast<char*>(std::malloc(100));
  std::copy(kMark.begin(), kMark.end(), careless);
  careless = static_cast<char*>(std::realloc(careless, 5000));
  EXPECT_EQ(watch.finds(), 1u);
  std::free(careless);
  EXPECT_EQ(watch.finds(), 2u);
}

[[gnu::noinline]] void LeaveOnTheStack() {
  char copy[8192];
  std::copy(kMark.begin(), kMark.end(), copy);
  __asm__ volatile("" : : "r"(copy) : "memory");
}

TEST(SecretWatch, FindsWhatAFunctionLeftOnTheStack) {
  Plant(AsBytes(kMark), "mark");
  ClearDeadStack();
  EXPECT_EQ(SearchDeadStack(), "");
  LeaveOnTheStack();
  EXPECT_THAT(SearchDeadStack(), testing::HasSubstr("mark"));
}

TEST(SecretWatch, KnowsTheKeysThatLibsodiumIsGiven) {
  test::SeededRng rng(0x5eed);
  const auto key = crypto::AeadKey::Random(rng);
  ByteArray<24> nonce{};
  ByteArray<16> tag{};
  ByteArray<8> text{};
  crypto::SealInPlace(crypto::Suite::kXChaCha20Poly1305, key, nonce, {}, text, tag);
  const Watch watch;
  { const Bytes careless = ToBytes(key.Expose()); }
  EXPECT_EQ(watch.finds(), 1u);
}

// --- Sessions ---

constexpr std::string_view kText =
    "Meet me at the old lighthouse, quarter past nine; bring the blue folder and tell nobody.";

class SessionWipe : public testing::TestWithParam<crypto::Suite> {
 protected:
  void SetUp() override { Plant(AsBytes(kText), "content"); }
};

// Skipped keys, closed chains, and enough messages for two exchanges of the Braid.
TEST_P(SessionWipe, AConversationLeavesNothingInFreedMemory) {
  ExpectNothingLeft([this] {
    test::Conversation talk(1007, {GetParam()});
    const auto open = [](session::Session& session, ByteView envelope) {
      session::Stage stage(session);
      ASSERT_THAT(stage.Open(envelope, test::FakeClock::kStart), IsOk());
      session.Commit(std::move(stage));
    };
    for (int i = 0; i < 80; ++i) {
      (void)Must(test::Send(talk.at_alice, kText, talk.alice.rng));
      open(talk.at_bob, Must(test::Send(talk.at_alice, kText, talk.alice.rng)));
      open(talk.at_alice, Must(test::Send(talk.at_bob, kText, talk.bob.rng)));
    }
  });
}

TEST_P(SessionWipe, SavedAndRestoredStateLeavesNothingInFreedMemory) {
  ExpectNothingLeft([this] {
    test::Conversation talk(1018, {GetParam()});
    test::SeededRng rng(1009);
    const auto key = crypto::AeadKey::Random(rng);
    (void)Must(test::Send(talk.at_alice, kText, talk.alice.rng));
    const Bytes next = Must(test::Send(talk.at_alice, kText, talk.alice.rng));
    {
      session::Stage stage(talk.at_bob);
      ASSERT_THAT(stage.Open(next, test::FakeClock::kStart), IsOk());
      talk.at_bob.Commit(std::move(stage));
    }
    ASSERT_THAT(session::RestoreSession(session::SaveSession(talk.at_bob, key, rng), key), IsOk());
  });
}

INSTANTIATE_TEST_SUITE_P(Suites, SessionWipe,
                         testing::Values(crypto::Suite::kAegis256,
                                         crypto::Suite::kXChaCha20Poly1305),
                         [](const auto& suite) {
                           return suite.param == crypto::Suite::kAegis256 ? "Aegis256"
                                                                          : "XChaCha20Poly1305";
                         });

// --- The store ---

constexpr std::string_view kPassphrase = "Wolves of the 7 northern valleys";
constexpr std::string_view kNewPassphrase = "Twelve bright owls, 3 dim moons!";
constexpr crypto::Argon2Params kQuick{.memory_mib = crypto::kArgon2FloorMib, .passes = 1};

store::Passphrase Phrase(std::string_view text) {
  return {crypto::SecretBytes::From(AsBytes(text))};
}

TEST(StoreWipe, OpeningRewrappingReencryptingAndClosingLeaveNothingInFreedMemory) {
  Plant(AsBytes(kPassphrase), "passphrase");
  Plant(AsBytes(kNewPassphrase), "passphrase");
  ExpectNothingLeft([] {
    const test::TempDir folder;
    test::SeededRng rng(1011);
    const Timestamp now = test::FakeClock::kStart;
    const auto open = [&](std::string_view phrase) {
      return store::Store::Open({.dir = folder.File("store"),
                                 .key = Phrase(phrase),
                                 .create_if_missing = true,
                                 .argon2 = kQuick,
                                 .anchor = store::AnchorFile{folder.File("anchors")}},
                                now, rng);
    };
    auto made = Must(open(kPassphrase));
    ASSERT_THAT(made->Rewrap(Phrase(kNewPassphrase), kQuick, rng), IsOk());
    ASSERT_THAT(made->Reencrypt(Phrase(kNewPassphrase), rng), IsOk());
    ASSERT_THAT(made->Close(now), IsOk());
    made.reset();
    EXPECT_THAT(open(kPassphrase), test::HasCode(Code::kWrongKey));
    auto again = Must(open(kNewPassphrase));
    ASSERT_THAT(again->Close(now), IsOk());
  });
}

// --- The client ---

constexpr std::string_view kCaption = "Sketch of the vault's second door (copy no. 4)";

// A file whose every 16 bytes say so.
std::string FileContent() {
  std::string content;
  for (uint32_t i = 0; content.size() < 200'000; ++i) {
    content += std::to_string(i * 2654435761u) + "-vault-plan;";
  }
  return content;
}

// Without a stream, whose buffer would be freed.
void Write(const std::string& path, const std::string& content) {
  const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
  EXPECT_EQ(::write(fd, content.data(), content.size()), static_cast<ssize_t>(content.size()));
  ::close(fd);
}

// A second device of alice's: it gets what she wrote before she wrote it to anybody else.
test::CoreClient& LinkTablet(test::CoreWorld& world, test::CoreClient& alice) {
  const auto result_of = [](const test::CoreClient& client, RequestId request) {
    for (const client::Event& event : client.seen) {
      if (event.kind == client::EventKind::kCompleted && event.request == request) {
        return event.data;
      }
    }
    return Bytes();
  };
  test::CoreClient& tablet = world.Add();
  const identity::Address address = *alice.board().Get().address;
  const RequestId begin = tablet.Do(client::BeginLink{.address = address});
  world.Run(Seconds(2));
  const RequestId approve = alice.Do(client::ApproveLink{result_of(tablet, begin)});
  world.Run(Seconds(2));
  const RequestId complete = tablet.Do(client::CompleteLink{result_of(alice, approve)});
  world.Run(Seconds(2));
  EXPECT_EQ(tablet.Completed(complete), Code::kOk);
  return tablet;
}

void ReadAll(test::CoreClient& client, const identity::Address& peer) {
  auto reader = Must(client.store().OpenReader());
  const auto conversation = client::ConversationOf(*client.board().Get().address, peer);
  const auto messages = Must(runner::ReadHistory(*reader, conversation, 0, 100));
  EXPECT_GT(messages.size(), 10u);
}

// As a notification service does it; the client is not there.
void PeekAtMail(const test::CoreClient& client, std::vector<client::PeekInput> mail) {
  const size_t waiting = mail.size();
  const auto observer =
      Must(store::Observer::Open({.dir = client.File("store"),
                                  .key = store::HostKey::Zero(),
                                  .anchor = store::AnchorFile{client.File("anchor")}}));
  const auto snapshot = Must(observer.Look());
  const auto items = Must(client::Peek(*snapshot, std::move(mail), {}, client.now()));
  ASSERT_EQ(items.size(), waiting);
  size_t texts = 0;
  for (const client::Peeked& item : items) {
    if (item.kind != client::PeekKind::kMessage) continue;
    const auto view = Must(client::ContentView::Parse(item.content.Expose()));
    texts += std::get<client::TextView>(view.body).text == kText ? 1 : 0;
  }
  EXPECT_EQ(texts, 1u);
}

// Goes on from an older copy of its store: it heals by itself.
void PutBack(test::CoreWorld& world, test::CoreClient& client, const std::string& copy) {
  const std::string store = client.File("store");
  std::filesystem::remove_all(store);
  std::filesystem::rename(copy, store);
  const size_t gaps = client.Count(client::EventKind::kGap);
  client.Start();
  EXPECT_EQ(client.store().opened_state(), store::OpenedState::kDiverged);
  world.Run(Minutes(1));
  EXPECT_GT(client.Count(client::EventKind::kGap), gaps);
  EXPECT_GT(client.Count(client::EventKind::kRepaired), 0u);
  EXPECT_EQ(client.store().opened_state(), store::OpenedState::kCurrent);
}

// Bob is copied, misses a text, and is put back; between, one is peeked at.
void PeekAndHeal(test::CoreWorld& world, test::CoreClient& alice, test::CoreClient& bob) {
  const std::string copy = bob.File("copy");
  bob.Kill();
  std::filesystem::copy(bob.File("store"), copy);
  bob.Start();
  world.Run(Seconds(10));
  alice.Say("bob@example.org", kText);
  world.Run(Seconds(10));
  bob.refuse_sockets = true;
  bob.BreakSockets();
  std::vector<client::PeekInput> mail;
  alice.on_send = [&](ByteView message) {
    const Bytes aligned = ToBytes(message);
    wire::FrameReader reader(aligned);
    while (const auto frame = reader.Next()) {
      const auto* send = frame->header->body_as_Send();
      if (send == nullptr || wire::ToText(send->account()) != "bob@example.org") continue;
      mail.push_back({.received_at = alice.now(), .bytes = ToBytes(frame->payload)});
    }
  };
  alice.Say("bob@example.org", kText);
  world.Run(Seconds(10));
  alice.on_send = nullptr;
  bob.Kill();
  bob.refuse_sockets = false;
  PeekAtMail(bob, std::move(mail));
  PutBack(world, bob, copy);
}

void Live(const std::string& file) {
  test::CoreWorld world;
  auto& alice = world.AddRegistered("alice");
  auto& bob = world.AddRegistered("bob");
  world.MakeContacts(alice, bob);
  test::CoreClient& tablet = LinkTablet(world, alice);
  for (int i = 0; i < 6; ++i) {
    alice.Say("bob@example.org", kText);
    world.Run(Seconds(2));
    bob.Say("alice@example.org", kText);
    world.Run(Seconds(2));
  }
  const MessageId id(ByteArray<16>{9});
  const std::string path = alice.File("plan");
  Write(path, file);
  alice.Do(client::SendFile{.id = id,
                            .to = *identity::Address::Parse("bob@example.org"),
                            .path = path,
                            .name = "plan",
                            .caption = crypto::SecretBytes::From(AsBytes(kCaption))});
  world.Run(Seconds(10));
  const RequestId got = bob.Do(client::FetchFile{id, bob.File("got")});
  world.Run(Seconds(10));
  EXPECT_EQ(bob.Completed(got), Code::kOk);
  ReadAll(alice, *bob.board().Get().address);
  ReadAll(tablet, *bob.board().Get().address);
  // From disk again, and what was in the middle of something.
  alice.Say("bob@example.org", kText);
  alice.Kill();
  alice.Start();
  bob.Kill();
  bob.Start();
  world.Run(Minutes(1));
  bob.Say("alice@example.org", kText);
  world.Run(Minutes(1));
  PeekAndHeal(world, alice, bob);
  bob.Say("alice@example.org", kText);
  world.Run(Minutes(1));
}

TEST(ClientWipe, TextsFilesRestartsAPeekAndAHealingLeaveNothingInFreedMemory) {
  Plant(AsBytes(kText), "content");
  Plant(AsBytes(kCaption), "caption");
  const std::string file = FileContent();
  Plant(AsBytes(file), "file");
  ExpectNothingLeft([&file] { Live(file); });
}

TEST(BackupWipe, ExportingAndImportingAnAccountLeavesNothingInFreedMemory) {
  Plant(AsBytes(kPassphrase), "passphrase");
  ExpectNothingLeft([] {
    test::SeededRng rng(1012);
    const test::TestDevice device("alice@example.org/1", 1013);
    const client::AccountBackup account{.address = device.local.address.account,
                                        .account_key = device.account.seed().Clone(),
                                        .device_list = device.list.record()};
    const auto key = Must(client::DeriveBackupKey(kPassphrase, kQuick, rng));
    const Bytes blob = client::SealBackup(account, key, rng);
    ASSERT_THAT(client::OpenBackup(blob, kPassphrase), IsOk());
    for (int i = 0; i < 200; ++i) (void)ToBytes(blob);
  });
}

}  // namespace
}  // namespace pawl::wipe
