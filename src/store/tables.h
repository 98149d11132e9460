#ifndef PAWL_STORE_TABLES_H_
#define PAWL_STORE_TABLES_H_

#include "store/account.h"
#include "store/conversations.h"
#include "store/dedupe.h"
#include "store/inbox.h"
#include "store/messages.h"
#include "store/outbox.h"
#include "store/peer_devices.h"
#include "store/peers.h"
#include "store/pending.h"
#include "store/prekeys.h"
#include "store/repairs.h"
#include "store/replay.h"
#include "store/sessions.h"
#include "store/skipped.h"
#include "store/tokens.h"
#include "store/transfers.h"
#include "store/values.h"

namespace pawl::store {

// Every gateway of one batch.
struct Tables {
  explicit Tables(Batch& b)
      : account(b),
        values(b),
        peers(b),
        peer_devices(b),
        sessions(b),
        skipped(b),
        prekeys(b),
        replay(b),
        conversations(b),
        messages(b),
        outbox(b),
        pending(b),
        inbox(b),
        dedupe(b),
        transfers(b),
        repairs(b),
        tokens(b) {}

  Account account;
  Values values;
  Peers peers;
  PeerDevices peer_devices;
  Sessions sessions;
  Skipped skipped;
  Prekeys prekeys;
  Replay replay;
  Conversations conversations;
  Messages messages;
  Outbox outbox;
  Pending pending;
  Inbox inbox;
  Dedupe dedupe;
  Transfers transfers;
  Repairs repairs;
  Tokens tokens;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_TABLES_H_
