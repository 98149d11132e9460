#include "identity/bundle.h"
#include "identity/record.h"
#include "support/fuzz_require.h"
#include "support/seeded_rng.h"

namespace {

using namespace pawl;
using identity::Bundle;

const crypto::Ed25519KeyPair& SigningKey() {
  static test::SeededRng rng(1);
  static const auto key = crypto::Ed25519KeyPair::Generate(rng);
  return key;
}

// What parses can be signed again, for a list of suites that we know all of to the very same bytes.
void Check(ByteView record) {
  const auto parsed = Bundle::Parse(record, SigningKey().pub());
  if (!parsed.ok()) return;
  if (parsed->suites.empty()) return;
  const auto again = parsed->Sign(SigningKey());
  test::Require(again.ok());
  test::Require(again->size() <= record.size());
  if (again->size() == record.size()) test::Require(SameBytes(*again, record));
  (void)parsed->CheckTime(Timestamp{0});
  (void)parsed->CheckTime(identity::kLatestTime);
}

}  // namespace

// First byte even: a record as the relay could hand it to us. Odd: the body of one that is signed.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0 || size > 8192) return 0;
  const ByteView bytes(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    (void)Bundle::Parse(bytes, SigningKey().pub());
    return 0;
  }
  const auto record = identity::SignRecord(identity::RecordType::kBundle, bytes, SigningKey());
  if (record.ok()) Check(*record);
  return 0;
}
