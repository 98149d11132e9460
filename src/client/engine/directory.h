#ifndef PAWL_CLIENT_ENGINE_DIRECTORY_H_
#define PAWL_CLIENT_ENGINE_DIRECTORY_H_

#include "client/engine/batch.h"
#include "client/engine/relay_call.h"
#include "session/types.h"

namespace pawl::client {

// The relay's answer to GetDirectory: judged against what was known of the account. A first list
// pins its account key; one under another key waits for the app (kIdentityChanged), and nothing is
// sent meanwhile, until the app decides or the pinned key is shown again (kIdentityKept); an older,
// forked or stale one is an event, once, and the known one stays. Then whatever waited for the list
// goes on.
absl::Status OnDirectoryRecord(Batch& batch, const identity::Address& account, ByteView record);
absl::Status OnDirectoryRefused(Batch& batch, const identity::Address& account,
                                const Refused& refused);

// What an authenticated message says about lists: its sender's own, and ours as the sender knows
// it. A newer one is fetched; of the sender's own a different one of the same version is a fork. Of
// ours nobody else's word counts: the relay is asked, and what it shows is judged.
absl::Status CheckListRefs(Batch& batch, const identity::Address& sender,
                           const session::ListRefs& refs);

// The app takes the account's pending key: new pin, all old devices and sessions gone, verification
// anew. kNotFound when none is pending, kIdentityChanged when another key is.
absl::Status TakePendingIdentity(Batch& batch, const identity::Address& account,
                                 const identity::AccountPublic& key);

// The app turns that key down: the pinned one stays. Errors as above.
absl::Status DropPendingIdentity(Batch& batch, const identity::Address& account,
                                 const identity::AccountPublic& key);

// Takes over a newer list of our own account, signed here or fetched: stored, told to the app.
absl::Status TakeOwnList(Batch& batch, identity::DeviceList list);

// Unless the app heard of that list before: see ListClaims.
absl::Status RecordListWarning(Batch& batch, const identity::Address& account, ListWarning warning,
                               const ByteArray<16>& hash);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_DIRECTORY_H_
