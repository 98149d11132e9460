#ifndef PAWL_SESSION_STAGE_H_
#define PAWL_SESSION_STAGE_H_

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"
#include "session/handshake_block.h"
#include "session/session.h"
#include "session/types.h"

namespace pawl::session {

// A session plus steps that are not committed yet. Any number of Seal and Open calls; one that
// fails leaves the stage exactly as it was. Then write EncodeProgress(), AddedRows(),
// removed_tags() (and EncodeFacts() when facts_changed()) in one transaction, and when that has
// committed: Session::Commit(stage), then tag_changes() into the route table. The session must
// outlive the stage and must not change meanwhile. Thread-compatible.
class Stage {
 public:
  explicit Stage(const Session& session);

  // The whole envelope, padded; one allocation. Draws 24 bytes from `rng`, and more in handshake
  // messages and turns. kTooLarge (see MaxContentSize), kWrongState when the session needs a fresh
  // one (Session::NeedsFreshSession).
  absl::StatusOr<Bytes> Seal(ByteView content, const ListRefs& refs, Timestamp now, Rng& rng);

  // An envelope whose tag is in the route table, or one tried because no table knows it.
  // kAuthFailed when it is not for this session or was tampered with, kReplayed when it was opened
  // before or its key is gone, kTooFarAhead before anything is derived, kMalformed,
  // kUnsupportedVersion. Every failure costs at most two header trials.
  absl::StatusOr<Opened> Open(ByteView envelope, Timestamp now);

  // A further envelope of the handshake that began this session (PeekHandshake gave the session's
  // handshake_id).
  absl::StatusOr<Opened> OpenRepeated(ByteView envelope, Timestamp now);

  bool facts_changed() const { return facts_changed_; }
  bool confirmed() const { return progress_.confirmed; }
  bool resumed() const { return progress_.resumed; }
  uint32_t unanswered() const { return progress_.core.unanswered(); }

  crypto::SecretBytes EncodeFacts() const;
  crypto::SecretBytes EncodeProgress() const;
  std::vector<SkippedRow> AddedRows() const;
  std::vector<RouteTag> RemovedRows() const;
  const ratchet::TagChanges& tag_changes() const { return tag_changes_; }

 private:
  friend class Session;
  absl::StatusOr<Opened> OpenFrame(ByteView envelope, size_t handshake_size, Timestamp now);

  const Session* session_;
  Progress progress_;
  ratchet::SkippedDelta skipped_;
  ratchet::TagWindow window_;
  ratchet::TagChanges tag_changes_;
  bool facts_changed_ = false;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_STAGE_H_
