#include "client/runner/upload_transfer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "crypto/hash.h"
#include "wire/tokens.h"

namespace pawl::runner {

using attachment::FileSource;
using attachment::Layout;
using attachment::SealedChunk;
using attachment::Source;
using attachment::Upload;
using What = RequestTag::What;

namespace {

// The relay does not take these tokens, or, when none were shown, has forgotten the upload that was
// paid.
bool IsAboutPayment(Code code) {
  return code == Code::kExpired || code == Code::kReplayed || code == Code::kAuthFailed ||
         code == Code::kQuotaExceeded;
}

ByteArray<32> OwnerOf(const client::BlobSecret& secret) {
  return crypto::Blake2b256({AsBytes(wire::kBlobOwnerLabel), secret.Expose()});
}

// As the frames have it: the relay is told it.
ByteArray<32> Shown(const client::BlobSecret& secret) {
  ByteArray<32> bytes{};
  std::copy(secret.Expose().begin(), secret.Expose().end(), bytes.begin());
  return bytes;
}

UploadTransfer& Self(Transfer& transfer) { return static_cast<UploadTransfer&>(transfer); }

absl::StatusOr<std::shared_ptr<Upload>> OpenOnDisk(std::unique_ptr<Source> source,
                                                   const std::string& path, const Bytes& checkpoint,
                                                   crypto::BlobKey key,
                                                   const std::string& log_path) {
  if (source == nullptr) {
    if (path.empty()) return pawl::Fail(Code::kCancelled, "the source did not outlive its process");
    PAWL_ASSIGN(source, FileSource::Open(path, checkpoint));
  }
  PAWL_ASSIGN(std::shared_ptr<Upload> upload,
              Upload::Create(std::move(source), std::move(key), log_path));
  return upload;
}

}  // namespace

UploadTransfer::UploadTransfer(client::StartUpload job, std::unique_ptr<Source> source,
                               std::string log_path, TransferHost* host)
    : Transfer(job.message),
      job_(std::move(job)),
      source_(std::move(source)),
      log_path_(std::move(log_path)),
      host_(host) {}

void UploadTransfer::OpenSource() {
  if (std::exchange(opening_, true)) return;
  host_->OnDisk([source = std::move(source_), path = job_.path, checkpoint = job_.checkpoint,
                 key = job_.key.Clone(), log_path = log_path_]() mutable -> DiskAnswer {
    return [disk = OpenOnDisk(std::move(source), path, checkpoint, std::move(key), log_path)](
               Transfer& self, Timestamp) mutable { Self(self).Opened(std::move(disk)); };
  });
}

void UploadTransfer::Opened(absl::StatusOr<Disk> disk) {
  if (over()) return;
  if (!disk.ok()) return Fail(CodeOf(disk), Timestamp{});
  disk_ = *std::move(disk);
  // What the source is must be durable before the first byte leaves; a crash in between costs no
  // more than a comparison by content.
  host_->Report(client::TransferCheckpoint{.message = message(),
                                           .checkpoint = disk_->source().Stamp(),
                                           .done = 0,
                                           .total = disk_->layout().size()});
  flow_.emplace(disk_->layout().sealed_size());
  Advance();
}

void UploadTransfer::Advance() {
  if (!flow_ || !up_ || over()) return;
  if (paid()) {
    flow_->ChannelUp();
  } else if (!asked_payment_) {
    AskForPayment(Code::kOk);
  }
}

void UploadTransfer::AskForPayment(Code refused) {
  asked_payment_ = true;
  host_->Report(client::UploadUnpaid{.message = message(),
                                     .size = disk_->layout().sealed_size(),
                                     .total = disk_->layout().size(),
                                     .refused = refused});
}

void UploadTransfer::Pay(client::PayUpload payment) {
  asked_payment_ = false;
  tokens_ = std::move(payment.tokens);
  Advance();
}

void UploadTransfer::Pump(Timestamp now) {
  if (over()) return;
  if (!flow_) return OpenSource();
  while (std::optional<Flow::Action> action = flow_->Next(now)) Carry(*action, now);
  if (flow_->failed()) return Fail(flow_->failure(), now, flow_->retry_after());
  if (flow_->done()) return Finish();
  ShowProgress();
}

void UploadTransfer::Carry(const Flow::Action& action, Timestamp now) {
  if (const auto* resume = std::get_if<Flow::ResumeFrom>(&action)) return Resume(resume->offset);
  if (std::holds_alternative<Flow::SealNext>(action)) return Seal();
  if (!Ask(action, now).ok()) flow_->Refused(action);
}

absl::Status UploadTransfer::Ask(const Flow::Action& action, Timestamp now) {
  RequestTag tag{.what = What::kBegin, .offset = 0, .epoch = flow_->epoch()};
  if (const auto* begin = std::get_if<Flow::Begin>(&action)) {
    return host_->Request(wire::BlobBegin{.req = 0,
                                          .id = job_.blob,
                                          .size = begin->size,
                                          .owner = OwnerOf(job_.secret),
                                          .tokens = tokens_.Expose()},
                          tag, now);
  }
  if (const auto* send = std::get_if<Flow::Send>(&action)) {
    tag.what = What::kChunk;
    tag.offset = send->offset;
    return host_->Request(wire::BlobChunk{.req = 0,
                                          .id = job_.blob,
                                          .offset = send->offset,
                                          .chunk = send->bytes,
                                          .secret = Shown(job_.secret)},
                          tag, now);
  }
  if (std::holds_alternative<Flow::Commit>(action)) {
    tag.what = What::kCommit;
    return host_->Request(wire::BlobCommit{.req = 0, .id = job_.blob, .secret = Shown(job_.secret)},
                          tag, now);
  }
  return AskToDelete(tag, Restart::kYes, now);
}

absl::Status UploadTransfer::AskToDelete(RequestTag tag, Restart restart, Timestamp now) {
  tag.what = What::kDelete;
  return host_->Request(wire::BlobDelete{.req = 0,
                                         .id = job_.blob,
                                         .secret = Shown(job_.secret),
                                         .restart = restart == Restart::kYes},
                        tag, now);
}

void UploadTransfer::Resume(uint64_t offset) {
  host_->OnDisk([disk = disk_, offset]() -> DiskAnswer {
    return [done = disk->Resume(offset)](Transfer& transfer, Timestamp now) {
      UploadTransfer& self = Self(transfer);
      if (done.ok()) return self.flow_->Resumed(*done);
      self.flow_->DiskFailed(CodeOf(done), now, self.host_->rng());
    };
  });
}

void UploadTransfer::Seal() {
  host_->OnDisk([disk = disk_, rng = &host_->disk_rng()]() -> DiskAnswer {
    return [chunk = disk->SealNext(*rng)](Transfer& transfer, Timestamp now) mutable {
      UploadTransfer& self = Self(transfer);
      if (chunk.ok() && chunk->has_value()) return self.flow_->Sealed(**std::move(chunk));
      const Code code = chunk.ok() ? Code::kInternal : CodeOf(chunk);
      if (code == Code::kWouldBlock) return self.flow_->SourceDry();
      self.flow_->DiskFailed(code, now, self.host_->rng());
    };
  });
}

void UploadTransfer::Finish() {
  if (std::exchange(finishing_, true)) return;
  host_->OnDisk([disk = disk_]() -> DiskAnswer {
    return [root = disk->Root()](Transfer& transfer, Timestamp now) {
      UploadTransfer& self = Self(transfer);
      if (self.over()) return;
      if (!root.ok()) return self.Fail(CodeOf(root), now);
      const Layout& layout = self.disk_->layout();
      self.host_->Report(client::UploadFinished{.message = self.message(),
                                                .root = *root,
                                                .size = layout.size(),
                                                .padded_size = layout.padded_size()});
      self.SetOver();
    };
  });
}

void UploadTransfer::Answered(const RequestTag& tag, const wire::FrameView& frame, Timestamp now) {
  if (!flow_ || tag.epoch != flow_->epoch()) return;
  const wire::fb::BlobBegun* begun = frame.header->body_as_BlobBegun();
  const bool is_ok = frame.header->body_as_Ok() != nullptr;
  if (tag.what == What::kBegin ? begun == nullptr : !is_ok) {
    return flow_->RequestFailed(Code::kMalformed, {}, now, host_->rng());
  }
  switch (tag.what) {
    case What::kBegin:
      Begun();
      return flow_->Begun(begun->offset());
    case What::kChunk:
      return flow_->Held(tag.offset);
    case What::kCommit:
      return flow_->Committed();
    case What::kDelete:
      return flow_->Deleted();
    case What::kGet:
      break;
  }
}

// From now on it is begun again without tokens: when the relay forgets it that shows, and nothing
// is spent on an upload that goes on.
void UploadTransfer::Begun() {
  tokens_ = {};
  if (std::exchange(job_.begun, true)) return;
  host_->Report(client::UploadBegun{message()});
}

void UploadTransfer::RequestFailed(const RequestTag& tag, Code code, Duration retry_after,
                                   Timestamp now) {
  if (!flow_ || tag.epoch != flow_->epoch()) return;
  if (tag.what != What::kBegin || !IsAboutPayment(code)) {
    return flow_->RequestFailed(code, retry_after, now, host_->rng());
  }
  const bool forgotten = tokens_.empty();
  tokens_ = {};
  job_.begun = false;
  flow_->ChannelDown();  // until it is paid
  AskForPayment(forgotten ? Code::kOk : code);
}

void UploadTransfer::ChannelUp() {
  up_ = true;
  Advance();
}

void UploadTransfer::ChannelDown() {
  up_ = false;
  if (flow_) flow_->ChannelDown();
}

void UploadTransfer::RoomAgain() {
  if (flow_) flow_->RoomAgain();
}

void UploadTransfer::SourceReady() {
  if (flow_) flow_->SourceReady();
}

void UploadTransfer::ShowProgress() {
  const Layout& layout = disk_->layout();
  const uint64_t chunks = flow_->held() / crypto::kBlobChunkSealed;
  const uint64_t done = flow_->held() == layout.sealed_size()
                            ? layout.size()
                            : std::min(layout.size(), Layout::PlainOffset(chunks));
  if (done == shown_ && flow_->obstacle() == shown_obstacle_) return;
  shown_ = done;
  shown_obstacle_ = flow_->obstacle();
  host_->Progress(message(), done, layout.size(), shown_obstacle_, flow_->deadline());
}

void UploadTransfer::DeleteAtRelay(Timestamp now) {
  // Where the channel is down the relay's own expiry has to do; what was never paid is not there.
  if (!up_ || !flow_ || !(paid() || job_.shown)) return;
  AskToDelete({.what = What::kDelete, .offset = 0, .epoch = flow_->epoch()}, Restart::kNo, now)
      .IgnoreError();
}

void UploadTransfer::Fail(Code code, Timestamp now, Duration retry_after) {
  host_->Report(
      client::TransferFailed{.message = message(), .code = code, .retry_after = retry_after});
  Cancel(now);
}

void UploadTransfer::Cancel(Timestamp now) {
  if (over()) return;
  SetOver();
  DeleteAtRelay(now);
}

}  // namespace pawl::runner
