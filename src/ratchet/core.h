#ifndef PAWL_RATCHET_CORE_H_
#define PAWL_RATCHET_CORE_H_

#include <optional>

#include "absl/container/inlined_vector.h"
#include "base/status.h"
#include "crypto/x25519.h"
#include "ratchet/keys.h"
#include "ratchet/limits.h"

namespace pawl::ratchet {

struct SendingChain {
  ChainKey key = ChainKey::Zero();
  HeaderKeys headers;
  uint32_t n = 0;        // Ns: messages sent on it
  bool resumed = false;  // its root step mixed in a resumption secret: its headers say so
  SendingChain Clone() const { return {key.Clone(), headers.Clone(), n, resumed}; }
};

struct ReceivingChain {
  uint32_t serial = 0;  // counts the session's receiving chains
  ChainKey key = ChainKey::Zero();
  HeaderKeys headers;
  uint32_t n = 0;  // Nr: number of the next message
  ReceivingChain Clone() const { return {serial, key.Clone(), headers.Clone(), n}; }
};

// A chain that ended: all its missing messages are skipped keys, which need its header keys.
struct ClosedChain {
  uint32_t serial = 0;
  HeaderKeys headers;
  ClosedChain Clone() const { return {serial, headers.Clone()}; }
};

// Of the session that this one replaces. The responder mixes it into its first sending step, the
// initiator into the receiving step of a header that says so. Gone after that turn.
struct Resumption {
  enum class Use : uint8_t { kWhenSending = 1, kWhenReceiving = 2 };
  Use use = Use::kWhenSending;
  ResumptionSecret secret = ResumptionSecret::Zero();
  Resumption Clone() const { return {use, secret.Clone()}; }
};

// The state of one Double Ratchet with header encryption (§4), less the skipped keys. What is not
// there is absent, never a value that stands for none: no header can make us derive from a key that
// nobody sent. Our new ratchet key is made when it is first used, not when the peer's arrives: it
// is as fresh as can be, and a session that only receives keeps no private ratchet key.
//
//   initiator: {peer = SPK}              --send-->     {own, peer, sending}
//   responder: {own = SPK}               --receive-->  {peer, receiving}
//   both:      {peer, receiving}         --send-->     {own, peer, sending, receiving}
//              {own, …}  --receive in the next chain--> {peer, receiving}
struct Core {
  RootKey root = RootKey::Zero();            // RK
  std::optional<crypto::X25519KeyPair> own;  // DHs
  std::optional<crypto::X25519Public> peer;  // DHr
  std::optional<SendingChain> sending;       // CKs, Ns, HKs
  std::optional<ReceivingChain> receiving;   // CKr, Nr, HKr
  HeaderKeys next_send;                      // NHKs
  HeaderKeys next_receive;                   // NHKr
  uint32_t previous_sent = 0;                // PN
  uint32_t next_serial = 0;
  absl::InlinedVector<ClosedChain, kMaxReceivingChains - 1> closed;  // oldest first
  std::optional<Resumption> resumption;

  Core Clone() const;
  // Messages sent since the peer last answered.
  uint32_t unanswered() const { return sending ? sending->n : 0; }
  // Of the receiving chain with that serial, open or closed; null when it is forgotten.
  const HeaderKeys* HeadersOf(uint32_t serial) const;
};

// Fixed length, big-endian, versioned: session/FORMAT.md.
constexpr size_t kCoreSize = 776;
constexpr uint8_t kCoreVersion = 1;
void EncodeCore(const Core& core, std::span<uint8_t, kCoreSize> out);
// kMalformed (also for states that no sequence of messages leads to), kUnsupportedVersion.
absl::StatusOr<Core> DecodeCore(ByteView bytes);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_CORE_H_
