#include <algorithm>

#include "session/sealed_state.h"
#include "session/session.h"
#include "session/stage.h"
#include "support/fuzz_require.h"
#include "support/two_devices.h"

namespace {

using namespace pawl;

const crypto::AeadKey& Key() {
  static test::SeededRng rng(1);
  static const crypto::AeadKey key = crypto::AeadKey::Random(rng);
  return key;
}

// A session that decodes is encoded to what it came from, and can be used.
void Use(session::Session& session) {
  test::SeededRng rng(2);
  const Bytes saved = session::SaveSession(session, Key(), rng);
  const auto again = session::RestoreSession(saved, Key());
  test::Require(again.ok() && test::StateOf(*again) == test::StateOf(session));
  (void)session.RouteTags();
  session::Stage stage(session);
  const auto envelope = stage.Seal(AsBytes("text"), {}, test::FakeClock::kStart, rng);
  if (envelope.ok()) (void)stage.Open(*envelope, test::FakeClock::kStart);
  session.Commit(std::move(stage));
  (void)session.ExpireSkippedKeys(test::FakeClock::kStart);
  test::Require(session::RestoreSession(session::SaveSession(session, Key(), rng), Key()).ok());
}

}  // namespace

// First byte even: a sealed session as a host hands it back. Odd: what stands inside one, as
// written by somebody who has the key.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    test::Require(!session::RestoreSession(bytes, Key()).ok());
    return 0;
  }
  test::SeededRng rng(3);
  auto session = session::RestoreSession(
      session::SealState(session::SealedKind::kSession, Key(), bytes, rng), Key());
  if (session.ok()) Use(*session);
  return 0;
}
