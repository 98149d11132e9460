// The Braid under Signal's scheme against a recorded conversation of libsignal, all of it: 300
// messages of two parties, many lost. Every byte that libsignal sent is predicted, every recorded
// state compared. What libsignal drew at random (keys and ciphertexts) comes from the recording.
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/mlkem.h"
#include "ratchet/braid/spqr.h"
#include "recording.h"
#include "scheme.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/vectors.h"

namespace pawl::signal {
namespace {

using namespace ratchet::braid;  // NOLINT: the tested names
using test::IsOk;
using test::ToHex;

const Recording* g_recording = nullptr;

// Seeds and coins name the epoch whose recorded values they stand for.
const Exchange& ExchangeOf(ByteView name) { return g_recording->exchanges.at(name[0]); }

class EpochRng : public Rng {
 public:
  explicit EpochRng(Epoch epoch) : epoch_(static_cast<uint8_t>(*epoch)) {}
  void Fill(MutableByteView out) override { std::fill(out.begin(), out.end(), epoch_); }

 private:
  uint8_t epoch_;
};

EncapsulationKey Expand(const KeySeed& seed) {
  const ByteView key = ByteView(ExchangeOf(seed.Expose()).decapsulation_key).subspan(1152, 1184);
  EncapsulationKey out;
  std::copy_n(key.begin(), kEkVectorSize, out.vector.begin());
  const auto rho = key.last(32);
  const crypto::Hash32 hash = crypto::Sha3_256({key});
  std::copy(hash.begin(), hash.end(), std::copy(rho.begin(), rho.end(), out.header.begin()));
  return out;
}

crypto::SharedSecret SharedOf(const Exchange& exchange) {
  crypto::MlKemCiphertext ciphertext;
  std::copy(exchange.ct2.begin(), exchange.ct2.end(),
            std::copy(exchange.ct1.begin(), exchange.ct1.end(), ciphertext.begin()));
  return crypto::MlKemDecapsulate(
      crypto::MlKemPrivate::From(test::ArrayOf<2400>(exchange.decapsulation_key)), ciphertext);
}

crypto::SharedSecret Decapsulate(const KeySeed& seed, const Ct1& ct1, const Ct2& ct2) {
  const Exchange& exchange = ExchangeOf(seed.Expose());
  EXPECT_EQ(ct1, exchange.ct1);
  EXPECT_EQ(ct2, exchange.ct2);
  return SharedOf(exchange);
}

FirstHalf Encapsulate1(const EkHeader&, const Coin& coin) {
  const Exchange& exchange = ExchangeOf(coin.Expose());
  return {exchange.ct1, SharedOf(exchange)};
}

absl::StatusOr<Ct2> Encapsulate2(const EkHeader&, const Coin& coin, const EkVector& vector) {
  const Exchange& exchange = ExchangeOf(coin.Expose());
  EXPECT_TRUE(SameBytes(vector, ByteView(exchange.decapsulation_key).subspan(1152, 1152)));
  return exchange.ct2;
}

const Scheme& RecordedScheme() {
  static const Kem kem{Expand, Decapsulate, Encapsulate1, Encapsulate2};
  static const Scheme scheme = SignalScheme(&kem);
  return scheme;
}

struct Party {
  Spqr spqr;
  SkippedPqMap skipped;
};

Stamp Send(Party& party) {
  EpochRng rng(EpochOf(party.spqr.state));
  auto send = PrepareSend(RecordedScheme(), party.spqr, rng);
  EXPECT_THAT(send, IsOk());
  const Stamp stamp = send->stamp;
  SkippedPqDelta delta(party.skipped);
  ApplySend(RecordedScheme(), *std::move(send), party.spqr, delta);
  std::move(delta).CommitTo(party.skipped);
  return stamp;
}

void Receive(Party& party, const Stamp& stamp) {
  SkippedPqDelta delta(party.skipped);
  auto key = PrepareReceiveKey(RecordedScheme(), party.spqr, delta, stamp, {}, Timestamp{1});
  ASSERT_THAT(key, IsOk());
  ApplyReceive(RecordedScheme(), *std::move(key), stamp.message, party.spqr, delta);
  ASSERT_FALSE(party.spqr.broken);
  std::move(delta).CommitTo(party.skipped);
}

// The last epoch of the recording does not end, so its secret is not in it.
bool HasUnknownSecret(const Spqr& spqr) {
  return *spqr.chains.newest == g_recording->exchanges.rbegin()->first;
}

std::string SkippedOf(const Party& party, Epoch epoch) {
  std::string out;
  for (const auto& [id, skipped] : party.skipped) {
    if (id.epoch != epoch) continue;
    const ByteArray<4> index = {
        static_cast<uint8_t>(id.index >> 24), static_cast<uint8_t>(id.index >> 16),
        static_cast<uint8_t>(id.index >> 8), static_cast<uint8_t>(id.index)};
    out += ToHex(index) + ToHex(skipped.key.Expose());
  }
  return out;
}

// libsignal keeps skipped keys in any order.
std::string Sorted(ByteView history) {
  std::vector<std::string> keys;
  for (size_t at = 0; at + 36 <= history.size(); at += 36) {
    keys.push_back(ToHex(history.subspan(at, 36)));
  }
  std::sort(keys.begin(), keys.end());
  std::string out;
  for (const std::string& key : keys) out += key;
  return out;
}

void ExpectLink(const Party& party, Epoch epoch, const Proto& recorded) {
  const Link& link = *party.spqr.chains.Find(epoch);
  EXPECT_EQ(link.sent, recorded.Message(1).Number(1));
  EXPECT_EQ(link.sending ? ToHex(link.sending->Expose()) : "", ToHex(recorded.Message(1).Blob(2)));
  EXPECT_EQ(link.received, recorded.Message(2).Number(1));
  EXPECT_EQ(ToHex(link.receiving.Expose()), ToHex(recorded.Message(2).Blob(2)));
  EXPECT_EQ(SkippedOf(party, epoch), Sorted(recorded.Message(2).Blob(3)));
}

// PqRatchetState of libsignal's pq_ratchet.proto.
void ExpectState(const Party& party, const Proto& recorded) {
  const Proto chain = recorded.Message(2);
  const Chains& chains = party.spqr.chains;
  EXPECT_EQ(*chains.newest, chain.Number(2));
  EXPECT_EQ(*chains.sending, chain.Number(5));
  const std::vector<Proto> links = chain.Messages(3);
  ASSERT_EQ(chains.links.size(), links.size());
  const bool unknown = HasUnknownSecret(party.spqr);
  for (size_t i = 0; i + (unknown ? 1 : 0) < links.size(); ++i) {
    ExpectLink(party, Epoch(*chains.oldest() + i), links[i]);
  }
  // Its eleven states are numbered as ours, from 1.
  const Proto states = recorded.Message(3);
  const uint64_t type = party.spqr.state.index() + 1;
  ASSERT_TRUE(states.Has(type)) << "another state than " << type;
  const Proto unchunked = states.Message(type).Message(1);
  EXPECT_EQ(*EpochOf(party.spqr.state), unchunked.Number(1));
  if (unknown) return;
  EXPECT_EQ(ToHex(chains.root.Expose()), ToHex(chain.Blob(4)));
  std::visit(
      [&](const auto& state) {
        const AuthenticatorKeys& keys = state.base.auth.keys;
        EXPECT_EQ(ToHex(keys.root.Expose()), ToHex(unchunked.Message(2).Blob(1)));
        EXPECT_EQ(ToHex(keys.mac.Expose()), ToHex(unchunked.Message(2).Blob(2)));
      },
      party.spqr.state);
}

TEST(SignalBraid, TheWholeRecordingIsPredicted) {
  PAWL_VECTORS_OR_SKIP(transcript, "triple-ratchet/transcript.json.gz");
  const Recording recording = ReadRecording(transcript);
  g_recording = &recording;
  Party alice{Spqr::Start(RecordedScheme(), Role::kInitiator, recording.auth_key), {}};
  Party bob{Spqr::Start(RecordedScheme(), Role::kResponder, recording.auth_key), {}};
  int sent = 0, parity = 0, received = 0, compared = 0;
  for (const Step& step : recording.steps) {
    SCOPED_TRACE(sent);
    Party& from = step.from_a ? alice : bob;
    Party& to = step.from_a ? bob : alice;
    const Stamp stamp = Send(from);
    ASSERT_EQ(ToHex(EncodePq(RecordedScheme(), stamp)), ToHex(step.pq));
    ++sent;
    const size_t plain = stamp.message.kind == Kind::kHeader ? 3
                         : stamp.message.kind == Kind::kCt1  ? 30
                         : stamp.message.kind == Kind::kCt2  ? 5
                                                             : 36;
    if (HasChunk(stamp.message.kind) && stamp.message.index >= plain) ++parity;
    if (step.sender_after) {
      ExpectState(from, step.sender_after->Message(15));
      ++compared;
    }
    if (!step.delivered) continue;
    Receive(to, ParsePq(step.pq));
    ++received;
    if (step.receiver_after) {
      ExpectState(to, step.receiver_after->Message(15));
      ++compared;
    }
  }
  EXPECT_EQ(sent, 300);
  EXPECT_EQ(*EpochOf(alice.spqr.state), 3u);
  EXPECT_GE(parity, 54);
  EXPECT_EQ(compared, 53);
  RecordProperty("received", received);
}

}  // namespace
}  // namespace pawl::signal
