#ifndef PAWL_SESSION_SESSION_STATE_H_
#define PAWL_SESSION_SESSION_STATE_H_

#include "ratchet/braid/skipped_keys.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"
#include "session/facts.h"
#include "session/progress.h"
#include "session/session.h"

namespace pawl::session {

// What a Session owns: for session.cc and stage.cc alone.
struct Session::State {
  State(Facts facts, Progress progress);

  Facts facts;
  Progress progress;
  ratchet::SkippedKeys skipped;
  ratchet::braid::SkippedPqMap skipped_pq;
  ratchet::TagWindow window;
  // What every message is bound to: hash of suite, recipient's mailbox and transcript.
  ByteArray<32> send_channel;
  ByteArray<32> receive_channel;
};

bool NeedsFreshSession(const Facts& facts, const Progress& progress, Timestamp now);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SESSION_STATE_H_
