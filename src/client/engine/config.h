#ifndef PAWL_CLIENT_ENGINE_CONFIG_H_
#define PAWL_CLIENT_ENGINE_CONFIG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "crypto/aead.h"

namespace pawl::client {

// What a host may choose about an engine; fixed while it lives. Zero or empty is not "unlimited".
struct Config {
  // Where the account lives; remembered in the store with the account when it is made.
  std::string relay_url{};
  // Body suites this device announces, best first. Empty: AEGIS-256 first where the hardware has
  // AES, else XChaCha20-Poly1305 first; both are always announced.
  std::vector<crypto::Suite> suites{};
  // A copy for one's own devices waits a uniform random time up to this (an hour at most), so that
  // the relay cannot tell by the clock which mailboxes belong to the sender of a message.
  Duration own_copy_delay = Seconds(8);
  // Tell senders that the app took their message (acknowledged its event).
  bool delivered_receipts = true;
  // Envelopes on their way to one recipient device at a time. Order holds within the window.
  uint32_t send_window = 64;
  // How long an envelope may lie at the relay.
  Duration envelope_ttl = Days(30);
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CONFIG_H_
