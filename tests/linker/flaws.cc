#include "linker/flaws.h"

#include <algorithm>

#include "crypto/hash.h"
#include "session/envelope.h"

namespace pawl::linker {
namespace {

// The device connection that the owner of `connection` had at that time; the same one where there
// was none.
Conn DeviceConnection(const Conversation& conversation, Conn connection, Timestamp at) {
  const Mailbox owner = conversation.OwnerOf(connection);
  Conn found = connection;
  for (const auto& [id, other] : conversation.view().connections) {
    if (other.authenticated == owner && other.from <= at) found = id;
  }
  return found;
}

}  // namespace

RelayView WithConstantTags(const Conversation& conversation, size_t envelopes) {
  RelayView view = conversation.view();
  view.envelopes.resize(std::min(envelopes, view.envelopes.size()));
  for (SeenEnvelope& envelope : view.envelopes) {
    const Mailbox sender = conversation.SenderOf(envelope.id);
    const auto pair = std::minmax(sender, envelope.to);
    const auto constant = crypto::Blake2b256({AsBytes(pair.first), AsBytes(pair.second)});
    std::copy_n(constant.begin(), session::kTagSize, envelope.body.begin() + 1);
  }
  return view;
}

RelayView WithSendsOnDeviceConnections(const Conversation& conversation) {
  RelayView view = conversation.view();
  for (SeenEnvelope& envelope : view.envelopes) {
    envelope.connection = DeviceConnection(conversation, envelope.connection, envelope.at);
  }
  for (SeenUpload& upload : view.uploads) {
    upload.connection = DeviceConnection(conversation, upload.connection, upload.at);
  }
  return view;
}

}  // namespace pawl::linker
