#ifndef PAWL_TESTS_SUPPORT_TWO_DEVICES_H_
#define PAWL_TESTS_SUPPORT_TWO_DEVICES_H_

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/init.h"
#include "identity/bundle.h"
#include "identity/device_list.h"
#include "session/handshake.h"
#include "session/prekeys.h"
#include "session/stage.h"
#include "support/fake_clock.h"
#include "support/seeded_rng.h"

namespace pawl::test {

// Before main: with it, libsodium takes the implementations that this machine is fastest with.
inline const bool kCryptoIsReady = crypto::Init().ok();

// The value of a result that a fixture cannot do without.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) std::abort();
  return *std::move(result);
}

inline const std::vector<crypto::Suite> kBothSuites = {crypto::Suite::kAegis256,
                                                       crypto::Suite::kXChaCha20Poly1305};

// A device with all its keys, of an account that has it alone. Everything comes from `seed`.
struct TestDevice {
  explicit TestDevice(std::string_view address, uint64_t seed,
                      std::vector<crypto::Suite> suites = kBothSuites,
                      Timestamp now = FakeClock::kStart)
      : rng(seed),
        account(crypto::Ed25519KeyPair::Generate(rng)),
        signing(crypto::Ed25519KeyPair::Generate(rng)),
        local(MakeLocal(address)),
        list(Must(identity::DeviceList::Sign({local.address.account,
                                              account.pub(),
                                              1,
                                              {},
                                              now,
                                              {{local.address.device, signing.pub(), now}}},
                                             account))),
        keys(session::BundleKeys::Generate(identity::PrekeyId(1), std::move(suites), now, rng)),
        one_time(session::OneTimeKeys::Generate(identity::PrekeyId(4), now, rng)),
        bundle(SignedBundle(now)),
        pair(Must(identity::OneTimePair::Parse(Must(one_time.MakePair(local.address).Sign(signing)),
                                               signing.pub()))) {
    local.list = list.ref();
  }

  session::RemoteDevice remote() const { return session::PublicPart(local); }
  identity::Bundle SignedBundle(Timestamp now) const {
    return Must(
        identity::Bundle::Parse(Must(keys.MakeBundle(local, now).Sign(signing)), signing.pub()));
  }

  SeededRng rng;
  crypto::Ed25519KeyPair account;
  crypto::Ed25519KeyPair signing;
  session::LocalDevice local;
  identity::DeviceList list;
  session::BundleKeys keys;
  session::OneTimeKeys one_time;
  identity::Bundle bundle;
  identity::OneTimePair pair;

 private:
  session::LocalDevice MakeLocal(std::string_view address) {
    auto parsed = Must(identity::DeviceAddress::Parse(address));
    auto identity_key = crypto::X25519KeyPair::Generate(rng);
    const identity::EpochRecord epoch{parsed, DeviceEpoch(1), identity_key.pub};
    Bytes record = Must(epoch.Sign(signing));
    return {std::move(parsed),
            account.pub(),
            signing.pub(),
            DeviceEpoch(1),
            std::move(identity_key),
            std::move(record),
            {}};
  }
};

enum class OneTime : bool { kNo = false, kYes = true };

inline absl::StatusOr<session::Session> Begin(TestDevice& from, const TestDevice& to,
                                              OneTime one_time = OneTime::kYes,
                                              const session::Session* displaces = nullptr,
                                              Timestamp now = FakeClock::kStart) {
  return session::Initiate({.local = from.local,
                            .remote = to.remote(),
                            .bundle = to.bundle,
                            .one_time = one_time == OneTime::kYes ? &to.pair : nullptr,
                            .suites = from.keys.suites,
                            .displaces = displaces},
                           now, from.rng);
}

inline absl::StatusOr<session::PeekedHandshake> Peek(const TestDevice& to, ByteView envelope) {
  return session::PeekHandshake(envelope, to.local.address,
                                std::span<const session::BundleKeys>(&to.keys, 1));
}

inline absl::StatusOr<session::Accepted> AcceptFrom(
    const TestDevice& to, const TestDevice& from, ByteView envelope,
    std::span<const session::Session* const> sessions = {}, Timestamp now = FakeClock::kStart) {
  PAWL_ASSIGN(const session::PeekedHandshake peeked, Peek(to, envelope));
  return session::Accept({.local = to.local,
                          .remote = from.remote(),
                          .handshake = peeked,
                          .envelope = envelope,
                          .bundle_keys = to.keys,
                          .one_time = &to.one_time,
                          .sessions = sessions},
                         now);
}

// One message through a stage of its own, committed when it worked.
inline absl::StatusOr<Bytes> Send(session::Session& session, std::string_view text, Rng& rng,
                                  Timestamp now = FakeClock::kStart) {
  session::Stage stage(session);
  PAWL_ASSIGN(Bytes envelope, stage.Seal(AsBytes(text), {}, now, rng));
  session.Commit(std::move(stage));
  return envelope;
}

inline absl::StatusOr<std::string> Receive(session::Session& session, ByteView envelope,
                                           Timestamp now = FakeClock::kStart) {
  session::Stage stage(session);
  PAWL_ASSIGN(const session::Opened opened, stage.Open(envelope, now));
  session.Commit(std::move(stage));
  return std::string(AsText(opened.content.Expose()));
}

// Everything that the store would keep of a session, rows in order: equal bytes, equal state.
inline Bytes StateOf(const session::Session& session) {
  std::vector<Bytes> rows;
  for (const session::SkippedRow& row : session.EncodeSkipped()) {
    rows.push_back(ToBytes(row.tag.value()));
    rows.back().insert(rows.back().end(), row.value.Expose().begin(), row.value.Expose().end());
  }
  std::sort(rows.begin(), rows.end());
  Bytes state = ToBytes(session.EncodeFacts().Expose());
  const crypto::SecretBytes progress = session.EncodeProgress();
  state.insert(state.end(), progress.Expose().begin(), progress.Expose().end());
  for (const Bytes& row : rows) state.insert(state.end(), row.begin(), row.end());
  return state;
}

// Alice wrote to Bob and he answered: both sides confirmed, Bob's next message continues his chain.
struct Conversation {
  explicit Conversation(uint64_t seed = 1, std::vector<crypto::Suite> suites = kBothSuites)
      : alice("alice@example.org/1", seed, suites),
        bob("bob@example.org/1", seed + 1, suites),
        at_alice(Must(Begin(alice, bob))),
        at_bob(Must(AcceptFrom(bob, alice, Must(Send(at_alice, "hello", alice.rng)))).session) {
    Must(Receive(at_alice, Must(Send(at_bob, "hi", bob.rng))));
  }
  TestDevice alice;
  TestDevice bob;
  session::Session at_alice;
  session::Session at_bob;
};

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_TWO_DEVICES_H_
