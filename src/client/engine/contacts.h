#ifndef PAWL_CLIENT_ENGINE_CONTACTS_H_
#define PAWL_CLIENT_ENGINE_CONTACTS_H_

#include "client/engine/batch.h"
#include "wire/content_builder.h"

namespace pawl::client {

//            RequestContact or a message       ContactAnswer
//   kNone  -----------------------------> kRequested ------> kAccepted
//      |  a request or a message of theirs                         ^
//      +--------------------------------> kAsking --------+ AnswerContact or a message
//   any --BlockContact--> kBlocked --AnswerContact--> kAccepted, --unblock--> kNone

// The header of an automatic message: fresh id, our time, the conversation with `peer`.
wire::ContentHeader ControlHeader(Batch& batch, const identity::Address& peer);

// One automatic message to all devices of an account.
template <typename Body>
absl::Status SendControl(Batch& batch, const identity::Address& account, const Body& body);
absl::Status SendControlContent(Batch& batch, const identity::Address& account,
                                const absl::StatusOr<wire::ContentBytes>& content);

// Before the first message to somebody: the contact request to a stranger, the answer to one who
// asked. Nothing when both are contacts, or a request is on its way.
absl::Status IntroduceOurselves(Batch& batch, const identity::Address& peer);

// Our delivery key to everybody who may have one, our other devices included.
absl::Status AnnounceDeliveryKey(Batch& batch);

// Whatever arrives from somebody who is nobody yet makes a request of it.
absl::Status NoteStranger(Batch& batch, const identity::Address& peer, std::string_view name);

// To a device of a contact that lost its state: that it is one, and our delivery key.
absl::Status SayAcceptedAgain(Batch& batch, const identity::DeviceAddress& to);

absl::Status OnContactRequest(Batch& batch, const identity::Address& peer,
                              const wire::fb::ContactRequest& body);
absl::Status OnContactAnswer(Batch& batch, const identity::Address& peer,
                             const wire::fb::ContactAnswer& body);
absl::Status OnDeliveryKey(Batch& batch, const identity::Address& account,
                           const wire::fb::DeliveryKey& body);

template <typename Body>
absl::Status SendControl(Batch& batch, const identity::Address& account, const Body& body) {
  return SendControlContent(batch, account, wire::Build(ControlHeader(batch, account), body));
}

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_CONTACTS_H_
