#ifndef PAWL_RELAY_ENGINE_SQLITE_FULL_MAILBOXES_H_
#define PAWL_RELAY_ENGINE_SQLITE_FULL_MAILBOXES_H_

#include "absl/container/flat_hash_map.h"
#include "base/clock.h"
#include "relay/engine/mail_ops.h"

namespace pawl::relay::engine::sqlite {

// Full mailboxes that were searched for expired mail, and before when nothing in them expires: who
// goes on sending to one must not have it searched each time. Forgetting costs a search.
class FullMailboxes {
 public:
  // Whether a search may find something.
  bool MayHoldExpired(MailboxRef mailbox, Timestamp now) const {
    const auto found = next_expiry_.find(mailbox);
    return found == next_expiry_.end() || found->second <= now;
  }
  // Nothing that is in it now expires before `next`.
  void Searched(MailboxRef mailbox, Timestamp next) {
    if (next_expiry_.size() >= kMost) next_expiry_.clear();
    next_expiry_[mailbox] = next;
  }
  // Something that expires then has come into it.
  void Added(MailboxRef mailbox, Timestamp expires) {
    const auto found = next_expiry_.find(mailbox);
    if (found != next_expiry_.end() && expires < found->second) found->second = expires;
  }
  // A transaction was rolled back.
  void Clear() { next_expiry_.clear(); }

 private:
  static constexpr size_t kMost = 4096;
  absl::flat_hash_map<MailboxRef, Timestamp> next_expiry_;
};

}  // namespace pawl::relay::engine::sqlite

#endif  // PAWL_RELAY_ENGINE_SQLITE_FULL_MAILBOXES_H_
