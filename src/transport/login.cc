#include "transport/login.h"

#include "wire/auth.h"

namespace pawl::transport {

bool Login::OnChallenge(const ByteArray<32>& relay_nonce) {
  if (step_ != Step::kOpened) return false;
  relay_nonce_ = relay_nonce;
  step_ = mode_ == Mode::kAnonymous ? Step::kAnswered : Step::kSigning;
  return true;
}

bool Login::OnSigned() {
  if (step_ != Step::kSigning) return false;
  step_ = Step::kAnswered;
  return true;
}

bool Login::OnReady() {
  if (step_ != Step::kAnswered) return false;
  step_ = Step::kDone;
  return true;
}

Bytes Login::AuthMessage(const Identity& identity) const {
  return wire::AuthMessage({.relay_key_hash = channel_.server_spki,
                            .channel_binding = channel_.exporter,
                            .relay_nonce = relay_nonce_,
                            .client_nonce = nonce_,
                            .mode = static_cast<wire::fb::Mode>(mode_),
                            .device_address = identity.encoded_address});
}

// resume_after stays 0: see the README, "Why there is no resume cursor".
wire::Hello Login::Hello(const Identity& identity) const {
  wire::Hello hello;
  hello.mode = static_cast<wire::fb::Mode>(mode_);
  hello.nonce = nonce_;
  if (mode_ != Mode::kAnonymous) {
    hello.account = identity.account;
    hello.device = identity.device;
  }
  return hello;
}

}  // namespace pawl::transport
