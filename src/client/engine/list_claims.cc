#include "client/engine/list_claims.h"

#include <algorithm>

namespace pawl::client {
namespace {

// A clock that was set back begins a new interval, too.
bool IsOver(Timestamp since, Duration interval, Timestamp now) {
  return now < since || now >= since + interval;
}

}  // namespace

const identity::ListRef* ListClaims::Find(const identity::Address& claimant,
                                          const identity::Address& about) const {
  auto found = said_.find({claimant, about});
  return found == said_.end() ? nullptr : &found->second;
}

Timestamp ListClaims::NextLook(const identity::Address& account, Timestamp now) {
  Looks& looks = looks_[account];
  // Many hints of one Step are one look.
  if (looks.count > 0 && looks.last == now) return looks.granted;
  if (looks.count == 0 || IsOver(looks.since, kLookInterval, now)) {
    looks = {.since = now};
  }
  ++looks.count;
  looks.last = now;
  looks.granted = looks.count <= kLooksAtOnce ? now : looks.since + kLookInterval;
  return looks.granted;
}

bool ListClaims::MayTell(const identity::Address& account, EventKind kind, ListWarning detail,
                         const ByteArray<16>& hash, Timestamp now) {
  Told& told = told_[{account, kind, detail}];
  if (std::find(told.hashes.begin(), told.hashes.end(), hash) != told.hashes.end()) return false;
  if (told.hashes.size() >= kTellingsADay) {
    if (!IsOver(told.since, Days(1), now)) return false;
    told.hashes.clear();
  }
  if (told.hashes.empty()) told.since = now;
  told.hashes.push_back(hash);
  return true;
}

}  // namespace pawl::client
