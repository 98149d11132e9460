#ifndef PAWL_CLIENT_ENGINE_PEEK_H_
#define PAWL_CLIENT_ENGINE_PEEK_H_

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "client/engine/self.h"
#include "crypto/secret.h"
#include "identity/address.h"
#include "identity/device_list.h"
#include "store/snapshot.h"

namespace pawl::client {

// Numbers are the C ABI's (pawl_peek_kind).
enum class PeekKind : int32_t {
  kMessage = 1,     // a contact's
  kRequest = 2,     // a stranger's, who is who they say they are
  kNothing = 3,     // of no interest to a user: receipts, copies, blocked people
  kKnown = 4,       // the client has it already
  kUnreadable = 5,  // `code` says why
};

// An envelope that waits; `id` where the relay has said it.
struct PeekInput {
  std::optional<EnvelopeId> id{};
  Timestamp received_at{};  // by the relay's clock
  Bytes bytes{};
};

struct Peeked {
  PeekKind kind = PeekKind::kUnreadable;
  Code code = Code::kOk;
  Timestamp received_at{};
  // --- from here on: only what is proven ---
  std::optional<identity::Address> peer{};
  DeviceId device{};
  ConversationId conversation{};
  MessageId message{};
  Timestamp sent_at{};            // by the sender's clock
  crypto::SecretBytes content{};  // verified content bytes, read through ContentView
  std::string name{};             // that a stranger gives itself
  // kUnreadable with kDeviceNotListed: who claims to have sent it. Its list could prove it.
  std::optional<identity::Address> unlisted{};
  PeekInput input{};  // with `unlisted`: to Peek at again, with that list
};

// What the envelopes in somebody's mailbox are, by the state of its store and without changing it:
// nothing is written, acknowledged, answered or kept; keys are derived on copies that are wiped
// before this returns. One by one, so that memory is that of one session and of the contents given
// back; each envelope's own bytes are freed with its answer. The answers stand in the order of the
// envelopes. `lists`: device lists that were fetched for this very purpose. kWrongState: no account
// in this store; kCorrupt, kIo, kStorage.
absl::StatusOr<std::vector<Peeked>> Peek(store::Snapshot& snapshot, std::vector<PeekInput> inputs,
                                         const std::vector<identity::DeviceList>& lists,
                                         Timestamp now);

// A message that was sent anew lies there twice: the second one is kKnown.
void ShowOnce(std::vector<Peeked>& items);

// Who the store's device is: what it takes to log in at its relay. kWrongState: nobody yet.
absl::StatusOr<Self> PeekSelf(store::Snapshot& snapshot);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PEEK_H_
