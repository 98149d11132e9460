#include "session/progress.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "identity/record.h"

namespace pawl::session {
namespace {

constexpr uint8_t kConfirmed = 1;
constexpr uint8_t kResumed = 2;
constexpr uint8_t kHasReceived = 4;
constexpr uint8_t kWithoutSpqr = 1;  // the version that had none
constexpr size_t kCoreOffset = 1 + 1 + 8;

}  // namespace

Progress Progress::Clone() const {
  Progress copy{.core = core.Clone()};
  if (spqr) copy.spqr = spqr->Clone();
  copy.confirmed = confirmed;
  copy.resumed = resumed;
  copy.last_received_at = last_received_at;
  return copy;
}

crypto::SecretBytes EncodeProgress(const Progress& progress) {
  crypto::SecretBytes bytes(kMaxProgressSize);
  uint8_t flags = 0;
  if (progress.confirmed) flags |= kConfirmed;
  if (progress.resumed) flags |= kResumed;
  if (progress.last_received_at) flags |= kHasReceived;
  const int64_t received = progress.last_received_at.value_or(Timestamp{0}).ms;
  codec::FixedWriter(bytes.Writable())
      .U8(progress.spqr ? kProgressVersion : kWithoutSpqr)
      .U8(flags)
      .U64(static_cast<uint64_t>(received));
  ratchet::EncodeCore(progress.core,
                      bytes.Writable().subspan(kCoreOffset).first<ratchet::kCoreSize>());
  size_t size = kCoreOffset + ratchet::kCoreSize;
  if (progress.spqr) {
    size += ratchet::braid::EncodeSpqr(*progress.spqr, bytes.Writable().subspan(size));
  }
  bytes.Shrink(size);
  return bytes;
}

absl::StatusOr<Progress> DecodeProgress(ByteView bytes) {
  codec::Reader in(bytes);
  const uint8_t version = in.U8();
  if (version != kProgressVersion && version != kWithoutSpqr && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "session progress of another version");
  }
  const uint8_t flags = in.U8();
  const Timestamp received = identity::ReadTime(in);
  const ByteView encoded_core = in.Fixed(ratchet::kCoreSize);
  const ByteView spqr = in.Rest();
  const bool has_received = (flags & kHasReceived) != 0;
  if (flags > (kConfirmed | kResumed | kHasReceived)) in.SetFailed();
  if (!has_received && received != Timestamp{0}) in.SetFailed();
  if (version == kWithoutSpqr && !spqr.empty()) in.SetFailed();
  PAWL_TRY(in.Finish());
  Progress progress;
  PAWL_ASSIGN(progress.core, ratchet::DecodeCore(encoded_core));
  if (version != kWithoutSpqr) {
    PAWL_ASSIGN(progress.spqr,
                ratchet::braid::DecodeSpqr(ratchet::braid::ProductionScheme(), spqr));
  }
  progress.confirmed = (flags & kConfirmed) != 0;
  progress.resumed = (flags & kResumed) != 0;
  if (has_received) progress.last_received_at = received;
  return progress;
}

}  // namespace pawl::session
