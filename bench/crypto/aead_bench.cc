// Sealing and opening one message under each body suite. CPU time; bytes are of plaintext.

#include <benchmark/benchmark.h>

#include "crypto/aead.h"
#include "crypto/init.h"

namespace pawl::crypto {
namespace {

struct Setup {
  Setup(Suite suite, size_t size)
      : key(AeadKey::Random(rng)), nonce(NonceSize(suite)), tag(TagSize(suite)), text(size) {
    Init().IgnoreError();
    rng.Fill(nonce);
  }
  SystemRng rng;
  AeadKey key;
  Bytes nonce, tag, text;
  const Bytes associated_data = Bytes(64);
};

void Seal(benchmark::State& state, Suite suite) {
  Setup setup(suite, static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    SealInPlace(suite, setup.key, setup.nonce, setup.associated_data, setup.text, setup.tag);
    benchmark::DoNotOptimize(setup.tag.data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void OpenSealed(benchmark::State& state, Suite suite) {
  Setup setup(suite, static_cast<size_t>(state.range(0)));
  SealInPlace(suite, setup.key, setup.nonce, setup.associated_data, setup.text, setup.tag);
  Bytes opened(setup.text.size());
  for (auto _ : state) {
    if (!Open(suite, setup.key, setup.nonce, setup.associated_data, setup.text, setup.tag, opened)
             .ok()) {
      state.SkipWithError("does not open");
    }
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK_CAPTURE(Seal, aegis256, Suite::kAegis256)->Arg(64)->Arg(1024)->Arg(65536);
BENCHMARK_CAPTURE(Seal, xchacha20poly1305, Suite::kXChaCha20Poly1305)
    ->Arg(64)
    ->Arg(1024)
    ->Arg(65536);
BENCHMARK_CAPTURE(OpenSealed, aegis256, Suite::kAegis256)->Arg(1024);
BENCHMARK_CAPTURE(OpenSealed, xchacha20poly1305, Suite::kXChaCha20Poly1305)->Arg(1024);

}  // namespace
}  // namespace pawl::crypto
