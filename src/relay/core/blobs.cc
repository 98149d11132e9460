#include "relay/core/blobs.h"

#include <algorithm>
#include <string>

namespace pawl::relay {
namespace {

constexpr uint32_t kMaxChunk = static_cast<uint32_t>(wire::kMaxBlobChunkSize);

// Each costs a row, a file or a sync, however small the blob.
bool TakeBlobToken(Step& step, Connection& connection, uint64_t req) {
  const std::string device = connection.session->device.ToString();
  return step.TakeToken(connection, req, KeyOf(BucketKind::kBlob, {AsBytes(device)}), kBlobBucket);
}

BlobId IdOf(const wire::fb::Bytes32& id) { return BlobId(wire::ToArray(id)); }

}  // namespace

void OnBlobBegin(Step& step, Connection& connection, const wire::fb::BlobBegin& begin) {
  if (begin.size() == 0) return step.Refuse(connection, begin.req(), Code::kInvalidArgument);
  if (!TakeBlobToken(step, connection, begin.req())) return;
  engine::BeginBlob op;
  op.mailbox = connection.session->mailbox;
  op.id = IdOf(*begin.id());
  op.size = begin.size();
  op.now = step.now;
  op.expires = step.now + kUploadLife;
  step.Ask(connection, Purpose::kBlobBegin, begin.req(), op);
}

void OnBlobChunk(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::BlobChunk& chunk = *frame.header->body_as_BlobChunk();
  if (frame.payload.empty()) return step.Refuse(connection, chunk.req(), Code::kInvalidArgument);
  if (frame.payload.size() > kMaxChunk) {
    return step.Refuse(connection, chunk.req(), Code::kTooLarge);
  }
  engine::AppendBlob op;
  op.mailbox = connection.session->mailbox;
  op.id = IdOf(*chunk.id());
  op.offset = chunk.offset();
  op.bytes = ToBytes(frame.payload);
  step.Ask(connection, Purpose::kBlobAppend, chunk.req(), std::move(op), frame.payload.size());
}

void OnBlobCommit(Step& step, Connection& connection, const wire::fb::BlobCommit& commit) {
  if (!TakeBlobToken(step, connection, commit.req())) return;
  step.Ask(
      connection, Purpose::kBlobCommit, commit.req(),
      engine::CommitBlob{connection.session->mailbox, IdOf(*commit.id()), step.now + kBlobLife});
}

void OnBlobGet(Step& step, Connection& connection, const wire::fb::BlobGet& get) {
  engine::ReadBlob op;
  op.id = IdOf(*get.id());
  op.offset = get.offset();
  op.max = get.max() == 0 ? kMaxChunk : std::min(get.max(), kMaxChunk);
  op.now = step.now;
  step.Ask(connection, Purpose::kBlobRead, get.req(), op, op.max);
}

void OnBlobDelete(Step& step, Connection& connection, const wire::fb::BlobDelete& remove) {
  step.Ask(connection, Purpose::kBlobDelete, remove.req(),
           engine::DeleteBlob{connection.session->mailbox, IdOf(*remove.id())});
}

void FinishBlobBegin(Step& step, Connection& connection, uint64_t req,
                     const engine::BlobBegun& begun) {
  if (begun.code != Code::kOk) return step.Refuse(connection, req, begun.code);
  step.Say(connection, wire::BlobBegun{req, begun.offset});
}

void FinishBlobAppend(Step& step, Connection& connection, const Pending& pending,
                      const engine::BlobAppended& appended) {
  if (appended.code != Code::kOk) return step.Refuse(connection, pending.req, appended.code);
  step.state.stats.blob_bytes_received += pending.bytes;
  step.Say(connection, wire::Ok{pending.req, appended.held});
}

void FinishBlobCommit(Step& step, Connection& connection, uint64_t req,
                      const engine::BlobCommitted& committed) {
  if (committed.code != Code::kOk) return step.Refuse(connection, req, committed.code);
  step.Say(connection, wire::Ok{req, committed.size});
}

void FinishBlobRead(Step& step, Connection& connection, uint64_t req,
                    const engine::BlobRead& read) {
  if (read.code != Code::kOk) return step.Refuse(connection, req, read.code);
  step.state.stats.blob_bytes_sent += read.bytes.size();
  step.Say(connection, wire::BlobData{req, read.offset, read.total, read.bytes});
}

void FinishBlobDelete(Step& step, Connection& connection, uint64_t req,
                      const engine::BlobDeleted& removed) {
  if (removed.code != Code::kOk) return step.Refuse(connection, req, removed.code);
  step.Say(connection, wire::Ok{req, 0});
}

}  // namespace pawl::relay
