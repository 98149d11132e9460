// What the rest of a message and of a handshake is made of.

#include <benchmark/benchmark.h>

#include "crypto/ed25519.h"
#include "crypto/init.h"
#include "crypto/kdf.h"
#include "crypto/mlkem.h"
#include "crypto/mlkem_incremental.h"
#include "crypto/x25519.h"
#include "crypto/xwing.h"

namespace pawl::crypto {
namespace {

void KernelDraw24(benchmark::State& state) {
  SystemRng rng;
  for (auto _ : state) benchmark::DoNotOptimize(rng.Array<24>());
}

void ChainStepBlake2b512(benchmark::State& state) {
  ByteArray<32> key{};
  ByteArray<64> out{};
  for (auto _ : state) {
    Blake2bKeyed(key, {AsBytes("label")}, out);
    benchmark::DoNotOptimize(out.data());
  }
}

void RootStepHkdfSha512(benchmark::State& state) {
  const ByteArray<32> input{};
  ByteArray<128> out{};
  for (auto _ : state) benchmark::DoNotOptimize(HkdfSha512(input, input, AsBytes("label"), out));
}

void DiffieHellman(benchmark::State& state) {
  SystemRng rng;
  const X25519KeyPair a = X25519KeyPair::Generate(rng), b = X25519KeyPair::Generate(rng);
  for (auto _ : state) benchmark::DoNotOptimize(X25519(a.secret, b.pub));
}

void VerifySignature(benchmark::State& state) {
  SystemRng rng;
  const Ed25519KeyPair pair = Ed25519KeyPair::Generate(rng);
  const Bytes message(1024);
  const Ed25519Signature signature = pair.Sign("label", message);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Verify(pair.pub(), "label", message, signature));
  }
}

void MlKemEncapsulation768(benchmark::State& state) {
  SystemRng rng;
  const MlKemKeyPair pair = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng));
  for (auto _ : state) benchmark::DoNotOptimize(MlKemEncapsulate(pair.pub, rng));
}

// Both steps beside libsodium's one.
void MlKemEncapsulation768Step1(benchmark::State& state) {
  SystemRng rng;
  const MlKemHeader header = HeaderOf(MlKemKeyPair::FromSeed(MlKemSeed::Random(rng)).pub);
  for (auto _ : state) benchmark::DoNotOptimize(Encapsulate1(header, rng));
}

void MlKemEncapsulation768Step2(benchmark::State& state) {
  SystemRng rng;
  const MlKemKeyPair pair = MlKemKeyPair::FromSeed(MlKemSeed::Random(rng));
  const MlKemFirstStep first = Encapsulate1(HeaderOf(pair.pub), rng);
  const MlKemVector vector = VectorOf(pair.pub);
  for (auto _ : state) benchmark::DoNotOptimize(Encapsulate2(first.state, vector));
}

void XWingDecapsulation(benchmark::State& state) {
  SystemRng rng;
  const XWingKeyPair pair = XWingKeyPair::Generate(rng);
  const auto made = XWingEncapsulate(pair.pub, rng);
  for (auto _ : state) benchmark::DoNotOptimize(XWingDecapsulate(pair.secret, made->ciphertext));
}

BENCHMARK(KernelDraw24);
BENCHMARK(ChainStepBlake2b512);
BENCHMARK(RootStepHkdfSha512);
BENCHMARK(DiffieHellman);
BENCHMARK(VerifySignature);
BENCHMARK(MlKemEncapsulation768);
BENCHMARK(MlKemEncapsulation768Step1);
BENCHMARK(MlKemEncapsulation768Step2);
BENCHMARK(XWingDecapsulation);

}  // namespace
}  // namespace pawl::crypto
