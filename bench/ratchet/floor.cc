#include "floor.h"

#include <cstdlib>

#include "crypto/kdf.h"
#include "ratchet/limits.h"
#include "ratchet/message.h"

namespace pawl::bench {
namespace {

constexpr auto kHeaderSuite = crypto::Suite::kXChaCha20Poly1305;
constexpr size_t kHeaderData = 1 + 16 + 32;
constexpr size_t kBodyData = kHeaderData + ratchet::kSealedHeaderSize;

}  // namespace

Floor::Floor(crypto::Suite suite, size_t body, Rng& rng)
    : suite_(suite),
      rng_(rng),
      key_(crypto::AeadKey::Random(rng)),
      own_(crypto::X25519KeyPair::Generate(rng)),
      peer_(crypto::X25519KeyPair::Generate(rng)),
      body_(body),
      body_tag_(crypto::TagSize(suite)) {
  // So that the first Decrypt finds what an Encrypt made.
  Encrypt();
}

void Floor::Blake2b(size_t input, size_t output) {
  crypto::Blake2bKeyed(key_.Expose(), {ByteView(input_).first(input)},
                       MutableByteView(out_).first(output));
}

void Floor::Encrypt() {
  rng_.Fill(salt_);
  Blake2b(13, 64);  // chain
  Blake2b(23, 64);  // post-quantum chain
  Blake2b(4, 16);   // tag
  crypto::SealInPlace(kHeaderSuite, key_, salt_, ByteView(associated_data_).first(kHeaderData),
                      header_, header_tag_);
  Blake2b(68, 64);  // body key and nonce
  crypto::SealInPlace(suite_, key_, ByteView(nonce_).first(crypto::NonceSize(suite_)),
                      ByteView(associated_data_).first(kBodyData), body_, body_tag_);
}

void Floor::Decrypt() {
  if (!crypto::Open(kHeaderSuite, key_, salt_, ByteView(associated_data_).first(kHeaderData),
                    header_, header_tag_, header_)
           .ok()) {
    std::abort();
  }
  Blake2b(13, 64);
  Blake2b(23, 64);
  Blake2b(68, 64);
  if (!crypto::Open(suite_, key_, ByteView(nonce_).first(crypto::NonceSize(suite_)),
                    ByteView(associated_data_).first(kBodyData), body_, body_tag_, body_)
           .ok()) {
    std::abort();
  }
  Blake2b(4, 16);
}

void Floor::SendTurn() {
  const auto fresh = crypto::X25519KeyPair::Generate(rng_);
  const auto dh = crypto::X25519(fresh.secret, peer_.pub);
  ByteArray<128> okm;
  if (!dh.ok() || !crypto::HkdfSha512(key_.Expose(), dh->Expose(), salt_, okm).ok()) std::abort();
}

void Floor::ReceiveTurn() {
  const auto dh = crypto::X25519(own_.secret, peer_.pub);
  ByteArray<128> okm;
  if (!dh.ok() || !crypto::HkdfSha512(key_.Expose(), dh->Expose(), salt_, okm).ok()) std::abort();
  for (uint32_t n = 0; n < ratchet::kTagWindow; ++n) Blake2b(4, 16);
}

}  // namespace pawl::bench
