#include "transport/ws/message_assembler.h"

#include <utility>

namespace pawl::transport::ws {

MessageAssembler::Result MessageAssembler::Add(ByteView piece, size_t announced, bool is_final) {
  if (std::exchange(complete_, false)) buffer_.clear();
  const size_t room = max_ - buffer_.size();
  if (piece.size() > room || announced > room - piece.size()) return Result::kTooLarge;
  buffer_.reserve(buffer_.size() + piece.size() + announced);
  buffer_.insert(buffer_.end(), piece.begin(), piece.end());
  if (!is_final) return Result::kMore;
  complete_ = true;
  return Result::kComplete;
}

void MessageAssembler::Reset() {
  buffer_.clear();
  complete_ = false;
}

}  // namespace pawl::transport::ws
