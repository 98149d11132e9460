#include "client/engine/session_table.h"

#include <utility>

namespace pawl::client {

void SessionTable::Insert(std::unique_ptr<SessionEntry> entry) {
  SessionEntry* raw = entry.get();
  for (const session::RouteTag& tag : raw->session.RouteTags()) routes_[tag] = raw->id;
  by_device_[raw->session.remote()].push_back(raw);
  entries_[raw->id] = std::move(entry);
}

void SessionTable::Erase(SessionId id) {
  auto it = entries_.find(id);
  if (it == entries_.end()) return;
  Forget(it->second->session.RouteTags());
  auto peers = by_device_.find(it->second->session.remote());
  std::erase(peers->second, it->second.get());
  if (peers->second.empty()) by_device_.erase(peers);
  entries_.erase(it);
}

SessionEntry* SessionTable::Find(SessionId id) const {
  auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : it->second.get();
}

const std::vector<SessionEntry*>& SessionTable::With(const identity::DeviceAddress& device) const {
  static const std::vector<SessionEntry*> kNone;
  auto it = by_device_.find(device);
  return it == by_device_.end() ? kNone : it->second;
}

std::optional<SessionId> SessionTable::Route(const session::RouteTag& tag) const {
  auto it = routes_.find(tag);
  return it == routes_.end() ? std::nullopt : std::optional(it->second);
}

void SessionTable::Follow(SessionId id, const ratchet::TagChanges& changes) {
  for (const session::RouteTag& tag : changes.entering) routes_[tag] = id;
  for (const session::RouteTag& tag : changes.leaving) routes_.erase(tag);
}

void SessionTable::Forget(const std::vector<session::RouteTag>& tags) {
  for (const session::RouteTag& tag : tags) routes_.erase(tag);
}

const session::Session* SessionEdits::Find(SessionId id) const {
  if (erased_.contains(id)) return nullptr;
  if (auto it = added_.find(id); it != added_.end()) return &it->second->session;
  const SessionEntry* entry = base_->Find(id);
  return entry ? &entry->session : nullptr;
}

std::vector<const SessionEntry*> SessionEdits::With(const identity::DeviceAddress& device) const {
  std::vector<const SessionEntry*> found;
  for (const SessionEntry* entry : base_->With(device)) {
    if (!erased_.contains(entry->id)) found.push_back(entry);
  }
  for (const auto& [id, entry] : added_) {
    if (entry->session.remote() == device) found.push_back(entry.get());
  }
  return found;
}

std::optional<SessionId> SessionEdits::Route(const session::RouteTag& tag) const {
  std::optional<SessionId> id;
  if (auto it = routes_.find(tag); it != routes_.end()) {
    id = it->second;
  } else {
    id = base_->Route(tag);
  }
  return id && Find(*id) ? id : std::nullopt;
}

session::Stage& SessionEdits::StageOf(SessionId id) {
  std::unique_ptr<Staged>& staged = staged_[id];
  if (!staged) staged = std::make_unique<Staged>(Staged{session::Stage(*Find(id))});
  return staged->stage;
}

const session::Stage* SessionEdits::FindStage(SessionId id) const {
  auto it = staged_.find(id);
  return it == staged_.end() ? nullptr : &it->second->stage;
}

void SessionEdits::Opened(SessionId id) {
  Staged& staged = *staged_.find(id)->second;
  staged.used = true;
  const auto& entering = staged.stage.tag_changes().entering;
  for (; staged.routed < entering.size(); ++staged.routed) routes_[entering[staged.routed]] = id;
}

void SessionEdits::Add(SessionId id, session::Session session) {
  for (const session::RouteTag& tag : session.RouteTags()) routes_[tag] = id;
  added_[id] = std::make_unique<SessionEntry>(SessionEntry{id, std::move(session)});
}

void SessionEdits::Erase(SessionId id) {
  staged_.erase(id);
  added_.erase(id);
  erased_.insert(id);
}

absl::Status SessionEdits::Save(store::Transaction& tx, Timestamp now) const {
  for (const auto& [id, staged] : staged_) {
    if (!staged->used) continue;
    const session::Stage& stage = staged->stage;
    const crypto::SecretBytes progress = stage.EncodeProgress();
    PAWL_TRY(tx.sessions().Update({.id = id,
                                   .progress = progress.Expose(),
                                   .confirmed = stage.confirmed(),
                                   .last_used_at = now}));
    if (stage.facts_changed()) {
      PAWL_TRY(tx.sessions().SetFacts(id, stage.EncodeFacts().Expose()));
    }
    for (const session::RouteTag& tag : stage.RemovedRows()) {
      PAWL_TRY(tx.skipped().Erase(id, *tag));
    }
    for (const session::SkippedRow& row : stage.AddedRows()) {
      PAWL_TRY(
          tx.skipped().Add(id, *row.tag, row.value.Expose(), now + ratchet::kSkippedKeyLifetime));
    }
  }
  return OkStatus();
}

void SessionEdits::ApplyTo(SessionTable& table, Timestamp now) && {
  for (auto& [id, entry] : added_) table.Insert(std::move(entry));
  for (auto& [id, staged] : staged_) {
    if (!staged->used) continue;
    // Taken out before Commit moves the stage from under them.
    const ratchet::TagChanges changes = staged->stage.tag_changes();
    table.Find(id)->session.Commit(std::move(staged->stage));
    table.Follow(id, changes);
  }
  for (SessionId id : retired_) {
    if (SessionEntry* entry = table.Find(id)) entry->session.Retire();
  }
  for (SessionId id : erased_) table.Erase(id);
  for (SessionId id : expired_) {
    if (SessionEntry* entry = table.Find(id)) {
      table.Forget(entry->session.ExpireSkippedKeys(now));
    }
  }
}

}  // namespace pawl::client
