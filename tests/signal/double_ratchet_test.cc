// Our machine under Signal's KDFs against a recorded conversation of libsignal: the same ratchet
// keys in, the same root and chain keys out. What the recording has besides (the post-quantum
// ratchet, the message format) is left aside.
#include <gtest/gtest.h>

#include <map>
#include <optional>

#include "profile.h"
#include "proto.h"
#include "ratchet/double_ratchet.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/vectors.h"

namespace pawl::signal {
namespace {

using namespace ratchet;  // NOLINT: the tested names

using test::IsOk;
using test::ToHex;

template <typename Key>
Key KeyOf(ByteView bytes) {
  Key key = Key::Zero();
  std::copy_n(bytes.begin(), Key::kSize, key.Writable().begin());
  return key;
}

// SessionStructure of libsignal's storage.proto: 4 root key, 6 sender chain, 7 receiver chains; of
// a chain 1 and 2 the ratchet key, 3 the chain key (1 index, 2 key).
Proto StateIn(const test::Json& json, const char* record) {
  return Proto(json.Hex(record)).Message(1);
}

crypto::X25519Public PublicIn(const Proto& chain) {
  return test::ArrayOf<32>(ByteView(chain.Blob(1)).subspan(1));  // behind the type byte 5
}

// libsignal names the last message of the previous chain, 0 also where there was none.
uint32_t PreviousLength(uint64_t previous_counter) {
  return static_cast<uint32_t>(previous_counter) + 1;
}

class SignalTest : public testing::Test {
 protected:
  // Alice as recorded when her session began; Bob as he is once her first ratchet step reached him.
  void Start(const Proto& state) {
    const Proto chain = state.Message(6);
    const auto root = KeyOf<RootKey>(state.Blob(4));
    const auto key = KeyOf<ChainKey>(chain.Message(3).Blob(2));
    Core& alice = cores_["A"];
    alice.root = root.Clone();
    alice.own = crypto::X25519KeyPair{KeyOf<crypto::X25519Private>(chain.Blob(2)), PublicIn(chain)};
    alice.peer = PublicIn(state.Messages(7).front());
    alice.sending.emplace(SendingChain{key.Clone(), {}, 0, false});
    Core& bob = cores_["B"];
    bob.root = root.Clone();
    bob.peer = alice.own->pub;
    bob.receiving.emplace(ReceivingChain{0, key.Clone(), {}, 0});
    bob.next_serial = 1;
  }

  // As that party is after a recorded step. libsignal takes its own next step as soon as the peer's
  // key is there, ours when it sends: a sending chain that nothing was sent on is the same to both.
  void Resume(const std::string& party, const Proto& state) {
    const Proto sending = state.Message(6);
    const Proto receiving = state.Messages(7).back();
    Core core;
    core.root = KeyOf<RootKey>(state.Blob(4));
    core.own =
        crypto::X25519KeyPair{KeyOf<crypto::X25519Private>(sending.Blob(2)), PublicIn(sending)};
    core.peer = PublicIn(receiving);
    core.sending.emplace(SendingChain{KeyOf<ChainKey>(sending.Message(3).Blob(2)),
                                      {},
                                      static_cast<uint32_t>(sending.Message(3).Number(1)),
                                      false});
    core.receiving.emplace(ReceivingChain{0,
                                          KeyOf<ChainKey>(receiving.Message(3).Blob(2)),
                                          {},
                                          static_cast<uint32_t>(receiving.Message(3).Number(1))});
    core.next_serial = 1;
    core.previous_sent = PreviousLength(state.Number(5));
    skipped_.erase(party);
    cores_.insert_or_assign(party, std::move(core));
  }
  bool CanSend(const std::string& party, const crypto::X25519Public& ratchet_key) const {
    const auto core = cores_.find(party);
    return core != cores_.end() && (core->second.sending || private_keys_.contains(ratchet_key));
  }

  // The private ratchet keys that the snapshots show, by their public halves.
  void LearnKeys(const Proto& state) {
    const Proto chain = state.Message(6);
    private_keys_[PublicIn(chain)] = chain.Blob(2);
  }

  Header Send(const std::string& from, const crypto::X25519Public& ratchet_key) {
    test::ScriptedRng rng(cores_[from].sending ? Bytes() : private_keys_.at(ratchet_key));
    SendStep step = *PrepareSend(SignalProfile(), cores_[from], rng);
    const Header header = step.header;
    ApplySend(std::move(step), cores_[from]);
    return header;
  }

