#ifndef PAWL_CLIENT_ENGINE_REDUCERS_H_
#define PAWL_CLIENT_ENGINE_REDUCERS_H_

#include "client/engine/batch.h"
#include "client/engine/command.h"
#include "client/engine/input.h"

namespace pawl::client {

// Everything that can happen to an engine, on one page: each input has one reducer, in the file
// named beside it. A reducer reads the batch's view of the state, writes to its transaction, and
// notes what is to change in memory and to leave. An error undoes the whole Step: the store's own
// (kDiskFull, kIo, kStorage, kCorrupt) is the Step's result; any other means that this one input is
// refused (a command completes with it, an envelope is acknowledged unread, a reply ends its call),
// and the Step is done again without it. What a peer or the relay did wrong is therefore never an
// error here, but an outcome.

// setup.cc, link.cc, own_account.cc
absl::Status Reduce(Batch& batch, RequestId request, const Register& command);
absl::Status Reduce(Batch& batch, RequestId request, const BeginLink& command);
absl::Status Reduce(Batch& batch, RequestId request, const ApproveLink& command);
absl::Status Reduce(Batch& batch, RequestId request, const CompleteLink& command);
absl::Status Reduce(Batch& batch, RequestId request, const RemoveDevice& command);
absl::Status Reduce(Batch& batch, RequestId request, const ExportAccount& command);
absl::Status Reduce(Batch& batch, RequestId request, const ImportAccount& command);
// outbound.cc
absl::Status Reduce(Batch& batch, RequestId request, const SendMessage& command);
absl::Status Reduce(Batch& batch, RequestId request, const SendTyping& command);
// receipts.cc
absl::Status Reduce(Batch& batch, RequestId request, const MarkRead& command);
absl::Status Reduce(Batch& batch, RequestId request, const AckInbox& command);
// anchoring.cc
absl::Status Reduce(Batch& batch, RequestId request, const AnchorKept& command);
// contacts.cc
absl::Status Reduce(Batch& batch, RequestId request, const RequestContact& command);
absl::Status Reduce(Batch& batch, RequestId request, const AnswerContact& command);
absl::Status Reduce(Batch& batch, RequestId request, const BlockContact& command);
absl::Status Reduce(Batch& batch, RequestId request, const AcceptIdentity& command);
absl::Status Reduce(Batch& batch, RequestId request, const RejectIdentity& command);
absl::Status Reduce(Batch& batch, RequestId request, const SetVerified& command);
// transfers.cc
absl::Status Reduce(Batch& batch, RequestId request, const SendFile& command);
absl::Status Reduce(Batch& batch, RequestId request, const FetchFile& command);
absl::Status Reduce(Batch& batch, RequestId request, const CancelTransfer& command);
absl::Status Reduce(Batch& batch, const TransferCheckpoint& input);
absl::Status Reduce(Batch& batch, const UploadFinished& input);
absl::Status Reduce(Batch& batch, const DownloadFinished& input);
absl::Status Reduce(Batch& batch, const TransferFailed& input);
// purse.cc
absl::Status Reduce(Batch& batch, const UploadUnpaid& input);
absl::Status Reduce(Batch& batch, const UploadBegun& input);
// channels.cc
absl::Status Reduce(Batch& batch, const ChannelUp& input);
absl::Status Reduce(Batch& batch, const ChannelDown& input);
absl::Status Reduce(Batch& batch, const ChannelConnecting& input);
absl::Status Reduce(Batch& batch, const MailboxEmpty& input);
// replies.cc
absl::Status Reduce(Batch& batch, const Reply& input);
// A reply that cannot be taken ends its call all the same: what it was about is tried again.
void EndCall(Batch& batch, const Reply& input);
// inbound.cc
absl::Status Reduce(Batch& batch, const EnvelopeArrived& input);
// maintenance.cc; after the inputs of every Step
absl::Status Maintain(Batch& batch);
// It failed for a reason of its own: not before an hour has passed.
void PostponeMaintenance(Batch& batch);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_REDUCERS_H_
