#include "wire/content.h"

#include <algorithm>

#include "wire/internal/content_fields.h"
#include "wire/internal/verified_access.h"

namespace pawl::wire {
namespace {

// Content -> body -> vector of structs is as deep as ours goes; the rest is room for later
// releases.
constexpr flatbuffers::uoffset_t kContentDepth = 8;
constexpr flatbuffers::uoffset_t kContentTables = 16;
constexpr size_t kContentAlignment = 8;

ByteArray<16> Unpack(const fb::Id16& id) {
  ByteArray<16> out;
  std::copy_n(id.bytes()->data(), out.size(), out.begin());
  return out;
}

}  // namespace

absl::StatusOr<Verified<fb::Content>> VerifyContent(ByteView bytes) {
  if (reinterpret_cast<uintptr_t>(bytes.data()) % kContentAlignment != 0) {
    return Fail(Code::kInvalidArgument, "content is not 8-aligned");
  }
  if (bytes.size() > kMaxContentSize) return Fail(Code::kTooLarge, "content above limit");
  flatbuffers::Verifier::Options options;
  options.max_depth = kContentDepth;
  options.max_tables = kContentTables;
  flatbuffers::Verifier verifier(bytes.data(), bytes.size(), options);
  if (!fb::VerifyContentBuffer(verifier)) {
    return Fail(Code::kMalformed, "content does not verify");
  }
  const fb::Content* content = fb::GetContent(bytes.data());
  PAWL_TRY(internal::CheckFields(*content));
  return internal::VerifiedAccess::Make(content);
}

bool IsKnownBody(const fb::Content& content) {
  return content.body_type() > fb::Body::NONE && content.body_type() <= fb::Body::MAX;
}

MessageId ToMessageId(const fb::Id16& id) { return MessageId(Unpack(id)); }
ConversationId ToConversationId(const fb::Id16& id) { return ConversationId(Unpack(id)); }

}  // namespace pawl::wire