  void Receive(const std::string& to, const Header& header) {
    Core& core = cores_[to];
    SkippedDelta delta(skipped_[to]);
    TagWindow window(SignalProfile(), core);
    TagChanges changes;
    const auto source =
        header.ratchet_key == core.peer ? Located::Source::kCurrent : Located::Source::kNext;
    auto step = PrepareReceive(SignalProfile(), core, delta, {source, RouteTag(), header}, {});
    ASSERT_THAT(step, IsOk());
    ApplyReceive(SignalProfile(), *std::move(step), core, delta, window, changes);
    std::move(delta).CommitTo(skipped_[to]);
  }

  void ExpectSent(const Core& core, const Proto& state) {
    const Proto chain = state.Message(6);
    EXPECT_EQ(ToHex(core.root.Expose()), ToHex(state.Blob(4)));
    EXPECT_EQ(ToHex(core.sending->key.Expose()), ToHex(chain.Message(3).Blob(2)));
    EXPECT_EQ(core.sending->n, chain.Message(3).Number(1));
  }

  void ExpectReceived(const Core& core, const Proto& state) {
    const Proto chain = state.Messages(7).back();
    EXPECT_EQ(*core.peer, PublicIn(chain));
    EXPECT_EQ(ToHex(core.receiving->key.Expose()), ToHex(chain.Message(3).Blob(2)));
    EXPECT_EQ(core.receiving->n, chain.Message(3).Number(1));
  }

  std::map<std::string, Core> cores_;
  std::map<std::string, SkippedKeys> skipped_;
  std::map<crypto::X25519Public, Bytes> private_keys_;
};

// The ratchet key and counter that a recorded message bears: 0x44 || protobuf || MAC[8], wrapped in
// a pre-key message at first.
Proto WireOf(const test::Json& step) {
  Bytes message = step.Hex("message");
  if (step.Int("type") == 3) message = Proto(ByteView(message).subspan(1)).Blob(4);
  return Proto(ByteView(message).subspan(1, message.size() - 9));
}

// Goes through all of the recording. A party whose next ratchet key the recording does not show is
// left there, and taken up where it shows that party's state again.
TEST_F(SignalTest, RootAndChainKeysAreLibsignals) {
  PAWL_VECTORS_OR_SKIP(transcript, "triple-ratchet/transcript.json.gz");
  Start(StateIn(transcript.Get("alice"), "initialRecord"));
  const std::vector<test::Json> steps = transcript.List("steps");
  for (const test::Json& step : steps) {
    for (const char* record : {"senderRecordAfter", "receiverRecordAfter"}) {
      if (step.Has(record)) LearnKeys(StateIn(step, record));
    }
  }
  int sent = 0, received = 0, compared = 0, resumed = 0;
  for (const test::Json& step : steps) {
    SCOPED_TRACE(step.Int("i"));
    const std::string from = step.Text("from");
    const std::string to = from == "A" ? "B" : "A";
    const Proto wire = WireOf(step);
    Header header;
    header.ratchet_key = PublicIn(wire);
    header.n = static_cast<uint32_t>(wire.Number(2));
    header.pn = PreviousLength(wire.Number(3));
    if (CanSend(from, header.ratchet_key)) {
      const Header ours = Send(from, header.ratchet_key);
      ASSERT_EQ(ours.ratchet_key, header.ratchet_key);
      ASSERT_EQ(ours.n, header.n);
      ASSERT_EQ(std::max(ours.pn, 1u), header.pn);
      header.pn = ours.pn;
      ++sent;
      if (step.Has("senderRecordAfter")) {
        ExpectSent(cores_.at(from), StateIn(step, "senderRecordAfter"));
        ++compared;
      }
    } else {
      cores_.erase(from);
      if (step.Has("senderRecordAfter")) {
        Resume(from, StateIn(step, "senderRecordAfter"));
        ++resumed;
      }
    }
    if (!step.Bool("delivered")) continue;
    if (cores_.contains(to)) {
      Receive(to, header);
      ++received;
      if (step.Has("receiverRecordAfter")) {
        ExpectReceived(cores_.at(to), StateIn(step, "receiverRecordAfter"));
        ++compared;
      }
    } else if (step.Has("receiverRecordAfter")) {
      Resume(to, StateIn(step, "receiverRecordAfter"));
      ++resumed;
    }
  }
  EXPECT_EQ(compared + resumed, 53) << "snapshots";
  EXPECT_EQ(compared, 41);
  EXPECT_EQ(sent, 133);
  EXPECT_EQ(received, 94);
}

}  // namespace
}  // namespace pawl::signal
