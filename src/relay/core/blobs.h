#ifndef PAWL_RELAY_CORE_BLOBS_H_
#define PAWL_RELAY_CORE_BLOBS_H_

#include "relay/core/step.h"

namespace pawl::relay {

// Blobs (PROTOCOL.md §4 BLOB_*): uploaded by a device, or by nobody who pays with tokens; fetched
// by whoever knows the id.

void OnBlobBegin(Step& step, Connection& connection, const wire::FrameView& frame);
void OnBlobChunk(Step& step, Connection& connection, const wire::FrameView& frame);
void OnBlobCommit(Step& step, Connection& connection, const wire::fb::BlobCommit& commit);
void OnBlobGet(Step& step, Connection& connection, const wire::fb::BlobGet& get);
void OnBlobDelete(Step& step, Connection& connection, const wire::fb::BlobDelete& remove);

void FinishBlobBegin(Step& step, Connection& connection, uint64_t req,
                     const engine::BlobBegun& begun);
void FinishBlobAppend(Step& step, Connection& connection, const Pending& pending,
                      const engine::BlobAppended& appended);
void FinishBlobCommit(Step& step, Connection& connection, uint64_t req,
                      const engine::BlobCommitted& committed);
void FinishBlobRead(Step& step, Connection& connection, uint64_t req, const engine::BlobRead& read);
void FinishBlobDelete(Step& step, Connection& connection, uint64_t req,
                      const engine::BlobDeleted& removed);

}  // namespace pawl::relay

#endif  // PAWL_RELAY_CORE_BLOBS_H_
