#ifndef PAWL_TRANSPORT_WS_MESSAGE_ASSEMBLER_H_
#define PAWL_TRANSPORT_WS_MESSAGE_ASSEMBLER_H_

#include <cstddef>

#include "base/bytes.h"

namespace pawl::transport::ws {

// Puts a ws message together from the pieces the socket library hands out. libwebsockets has no
// limit of its own (a frame may announce 2^63 bytes), so the limit is checked here, on every piece,
// before anything is stored. One buffer, reused; its data is 8-aligned. Thread-compatible.
class MessageAssembler {
 public:
  enum class Result { kMore, kComplete, kTooLarge };

  explicit MessageAssembler(size_t max) : max_(max) {}

  // `announced`: bytes of the present ws frame still to come after this piece.
  Result Add(ByteView piece, size_t announced, bool is_final);
  // After kComplete, until the next Add.
  ByteView message() const { return buffer_; }
  // For another socket.
  void Reset();

 private:
  size_t max_;
  Bytes buffer_;
  bool complete_ = false;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_MESSAGE_ASSEMBLER_H_
