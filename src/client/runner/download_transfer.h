#ifndef PAWL_CLIENT_RUNNER_DOWNLOAD_TRANSFER_H_
#define PAWL_CLIENT_RUNNER_DOWNLOAD_TRANSFER_H_

#include <memory>
#include <optional>
#include <string>

#include "client/attachment/download.h"
#include "client/attachment/download_flow.h"
#include "client/engine/transfer.h"
#include "client/runner/transfer.h"

namespace pawl::runner {

// A download over the anonymous connection.
class DownloadTransfer final : public Transfer {
 public:
  DownloadTransfer(client::StartDownload job, std::string log_path, TransferHost* host);

  bool is_upload() const override { return false; }
  void Pump(Timestamp now) override;
  void ChannelUp() override;
  void ChannelDown() override;
  void RoomAgain() override;
  void Answered(const RequestTag& tag, const wire::FrameView& frame, Timestamp now) override;
  void RequestFailed(const RequestTag& tag, Code code, Duration retry_after,
                     Timestamp now) override;
  void Cancel(Timestamp now) override;
  Timestamp deadline() const override { return retry_at_ != kNever ? retry_at_ : FlowDeadline(); }

 private:
  using Flow = attachment::DownloadFlow;
  using Disk = std::shared_ptr<attachment::Download>;

  Timestamp FlowDeadline() const { return flow_ ? flow_->deadline() : kNever; }
  void OpenFile();
  void Opened(absl::StatusOr<Disk> disk, Timestamp now);
  void Carry(Flow::Action action, Timestamp now);
  void Fetch(const Flow::Fetch& fetch, Timestamp now);
  // Runs `work` on the disk, then `then` here unless it failed.
  template <typename Work, typename Then>
  void Do(Work work, Then then);
  void Finish();
  void Fail(Code code, Duration retry_after = {});
  void ShowProgress();

  client::StartDownload job_;
  const std::string log_path_;
  TransferHost* const host_;
  bool opening_ = false;
  bool up_ = false;
  Timestamp retry_at_ = kNever;  // opening failed for want of room
  Disk disk_;
  std::optional<Flow> flow_;
  uint64_t shown_ = UINT64_MAX;
  Code shown_obstacle_ = Code::kOk;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_DOWNLOAD_TRANSFER_H_
