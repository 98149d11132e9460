#ifndef PAWL_RELAY_CORE_ACCOUNTS_H_
#define PAWL_RELAY_CORE_ACCOUNTS_H_

#include "relay/core/step.h"

namespace pawl::relay {

// Accounts, device lists and epochs: what is signed is verified here, what must be compared with
// what is stored is compared by the engine in the transaction that stores it.

void OnRegister(Step& step, Connection& connection, const wire::FrameView& frame);
void OnDirPut(Step& step, Connection& connection, const wire::FrameView& frame);
void OnDirGet(Step& step, Connection& connection, const wire::fb::DirGet& get);
void OnEpochPut(Step& step, Connection& connection, const wire::FrameView& frame);
void OnDeliveryKeyPut(Step& step, Connection& connection, const wire::fb::DeliveryKeyPut& put);
void OnAnchorPut(Step& step, Connection& connection, const wire::FrameView& frame);

// Under which the storage knows an invitation code (main.cc makes them).
ByteArray<32> InvitationHash(std::string_view code);
// What a device may put, all kinds together.
BucketKey PutBucketOf(const DeviceSession& session);

// `connection` may be gone: the devices that left the list are dropped all the same.
void FinishListPut(Step& step, Connection* connection, const Pending& pending,
                   const engine::ListPut& put);
void FinishLookup(Step& step, Connection& connection, uint64_t req, const engine::GotList& list);
void FinishEpochPut(Step& step, Connection& connection, uint64_t req, const engine::EpochPut& put);
void FinishDone(Step& step, Connection& connection, uint64_t req, const engine::Done& done);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_ACCOUNTS_H_
