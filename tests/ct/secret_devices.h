#ifndef PAWL_TESTS_CT_SECRET_DEVICES_H_
#define PAWL_TESTS_CT_SECRET_DEVICES_H_

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "ct/poison.h"
#include "support/two_devices.h"

namespace pawl::ct {

using test::kNow;
using test::Must;

inline void PoisonPrivateKeys(test::TestDevice& device) {
  Poison(device.local.identity_key.secret.Expose());
  Poison(device.keys.seal_key.secret.Expose());
  Poison(device.keys.signed_prekey.secret.Expose());
  Poison(device.keys.last_resort.Expose());
  Poison(device.one_time.x25519.secret.Expose());
  Poison(device.one_time.mlkem.Expose());
}

// The same suite for both, so that what is chosen is not what the test meant by accident.
inline std::vector<crypto::Suite> Only(crypto::Suite suite) { return {suite}; }

// Two devices whose private keys and randomness are secret.
struct SecretDevices {
  explicit SecretDevices(crypto::Suite suite)
      : alice("alice@example.org/1", 1, Only(suite)), bob("bob@example.org/1", 2, Only(suite)) {
    PoisonPrivateKeys(alice);
    PoisonPrivateKeys(bob);
  }

  session::Session Initiate(test::OneTime one_time = test::OneTime::kYes,
                            const session::Session* displaces = nullptr) {
    return Must(
        session::Initiate({.local = alice.local,
                           .remote = bob.remote(),
                           .bundle = bob.bundle,
                           .one_time = one_time == test::OneTime::kYes ? &bob.pair : nullptr,
                           .suites = alice.keys.suites,
                           .displaces = displaces},
                          kNow, rng));
  }

  test::TestDevice alice;
  test::TestDevice bob;
  SecretRng rng{3};
};

// Content is as secret as a key until it is sealed; the envelope is public.
inline Bytes Send(session::Session& session, std::string_view text, Rng& rng) {
  crypto::SecretBytes content = crypto::SecretBytes::From(AsBytes(text));
  Poison(content.Expose());
  session::Stage stage(session);
  Bytes envelope = Must(stage.Seal(content.Expose(), {}, kNow, rng));
  EXPECT_TRUE(HasPoison(envelope)) << "an envelope that does not depend on a secret";
  Declassify(envelope);
  session.Commit(std::move(stage));
  return envelope;
}

inline std::string Receive(session::Session& session, ByteView envelope) {
  return Must(test::Receive(session, envelope));
}

// Both confirmed, in the middle of a conversation.
struct SecretConversation : SecretDevices {
  explicit SecretConversation(crypto::Suite suite)
      : SecretDevices(suite),
        at_alice(Initiate()),
        at_bob(Must(test::AcceptFrom(bob, alice, Send(at_alice, "hello", rng))).session) {
    EXPECT_EQ(Receive(at_alice, Send(at_bob, "hi", rng)), "hi");
  }
  session::Session at_alice;
  session::Session at_bob;
};

}  // namespace pawl::ct

#endif  // PAWL_TESTS_CT_SECRET_DEVICES_H_
