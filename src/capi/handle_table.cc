#include "capi/handle_table.h"

#include <unistd.h>

#include <utility>

namespace pawl::capi {
namespace {

constexpr uint32_t Mask(unsigned bits) {
  return bits >= 32 ? UINT32_MAX : (uint32_t{1} << bits) - 1;
}

}  // namespace

HandleTable& HandleTable::OfThisProcess() {
  static std::atomic<HandleTable*> current{nullptr};
  const pid_t pid = ::getpid();
  HandleTable* table = current.load(std::memory_order_acquire);
  while (table == nullptr || table->owner_ != pid) {
    // The old table is leaked on purpose: its mutexes may be held by threads that fork() did not
    // take along.
    const uint32_t process = table == nullptr ? 1 : table->process_ + 1;
    auto fresh = std::make_unique<HandleTable>(pid, process & Mask(kProcessBits));
    if (current.compare_exchange_strong(table, fresh.get(), std::memory_order_acq_rel)) {
      table = fresh.release();
    }
  }
  return *table;
}

uintptr_t HandleTable::Pack(const Parts& parts) {
  uintptr_t value = parts.process;
  value = (value << kGenerationBits) | parts.generation;
  value = (value << kSlotBits) | parts.slot;
  return value << kLowBits;
}

HandleTable::Parts HandleTable::Unpack(uintptr_t handle) {
  Parts parts{};
  handle >>= kLowBits;
  parts.slot = static_cast<uint32_t>(handle & Mask(kSlotBits));
  handle >>= kSlotBits;
  parts.generation = static_cast<uint32_t>(handle & Mask(kGenerationBits));
  handle >>= kGenerationBits;
  parts.process = static_cast<uint32_t>(handle & Mask(kProcessBits));
  return parts;
}

HandleTable::Slot* HandleTable::Lookup(Shard& shard, const Parts& parts, Kind kind) {
  const size_t place = parts.slot / kShards;
  if (place >= shard.slots.size()) return nullptr;
  Slot& slot = shard.slots[place];
  if (slot.object == nullptr || slot.generation != parts.generation || slot.kind != kind) {
    return nullptr;
  }
  return &slot;
}

absl::StatusOr<uintptr_t> HandleTable::Add(Kind kind, std::shared_ptr<void> object) {
  const uint32_t number = next_shard_.fetch_add(1, std::memory_order_relaxed) % kShards;
  Shard& shard = shards_[number];
  std::lock_guard lock(shard.mutex);
  if (shard.free.empty()) {
    const size_t place = shard.slots.size();
    if (place * kShards + number > Mask(kSlotBits)) {
      return Fail(Code::kOutOfMemory, "too many handles are in use");
    }
    shard.slots.emplace_back();
    // Room for every slot, so that Remove never allocates.
    shard.free.reserve(shard.slots.capacity());
    shard.free.push_back(static_cast<uint32_t>(place));
  }
  const uint32_t place = shard.free.back();
  shard.free.pop_back();
  Slot& slot = shard.slots[place];
  // Generation 0 is never used, so that no handle is all zero bits.
  slot.generation = (slot.generation + 1) & Mask(kGenerationBits);
  if (slot.generation == 0) slot.generation = 1;
  slot.kind = kind;
  slot.object = std::move(object);
  return Pack({process_, slot.generation, static_cast<uint32_t>(place * kShards + number)});
}

absl::StatusOr<std::shared_ptr<void>> HandleTable::Find(Kind kind, uintptr_t handle) {
  if (handle == 0) return Fail(Code::kBadHandle, "the handle is null");
  const Parts parts = Unpack(handle);
  if (Pack(parts) != handle) return Fail(Code::kBadHandle, "this is no handle");
  Shard& shard = shards_[parts.slot % kShards];
  std::lock_guard lock(shard.mutex);
  if (parts.process == process_) {
    if (Slot* slot = Lookup(shard, parts, kind)) return slot->object;
  } else if (parts.generation != 0 && parts.process != 0 && parts.process < process_) {
    return Fail(Code::kForked, "the object was made before fork()");
  }
  return Fail(Code::kBadHandle, "the handle is of another kind, or was released");
}

std::shared_ptr<void> HandleTable::Remove(Kind kind, uintptr_t handle) {
  const Parts parts = Unpack(handle);
  if (Pack(parts) != handle || parts.process != process_) return nullptr;
  Shard& shard = shards_[parts.slot % kShards];
  std::lock_guard lock(shard.mutex);
  Slot* slot = Lookup(shard, parts, kind);
  if (slot == nullptr) return nullptr;
  slot->kind = Kind::kNone;
  shard.free.push_back(static_cast<uint32_t>(parts.slot / kShards));
  // The caller destroys the object, outside the lock.
  return std::move(slot->object);
}

}  // namespace pawl::capi
