#ifndef PAWL_RELAY_ENGINE_ENGINE_H_
#define PAWL_RELAY_ENGINE_ENGINE_H_

#include <variant>
#include <vector>

#include "relay/engine/blob_ops.h"
#include "relay/engine/directory_ops.h"
#include "relay/engine/mail_ops.h"
#include "relay/engine/token_ops.h"

namespace pawl::relay::engine {

// Chosen by the core; returned with the result.
using OpId = StrongAlias<struct OpIdTag, uint64_t>;

using Op = std::variant<Attach, Append, FetchMail, Acknowledge, Expire, GetList, RegisterAccount,
                        PutList, PutEpoch, PutPrekeys, TakePrekey, PutDeliveryKey, PutAnchor,
                        PutInvitation, RemoveAccount, TakeRemovals, BeginBlob, AppendBlob,
                        CommitBlob, ReadBlob, DeleteBlob, GetTokenSeed, IssueTokens>;
using Result =
    std::variant<Attached, Appended, FetchedMail, Acknowledged, Expired, GotList, ListPut, EpochPut,
                 PrekeysPut, PrekeyTaken, Done, AccountRemoved, Removals, BlobBegun, BlobAppended,
                 BlobCommitted, BlobRead, BlobDeleted, GotTokenSeed, TokensCounted>;

struct Request {
  OpId id;
  Op op;
};
struct Completion {
  OpId id;
  Result result;
};
// One unit of news from the engine. `woken`: mailboxes that have new messages, whoever appended
// them: this process, or in a distributed engine another one. A lost wake-up does no harm beyond
// delay.
struct Completions {
  std::vector<Completion> done;
  std::vector<MailboxRef> woken;
};

// Hears what the engine did. Called on any thread, by several at once.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void Complete(Completions completions) = 0;
};

// Where a relay keeps everything: the one interface between the relay's core and a database.
// Asynchronous and batch-first: one call hands over everything that one round of the core produced,
// and the engine groups whatever is queued into as few commits as it can.
//   - Each request completes exactly once, unless the engine is destroyed first.
//   - A completed write is durable: it survives the end of the process and of the machine.
//   - Writes take effect in the order of submission. A read sees every write that completed before
//   it was submitted.
//   - The engine queues without bound; the core bounds what it has outstanding.
// What must hold is in tests/support/engine_conformance.h, one suite for every engine.
class Engine {
 public:
  virtual ~Engine() = default;
  // Never blocks on storage. Thread-compatible: one thread submits.
  virtual void Submit(std::vector<Request> batch) = 0;
};

// The code of a result, whichever it is.
Code CodeOf(const Result& result);
// The result of an operation that failed as a whole, of the type that belongs to it.
Result FailureOf(const Op& op, Code code);

// What an engine enforces in the transaction that writes.
struct Quotas {
  uint32_t mailbox_messages = 4096;
  uint64_t mailbox_bytes = 32ull << 20;
  uint32_t mailbox_requests = 32;    // of them from strangers
  uint32_t one_time_pairs = 200;     // per device
  uint64_t blob_bytes = 4ull << 30;  // per account: worth of tokens in a period, and stored at once
  uint32_t open_uploads = 64;        // per account, not committed yet
};
// A blob counts as this much at least: its row and its file are there, however small it is.
constexpr uint64_t kLeastBlobCharge = 4096;
constexpr Duration kDedupeAfterAck = Hours(24);
constexpr Duration kOldDeliveryKeyLife = Days(7);

}  // namespace pawl::relay::engine

#endif  // PAWL_RELAY_ENGINE_ENGINE_H_
