#ifndef PAWL_CLIENT_ENGINE_SETUP_H_
#define PAWL_CLIENT_ENGINE_SETUP_H_

#include <optional>
#include <string>

#include "client/engine/batch.h"
#include "client/engine/command.h"
#include "client/engine/relay_call.h"
#include "identity/device_list.h"

namespace pawl::client {

// The account row as this Step has it.
absl::Status SaveSelf(Batch& batch);
absl::Status SetSetup(Batch& batch, Setup setup);

// A device that has its address but no keys at the relay yet: makes bundle and pairs, to be put.
absl::Status BeginUploads(Batch& batch);
absl::Status PutDeliveryKeyAgain(Batch& batch);
absl::Status PutEpochAgain(Batch& batch);
// Signed here and now, in force when the relay has taken it; survives a crash in between.
absl::Status PutOwnList(Batch& batch, const identity::DeviceList& list);
absl::StatusOr<std::optional<identity::DeviceList>> PendingOwnList(store::Transaction& tx);

absl::StatusOr<std::string> LoadInvitation(store::Transaction& tx);

// The relay's word on one of our duties.
absl::Status OnDutyDone(Batch& batch, const DoesDuty& duty);
absl::Status OnDutyRefused(Batch& batch, const DoesDuty& duty, const Refused& refused);

// ImportAccount, first half: the newest list is asked for.
absl::Status StartImport(Batch& batch);
// ImportAccount, second half: the newest list at the relay, or none is there any more.
absl::Status OnImportedList(Batch& batch, identity::DeviceList list);
absl::Status OnImportedListMissing(Batch& batch);
// The relay has taken this device into the account.
absl::Status EndImport(Batch& batch);

// What is due as the store has it.
absl::StatusOr<Duties> LoadDuties(store::Transaction& tx, Setup setup);
absl::StatusOr<Setup> LoadSetup(store::Transaction& tx);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_SETUP_H_
