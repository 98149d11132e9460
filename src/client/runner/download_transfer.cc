#include "client/runner/download_transfer.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace pawl::runner {

using attachment::Download;
using attachment::Layout;
using attachment::Pointer;
using What = RequestTag::What;

namespace {

// Between two tries to make the file while the disk is full.
constexpr Duration kOpenRetry = Seconds(10);

DownloadTransfer& Self(Transfer& transfer) { return static_cast<DownloadTransfer&>(transfer); }

absl::StatusOr<std::shared_ptr<Download>> OpenOnDisk(Pointer pointer, const std::string& path,
                                                     const std::string& log_path) {
  PAWL_ASSIGN(std::shared_ptr<Download> download,
              Download::Create(std::move(pointer), path, log_path));
  return download;
}

}  // namespace

DownloadTransfer::DownloadTransfer(client::StartDownload job, std::string log_path,
                                   TransferHost* host)
    : Transfer(job.message), job_(std::move(job)), log_path_(std::move(log_path)), host_(host) {}

void DownloadTransfer::OpenFile() {
  if (std::exchange(opening_, true)) return;
  Pointer pointer{.key = job_.key.Clone(),
                  .root = job_.root,
                  .size = job_.size,
                  .padded_size = job_.padded_size};
  host_->OnDisk([pointer = std::move(pointer), path = job_.path,
                 log_path = log_path_]() mutable -> DiskAnswer {
    return [disk = OpenOnDisk(std::move(pointer), path, log_path)](
               Transfer& self, Timestamp now) mutable { Self(self).Opened(std::move(disk), now); };
  });
}

void DownloadTransfer::Opened(absl::StatusOr<Disk> disk, Timestamp now) {
  if (over()) return;
  if (CodeOf(disk) == Code::kDiskFull) {
    opening_ = false;
    retry_at_ = now + kOpenRetry;
    host_->Progress(message(), 0, job_.size, Code::kDiskFull, retry_at_);
    return;
  }
  if (!disk.ok()) return Fail(CodeOf(disk));
  disk_ = *std::move(disk);
  flow_.emplace(disk_->layout());
  if (up_) flow_->ChannelUp();
}

void DownloadTransfer::Pump(Timestamp now) {
  if (over()) return;
  if (!flow_) {
    if (retry_at_ != kNever && now < retry_at_) return;
    retry_at_ = kNever;
    return OpenFile();
  }
  while (std::optional<Flow::Action> action = flow_->Next(now)) Carry(*std::move(action), now);
  if (flow_->failed()) return Fail(flow_->failure(), flow_->retry_after());
  ShowProgress();
  if (flow_->done()) {
    host_->Report(client::DownloadFinished{.message = message()});
    SetOver();
  }
}

template <typename Work, typename Then>
void DownloadTransfer::Do(Work work, Then then) {
  host_->OnDisk([disk = disk_, work = std::move(work), then]() mutable -> DiskAnswer {
    return [status = work(*disk), then](Transfer& transfer, Timestamp now) {
      DownloadTransfer& self = Self(transfer);
      if (status.ok()) return then(*self.flow_);
      self.flow_->DiskFailed(CodeOf(status), now, self.host_->rng());
    };
  });
}

void DownloadTransfer::Carry(Flow::Action action, Timestamp now) {
  if (const auto* fetch = std::get_if<Flow::Fetch>(&action)) return Fetch(*fetch, now);
  if (auto* take = std::get_if<Flow::Take>(&action)) {
    return Do([sealed = std::move(take->sealed)](Download& disk) { return disk.Take(sealed); },
              [](Flow& flow) { flow.Taken(); });
  }
  if (std::holds_alternative<Flow::Sync>(action)) {
    return Do([](Download& disk) { return disk.Sync(); }, [](Flow& flow) { flow.Synced(); });
  }
  if (std::holds_alternative<Flow::Finish>(action)) {
    return Do([](Download& disk) { return disk.Finish(); }, [](Flow& flow) { flow.Finished(); });
  }
  host_->OnDisk([disk = disk_]() -> DiskAnswer {
    return [done = disk->Resume(), chunks = disk->chunks()](Transfer& transfer, Timestamp at) {
      DownloadTransfer& self = Self(transfer);
      if (done.ok()) return self.flow_->Resumed(*done, chunks);
      self.flow_->DiskFailed(CodeOf(done), at, self.host_->rng());
    };
  });
}

void DownloadTransfer::Fetch(const Flow::Fetch& fetch, Timestamp now) {
  const RequestTag tag{.what = What::kGet, .offset = fetch.offset, .epoch = flow_->epoch()};
  const wire::BlobGet frame{.req = 0, .id = job_.blob, .offset = fetch.offset, .max = fetch.size};
  if (!host_->Request(frame, tag, now).ok()) flow_->Refused(fetch);
}

void DownloadTransfer::Answered(const RequestTag& tag, const wire::FrameView& frame,
                                Timestamp now) {
  if (!flow_ || tag.epoch != flow_->epoch()) return;
  const wire::fb::BlobData* data = frame.header->body_as_BlobData();
  if (data == nullptr || data->offset() != tag.offset) {
    return flow_->RequestFailed(Code::kMalformed, {}, now, host_->rng());
  }
  flow_->Fetched(tag.offset, data->total(), frame.payload);
}

void DownloadTransfer::RequestFailed(const RequestTag& tag, Code code, Duration retry_after,
                                     Timestamp now) {
  if (flow_ && tag.epoch == flow_->epoch()) {
    flow_->RequestFailed(code, retry_after, now, host_->rng());
  }
}

void DownloadTransfer::ChannelUp() {
  up_ = true;
  if (flow_) flow_->ChannelUp();
}

void DownloadTransfer::ChannelDown() {
  up_ = false;
  if (flow_) flow_->ChannelDown();
}

void DownloadTransfer::RoomAgain() {
  if (flow_) flow_->RoomAgain();
}

void DownloadTransfer::ShowProgress() {
  const uint64_t done = std::min(job_.size, Layout::PlainOffset(flow_->chunks_taken()));
  if (done == shown_ && flow_->obstacle() == shown_obstacle_) return;
  shown_ = done;
  shown_obstacle_ = flow_->obstacle();
  host_->Progress(message(), done, job_.size, shown_obstacle_, flow_->deadline());
}

void DownloadTransfer::Fail(Code code, Duration retry_after) {
  host_->Report(
      client::TransferFailed{.message = message(), .code = code, .retry_after = retry_after});
  // What is good of it can be gone on with when the app asks again, unless the sender's word and
  // the pieces do not fit together.
  if (code == Code::kAuthFailed || code == Code::kMalformed) return Cancel(Timestamp{});
  SetOver();
}

void DownloadTransfer::Cancel(Timestamp) {
  if (over()) return;
  SetOver();
  if (!disk_) return;
  host_->OnDisk([disk = disk_]() -> DiskAnswer {
    disk->Discard();
    return [](Transfer&, Timestamp) {};
  });
}

}  // namespace pawl::runner
