#include "wire/client_frames.h"

#include <algorithm>
#include <vector>

#include "wire/internal/pack.h"

namespace pawl::wire {

using fb::FrameBody;
using internal::Pack;
using internal::PackRequired;
using internal::SizeOf;

bool Append(FrameWriter& out, const Hello& frame) {
  auto& builder = out.Builder();
  const auto nonce = Pack(frame.nonce);
  const auto body =
      fb::CreateHello(builder, kProtocolVersion, frame.mode, Pack(builder, frame.account),
                      *frame.device, &nonce, *frame.resume_after);
  return out.Commit(FrameBody::Hello, body.Union(), {});
}

bool Append(FrameWriter& out, const Auth& frame) {
  const auto signature = Pack(frame.signature);
  return out.Commit(FrameBody::Auth, fb::CreateAuth(out.Builder(), &signature).Union(), {});
}

bool Append(FrameWriter& out, const Register& frame) {
  auto& builder = out.Builder();
  const auto body = fb::CreateRegister(builder, frame.req, SizeOf(frame.device_list),
                                       SizeOf(frame.epoch_record), Pack(builder, frame.invitation));
  return out.Commit(FrameBody::Register, body.Union(), {frame.device_list, frame.epoch_record});
}

bool Append(FrameWriter& out, const DirPut& frame) {
  return out.Commit(FrameBody::DirPut, fb::CreateDirPut(out.Builder(), frame.req).Union(),
                    {frame.device_list});
}

bool Append(FrameWriter& out, const EpochPut& frame) {
  const auto body = fb::CreateEpochPut(out.Builder(), frame.req, *frame.expected);
  return out.Commit(FrameBody::EpochPut, body.Union(), {frame.epoch_record});
}

bool Append(FrameWriter& out, const PrekeyPut& frame) {
  if (frame.one_time.size() > kMaxOneTimePerPut) return false;
  std::vector<uint32_t> sizes;
  std::vector<ByteView> parts = {frame.bundle};
  for (const Bytes& record : frame.one_time) {
    sizes.push_back(SizeOf(record));
    parts.emplace_back(record);
  }
  auto& builder = out.Builder();
  const auto body =
      fb::CreatePrekeyPut(builder, frame.req, SizeOf(frame.bundle), builder.CreateVector(sizes));
  return out.Commit(FrameBody::PrekeyPut, body.Union(), parts);
}

bool Append(FrameWriter& out, const DeliveryKeyPut& frame) {
  const auto key = Pack(frame.key);
  const auto body = fb::CreateDeliveryKeyPut(out.Builder(), frame.req, &key);
  return out.Commit(FrameBody::DeliveryKeyPut, body.Union(), {});
}

bool Append(FrameWriter& out, const AnchorPut& frame) {
  return out.Commit(FrameBody::AnchorPut, fb::CreateAnchorPut(out.Builder(), frame.req).Union(),
                    {frame.anchor});
}

bool Append(FrameWriter& out, const DirGet& frame) {
  auto& builder = out.Builder();
  const auto body = fb::CreateDirGet(builder, frame.req, PackRequired(builder, frame.account));
  return out.Commit(FrameBody::DirGet, body.Union(), {});
}

bool Append(FrameWriter& out, const PrekeyTake& frame) {
  auto& builder = out.Builder();
  const auto body =
      fb::CreatePrekeyTake(builder, frame.req, PackRequired(builder, frame.account), *frame.device);
  return out.Commit(FrameBody::PrekeyTake, body.Union(), {});
}

bool Append(FrameWriter& out, const Send& frame) {
  auto& builder = out.Builder();
  const auto id = Pack(*frame.id);
  const auto key = Pack(frame.delivery_key.value_or(ByteArray<32>{}));
  const auto body =
      fb::CreateSend(builder, frame.req, PackRequired(builder, frame.account), *frame.device, &id,
                     frame.ttl_s, frame.urgent, frame.ephemeral, frame.request,
                     frame.delivery_key ? &key : nullptr, frame.follows);
  return out.Commit(FrameBody::Send, body.Union(), {frame.envelope});
}

bool Append(FrameWriter& out, const Ack& frame) {
  if (frame.cursors.size() > kMaxAckCursors) return false;
  auto& builder = out.Builder();
  int64_t* cursors = nullptr;
  const auto vector = builder.CreateUninitializedVector(frame.cursors.size(), &cursors);
  std::transform(frame.cursors.begin(), frame.cursors.end(), cursors,
                 [](MailboxCursor cursor) { return flatbuffers::EndianScalar(*cursor); });
  return out.Commit(FrameBody::Ack, fb::CreateAck(builder, vector).Union(), {});
}

bool Append(FrameWriter& out, const Credit& frame) {
  return out.Commit(FrameBody::Credit, fb::CreateCredit(out.Builder(), frame.messages).Union(), {});
}

bool Append(FrameWriter& out, const Fetch& frame) {
  const auto body = fb::CreateFetch(out.Builder(), frame.req, *frame.after, frame.max);
  return out.Commit(FrameBody::Fetch, body.Union(), {});
}

namespace {

// A field that may be absent.
class OptionalBytes32 {
 public:
  explicit OptionalBytes32(const std::optional<ByteArray<32>>& bytes) {
    if (bytes) packed_ = Pack(*bytes);
  }
  const fb::Bytes32* get() const { return packed_ ? &*packed_ : nullptr; }

 private:
  std::optional<fb::Bytes32> packed_;
};

}  // namespace

bool Append(FrameWriter& out, const BlobBegin& frame) {
  const auto id = Pack(*frame.id);
  const OptionalBytes32 owner(frame.owner);
  const auto body = fb::CreateBlobBegin(out.Builder(), frame.req, &id, frame.size, owner.get());
  return out.Commit(FrameBody::BlobBegin, body.Union(), {frame.tokens});
}

bool Append(FrameWriter& out, const BlobChunk& frame) {
  const auto id = Pack(*frame.id);
  const OptionalBytes32 secret(frame.secret);
  const auto body = fb::CreateBlobChunk(out.Builder(), frame.req, &id, frame.offset, secret.get());
  return out.Commit(FrameBody::BlobChunk, body.Union(), {frame.chunk});
}

bool Append(FrameWriter& out, const BlobCommit& frame) {
  const auto id = Pack(*frame.id);
  const OptionalBytes32 secret(frame.secret);
  const auto body = fb::CreateBlobCommit(out.Builder(), frame.req, &id, secret.get());
  return out.Commit(FrameBody::BlobCommit, body.Union(), {});
}

bool Append(FrameWriter& out, const BlobGet& frame) {
  const auto id = Pack(*frame.id);
  const auto body = fb::CreateBlobGet(out.Builder(), frame.req, &id, frame.offset, frame.max);
  return out.Commit(FrameBody::BlobGet, body.Union(), {});
}

bool Append(FrameWriter& out, const BlobDelete& frame) {
  const auto id = Pack(*frame.id);
  const OptionalBytes32 secret(frame.secret);
  const auto body =
      fb::CreateBlobDelete(out.Builder(), frame.req, &id, secret.get(), frame.restart);
  return out.Commit(FrameBody::BlobDelete, body.Union(), {});
}

}  // namespace pawl::wire
