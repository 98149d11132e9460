#ifndef PAWL_CLIENT_RUNNER_TRANSFER_H_
#define PAWL_CLIENT_RUNNER_TRANSFER_H_

#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "client/engine/transfer.h"
#include "client/runner/transfer_host.h"
#include "wire/frame.h"

namespace pawl::runner {

// One file on its way, on the client's thread: joins a flow (what to ask next), the disk side (on
// the IO worker) and the anonymous connection. Thread-compatible.
class Transfer {
 public:
  explicit Transfer(const MessageId& message) : message_(message) {}
  virtual ~Transfer() = default;
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  const MessageId& message() const { return message_; }
  virtual bool is_upload() const = 0;
  // Does whatever can be done now.
  virtual void Pump(Timestamp now) = 0;
  virtual void ChannelUp() = 0;
  virtual void ChannelDown() = 0;
  virtual void RoomAgain() = 0;
  virtual void Answered(const RequestTag& tag, const wire::FrameView& frame, Timestamp now) = 0;
  virtual void RequestFailed(const RequestTag& tag, Code code, Duration retry_after,
                             Timestamp now) = 0;
  // It does nothing before it is paid, and is in nobody's way.
  virtual bool unpaid() const { return false; }
  // For uploads alone: the source has more; they are paid.
  virtual void SourceReady() {}
  virtual void Pay(client::PayUpload) {}
  // The app does not want it any more: leaves nothing behind here, nor at the relay where that can
  // be told.
  virtual void Cancel(Timestamp now) = 0;
  virtual Timestamp deadline() const = 0;

  // Reported to the engine, one way or the other.
  bool over() const { return over_; }

 protected:
  void SetOver() { over_ = true; }

 private:
  const MessageId message_;
  bool over_ = false;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_TRANSFER_H_
