#include "session/types.h"

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::session {

ByteArray<ratchet::kContextSize> EncodeRefs(const ListRefs& refs) {
  static_assert(ratchet::kContextSize == 2 * identity::kListRefSize);
  ByteArray<ratchet::kContextSize> context;
  codec::FixedWriter(context)
      .U32(refs.sender.version)
      .Raw(refs.sender.hash)
      .U32(refs.recipient.version)
      .Raw(refs.recipient.hash);
  return context;
}

ListRefs DecodeRefs(const ByteArray<ratchet::kContextSize>& context) {
  codec::Reader in(context);
  ListRefs refs;
  refs.sender = identity::ReadListRef(in);
  refs.recipient = identity::ReadListRef(in);
  return refs;
}

}  // namespace pawl::session
