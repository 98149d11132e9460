#ifndef PAWL_CLIENT_RUNNER_CLIENT_H_
#define PAWL_CLIENT_RUNNER_CLIENT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/status.h"
#include "client/engine/command.h"
#include "client/engine/config.h"
#include "client/engine/event.h"
#include "client/runner/account_board.h"
#include "client/runner/push_source.h"
#include "client/runner/reads.h"
#include "crypto/aead.h"

namespace pawl::runner {

// What wraps a store's key: one of the two.
struct StoreKey {
  std::optional<crypto::AeadKey> host_key{};
  crypto::SecretBytes passphrase{};
};

struct ClientOptions {
  std::string dir{};
  bool create_if_missing = false;
  StoreKey key{};
  std::string anchor_dir{};  // empty: the platform's
  // The host keeps the anchor instead: what it holds, 0 for nothing.
  std::optional<uint64_t> host_anchor{};

  std::string relay_url{};  // empty: as remembered, with pins and CA file
  std::vector<ByteArray<32>> pins{};
  std::string ca_file{};

  client::Config engine{};
  size_t queue_capacity = 1024;
  size_t event_capacity = 1024;
  bool online = true;
  Log log{};
  std::shared_ptr<void> log_target{};  // what `log` writes to, kept until the last thread has ended
};

// A running client: a store, a thread for everything that happens, one for files. All methods:
// thread-safe, any thread but the client's own; none but Open, TakeEvents and Close waits for
// anything longer than a queue or a read of the store.
class Client {
 public:
  // Blocks while the store is opened; fails as store::Store::Open does. kInvalidArgument: no relay
  // named, or one that may not be; no key, or two.
  static absl::StatusOr<std::shared_ptr<Client>> Open(ClientOptions options);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Takes a command on; its kCompleted comes with the id. kWouldBlock, kClosed. `bytes`: its size.
  using Body = decltype(client::Command::body);
  absl::StatusOr<RequestId> Submit(Body body, size_t bytes);
  // The same without an answer (typing).
  absl::Status Tell(Body body);
  // A file from an open descriptor; `file.path` is empty.
  absl::StatusOr<RequestId> SubmitDescriptor(client::SendFile file, int fd);
  struct Pushed {
    RequestId request;
    std::shared_ptr<PushSource> source;
  };
  // A file that the caller hands over.
  absl::StatusOr<Pushed> SubmitPushed(client::SendFile file, uint64_t size);

  // 1 to `max` events: see EventQueue.
  absl::StatusOr<std::vector<client::Event>> TakeEvents(size_t max, int64_t timeout_ms);
  int event_fd() const;
  // kInvalidArgument for a number that was never given out.
  absl::Status Ack(InboxSeq up_to);
  // The host keeps this generation (event kAnchor).
  absl::Status AnchorKept(uint64_t generation);
  absl::Status SetOnline(bool online);

  // Committed state, read on the caller's thread: see reads.h. kClosed.
  absl::StatusOr<std::vector<HistoryMessage>> History(const ConversationId& conversation,
                                                      int64_t before, size_t limit);
  absl::StatusOr<std::vector<ListedConversation>> Conversations();
  absl::StatusOr<std::vector<ListedContact>> Contacts();
  absl::StatusOr<identity::AccountPublic> AccountKeyOf(std::string_view address);
  AccountView account();

  // Wraps the store's key anew, under this host key or passphrase from now on. Waits for the
  // client's thread, which does nothing else meanwhile: about a second under a passphrase. kClosed,
  // kInvalidArgument (none of the two, or both), kIo, kDiskFull.
  absl::Status ChangeKey(StoreKey key);
  // Encrypts the whole store anew; `key` is the one in force (kWrongKey). Waits as ChangeKey does,
  // for as long as writing the store twice takes, and so do reads.
  absl::Status Reencrypt(StoreKey key);

  // Ends connections, threads and every use of the store's files, and waits for it: no lock is held
  // and no file of the store open when it returns, so that a system may suspend the process and
  // another one write. Orders, acknowledgements and SetOnline are kept for Resume, events can be
  // taken, reads are kWrongState. Requests that were under way end as kCancelled; what they began
  // goes on as after a restart. Idempotent. kClosed.
  absl::Status Suspend();
  // Takes the store again and reads everything anew. True when another process has written
  // meanwhile. Fails as store::Store::Resume does (kStoreLocked: another process has it); then the
  // client stays suspended. False when it was not suspended. kClosed.
  absl::StatusOr<bool> Resume();

  // Ends everything and waits for it. Idempotent; who comes second waits too.
  void Close();

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_CLIENT_H_
