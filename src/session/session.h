#ifndef PAWL_SESSION_SESSION_H_
#define PAWL_SESSION_SESSION_H_

#include <memory>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "ratchet/core.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"
#include "session/facts.h"
#include "session/types.h"

namespace pawl::session {

class Stage;

// The part of a session that changes with every message, the skipped keys apart.
struct Progress {
  ratchet::Core core;
  bool confirmed = false;  // responder: from the start; initiator: since the first authentic reply
  bool resumed = false;    // the peer proved that it still had the session that this one replaces
  std::optional<Timestamp> last_received_at;
  Progress Clone() const { return {core.Clone(), confirmed, resumed, last_received_at}; }
};
// Bytes of an encoded Progress: what a step writes to the store.
constexpr size_t kProgressSize = 1 + 1 + 8 + ratchet::kCoreSize;

// One pairwise session between two devices, decoded, as last committed. It changes by Commit and
// Retire alone: sending and receiving happen on a Stage. Movable; thread-compatible. A moved-from
// session may only be destroyed.
//
// Stored in three parts: facts (written when the session begins and once more at the first reply),
// progress (fixed size, with every step), skipped rows (when messages are jumped over, opened late
// or expire).
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  const Facts& facts() const;
  const identity::DeviceAddress& local() const { return facts().local; }
  const identity::DeviceAddress& remote() const { return facts().remote; }
  const TranscriptHash& transcript_hash() const { return facts().transcript_hash; }
  bool confirmed() const;
  bool resumed() const;
  // Messages sent since the peer last answered. At kMaxUnanswered sealing fails and a fresh session
  // is needed.
  uint32_t unanswered() const;
  bool NeedsFreshSession() const {
    return unanswered() >= ratchet::kMaxUnanswered || facts().receive_only;
  }
  std::optional<Timestamp> last_received_at() const;

  // Every tag by which an envelope for this session may come: what the route table holds for it.
  std::vector<RouteTag> RouteTags() const;

  // Ends sending (the store diverged, or the session was displaced for good): what arrives can
  // still be read. EncodeFacts must be stored again.
  void Retire();
  // Drops skipped keys whose time is over; gives the tags to take out of the store and of the route
  // table.
  std::vector<RouteTag> ExpireSkippedKeys(Timestamp now);

  crypto::SecretBytes EncodeFacts() const;
  crypto::SecretBytes EncodeProgress() const;
  std::vector<SkippedRow> EncodeSkipped() const;
  // kMalformed, kUnsupportedVersion. At most ratchet::kMaxSkippedKeys rows.
  static absl::StatusOr<Session> Decode(ByteView facts, ByteView progress,
                                        std::span<const SkippedRow> skipped);

  // Takes over what `stage`, which must have been made from this very session, has done. Call it
  // after the store has committed; drop the stage instead when the store could not.
  void Commit(Stage&& stage);

 private:
  friend class Stage;
  friend class SessionMaker;
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pawl::session

#endif  // PAWL_SESSION_SESSION_H_
