#include "transport/receive_window.h"

#include <utility>

#include "wire/client_frames.h"

namespace pawl::transport {

static_assert(kMaxReceiveWindow <= wire::kMaxAckCursors);

void ReceiveWindow::Restart() {
  waiting_.clear();
  acks_.clear();
  highest_ = MailboxCursor(0);
}

bool ReceiveWindow::Deliver(MailboxCursor cursor) {
  if (cursor == MailboxCursor(0)) return true;
  if (cursor <= highest_ || outstanding() >= kMaxReceiveWindow) return false;
  highest_ = cursor;
  waiting_.insert(cursor);
  return true;
}

void ReceiveWindow::Commit(std::span<const MailboxCursor> cursors) {
  for (MailboxCursor cursor : cursors) {
    if (waiting_.erase(cursor) != 0) acks_.push_back(cursor);
  }
}

std::vector<MailboxCursor> ReceiveWindow::TakeAcks() { return std::exchange(acks_, {}); }

}  // namespace pawl::transport
