#include "wire/relay_frames.h"

#include "wire/internal/pack.h"

namespace pawl::wire {

using fb::FrameBody;
using internal::Pack;
using internal::SizeOf;

namespace {

// Durations travel as unsigned 32-bit milliseconds.
uint32_t Milliseconds32(Duration duration) {
  if (duration.ms <= 0) return 0;
  return duration.ms >= UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(duration.ms);
}

}  // namespace

bool Append(FrameWriter& out, const Challenge& frame) {
  auto& builder = out.Builder();
  const auto nonce = Pack(frame.nonce);
  const auto body =
      fb::CreateChallenge(builder, &nonce, frame.time.ms, frame.max_message, frame.max_envelope,
                          Pack(builder, frame.domain), frame.invitation_required);
  return out.Commit(FrameBody::Challenge, body.Union(), {});
}

bool Append(FrameWriter& out, const Ready& frame) {
  const auto body = fb::CreateReady(out.Builder(), *frame.cursor, frame.queue, frame.one_time_left,
                                    frame.list_version, *frame.epoch, SizeOf(frame.epoch_record));
  return out.Commit(FrameBody::Ready, body.Union(), {frame.anchor, frame.epoch_record});
}

bool Append(FrameWriter& out, const Ok& frame) {
  return out.Commit(FrameBody::Ok, fb::CreateOk(out.Builder(), frame.req, frame.value).Union(), {});
}

bool Append(FrameWriter& out, const Sent& frame) {
  const auto body = fb::CreateSent(out.Builder(), frame.req, frame.duplicate, frame.list_version);
  return out.Commit(FrameBody::Sent, body.Union(), {});
}

bool Append(FrameWriter& out, const Message& frame) {
  const auto id = Pack(*frame.id);
  const auto body = fb::CreateMessage(out.Builder(), *frame.cursor, &id, frame.received.ms);
  return out.Commit(FrameBody::Message, body.Union(), {frame.envelope});
}

bool Append(FrameWriter& out, const Empty& frame) {
  return out.Commit(FrameBody::Empty, fb::CreateEmpty(out.Builder(), *frame.cursor).Union(), {});
}

bool Append(FrameWriter& out, const Error& frame) {
  const auto body = fb::CreateError(out.Builder(), frame.req, static_cast<int32_t>(frame.code),
                                    Milliseconds32(frame.retry_after));
  return out.Commit(FrameBody::Error, body.Union(), {});
}

bool Append(FrameWriter& out, const GoAway& frame) {
  const auto body = fb::CreateGoAway(out.Builder(), static_cast<int32_t>(frame.code),
                                     Milliseconds32(frame.reconnect_after));
  return out.Commit(FrameBody::GoAway, body.Union(), {});
}

bool Append(FrameWriter& out, const Replaced&) {
  return out.Commit(FrameBody::Replaced, fb::CreateReplaced(out.Builder()).Union(), {});
}

bool Append(FrameWriter& out, const DirResult& frame) {
  return out.Commit(FrameBody::DirResult, fb::CreateDirResult(out.Builder(), frame.req).Union(),
                    {frame.device_list});
}

bool Append(FrameWriter& out, const PrekeyResult& frame) {
  const auto body = fb::CreatePrekeyResult(out.Builder(), frame.req, SizeOf(frame.epoch_record),
                                           SizeOf(frame.bundle), SizeOf(frame.one_time));
  return out.Commit(FrameBody::PrekeyResult, body.Union(),
                    {frame.epoch_record, frame.bundle, frame.one_time});
}

bool Append(FrameWriter& out, const BlobBegun& frame) {
  const auto body = fb::CreateBlobBegun(out.Builder(), frame.req, frame.offset);
  return out.Commit(FrameBody::BlobBegun, body.Union(), {});
}

bool Append(FrameWriter& out, const BlobData& frame) {
  const auto body = fb::CreateBlobData(out.Builder(), frame.req, frame.offset, frame.total);
  return out.Commit(FrameBody::BlobData, body.Union(), {frame.bytes});
}

}  // namespace pawl::wire
