#include "client/engine/conversation.h"

#include <algorithm>
#include <string>

#include "codec/writer.h"
#include "crypto/hash.h"

namespace pawl::client {

ConversationId ConversationOf(const identity::Address& a, const identity::Address& b) {
  codec::Writer parties;
  identity::Write(parties, std::min(a, b));
  identity::Write(parties, std::max(a, b));
  const crypto::Hash32 hash = crypto::Blake2b256({AsBytes("pawl conversation v1"), parties.view()});
  ConversationId::Underlying id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return ConversationId(id);
}

}  // namespace pawl::client
