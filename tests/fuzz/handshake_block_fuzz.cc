#include "session/handshake_block.h"

#include <algorithm>

#include "support/fuzz_require.h"

// A block as an initiator could seal it; short inputs are padded with zeros. One encoding each.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace pawl;
  ByteArray<session::kHandshakeBlockSize> bytes{};
  std::copy_n(data, std::min(size, bytes.size()), bytes.begin());
  const auto block = session::ParseBlock(bytes);
  if (!block.ok()) return 0;
  ByteArray<session::kHandshakeBlockSize> again{};
  test::Require(session::EncodeBlock(*block, again).ok());
  test::Require(again == bytes);
  (void)block->Id();
  (void)identity::EpochRecord::Peek(block->epoch_record);
  return 0;
}
