#ifndef PAWL_BENCH_RATCHET_FLOOR_H_
#define PAWL_BENCH_RATCHET_FLOOR_H_

#include "base/bytes.h"
#include "base/rng.h"
#include "crypto/aead.h"
#include "crypto/x25519.h"
#include "ratchet/header.h"

namespace pawl::bench {

// The primitives that a message needs whoever wrote the ratchet, on buffers that lie ready: nothing
// is parsed, copied, allocated, committed or wiped.
class Floor {
 public:
  // `body` is the padded text of one envelope.
  Floor(crypto::Suite suite, size_t body, Rng& rng);

  void Encrypt();      // 24 kernel bytes, chains, tag, header AEAD, body key, body AEAD
  void Decrypt();      // header AEAD, chains, body key, body AEAD, one tag for the route table
  void SendTurn();     // new key pair, DH, root step
  void ReceiveTurn();  // DH, root step, the tags of the next chain

 private:
  void Blake2b(size_t input, size_t output);

  crypto::Suite suite_;
  Rng& rng_;
  crypto::AeadKey key_;
  crypto::X25519KeyPair own_;
  crypto::X25519KeyPair peer_;
  ByteArray<24> salt_{};
  ByteArray<32> nonce_{};
  ByteArray<64> out_{};
  ByteArray<128> input_{};
  ByteArray<ratchet::kHeaderSize> header_{};
  ByteArray<16> header_tag_{};
  ByteArray<512> associated_data_{};
  Bytes body_;
  Bytes body_tag_;
};

}  // namespace pawl::bench

#endif  // PAWL_BENCH_RATCHET_FLOOR_H_
