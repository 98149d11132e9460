#include "client/engine/outbox_index.h"

#include <algorithm>
#include <utility>

namespace pawl::client {

OutboxItem* DeviceQueue::Next(Timestamp now, size_t window) {
  if (refused || on_the_way >= items.size() || unanswered >= window) return nullptr;
  if (now < blocked_until) return nullptr;
  OutboxItem& item = items[on_the_way];
  return item.not_before <= now ? &item : nullptr;
}

Timestamp DeviceQueue::NextTime(size_t window) const {
  if (refused || on_the_way >= items.size() || unanswered >= window) return kNever;
  return std::max(items[on_the_way].not_before, blocked_until);
}

void OutboxIndex::Add(const identity::DeviceAddress& to, OutboxItem item) {
  queues_[to].items.push_back(item);
  ++size_;
}

void OutboxIndex::Answer(const OutboxAnswer& answer) {
  auto found = queues_.find(answer.to);
  if (found == queues_.end()) return;
  DeviceQueue& queue = found->second;
  auto item = std::find_if(queue.items.begin(), queue.items.end(),
                           [&](const OutboxItem& i) { return i.id == answer.id; });
  if (item == queue.items.end()) return;
  const bool was_out = static_cast<size_t>(item - queue.items.begin()) < queue.on_the_way;
  if (was_out && item->call != 0) --queue.unanswered;
  if (answer.taken) {
    queue.items.erase(item);
    if (was_out) --queue.on_the_way;
    --size_;
  } else {
    item->call = 0;
    ++item->attempts;
    queue.blocked_until = std::max(queue.blocked_until, answer.blocked_until);
    // What was sent behind it may be taken before it: only when all that is answered does the queue
    // go on, from the front.
    queue.refused = true;
  }
  if (queue.refused && queue.unanswered == 0) {
    queue.on_the_way = 0;
    queue.refused = false;
  }
  if (queue.items.empty()) queues_.erase(found);
}

void OutboxIndex::ForgetCalls() {
  for (auto& [to, queue] : queues_) {
    for (OutboxItem& item : queue.items) item.call = 0;
    queue.on_the_way = queue.unanswered = 0;
    queue.refused = false;
  }
}

void OutboxIndex::Erase(const identity::DeviceAddress& to) {
  auto found = queues_.find(to);
  if (found == queues_.end()) return;
  size_ -= found->second.items.size();
  queues_.erase(found);
}

void OutboxIndex::DropNext(DeviceQueue& queue) {
  queue.items.erase(queue.items.begin() + static_cast<ptrdiff_t>(queue.on_the_way));
  --size_;
}

void OutboxIndex::Unblock(const identity::DeviceAddress& to) {
  auto found = queues_.find(to);
  if (found != queues_.end()) found->second.blocked_until = kLongAgo;
}

const DeviceQueue* OutboxIndex::Find(const identity::DeviceAddress& to) const {
  auto found = queues_.find(to);
  return found == queues_.end() ? nullptr : &found->second;
}

}  // namespace pawl::client
