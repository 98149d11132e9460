#ifndef PAWL_TRANSPORT_LOGIN_H_
#define PAWL_TRANSPORT_LOGIN_H_

#include <cstdint>

#include "base/bytes.h"
#include "base/rng.h"
#include "transport/channel.h"
#include "transport/config.h"
#include "wire/client_frames.h"

namespace pawl::transport {

// The steps from an opened socket to READY (wire/PROTOCOL.md §3). Each happens once, in order;
// anonymous connections skip the signature. Thread-compatible.
//
//   kOpened --CHALLENGE--> kSigning --signature, HELLO and AUTH--> kAnswered --READY--> kDone
//   kOpened --CHALLENGE, HELLO--> kAnswered                                  (anonymous)
class Login {
 public:
  enum class Step : uint8_t { kOpened, kSigning, kAnswered, kDone };

  Login(Mode mode, const ChannelInfo& channel, Rng& rng)
      : mode_(mode), channel_(channel), nonce_(rng.Array<32>()) {}

  Step step() const { return step_; }
  // False when no CHALLENGE is due.
  bool OnChallenge(const ByteArray<32>& relay_nonce);
  // False when no signature is due.
  bool OnSigned();
  // False when READY comes too early.
  bool OnReady();

  // What the device signs, in kSigning.
  Bytes AuthMessage(const Identity& identity) const;
  // Borrows `identity`. Names nobody when anonymous.
  wire::Hello Hello(const Identity& identity) const;

 private:
  Mode mode_;
  ChannelInfo channel_;
  ByteArray<32> nonce_;
  ByteArray<32> relay_nonce_{};
  Step step_ = Step::kOpened;
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_LOGIN_H_
