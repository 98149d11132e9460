#ifndef PAWL_SESSION_STAGE_H_
#define PAWL_SESSION_STAGE_H_

#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "ratchet/braid/spqr.h"
#include "ratchet/double_ratchet.h"
#include "ratchet/message.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"
#include "session/envelope.h"
#include "session/session.h"
#include "session/types.h"

namespace pawl::session {

// A session plus steps that are not committed yet. Any number of Seal and Open calls; one that
// fails leaves the stage exactly as it was. Then write EncodeProgress(), RemovedRows(), AddedRows()
// (and EncodeFacts() when facts_changed()) in one transaction, and when that has committed:
// Session::Commit(stage), and tag_changes() into the route table.
// The session must outlive the stage (it may be moved) and must not change meanwhile.
// Thread-compatible.
class Stage {
 public:
  explicit Stage(const Session& session);

  // The whole envelope, padded; one allocation. Draws 24 bytes from `rng`, and more in turns and in
  // messages that carry the handshake. kTooLarge (see MaxContentSize), kWrongState when a fresh
  // session is needed (NeedsFreshSession).
  absl::StatusOr<Bytes> Seal(ByteView content, const ListRefs& refs, Timestamp now, Rng& rng);
  bool NeedsFreshSession(Timestamp now) const;

  // An envelope whose tag is in the route table, or one that is tried because no table knows it.
  // Envelopes that repeat the handshake of this session open here too.
  // kAuthFailed when it is not for this session or was tampered with; kReplayed when it was opened
  // before or its key is gone; kTooFarAhead before anything is derived; kExpired when its key was
  // kept for it too long; kMalformed, kUnsupportedVersion. A tag that no table has costs two header
  // trials, and six more when the envelope is long enough to repeat a handshake to a responder.
  absl::StatusOr<Opened> Open(ByteView envelope, Timestamp now);

  // The same for an envelope that is known to repeat the handshake: PeekHandshake gave it this
  // session's handshake_id.
  absl::StatusOr<Opened> OpenRepeated(ByteView envelope, Timestamp now);

  bool facts_changed() const { return facts_changed_; }
  bool confirmed() const { return progress_.confirmed; }
  bool resumed() const { return progress_.resumed; }
  uint32_t unanswered() const { return progress_.core.unanswered(); }

  crypto::SecretBytes EncodeFacts() const;
  crypto::SecretBytes EncodeProgress() const;
  std::vector<SkippedRow> AddedRows() const;
  std::vector<RouteTag> RemovedRows() const;
  const TagChanges& tag_changes() const { return tag_changes_; }

 private:
  friend class Session;
  absl::StatusOr<Opened> OpenAt(ByteView envelope, WithHandshake handshake, Timestamp now);
  void Apply(ratchet::ReceiveStep&& step, ratchet::braid::ReceivingKey&& key,
             const ratchet::braid::Message& message, Timestamp now);

  const Session::State* session_;
  Progress progress_;
  ratchet::SkippedDelta skipped_;
  ratchet::braid::SkippedPqDelta skipped_pq_;
  ratchet::TagWindow window_;
  TagChanges tag_changes_;
  bool facts_changed_ = false;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_STAGE_H_
