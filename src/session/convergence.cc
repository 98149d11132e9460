#include "session/convergence.h"

#include <algorithm>

namespace pawl::session {
namespace {

bool IsDisplaced(const Session& session, std::span<const Session* const> all) {
  return std::any_of(all.begin(), all.end(), [&](const Session* other) {
    return other->facts().displaces == session.transcript_hash();
  });
}

bool SendsBefore(const Session& a, const Session& b) {
  if (a.confirmed() != b.confirmed()) return a.confirmed();
  return a.transcript_hash() < b.transcript_hash();
}

}  // namespace

Arrival JudgeArrival(std::span<const Session* const> sessions, const Session* resumed) {
  const Session* current = SendingSession(sessions);
  if (current == nullptr) {
    if (resumed != nullptr) return {Displacement::kResumed, resumed->transcript_hash()};
    // Nothing is sent on what is retired; whoever knew of it would have said so all the same.
    const bool held =
        std::ranges::any_of(sessions, [](const Session* s) { return s->confirmed(); });
    return {held ? Displacement::kReset : Displacement::kFirst, std::nullopt};
  }
  if (resumed == current) return {Displacement::kResumed, current->transcript_hash()};
  if (!current->confirmed()) {
    // Ours and theirs crossed. If ours was to take the place of a confirmed one, theirs must have
    // proved that it knew that one.
    const bool silent = resumed != nullptr || !current->facts().displaces;
    return {silent ? Displacement::kSimultaneous : Displacement::kReset, std::nullopt};
  }
  if (resumed != nullptr) return {Displacement::kResumed, resumed->transcript_hash()};
  return {Displacement::kReset, current->transcript_hash()};
}

const Session* SendingSession(std::span<const Session* const> sessions) {
  const Session* best = nullptr;
  for (const Session* session : sessions) {
    if (session->facts().receive_only || IsDisplaced(*session, sessions)) continue;
    if (best == nullptr || SendsBefore(*session, *best)) best = session;
  }
  return best;
}

bool DueForErasure(const Session& session, std::span<const Session* const> all, Timestamp now) {
  const Timestamp last = session.last_received_at().value_or(session.facts().created_at);
  return SendingSession(all) != &session && now >= last + kIdleSessionLifetime;
}

}  // namespace pawl::session
