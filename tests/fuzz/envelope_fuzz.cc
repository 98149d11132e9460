#include <algorithm>

#include "session/envelope.h"
#include "session/handshake.h"
#include "session/stage.h"
#include "support/fuzz_require.h"
#include "support/two_devices.h"

namespace {

using namespace pawl;

struct World {
  test::Conversation talk;
  Bytes message = test::Must(test::Send(talk.at_alice, "a message", talk.alice.rng));
  test::TestDevice carol{"carol@example.org/1", 77};
  session::Session at_carol = test::Must(test::Begin(carol, talk.bob));
  Bytes handshake = test::Must(test::Send(at_carol, "a first message", carol.rng));
  Bytes state = test::StateOf(talk.at_bob);
};

// Everything a recipient does with an envelope. Nothing that was tampered with opens, and nothing
// changes.
void Offer(World& world, const Bytes& envelope, bool genuine) {
  (void)session::PeekTag(envelope);
  session::Stage stage(world.talk.at_bob);
  test::Require(!stage.Open(envelope, test::FakeClock::kStart).ok() || genuine);
  test::Require(!stage.OpenRepeated(envelope, test::FakeClock::kStart).ok());
  test::Require(!test::AcceptFrom(world.talk.bob, world.carol, envelope).ok() || genuine);
  test::Require(test::StateOf(world.talk.at_bob) == world.state);
}

}  // namespace

// First byte: 0, the rest is an envelope; 1 and 2, the rest is XORed into a genuine message or
// handshake, from the offset that two more bytes give.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World& world = *new World;
  if (size < 3) return 0;
  if (data[0] % 3 == 0) {
    Offer(world, Bytes(data + 1, data + size), false);
    return 0;
  }
  const Bytes& original = data[0] % 3 == 1 ? world.message : world.handshake;
  Bytes envelope = original;
  size_t at = (size_t{data[1]} << 8 | data[2]) % envelope.size();
  for (size_t i = 3; i < size && at < envelope.size(); ++i, ++at) envelope[at] ^= data[i];
  Offer(world, envelope, envelope == original);
  return 0;
}
