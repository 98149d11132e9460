#ifndef PAWL_RATCHET_BRAID_SEND_CT_H_
#define PAWL_RATCHET_BRAID_SEND_CT_H_

#include <utility>

#include "base/rng.h"
#include "ratchet/braid/authenticator.h"
#include "ratchet/braid/erasure_code.h"
#include "ratchet/braid/message.h"

namespace pawl::ratchet::braid {

// The side that encapsulates in this epoch (ML-KEM Braid §3.6). Each state is a type, each
// transition a function of the state it leaves, which it uses up:
//
//   NoHeaderReceived --header complete--> HeaderReceived --we send--> Ct1Sampled
//   Ct1Sampled --ek complete--> EkReceivedCt1Sampled --ct1 acknowledged--> Ct2Sampled
//   Ct1Sampled --ct1 acknowledged--> Ct1Acknowledged --ek complete--> Ct2Sampled
//   Ct2Sampled --the peer is in the next epoch--> KeysUnsampled (send_ek.h)

struct KeysUnsampled;

// The key's vector is the longest of the streams that are collected.
static_assert(ChunkCollector::kMaxMessageSize == kEkVectorSize);

// What every state has.
struct Base {
  Epoch epoch{1};
  Authenticator auth;
  Base Clone() const { return {epoch, auth.Clone()}; }
};

// Our half of an exchange; ct1 is a function of the others, kept because each message needs it.
struct Encapsulation {
  Coin coin = Coin::Zero();
  EkHeader header{};
  Ct1 ct1{};
  Encapsulation Clone() const { return {coin.Clone(), header, ct1}; }
};

using Ct2Stream = ByteArray<kCt2Size + kMacSize>;
using HeaderStream = ByteArray<kEkHeaderSize + kMacSize>;

struct Ct2Sampled {
  Base base;
  Ct2Stream ct2{};
  uint16_t sent = 0;
  KeysUnsampled NextEpoch() &&;
  Ct2Sampled Clone() const { return {base.Clone(), ct2, sent}; }
};

struct EkReceivedCt1Sampled {
  Base base;
  Ct1 ct1{};
  uint16_t sent = 0;  // chunks of ct1
  Ct2Stream ct2{};    // made as soon as it can be: the key needs no place
  Ct2Sampled Ct1Acked() && { return {std::move(base), ct2, 0}; }
  EkReceivedCt1Sampled Clone() const { return {base.Clone(), ct1, sent, ct2}; }
};

struct Ct1Acknowledged {
  Base base;
  Encapsulation ours;
  ChunkCollector ek;
  // kInvalidKey.
  absl::StatusOr<Ct2Sampled> EkComplete(const Scheme& scheme, const EkVector& vector) &&;
  Ct1Acknowledged Clone() const { return {base.Clone(), ours.Clone(), ek}; }
};

struct Ct1Sampled {
  Base base;
  Encapsulation ours;
  uint16_t sent = 0;  // chunks of ct1
  ChunkCollector ek;
  // kInvalidKey.
  absl::StatusOr<EkReceivedCt1Sampled> EkComplete(const Scheme& scheme, const EkVector& vector) &&;
  Ct1Acknowledged Ct1Acked() && { return {std::move(base), std::move(ours), std::move(ek)}; }
  Ct1Sampled Clone() const { return {base.Clone(), ours.Clone(), sent, ek}; }
};

struct HeaderReceived {
  Base base;
  EkHeader header{};
  // The epoch's secret is ours from here on.
  std::pair<Ct1Sampled, EpochSecret> SampleCt1(const Scheme& scheme, Rng& rng) &&;
  HeaderReceived Clone() const { return {base.Clone(), header}; }
};

struct NoHeaderReceived {
  Base base;
  ChunkCollector header;
  static NoHeaderReceived Of(const Scheme& scheme, Base base);
  // kAuthFailed.
  absl::StatusOr<HeaderReceived> HeaderComplete(const Scheme& scheme,
                                                const HeaderStream& stream) &&;
  NoHeaderReceived Clone() const { return {base.Clone(), header}; }
};

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_SEND_CT_H_
