#ifndef PAWL_TESTS_SUPPORT_STEP_WORLD_H_
#define PAWL_TESTS_SUPPORT_STEP_WORLD_H_

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "client/engine/batch.h"
#include "client/engine/inbox.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/self.h"
#include "client/engine/session_rows.h"
#include "client/engine/setup.h"
#include "store/snapshot.h"
#include "store/store.h"
#include "support/matchers.h"
#include "support/temp_dir.h"
#include "support/two_devices.h"

namespace pawl::test {

// A device's store and state with no engine around them: a test takes Steps by hand, and sees what
// one part of the engine does to them.
class StepWorld {
 public:
  explicit StepWorld(client::Config config = {}) : config_(std::move(config)) {
    store_ =
        Must(store::Store::Open({.dir = folder_.File("store"),
                                 .key = store::HostKey::From(std::span<const uint8_t, 32>(kKey)),
                                 .create_if_missing = true,
                                 .anchor = store::AnchorFile{folder_.File("anchors")}},
                                clock.Now(), rng));
    EXPECT_THAT(Restart(), IsOk());
  }

  // alice@example.org/1, the first device of an account that the relay has.
  void MakeAccount() {
    EXPECT_THAT(Step([](client::Batch& batch) -> absl::Status {
                  PAWL_ASSIGN(auto self, client::MakeFirstDevice(
                                             Must(identity::Address::Parse("alice@example.org")),
                                             batch.now, batch.rng));
                  batch.Replace(std::move(self));
                  PAWL_TRY(client::SaveSelf(batch));
                  PAWL_TRY(client::SetSetup(batch, client::Setup::kReady));
                  PAWL_TRY(client::RotateBundle(batch));
                  batch.duties = {};
                  return batch.tx.prekeys().MarkUploaded(store::PrekeyKind::kBundle, 1);
                }),
                IsOk());
  }
  // Their list was fetched.
  void Know(const TestDevice& who, store::ContactState contact = store::ContactState::kAccepted) {
    EXPECT_THAT(Step([&](client::Batch& batch) {
                  client::Peer& peer = batch.peers.Edit(who.local.address.account, batch.now);
                  peer.list = who.list;
                  peer.state = contact;
                  return OkStatus();
                }),
                IsOk());
  }
  // A session that we begin with somebody whose list is known.
  SessionId BeginSession(const TestDevice& with, OneTime one_time = OneTime::kNo) {
    SessionId id;
    EXPECT_THAT(Step([&](client::Batch& batch) -> absl::Status {
                  PAWL_ASSIGN(auto session,
                              session::Initiate(
                                  {.local = batch.self->device,
                                   .remote = with.remote(),
                                   .bundle = with.bundle,
                                   .one_time = one_time == OneTime::kYes ? &with.pair : nullptr,
                                   .suites = state().config.suites},
                                  batch.now, batch.rng));
                  PAWL_ASSIGN(id, client::InsertSession(batch, std::move(session)));
                  return OkStatus();
                }),
                IsOk());
    return id;
  }
  // Their side of it, from the first envelope on that session.
  session::Session AcceptedBy(const TestDevice& who, SessionId id) {
    Bytes envelope;
    EXPECT_THAT(Step([&](client::Batch& batch) -> absl::Status {
                  PAWL_ASSIGN(envelope, batch.sessions.StageOf(id).Seal(AsBytes("hello"), {},
                                                                        batch.now, batch.rng));
                  batch.sessions.Sealed(id);
                  return OkStatus();
                }),
                IsOk());
    const auto peeked = Must(Peek(who, envelope));
    return Must(session::Accept({.local = who.local,
                                 .remote = session::PublicPart(state().self->device),
                                 .handshake = peeked,
                                 .envelope = envelope,
                                 .bundle_keys = who.keys,
                                 .one_time = &who.one_time,
                                 .sessions = {}},
                                clock.Now()))
        .session;
  }

  // One Step. Committed and applied when `what` succeeds, undone when it fails.
  template <typename What>
  absl::Status Step(const What& what) {
    PAWL_ASSIGN(store::Transaction tx, store_->Begin());
    client::Batch batch(*state_, tx, clock.Now(), rng);
    PAWL_TRY(what(batch));
    PAWL_TRY(batch.peers.Save(tx.peers()));
    PAWL_TRY(batch.sessions.Save(tx, batch.now));
    PAWL_TRY(tx.Commit(batch.now));
    for (const auto& item : batch.new_items) batch.new_rows.push_back({item.to, item.item});
    effects = std::move(batch.effects);
    client::ApplyBatch(std::move(batch), *state_);
    return OkStatus();
  }
  // What the store says, in a transaction that is dropped.
  template <typename What>
  auto Read(const What& what) {
    store::Transaction tx = Must(store_->Begin());
    return what(tx);
  }
  // Every durable event so far, as the app gets it.
  std::vector<client::Event> Events() {
    return Read([this](store::Transaction& tx) {
      std::vector<client::Event> events;
      for (const store::InboxRow& row : Must(tx.inbox().Read(InboxSeq(0), 10'000))) {
        events.push_back(Must(client::ReadEvent(tx, state_->self->address(), row)));
      }
      return events;
    });
  }
  std::vector<client::EventKind> Told() {
    std::vector<client::EventKind> kinds;
    for (const client::Event& event : Events()) kinds.push_back(event.kind);
    return kinds;
  }
  // From now on the state is what the store holds.
  absl::Status Restart() {
    auto loaded = client::LoadState(store_.get(), config_);
    if (loaded.ok()) state_ = *std::move(loaded);
    return loaded.status();
  }

  client::State& state() { return *state_; }
  // The store as another process sees it.
  std::unique_ptr<store::Snapshot> Look() {
    return Must(
        Must(store::Observer::Open({.dir = folder_.File("store"),
                                    .key = store::HostKey::From(std::span<const uint8_t, 32>(kKey)),
                                    .anchor = store::AnchorFile{folder_.File("anchors")}}))
            .Look());
  }

  FakeClock clock;
  SeededRng rng{1};
  client::Effects effects;  // of the last Step that succeeded

 private:
  static constexpr ByteArray<32> kKey = {1, 2, 3};

  TempDir folder_;
  const client::Config config_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<client::State> state_;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_STEP_WORLD_H_
