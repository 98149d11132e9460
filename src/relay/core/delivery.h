#ifndef PAWL_RELAY_CORE_DELIVERY_H_
#define PAWL_RELAY_CORE_DELIVERY_H_

#include "relay/core/step.h"

namespace pawl::relay {

// Mail to devices (PROTOCOL.md §4 ACK, CREDIT, FETCH; §5 MESSAGE, EMPTY). A mailbox stays in the
// storage; only what fits into a connection's window of unacknowledged messages is read from it.

void BeginDelivery(Step& step, Connection& connection, MailboxCursor newest);
// Reads on when the window has room and there may be something to read.
void Pump(Step& step, Connection& connection);
// There is news for these mailboxes.
void WakeUp(Step& step, const std::vector<engine::MailboxRef>& mailboxes);

void OnAck(Step& step, Connection& connection, const wire::fb::Ack& ack);
void OnCredit(Step& step, Connection& connection, const wire::fb::Credit& credit);
void OnFetch(Step& step, Connection& connection, const wire::fb::Fetch& fetch);

void FinishDeliver(Step& step, Connection& connection, engine::FetchedMail mail);
void FinishAck(Step& step, Connection* connection, const Pending& pending,
               const engine::Acknowledged& acknowledged);
// Asks once more for what the storage did not take.
void RetryAcks(Step& step, Connection& connection);
void FinishPeek(Step& step, Connection& connection, uint64_t req, const engine::FetchedMail& mail);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_DELIVERY_H_
