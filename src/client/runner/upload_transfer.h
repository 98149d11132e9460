#ifndef PAWL_CLIENT_RUNNER_UPLOAD_TRANSFER_H_
#define PAWL_CLIENT_RUNNER_UPLOAD_TRANSFER_H_

#include <memory>
#include <optional>
#include <string>

#include "client/attachment/upload.h"
#include "client/attachment/upload_flow.h"
#include "client/engine/transfer.h"
#include "client/runner/transfer.h"

namespace pawl::runner {

// An upload over the anonymous connection: who knows its secret goes on with it, and tokens pay for
// it once. It asks the engine for them when it could begin, and shows the relay only what the
// engine has durably given it. Its chunk log outlives it, until the engine has committed the end:
// killed before, it goes on from there.
class UploadTransfer final : public Transfer {
 public:
  // `source`: where the bytes come from instead of job.path, or null.
  UploadTransfer(client::StartUpload job, std::unique_ptr<attachment::Source> source,
                 std::string log_path, TransferHost* host);

  bool is_upload() const override { return true; }
  void Pump(Timestamp now) override;
  void ChannelUp() override;
  void ChannelDown() override;
  void RoomAgain() override;
  void Answered(const RequestTag& tag, const wire::FrameView& frame, Timestamp now) override;
  void RequestFailed(const RequestTag& tag, Code code, Duration retry_after,
                     Timestamp now) override;
  void Cancel(Timestamp now) override;
  Timestamp deadline() const override { return flow_ ? flow_->deadline() : kNever; }
  bool unpaid() const override { return asked_payment_; }
  void SourceReady() override;
  void Pay(client::PayUpload payment) override;

 private:
  using Flow = attachment::UploadFlow;
  using Disk = std::shared_ptr<attachment::Upload>;

  void OpenSource();
  void Opened(absl::StatusOr<Disk> disk);
  // Whether BLOB_BEGIN can be said.
  bool paid() const { return job_.begun || !tokens_.empty(); }
  // The channel as the flow sees it: not before there is something to pay with.
  void Advance();
  void AskForPayment(Code refused);
  void Carry(const Flow::Action& action, Timestamp now);
  absl::Status Ask(const Flow::Action& action, Timestamp now);
  // kYes: only what the relay holds goes; the upload stays begun and paid.
  enum class Restart : bool { kNo = false, kYes = true };
  absl::Status AskToDelete(RequestTag tag, Restart restart, Timestamp now);
  void Begun();
  void Resume(uint64_t offset);
  void Seal();
  void Finish();
  void Fail(Code code, Timestamp now, Duration retry_after = {});
  void DeleteAtRelay(Timestamp now);
  void ShowProgress();

  client::StartUpload job_;
  std::unique_ptr<attachment::Source> source_;
  const std::string log_path_;
  TransferHost* const host_;
  bool opening_ = false;
  bool finishing_ = false;
  bool up_ = false;
  bool asked_payment_ = false;
  crypto::SecretBytes tokens_;  // until the relay has said that the upload is begun
  Disk disk_;
  std::optional<Flow> flow_;
  uint64_t shown_ = 0;
  Code shown_obstacle_ = Code::kOk;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_UPLOAD_TRANSFER_H_
