#ifndef PAWL_PAWL_H_
#define PAWL_PAWL_H_

/* Pawl: end-to-end encrypted messaging that can be embedded. Two ways in:
 *
 * - client.h: account, devices, contacts, conversations, an encrypted store and delivery through a
 *   relay. Everything happens on the client's own thread; the host calls and takes events.
 *   peek.h: the same mail, looked at by a second process for a notification.
 * - identity.h and session.h: the same sessions as bytes in, bytes out, for a host that has a
 *   transport of its own.
 *
 * The conventions that hold for every function stand in export.h. */

/* IWYU pragma: begin_exports */
#include "pawl/account.h"
#include "pawl/attachment.h"
#include "pawl/buffer.h"
#include "pawl/client.h"
#include "pawl/contact.h"
#include "pawl/conversation.h"
#include "pawl/event.h"
#include "pawl/export.h"
#include "pawl/identity.h"
#include "pawl/message.h"
#include "pawl/peek.h"
#include "pawl/session.h"
#include "pawl/status.h"
#include "pawl/types.h"
#include "pawl/version.h"
/* IWYU pragma: end_exports */

#endif /* PAWL_PAWL_H_ */
