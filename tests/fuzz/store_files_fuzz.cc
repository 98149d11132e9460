#include <algorithm>

#include "base/bytes.h"
#include "crypto/hash.h"
#include "crypto/init.h"
#include "store/anchor.h"
#include "store/key_wrap.h"
#include "store/suites.h"

namespace {

using namespace pawl;

// The key file's checksum would stop nearly every input: give it the right one.
Bytes WithChecksum(Bytes file) {
  if (file.size() != store::kKeyWrapSize) return file;
  const ByteView body = ByteView(file).first(store::kKeyWrapSize - 32);
  const crypto::Hash32 checksum = crypto::Blake2b256({body});
  std::copy(checksum.begin(), checksum.end(), file.end() - 32);
  return file;
}

// With a host key, so that no input makes us run Argon2id.
size_t UnwrapBoth(const Bytes& file) {
  const store::WrapKey key = store::HostKey::Zero();
  const Bytes whole = WithChecksum(file);
  return store::UnwrapKeys(file, key).ok() + store::UnwrapKeys(whole, key).ok() +
         store::WrapParams(whole).ok();
}

}  // namespace

// First byte: which of the store's small formats; the rest: its bytes, as somebody who can write
// the disk may have left them.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool ready = crypto::Init().ok();
  if (!ready || size == 0) return 0;
  const Bytes bytes(data + 1, data + size);
  size_t sum = 0;
  switch (data[0] % 3) {
    case 0:
      sum = UnwrapBoth(bytes);
      break;
    case 1:
      sum = store::DecodeAnchor(bytes, store::StoreId(), store::AnchorKey::Zero()).ok();
      break;
    default:
      if (const auto suites = store::DecodeSuites(bytes); suites.ok()) sum = suites->size();
  }
  return sum == SIZE_MAX ? 1 : 0;
}
