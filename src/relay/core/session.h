#ifndef PAWL_RELAY_CORE_SESSION_H_
#define PAWL_RELAY_CORE_SESSION_H_

#include "relay/core/step.h"

namespace pawl::relay {

// PROTOCOL.md §3: from CHALLENGE to READY.

void Open(Step& step, Connection& connection);
void OnHello(Step& step, Connection& connection, const wire::fb::Hello& hello);
void OnAuth(Step& step, Connection& connection, const wire::fb::Auth& auth);
// The storage's answers.
void FinishAuthenticate(Step& step, Connection& connection, const engine::GotList& list);
void FinishAttach(Step& step, Connection& connection, const engine::Attached& attached);

// The connection is gone: nobody is to be told anything any more.
void Forget(Step& step, Connection& connection);
// These mailboxes are no more: their devices are told and closed.
void DropDevices(Step& step, const std::vector<engine::MailboxRef>& removed);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_SESSION_H_
