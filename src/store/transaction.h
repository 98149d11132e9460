#ifndef PAWL_STORE_TRANSACTION_H_
#define PAWL_STORE_TRANSACTION_H_

#include <optional>

#include "base/clock.h"
#include "base/status.h"
#include "store/account.h"
#include "store/anchor.h"
#include "store/conversations.h"
#include "store/dedupe.h"
#include "store/ids.h"
#include "store/inbox.h"
#include "store/lineage.h"
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

class Store;

// One batch of the engine: everything it reads and writes, all or nothing. Rolled back when dropped
// without Commit. The table gateways belong to the Store and are valid while this lives; reads see
// the writes made before them. Any error from a gateway leaves the transaction usable unless it is
// kDiskFull, kIo or kCorrupt: then it is gone, everything since Begin is undone, and so says
// Commit.
class Transaction {
 public:
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&& other) = delete;
  ~Transaction();

  Account& account();
  Values& values();
  Peers& peers();
  PeerDevices& peer_devices();
  Sessions& sessions();
  Skipped& skipped();
  Prekeys& prekeys();
  Replay& replay();
  Conversations& conversations();
  Messages& messages();
  Outbox& outbox();
  Pending& pending();
  Inbox& inbox();
  Dedupe& dedupe();
  Transfers& transfers();
  Repairs& repairs();
  Tokens& tokens();

  // From this commit on opened_state() is kCurrent (a divergence healed: fresh epoch, fresh keys),
  // or kDiverged or kSuperseded, because the relay showed what no anchor had.
  absl::Status Mark(OpenedState state);
  // What the opening that wrote this foreign note did is healed from: no note of it is foreign from
  // this commit on. Nothing when it is none.
  absl::Status Absorb(ByteView note);

  // Raises the generation and makes everything since Begin durable, or nothing: kDiskFull, kIo,
  // kCorrupt. A transaction that changed nothing commits without raising. `now` paces the anchor.
  // After it, in either case, the transaction is over.
  absl::Status Commit(Timestamp now);

 private:
  friend class Store;
  explicit Transaction(Store& store) : store_(&store) {}
  Store* store_;                            // null when over
  std::optional<OpenedState> state_after_;  // nullopt: as it is
  std::optional<Instance> absorbed_;
  std::optional<Generation> beyond_;  // the next one is above this, too
};

}  // namespace pawl::store

#endif  // PAWL_STORE_TRANSACTION_H_
