#ifndef PAWL_TRANSPORT_WS_SIGPIPE_H_
#define PAWL_TRANSPORT_WS_SIGPIPE_H_

#include <csignal>

namespace pawl::transport::ws {

// Keeps SIGPIPE from this thread while it writes to sockets (OpenSSL's socket BIO cannot be told
// not to raise it). A SIGPIPE raised meanwhile is swallowed; one that was pending before is kept.
class SigpipeBlock {
 public:
  SigpipeBlock();
  ~SigpipeBlock();
  SigpipeBlock(const SigpipeBlock&) = delete;
  SigpipeBlock& operator=(const SigpipeBlock&) = delete;

 private:
  sigset_t old_mask_;
  bool was_pending_;
};

// Puts the process's SIGPIPE disposition back to what it was: lws_create_context sets it to ignore,
// which is the host's decision to make.
class SigpipeDisposition {
 public:
  SigpipeDisposition();
  ~SigpipeDisposition();
  SigpipeDisposition(const SigpipeDisposition&) = delete;
  SigpipeDisposition& operator=(const SigpipeDisposition&) = delete;

 private:
  struct sigaction old_;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_SIGPIPE_H_
