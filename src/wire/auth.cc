#include "wire/auth.h"

namespace pawl::wire {
namespace {

void Add(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

}  // namespace

Bytes AuthMessage(const AuthInput& input) {
  Bytes out;
  out.reserve(4 * 32 + 1 + input.device_address.size());
  Add(out, input.relay_key_hash);
  Add(out, input.relay_nonce);
  Add(out, input.client_nonce);
  out.push_back(static_cast<uint8_t>(input.mode));
  Add(out, input.device_address);
  Add(out, input.channel_binding);
  return out;
}

}  // namespace pawl::wire
