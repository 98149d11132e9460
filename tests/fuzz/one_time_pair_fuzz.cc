#include "identity/one_time_pair.h"
#include "identity/record.h"
#include "support/fuzz_require.h"
#include "support/seeded_rng.h"

namespace {

using namespace pawl;
using identity::OneTimePair;

const crypto::Ed25519KeyPair& SigningKey() {
  static test::SeededRng rng(1);
  static const auto key = crypto::Ed25519KeyPair::Generate(rng);
  return key;
}

// What parses has one encoding.
void Check(ByteView record) {
  const auto parsed = OneTimePair::Parse(record, SigningKey().pub());
  if (!parsed.ok()) return;
  const auto again = parsed->Sign(SigningKey());
  test::Require(again.ok() && SameBytes(*again, record));
  (void)parsed->CheckTime(Timestamp{0});
  (void)parsed->CheckTime(identity::kLatestTime);
}

}  // namespace

// First byte even: a record as the relay could hand it to us. Odd: the body of one that is signed.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 8192) return 0;
  const ByteView bytes(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    (void)OneTimePair::Parse(bytes, SigningKey().pub());
    return 0;
  }
  const auto record = identity::SignRecord(identity::RecordType::kOneTimePair, bytes, SigningKey());
  if (record.ok()) Check(*record);
  return 0;
}
