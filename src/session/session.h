#ifndef PAWL_SESSION_SESSION_H_
#define PAWL_SESSION_SESSION_H_

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "session/facts.h"
#include "session/progress.h"
#include "session/types.h"

namespace pawl::session {

class Stage;

// One pairwise session between two devices, decoded, as last committed. It changes by Commit,
// Retire and ExpireSkippedKeys alone: sending and receiving happen on a Stage. Movable;
// thread-compatible. A moved-from session may only be assigned to or destroyed.
//
// Stored in three parts: facts (written when the session begins and once more at the first reply),
// progress (with every step), skipped rows (when messages are jumped over, opened late
// or expire).
class Session {
 public:
  // For the handshake: a session before its first message.
  Session(Facts facts, Progress progress);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  const Facts& facts() const;
  const identity::DeviceAddress& local() const { return facts().local; }
  const identity::DeviceAddress& remote() const { return facts().remote; }
  const TranscriptHash& transcript_hash() const { return facts().transcript_hash; }
  // Responder: true from the start; initiator: since the first authentic reply.
  bool confirmed() const;
  // Both sides had the session that this one displaces, and mixed its secret in.
  bool resumed() const;
  // Messages sent since the peer last answered.
  uint32_t unanswered() const;
  // Sealing will fail: it is retired or of an earlier release, its post-quantum exchange broke,
  // kMaxUnanswered messages are unanswered, or its handshake stayed unanswered for kMaxPendingAge.
  // Initiate a fresh session, which displaces this one.
  bool NeedsFreshSession(Timestamp now) const;
  std::optional<Timestamp> last_received_at() const;

  // Every tag by which an envelope for this session may come: what the route table holds for it.
  std::vector<RouteTag> RouteTags() const;

  // Ends sending (the store diverged, or the session was displaced for good): what arrives can
  // still be read. EncodeFacts must be stored again.
  void Retire();
  // Drops skipped keys whose time is over; gives the names of their rows in the store, those that
  // are tags to be taken out of the route table too.
  std::vector<RouteTag> ExpireSkippedKeys(Timestamp now);

  crypto::SecretBytes EncodeFacts() const;
  crypto::SecretBytes EncodeProgress() const;
  std::vector<SkippedRow> EncodeSkipped() const;
  // kMalformed, kUnsupportedVersion. Rows up to ratchet::kMaxSkippedKeys, and as many of the
  // post-quantum chains.
  static absl::StatusOr<Session> Decode(ByteView facts, ByteView progress,
                                        std::span<const SkippedRow> skipped);

  // Takes over what `stage`, which must have been made from this very session, has done; one of
  // another session is ignored. Call it after the store has committed; when the store could not,
  // drop the stage instead.
  void Commit(Stage&& stage);

 private:
  friend class Stage;
  struct State;
  std::unique_ptr<State> state_;
};

// A handshake that nobody answered for so long cannot be answered any more: the recipient's prekeys
// are erased.
constexpr Duration kMaxPendingAge = Days(30);

}  // namespace pawl::session

#endif  // PAWL_SESSION_SESSION_H_
