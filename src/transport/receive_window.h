#ifndef PAWL_TRANSPORT_RECEIVE_WINDOW_H_
#define PAWL_TRANSPORT_RECEIVE_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "base/ids.h"

namespace pawl::transport {

// What a relay may have unacknowledged at most (wire/PROTOCOL.md §4, CREDIT).
inline constexpr size_t kMaxReceiveWindow = 256;

// What was delivered on the present socket and is not acknowledged to the relay. The window is the
// backpressure: a client that does not commit is not sent more. The relay chooses the cursors, but
// cannot make this grow beyond kMaxReceiveWindow. Thread-compatible.
class ReceiveWindow {
 public:
  // A new socket: whatever was not acknowledged comes again.
  void Restart();

  // False when the relay breaks the rules: cursors rise, and at most a window of them is
  // outstanding. Cursor 0 marks an ephemeral message, which is not acknowledged.
  bool Deliver(MailboxCursor cursor);
  // These are committed. What was not delivered on this socket, or is known already, is ignored.
  void Commit(std::span<const MailboxCursor> cursors);
  bool HasAcks() const { return !acks_.empty(); }
  // The committed cursors that the relay has not been told; they leave the window. Fits one ACK.
  std::vector<MailboxCursor> TakeAcks();

  size_t outstanding() const { return waiting_.size() + acks_.size(); }

 private:
  MailboxCursor highest_;
  std::set<MailboxCursor> waiting_;  // delivered, not committed
  std::vector<MailboxCursor> acks_;  // committed, the relay not told
};

}  // namespace pawl::transport

#endif  // PAWL_TRANSPORT_RECEIVE_WINDOW_H_
