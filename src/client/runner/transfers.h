#ifndef PAWL_CLIENT_RUNNER_TRANSFERS_H_
#define PAWL_CLIENT_RUNNER_TRANSFERS_H_

#include <map>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "client/attachment/source.h"
#include "client/runner/relay_link.h"
#include "client/runner/transfer.h"
#include "client/runner/transfer_host.h"

namespace pawl::runner {

// All files on their way, on the client's thread. Bounded: a few move at a time, the others wait
// their turn in the order they came.
class Transfers final : public TransferHost {
 public:
  struct Ports {
    RelayLink* link = nullptr;  // the anonymous one
    Rng* rng = nullptr;
    Rng* disk_rng = nullptr;  // used by the worker alone
    std::string folder;       // of the chunk logs; made when first needed
    // Runs a job on the IO worker; runs a task on the client's thread, any thread may ask.
    absl::AnyInvocable<void(absl::AnyInvocable<void()>)> run_on_disk;
    absl::AnyInvocable<void(absl::AnyInvocable<void(Timestamp)>)> post;
    absl::AnyInvocable<void(client::Input)> report;
    absl::AnyInvocable<void(client::Event)> show;
  };
  explicit Transfers(Ports ports) : ports_(std::move(ports)) {}

  // --- the engine's wishes ---
  void Carry(client::TransferJob job, Timestamp now);
  // Where the upload of this message, once the engine starts it, reads from instead of a path.
  void Offer(const MessageId& message, std::unique_ptr<attachment::Source> source);
  // It will not be started.
  void Withdraw(const MessageId& message) { offers_.erase(message); }
  void SourceReady(const MessageId& message);
  // Deletes the logs of transfers that are no more. Once, after the engine has started its own.
  void RemoveOrphans();

  // --- the connection ---
  // For every effect of the link; says whether it was an answer to a transfer.
  bool Take(const transport::Effect& effect, Timestamp now);
  void RoomAgain();

  // Does whatever can be done now.
  void Pump(Timestamp now);
  Timestamp NextDeadline() const;
  // Whether the connection is needed.
  bool any() const { return !transfers_.empty(); }

  // --- TransferHost ---
  absl::Status Request(const wire::BlobBegin& frame, RequestTag tag, Timestamp now) override;
  absl::Status Request(const wire::BlobChunk& frame, RequestTag tag, Timestamp now) override;
  absl::Status Request(const wire::BlobCommit& frame, RequestTag tag, Timestamp now) override;
  absl::Status Request(const wire::BlobDelete& frame, RequestTag tag, Timestamp now) override;
  absl::Status Request(const wire::BlobGet& frame, RequestTag tag, Timestamp now) override;
  void OnDisk(DiskJob job) override;
  void Report(client::Input input) override { ports_.report(std::move(input)); }
  void Progress(const MessageId& message, uint64_t done, uint64_t total, Code obstacle,
                Timestamp retry_at) override;
  Rng& rng() override { return *ports_.rng; }
  Rng& disk_rng() override { return *ports_.disk_rng; }

 private:
  // Files that move at a time, for each direction: half a MiB of memory each.
  static constexpr int kActive = 4;
  // Uploads that wait for their payment beside them, each with an open source.
  static constexpr int kUnpaid = 16;
  // Of the connection's queue, so that messages find room beside files.
  static constexpr size_t kKeepFree = size_t{512} << 10;

  struct Asked {
    uint64_t transfer = 0;
    RequestTag tag;
  };
  using AskedByNumber = absl::flat_hash_map<transport::RequestNumber, Asked>;

  template <typename Frame>
  absl::Status Send(const Frame& frame, size_t size, RequestTag tag, Timestamp now);
  Transfer* Find(uint64_t number);
  Transfer* Find(const MessageId& message);
  void Add(std::unique_ptr<Transfer> transfer);
  void ChannelChanged(bool up);
  void Answer(const transport::Answered& answer, Timestamp now);
  void AnswerFailure(const transport::RequestFailed& failure, Timestamp now);
  std::string LogPath(const MessageId& message, const char* suffix) const;

  Ports ports_;
  uint64_t next_number_ = 1;
  uint64_t pumping_ = 0;  // whose requests and jobs are being asked for
  std::map<uint64_t, std::unique_ptr<Transfer>> transfers_;
  absl::flat_hash_map<MessageId, std::unique_ptr<attachment::Source>> offers_;
  AskedByNumber asked_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_TRANSFERS_H_
