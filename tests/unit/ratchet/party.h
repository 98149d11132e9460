#ifndef PAWL_TESTS_UNIT_RATCHET_PARTY_H_
#define PAWL_TESTS_UNIT_RATCHET_PARTY_H_

#include <gtest/gtest.h>

#include <string>

#include "ratchet/double_ratchet.h"
#include "ratchet/message.h"
#include "support/fake_clock.h"
#include "support/seeded_rng.h"

namespace pawl::ratchet {

inline constexpr auto kSuite = crypto::Suite::kXChaCha20Poly1305;
using test::kNow;

// The post-quantum part is left aside here: a stamp that says nothing, a key of zeros.
inline constexpr braid::Stamp kNoStamp{1, {}};

struct Sealed {
  RouteTag tag;
  Bytes message;
};

// One end of a Double Ratchet: what a session does, without handshake and padding. Each message is
// committed at once.
struct Party {
  explicit Party(Core start, uint64_t seed)
      : core(std::move(start)), window(ProductionProfile(), core), rng(seed) {}

  absl::StatusOr<Sealed> Send(std::string_view text) {
    PAWL_ASSIGN(SendStep step, PrepareSend(ProductionProfile(), core, rng));
    step.header.stamp = kNoStamp;
    Sealed sealed{step.tag, Bytes(MessageSize(kSuite, text.size()))};
    SealMessage(ProductionProfile(), kSuite, {1, step.tag, {}}, step, PqKey::Zero(), {},
                AsBytes(text), rng, sealed.message);
    ApplySend(std::move(step), core);
    return sealed;
  }

  absl::StatusOr<std::string> Receive(const Sealed& sealed, Timestamp now = kNow) {
    SkippedDelta delta(skipped);
    PAWL_ASSIGN(const MessageParts parts, MessageParts::Split(sealed.message));
    const AssociatedData associated_data({1, sealed.tag, {}}, parts.header);
    PAWL_ASSIGN(const Located located, Locate(ProductionProfile(), core, window, delta,
                                              {sealed.tag, tagged, parts.salt,
                                               associated_data.for_header(), parts.header}));
    PAWL_ASSIGN(ReceiveStep step, PrepareReceive(ProductionProfile(), core, delta, located, now));
    const BodyKeys keys = ProductionProfile().body(step.seed, PqKey::Zero(), parts.salt);
    PAWL_ASSIGN(const crypto::SecretBytes content,
                OpenBody(kSuite, keys, associated_data.for_body(), parts.body));
    changes = {};
    ApplyReceive(ProductionProfile(), std::move(step), core, delta, window, changes);
    std::move(delta).CommitTo(skipped);
    return std::string(AsText(content.Expose()));
  }

  ByteArray<kCoreSize> State() const {
    ByteArray<kCoreSize> bytes;
    EncodeCore(core, bytes);
    return bytes;
  }

  Core core;
  SkippedKeys skipped;
  TagWindow window;
  TagChanges changes;  // of the last message received
  test::SeededRng rng;
  SealedHeader::Tagged tagged = SealedHeader::Tagged::kByRoute;
};

// Both ends as a handshake leaves them.
struct TwoParties {
  explicit TwoParties(uint64_t seed = 1)
      : setup(seed),
        prekey(crypto::X25519KeyPair::Generate(setup)),
        root(RootKey::Random(setup)),
        a{HeaderKey::Random(setup), TagKey::Random(setup)},
        b{HeaderKey::Random(setup), TagKey::Random(setup)},
        alice(InitiatorCore(), seed + 1),
        bob(ResponderCore(), seed + 2) {}

  Core InitiatorCore() const {
    Core core;
    core.root = root.Clone();
    core.peer = prekey.pub;
    core.next_send = a.Clone();
    core.next_receive = b.Clone();
    return core;
  }
  Core ResponderCore() const {
    Core core;
    core.root = root.Clone();
    core.own = prekey.Clone();
    core.next_send = b.Clone();
    core.next_receive = a.Clone();
    return core;
  }
  // A message each way.
  void Greet() {
    ASSERT_TRUE(bob.Receive(*alice.Send("hello")).ok());
    ASSERT_TRUE(alice.Receive(*bob.Send("hi")).ok());
  }

  test::SeededRng setup;
  crypto::X25519KeyPair prekey;
  RootKey root;
  HeaderKeys a;
  HeaderKeys b;
  Party alice;
  Party bob;
};

}  // namespace pawl::ratchet

#endif  // PAWL_TESTS_UNIT_RATCHET_PARTY_H_
