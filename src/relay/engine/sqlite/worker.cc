#include "relay/engine/sqlite/worker.h"

namespace pawl::relay::engine::sqlite {

size_t PayloadSize(const Op& op) {
  if (const auto* append = std::get_if<Append>(&op)) return append->envelope.size();
  if (const auto* chunk = std::get_if<AppendBlob>(&op)) return chunk->bytes.size();
  if (const auto* read = std::get_if<ReadBlob>(&op)) return read->max;
  return 0;
}

Worker::Worker(BatchLimits limits, Run run)
    : limits_(limits), run_(std::move(run)), thread_([this] { Loop(); }) {}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Worker::Post(std::vector<Request> requests) {
  if (requests.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (Request& request : requests) queue_.push_back(std::move(request));
  }
  changed_.notify_one();
}

std::vector<Request> Worker::NextBatch() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  std::vector<Request> batch;
  if (stopping_) return batch;
  size_t bytes = 0;
  while (!queue_.empty() && batch.size() < limits_.requests) {
    bytes += PayloadSize(queue_.front().op);
    if (!batch.empty() && bytes > limits_.bytes) break;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return batch;
}

void Worker::Loop() {
  while (true) {
    const std::vector<Request> batch = NextBatch();
    if (batch.empty()) return;
    run_(batch);
  }
}

}  // namespace pawl::relay::engine::sqlite
