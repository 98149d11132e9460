#include "store/suites.h"

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::store {

absl::StatusOr<Bytes> EncodeSuites(const std::vector<uint16_t>& suites) {
  if (suites.size() > kMaxSuites) return Fail(Code::kInvalidArgument, "a device has 16 suites");
  codec::Writer out(2 * suites.size());
  for (const uint16_t suite : suites) out.U16(suite);
  return std::move(out).Finish();
}

absl::StatusOr<std::vector<uint16_t>> DecodeSuites(ByteView bytes) {
  if (bytes.size() > 2 * kMaxSuites) return Fail(Code::kCorrupt, "suites: too many");
  codec::Reader in(bytes);
  std::vector<uint16_t> suites;
  while (in.remaining() > 0) suites.push_back(in.U16());
  if (!in.Finish().ok()) return Fail(Code::kCorrupt, "suites: an odd number of bytes");
  return suites;
}

}  // namespace pawl::store
