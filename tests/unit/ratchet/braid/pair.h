#ifndef PAWL_TESTS_UNIT_RATCHET_BRAID_PAIR_H_
#define PAWL_TESTS_UNIT_RATCHET_BRAID_PAIR_H_

#include <gtest/gtest.h>

#include <utility>

#include "crypto/init.h"
#include "ratchet/braid/spqr.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet::braid {

inline const Scheme& scheme = ProductionScheme();

inline AuthKey SharedAuthKey() {
  AuthKey key = AuthKey::Zero();
  key.Writable()[0] = 7;
  return key;
}

inline Bytes Encoded(const Spqr& spqr) {
  Bytes out(kMaxSpqrSize);
  out.resize(EncodeSpqr(spqr, out));
  return out;
}

// What a message of the ratchet carries for the post-quantum part, with the key of its body.
struct Sent {
  Stamp stamp;
  PqKey key = PqKey::Zero();
};

struct Party {
  Party(const Scheme& its_scheme, Role role, uint64_t seed)
      : scheme(&its_scheme), spqr(Spqr::Start(its_scheme, role, SharedAuthKey())), rng(seed) {}

  Sent Send() {
    auto send = PrepareSend(*scheme, spqr, rng);
    EXPECT_THAT(send, test::IsOk());
    Sent sent{send->stamp, std::move(send->key)};
    SkippedPqDelta delta(skipped);
    ApplySend(*scheme, *std::move(send), spqr, delta);
    std::move(delta).CommitTo(skipped);
    return sent;
  }
  // The code of finding the key; the key itself must be the sender's.
  Code Receive(const Sent& sent, Timestamp now = Timestamp{1}) {
    SkippedPqDelta delta(skipped);
    auto key = PrepareReceiveKey(*scheme, spqr, delta, sent.stamp, now, now + Days(30));
    if (!key.ok()) return CodeOf(key);
    EXPECT_TRUE(key->key.Equals(sent.key));
    ApplyReceive(*scheme, *std::move(key), sent.stamp.message, spqr, delta);
    std::move(delta).CommitTo(skipped);
    return Code::kOk;
  }
  template <typename S>
  bool In() const {
    return std::holds_alternative<S>(spqr.state);
  }
  Epoch epoch() const { return EpochOf(spqr.state); }

  const Scheme* scheme;
  Spqr spqr;
  SkippedPqMap skipped;
  test::SeededRng rng;
};

// An initiator and a responder after the same handshake.
struct Pair {
  explicit Pair(const Scheme& its_scheme = ProductionScheme(), uint64_t seed = 1)
      : a(its_scheme, Role::kInitiator, seed), b(its_scheme, Role::kResponder, seed + 1000) {
    EXPECT_THAT(crypto::Init(), test::IsOk());
  }
  // One message each way, nothing lost.
  void Round() {
    EXPECT_EQ(b.Receive(a.Send()), Code::kOk);
    EXPECT_EQ(a.Receive(b.Send()), Code::kOk);
  }
  template <typename S>
  void RoundsUntilA() {
    for (int i = 0; i < 100 && !a.In<S>(); ++i) Round();
    EXPECT_TRUE(a.In<S>());
  }
  template <typename S>
  void RoundsUntilB() {
    for (int i = 0; i < 100 && !b.In<S>(); ++i) Round();
    EXPECT_TRUE(b.In<S>());
  }

  Party a, b;
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_TESTS_UNIT_RATCHET_BRAID_PAIR_H_
