#ifndef PAWL_CAPI_HANDLE_TABLE_H_
#define PAWL_CAPI_HANDLE_TABLE_H_

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/status.h"

namespace pawl::capi {

// What a handle of the C ABI names.
enum class Kind : uint8_t {
  kNone = 0,
  kBuffer,
  kIdentity,
  kSession,
  kClient,
  kConversation,
  kUpload,
  kEvents,
  kMessages,
  kConversations,
  kContacts,
  kDevices,
  kPeek,
  kPeeked,
};

// Turns objects into handles and back. A handle looks like a pointer but is never followed: it is
// (process, generation, slot), so that null, garbage, a handle of another kind and one that was
// released are all told apart from a good one without touching the memory they might name, and a
// release on one thread cannot pull an object from under a call on another. Thread-safe.
class HandleTable {
 public:
  // The table of this process. After fork() the child gets a new one, and the handles of its parent
  // are recognised as such; the parent's objects are abandoned in it, never destroyed.
  static HandleTable& OfThisProcess();

  HandleTable(pid_t owner, uint32_t process) : owner_(owner), process_(process) {}

  // kOutOfMemory when all slots are taken.
  absl::StatusOr<uintptr_t> Add(Kind kind, std::shared_ptr<void> object);
  // kBadHandle, kForked.
  absl::StatusOr<std::shared_ptr<void>> Find(Kind kind, uintptr_t handle);
  // The object that the handle named; null when it named none.
  std::shared_ptr<void> Remove(Kind kind, uintptr_t handle);

 private:
  // 64-bit: 6 | 32 | 24 | 2 zero bits. 32-bit: 4 | 12 | 14 | 2.
  static constexpr bool kWide = sizeof(uintptr_t) == 8;
  static constexpr unsigned kSlotBits = kWide ? 24 : 14;
  static constexpr unsigned kGenerationBits = kWide ? 32 : 12;
  static constexpr unsigned kProcessBits = kWide ? 6 : 4;
  static constexpr unsigned kLowBits = 2;  // like an aligned pointer's
  static constexpr size_t kShards = 16;

  struct Parts {
    uint32_t process;
    uint32_t generation;
    uint32_t slot;
  };
  struct Slot {
    uint32_t generation = 0;
    Kind kind = Kind::kNone;
    std::shared_ptr<void> object;
  };
  // A slot's number is its place in the shard times kShards plus the shard's number.
  struct Shard {
    std::mutex mutex;
    std::vector<Slot> slots;
    std::vector<uint32_t> free;
  };

  static uintptr_t Pack(const Parts& parts);
  static Parts Unpack(uintptr_t handle);
  // Null unless the handle is a live one; the shard's mutex is held.
  static Slot* Lookup(Shard& shard, const Parts& parts, Kind kind);

  const pid_t owner_;
  const uint32_t process_;
  std::atomic<uint32_t> next_shard_{0};
  std::array<Shard, kShards> shards_;
};

}  // namespace pawl::capi

#endif  // PAWL_CAPI_HANDLE_TABLE_H_
