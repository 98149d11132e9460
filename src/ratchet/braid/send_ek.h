#ifndef PAWL_RATCHET_BRAID_SEND_EK_H_
#define PAWL_RATCHET_BRAID_SEND_EK_H_

#include <utility>

#include "base/rng.h"
#include "ratchet/braid/send_ct.h"

namespace pawl::ratchet::braid {

// The side whose key it is in this epoch (ML-KEM Braid §3.6):
//
//   KeysUnsampled --we send--> KeysSampled --first of ct1--> HeaderSent --ct1 complete-->
//   Ct1Received --first of ct2--> EkSentCt1Received --ct2 complete--> NoHeaderReceived (send_ct.h),
//   one epoch later

// The private key is its seed; the key is a function of it, kept because each message needs it.
struct KeyPair {
  KeySeed seed = KeySeed::Zero();
  EncapsulationKey key{};
  KeyPair Clone() const { return {seed.Clone(), key}; }
};

struct EkSentCt1Received {
  Base base;
  KeySeed seed = KeySeed::Zero();
  Ct1 ct1{};
  ChunkCollector ct2;
  // With the epoch's secret. kAuthFailed.
  absl::StatusOr<std::pair<NoHeaderReceived, EpochSecret>> Ct2Complete(const Scheme& scheme,
                                                                       const Ct2Stream& stream) &&;
  EkSentCt1Received Clone() const { return {base.Clone(), seed.Clone(), ct1, ct2}; }
};

struct Ct1Received {
  Base base;
  KeyPair keys;
  uint16_t sent = 0;  // chunks of ek
  Ct1 ct1{};
  EkSentCt1Received Ct2Begins(const Scheme& scheme) &&;
  Ct1Received Clone() const { return {base.Clone(), keys.Clone(), sent, ct1}; }
};

struct HeaderSent {
  Base base;
  KeyPair keys;
  uint16_t sent = 0;  // chunks of ek
  ChunkCollector ct1;
  Ct1Received Ct1Complete(const Ct1& whole) && {
    return {std::move(base), std::move(keys), sent, whole};
  }
  HeaderSent Clone() const { return {base.Clone(), keys.Clone(), sent, ct1}; }
};

struct KeysSampled {
  Base base;
  KeyPair keys;
  HeaderStream header{};
  uint16_t sent = 0;  // chunks of header
  HeaderSent Ct1Begins(const Scheme& scheme) &&;
  KeysSampled Clone() const { return {base.Clone(), keys.Clone(), header, sent}; }
};

struct KeysUnsampled {
  Base base;
  KeysSampled SampleKeys(const Scheme& scheme, Rng& rng) &&;
  KeysUnsampled Clone() const { return {base.Clone()}; }
};

// header || MAC.
HeaderStream MakeHeaderStream(const Scheme& scheme, const Base& base, const EkHeader& header);

}  // namespace pawl::ratchet::braid

#endif  // PAWL_RATCHET_BRAID_SEND_EK_H_
