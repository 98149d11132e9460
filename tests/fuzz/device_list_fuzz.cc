#include "identity/device_list.h"
#include "identity/record.h"
#include "support/fuzz_require.h"
#include "support/seeded_rng.h"

namespace {

using namespace pawl;
using identity::DeviceList;

// A list that parses is its own encoding, and can be judged at any time.
void Check(ByteView record) {
  const auto list = DeviceList::Parse(record);
  if (!list.ok()) return;
  test::Require(SameBytes(list->record(), record));
  test::Require(!list->fields().devices.empty());
  for (const auto& device : list->fields().devices) {
    test::Require(list->Find(device.id) != nullptr);
  }
  for (const Timestamp now : {Timestamp{0}, identity::kLatestTime}) {
    (void)identity::Judge(nullptr, *list, now);
    test::Require(identity::Judge(&*list, *list, now) != identity::ListVerdict::kForked);
  }
}

// The body as somebody with an account key could sign it: its key must stand where the parser
// looks.
Bytes SignedBody(ByteView body, const crypto::Ed25519KeyPair& account) {
  Bytes with_key = ToBytes(body);
  codec::Reader in(body);
  if (!identity::ReadAddress(in).ok() || in.remaining() < 32) return with_key;
  const auto at = static_cast<std::ptrdiff_t>(body.size() - in.remaining());
  std::copy(account.pub().begin(), account.pub().end(), with_key.begin() + at);
  return with_key;
}

}  // namespace

// First byte even: a record as the relay could hand it to us. Odd: the body of one that is signed.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static test::SeededRng rng(1);
  static const auto account = crypto::Ed25519KeyPair::Generate(rng);
  if (size == 0 || size > 8192) return 0;
  const ByteView bytes(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    Check(bytes);
    return 0;
  }
  const auto record =
      identity::SignRecord(identity::RecordType::kDeviceList, SignedBody(bytes, account), account);
  if (record.ok()) Check(*record);
  return 0;
}
