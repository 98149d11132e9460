#include "transport/ws/sigpipe.h"

#include <ctime>

namespace pawl::transport::ws {
namespace {

sigset_t Sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

bool IsPending() {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

SigpipeBlock::SigpipeBlock() : old_mask_(), was_pending_(IsPending()) {
  const sigset_t set = Sigpipe();
  pthread_sigmask(SIG_BLOCK, &set, &old_mask_);
}

SigpipeBlock::~SigpipeBlock() {
  if (!was_pending_ && IsPending()) {
    const sigset_t set = Sigpipe();
    const timespec at_once{};
    sigtimedwait(&set, nullptr, &at_once);
  }
  pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
}

SigpipeDisposition::SigpipeDisposition() : old_() { sigaction(SIGPIPE, nullptr, &old_); }

SigpipeDisposition::~SigpipeDisposition() { sigaction(SIGPIPE, &old_, nullptr); }

}  // namespace pawl::transport::ws
