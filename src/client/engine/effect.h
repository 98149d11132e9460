#ifndef PAWL_CLIENT_ENGINE_EFFECT_H_
#define PAWL_CLIENT_ENGINE_EFFECT_H_

#include <vector>

#include "base/ids.h"
#include "client/engine/event.h"
#include "client/engine/relay_call.h"
#include "client/engine/transfer.h"

namespace pawl::client {

// What one Step asks of the world. It exists only after the Step's transaction is durable, so
// everything in it may leave the process (DESIGN §6, commit before release). Order within a vector
// is to be kept.
struct Effects {
  static constexpr size_t kMaxCalls = 512;
  static constexpr size_t kMaxCallBytes = 768 * 1024;

  // Unanswered ones stay within kMaxCalls and kMaxCallBytes: less than a transport's queue takes.
  std::vector<Call> calls{};          // each on its channel, which was up when Step was called
  std::vector<MailboxCursor> acks{};  // device channel: these envelopes may be deleted
  std::vector<Event> events{};        // ephemeral ones, seq 0
  // Envelopes that were acknowledged unread, for the log: what was wrong with each.
  struct Rejected {
    EnvelopeId id{};
    Code code;
  };
  std::vector<Rejected> rejected{};
  std::vector<TransferJob> transfers{};
  bool inbox_grew = false;  // durable events wait in the store's inbox
  // Levels, not edges: hold these connections open, or let them go when convenient.
  bool want_device = false;
  bool want_anonymous = false;
  bool login_again = false;  // on the device channel: what READY says is wanted anew
  // What the relay has heard on the anonymous connection, or said, could show it who we are: it is
  // to end at once, and what follows goes over another one.
  bool renew_anonymous = false;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_EFFECT_H_
