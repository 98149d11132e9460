#include "relay/core/blobs.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "crypto/hash.h"
#include "relay/core/tokens.h"

namespace pawl::relay {
namespace {

constexpr uint32_t kMaxChunk = static_cast<uint32_t>(wire::kMaxBlobChunkSize);

// Each costs a row, a file or a sync, however small the blob.
bool TakeBlobToken(Step& step, Connection& connection, uint64_t req) {
  if (connection.session == nullptr) {
    return step.TakeToken(connection, req, KeyOf(BucketKind::kBlobPeer, {connection.peer.network}),
                          kBlobPeerBucket);
  }
  const std::string device = connection.session->device.ToString();
  return step.TakeToken(connection, req, KeyOf(BucketKind::kBlob, {AsBytes(device)}), kBlobBucket);
}

BlobId IdOf(const wire::fb::Bytes32& id) { return BlobId(wire::ToArray(id)); }

engine::BlobOwner OwnerBehind(const wire::fb::Bytes32& secret) {
  const ByteArray<32> bytes = wire::ToArray(secret);
  return engine::BlobOwner(crypto::Blake2b256({AsBytes(wire::kBlobOwnerLabel), bytes}));
}

// Who says so: the connection's device, or, where that is nobody, who knows the secret. Nothing,
// and the client has been told: it named none.
std::optional<engine::BlobOwner> OwnerOf(Step& step, Connection& connection, uint64_t req,
                                         const wire::fb::Bytes32* secret) {
  if (connection.session != nullptr) return engine::BlobOwner(connection.session->mailbox);
  if (secret != nullptr) return OwnerBehind(*secret);
  step.Refuse(connection, req, Code::kInvalidArgument);
  return std::nullopt;
}

// What an upload that nobody's name stands behind is paid with, if it was not paid before.
bool Pay(Step& step, Connection& connection, const wire::fb::BlobBegin& begin, ByteView tokens,
         engine::BeginBlob& op) {
  if (begin.owner() == nullptr) {
    step.Refuse(connection, begin.req(), Code::kInvalidArgument);
    return false;
  }
  op.owner = engine::BlobOwner(wire::ToArray(*begin.owner()));
  auto payment = CheckTokens(step, begin.size(), tokens);
  op.unpaid = CodeOf(payment);
  if (payment.ok()) op.tokens = *std::move(payment);
  return true;
}

}  // namespace

void OnBlobBegin(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::BlobBegin& begin = *frame.header->body_as_BlobBegin();
  if (begin.size() == 0) return step.Refuse(connection, begin.req(), Code::kInvalidArgument);
  if (!TakeBlobToken(step, connection, begin.req())) return;
  engine::BeginBlob op;
  op.id = IdOf(*begin.id());
  op.size = begin.size();
  op.now = step.now;
  op.expires = step.now + kUploadLife;
  op.latest = step.now + kBlobLife;
  if (connection.session != nullptr) {
    op.owner = connection.session->mailbox;
  } else if (!Pay(step, connection, begin, frame.payload, op)) {
    return;
  }
  step.Ask(connection, Purpose::kBlobBegin, begin.req(), std::move(op));
}

void OnBlobChunk(Step& step, Connection& connection, const wire::FrameView& frame) {
  const wire::fb::BlobChunk& chunk = *frame.header->body_as_BlobChunk();
  if (frame.payload.empty()) return step.Refuse(connection, chunk.req(), Code::kInvalidArgument);
  if (frame.payload.size() > kMaxChunk) {
    return step.Refuse(connection, chunk.req(), Code::kTooLarge);
  }
  const auto owner = OwnerOf(step, connection, chunk.req(), chunk.secret());
  if (!owner) return;
  engine::AppendBlob op;
  op.owner = *owner;
  op.id = IdOf(*chunk.id());
  op.offset = chunk.offset();
  op.bytes = ToBytes(frame.payload);
  step.Ask(connection, Purpose::kBlobAppend, chunk.req(), std::move(op), frame.payload.size());
}

void OnBlobCommit(Step& step, Connection& connection, const wire::fb::BlobCommit& commit) {
  if (!TakeBlobToken(step, connection, commit.req())) return;
  const auto owner = OwnerOf(step, connection, commit.req(), commit.secret());
  if (!owner) return;
  step.Ask(connection, Purpose::kBlobCommit, commit.req(),
           engine::CommitBlob{*owner, IdOf(*commit.id()), step.now + kBlobLife});
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
  if (!TakeBlobToken(step, connection, remove.req())) return;
  const auto owner = OwnerOf(step, connection, remove.req(), remove.secret());
  if (!owner) return;
  step.Ask(connection, Purpose::kBlobDelete, remove.req(),
           engine::DeleteBlob{*owner, IdOf(*remove.id()), remove.restart()});
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
