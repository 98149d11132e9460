#ifndef PAWL_CLIENT_ENGINE_SESSION_TABLE_H_
#define PAWL_CLIENT_ENGINE_SESSION_TABLE_H_

#include <memory>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/status.h"
#include "identity/address.h"
#include "session/session.h"
#include "session/stage.h"
#include "store/transaction.h"

namespace pawl::client {

struct SessionEntry {
  SessionId id;
  session::Session session;
};

// Every session of this device as last committed, decoded, and one hash table over the route tags
// of all of them: an envelope finds its session in one lookup.
class SessionTable {
 public:
  void Insert(std::unique_ptr<SessionEntry> entry);
  void Erase(SessionId id);
  SessionEntry* Find(SessionId id) const;
  const std::vector<SessionEntry*>& With(const identity::DeviceAddress& device) const;
  std::optional<SessionId> Route(const session::RouteTag& tag) const;
  size_t size() const { return entries_.size(); }
  // By id: iteration must not depend on a hash seed.
  const absl::btree_map<SessionId, std::unique_ptr<SessionEntry>>& all() const { return entries_; }

  void Follow(SessionId id, const ratchet::TagChanges& changes);
  void Forget(const std::vector<session::RouteTag>& tags);

 private:
  absl::btree_map<SessionId, std::unique_ptr<SessionEntry>> entries_;
  absl::flat_hash_map<identity::DeviceAddress, std::vector<SessionEntry*>> by_device_;
  absl::flat_hash_map<session::RouteTag, SessionId> routes_;
};

// Sessions as one Step sees them: the table, stages over those it used, those it began and those it
// dropped. Nothing of the table changes before ApplyTo.
class SessionEdits {
 public:
  explicit SessionEdits(const SessionTable& base) : base_(&base) {}

  // Null when there is none, or when it was dropped in this Step.
  const session::Session* Find(SessionId id) const;
  std::vector<const SessionEntry*> With(const identity::DeviceAddress& device) const;
  std::optional<SessionId> Route(const session::RouteTag& tag) const;

  // The overlay of a session that Find knows. Whoever sealed or opened on it says so (Sealed,
  // Opened): a stage on which every try failed is as if it had never been.
  session::Stage& StageOf(SessionId id);
  // The same without beginning one.
  const session::Stage* FindStage(SessionId id) const;
  void Sealed(SessionId id) { staged_.find(id)->second->used = true; }
  // New tags are routed at once.
  void Opened(SessionId id);
  void Add(SessionId id, session::Session session);
  void Erase(SessionId id);
  // Receive-only from now on.
  void Retire(SessionId id) { retired_.insert(id); }
  bool IsRetired(SessionId id) const { return retired_.contains(id); }
  // Keys of messages that never came are over; takes effect with the commit.
  void ExpireSkippedKeys(SessionId id) { expired_.insert(id); }

  // Writes what the stages did; once, before the commit.
  absl::Status Save(store::Transaction& tx, Timestamp now) const;
  void ApplyTo(SessionTable& table, Timestamp now) &&;

 private:
  struct Staged {
    session::Stage stage;
    bool used = false;
    size_t routed = 0;  // of tag_changes().entering
  };
  const SessionTable* base_;
  absl::btree_map<SessionId, std::unique_ptr<Staged>> staged_;
  absl::btree_map<SessionId, std::unique_ptr<SessionEntry>> added_;
  absl::flat_hash_set<SessionId> erased_;
  absl::flat_hash_set<SessionId> expired_;
  absl::flat_hash_set<SessionId> retired_;
  absl::flat_hash_map<session::RouteTag, SessionId> routes_;
};

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_SESSION_TABLE_H_
