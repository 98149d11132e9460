#include "session/envelope.h"

#include <algorithm>

namespace pawl::session {

absl::StatusOr<RouteTag> PeekTag(ByteView envelope) {
  if (envelope.empty()) return Fail(Code::kMalformed, "empty envelope");
  if (envelope.front() != kEnvelopeVersion) {
    return Fail(Code::kUnsupportedVersion, "envelope of another version");
  }
  if (envelope.size() > kMaxEnvelopeSize || !ratchet::IsPaddedSize(envelope.size())) {
    return Fail(Code::kMalformed, "envelope of a size that we never pad to");
  }
  ByteArray<kTagSize> tag;
  std::copy_n(envelope.begin() + 1, kTagSize, tag.begin());
  return RouteTag(tag);
}

void WritePrefix(const RouteTag& tag, MutableByteView frame) {
  frame[0] = kEnvelopeVersion;
  std::copy(tag.value().begin(), tag.value().end(), frame.begin() + 1);
}

}  // namespace pawl::session
