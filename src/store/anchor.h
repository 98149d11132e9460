#ifndef PAWL_STORE_ANCHOR_H_
#define PAWL_STORE_ANCHOR_H_

#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "store/ids.h"

namespace pawl::store {

// An anchor remembers, outside the database, one generation that the database has reached. When the
// database is found below it, somebody put an older copy in place.

// Kept by us, as the file DIR/<store id in hex>. Empty: DefaultAnchorDir(). Never inside the
// store's own directory: a copy of that would take its anchor along.
struct AnchorFile {
  std::string dir;
};
// Kept by the host, which gives what it holds at open (nullopt: nothing).
struct HostAnchor {
  std::optional<Generation> generation;
};
using AnchorOptions = std::variant<AnchorFile, HostAnchor>;

// ${XDG_STATE_HOME:-$HOME/.local/state}/pawl/anchors; kInvalidArgument when neither
// variable is set.
absl::StatusOr<std::string> DefaultAnchorDir();

using AnchorKey = crypto::Secret<struct AnchorKeyTag, 32>;

// What comparing database and anchor at open said, or what the relay showed later.
enum class OpenedState : uint8_t {
  kCurrent = 0,   // the database is at or beyond its anchor, or was just created
  kDiverged = 1,  // the database is older than its anchor
  kAnchorMissing =
      2,  // there is none (or it does not authenticate): nothing proves this copy is the newest
  kSuperseded = 3,  // another copy went on as this device: for ever
};
OpenedState CompareAnchor(std::optional<Generation> anchored, Generation database);

// The file: 8 magic, u8 version, 16 store id, u64 generation, 32 BLAKE2b keyed by the store's
// anchor key over all before.
constexpr size_t kAnchorFileSize = 65;
Bytes EncodeAnchor(const StoreId& id, Generation generation, const AnchorKey& key);
// kCorrupt for anything that EncodeAnchor with this id and key did not make.
absl::StatusOr<Generation> DecodeAnchor(ByteView file, const StoreId& id, const AnchorKey& key);

// nullopt when there is no such file or it is not this store's; kIo when it cannot be read.
absl::StatusOr<std::optional<Generation>> ReadAnchor(const std::string& dir, const StoreId& id,
                                                     const AnchorKey& key);
// Atomic and durable; makes the folder (0700). kIo, kDiskFull.
absl::Status WriteAnchor(const std::string& dir, const StoreId& id, Generation generation,
                         const AnchorKey& key);

// When the anchor is raised: at the first commit after open, then after kMaxCommits commits or
// kMaxDelay since the first commit that it does not cover, whichever is first. What lies between is
// what a rollback could hide; the salt (DESIGN §5) keeps keys apart even there.
class AnchorSchedule {
 public:
  static constexpr uint64_t kMaxCommits = 256;
  static constexpr Duration kMaxDelay = Seconds(10);
  static constexpr Duration kTryAgain = Seconds(5);

  void Committed(Generation generation, Timestamp now);
  // The generation to anchor now, if it is time to.
  std::optional<Generation> Due(Timestamp now) const;
  // The generation that is not anchored yet, whether or not it is time to.
  std::optional<Generation> Pending() const;
  // When Due() will next have something; kNever when all is anchored.
  Timestamp Deadline() const;
  void Raised(Generation generation, Timestamp now);
  // It could not be written (a full disk): nothing is due again before kTryAgain has passed.
  void Failed(Timestamp now) { failed_at_ = now; }

 private:
  bool raised_since_open_ = false;
  Generation committed_;
  Generation raised_;
  bool HasJustFailed(Timestamp now) const;

  std::optional<Timestamp> failed_at_;  // since the last success
  Timestamp waiting_since_ = kNever;
  uint64_t waiting_commits_ = 0;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_ANCHOR_H_
