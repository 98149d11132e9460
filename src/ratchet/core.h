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

// The state of one Double Ratchet with header encryption, less the skipped keys. What is not there
// is absent, never a value that stands for none: a header cannot make us derive from a key that
// nobody sent.
//
//             no `own`             own, no receiving          own and receiving
//   initiator  start  --send-->  waits for the reply  --receive--> turn done (no own, no sending)
//   --send--> … responder                    start (own = prekey)  --receive--> turn done
struct Core {
  RootKey root = RootKey::Zero();  // RK
  std::optional<crypto::X25519KeyPair>
      own;  // DHs; dropped when the peer answered it, made anew at the next send
  std::optional<crypto::X25519Public> peer;  // DHr
  std::optional<SendingChain> sending;      // CKs, Ns, HKs; absent after a turn until the next send
  std::optional<ReceivingChain> receiving;  // CKr, Nr, HKr
  HeaderKeys next_send;                     // NHKs
  HeaderKeys next_receive;                  // NHKr
  uint32_t previous_sent = 0;               // PN
  uint32_t next_serial = 0;
  absl::InlinedVector<ClosedChain, kMaxReceivingChains - 1> closed;  // oldest first
  // Of the session that this one replaces; gone after the first turn. The responder mixes it into
  // its first sending step, the initiator into the receiving step of a header that says so.
  std::optional<ResumptionSecret> resumption;

  Core Clone() const;
  // Messages sent since the peer last answered.
  uint32_t unanswered() const { return sending ? sending->n : 0; }
};

// Fixed length, big-endian, versioned: session/FORMAT.md.
constexpr size_t kCoreSize = 824;
constexpr uint8_t kCoreVersion = 1;
void EncodeCore(const Core& core, std::span<uint8_t, kCoreSize> out);
// kMalformed, kUnsupportedVersion.
absl::StatusOr<Core> DecodeCore(ByteView bytes);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_CORE_H_
