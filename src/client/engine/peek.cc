#include "client/engine/peek.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/peek_content.h"
#include "client/engine/peek_handshake.h"
#include "client/engine/peek_people.h"
#include "client/engine/session_rows.h"
#include "client/engine/waiting.h"
#include "crypto/hash.h"
#include "session/envelope.h"
#include "session/stage.h"

namespace pawl::client {
namespace {

using session::RouteTag;
using session::Session;

constexpr size_t kNamesPage = 512;

// One Peek. Sessions are read one after the other; all that a session opens is opened on one stage,
// which is then dropped: a chain's later messages find the tags that its earlier ones announce.
class Peeking {
 public:
  Peeking(store::Snapshot& snapshot, const Self& self,
          const std::vector<identity::DeviceList>& lists, Timestamp now)
      : snapshot_(snapshot), people_(snapshot, self, lists, now), now_(now) {}

  absl::StatusOr<std::vector<Peeked>> Run(std::vector<PeekInput> inputs);

 private:
  // Of an envelope that nothing is known of yet.
  struct Open {
    size_t index;
    RouteTag tag;
  };
  enum class Try { kRouted, kEverything };

  absl::Status SetAside();
  absl::Status FindSkipped();
  absl::Status OpenFromSessions(Try what);
  absl::Status OpenFrom(const Session& session, Try what);
  absl::StatusOr<bool> OpenOn(session::Stage& stage, const Session& session, const Open& open,
                              bool routed);
  absl::Status OpenFirsts();
  absl::Status TakeFirst(size_t index, PeekedFirst first);
  absl::Status Take(size_t index, const identity::DeviceAddress& from, session::Opened opened);
  void Decide(size_t index, PeekKind kind, Code code);
  bool IsOpen(const Open& open) const { return !decided_[open.index]; }
  void ForgetDecided() {
    std::erase_if(open_, [this](const Open& open) { return !IsOpen(open); });
  }

  store::Snapshot& snapshot_;
  PeekPeople people_;
  const Timestamp now_;
  std::vector<PeekInput> inputs_;
  std::vector<Peeked> results_;
  std::vector<bool> decided_;
  std::vector<Open> open_;
  absl::flat_hash_set<SessionId> holding_;  // sessions with a skipped key for one of open_
  size_t budget_ = kTrialCapacity;
};

void Peeking::Decide(size_t index, PeekKind kind, Code code) {
  results_[index].kind = kind;
  results_[index].code = code;
  decided_[index] = true;
  Bytes().swap(inputs_[index].bytes);
}

absl::Status Peeking::Take(size_t index, const identity::DeviceAddress& from,
                           session::Opened opened) {
  const Timestamp received_at = inputs_[index].received_at;
  PAWL_ASSIGN(results_[index], PeekContent(snapshot_, people_, from, std::move(opened)));
  results_[index].received_at = received_at;
  Decide(index, results_[index].kind, results_[index].code);
  return OkStatus();
}

// What the client has dealt with, and what is no envelope.
absl::Status Peeking::SetAside() {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const PeekInput& input = inputs_[i];
    results_[i].received_at = input.received_at;
    const auto tag = session::PeekTag(input.bytes);
    bool known = false;
    if (input.id) {
      PAWL_ASSIGN(known, snapshot_.tables().dedupe.SeenId(*input.id));
    }
    if (!known) {
      PAWL_ASSIGN(known, snapshot_.tables().dedupe.SeenHash(crypto::Blake2b256({input.bytes})));
    }
    if (known) {
      Decide(i, PeekKind::kKnown, Code::kOk);
    } else if (!tag.ok()) {
      Decide(i, PeekKind::kUnreadable, CodeOf(tag));
    } else {
      open_.push_back({i, *tag});
    }
  }
  return OkStatus();
}

absl::Status Peeking::FindSkipped() {
  absl::flat_hash_set<RouteTag> wanted;
  for (const Open& open : open_) wanted.insert(open.tag);
  store::SkippedName after;
  for (;;) {
    PAWL_ASSIGN(const auto names, snapshot_.tables().skipped.Names(after, kNamesPage));
    for (const store::SkippedName& name : names) {
      if (wanted.contains(RouteTag(name.tag))) holding_.insert(name.session);
    }
    if (names.size() < kNamesPage) return OkStatus();
    after = names.back();
  }
}

absl::StatusOr<bool> Peeking::OpenOn(session::Stage& stage, const Session& session,
                                     const Open& open, bool routed) {
  auto opened = stage.Open(inputs_[open.index].bytes, now_);
  if (!opened.ok()) {
    const bool over = routed || CodeOf(opened) == Code::kReplayed;
    if (over) Decide(open.index, PeekKind::kUnreadable, CodeOf(opened));
    return false;
  }
  PAWL_TRY(Take(open.index, session.remote(), *std::move(opened)));
  return true;
}

absl::Status Peeking::OpenFrom(const Session& session, Try what) {
  session::Stage scratch(session);
  absl::flat_hash_set<RouteTag> tags;
  for (const RouteTag& tag : session.RouteTags()) tags.insert(tag);
  for (bool again = true; again;) {
    again = false;
    for (const Open& open : open_) {
      const bool routed = tags.contains(open.tag);
      if (!IsOpen(open) || (!routed && what == Try::kRouted)) continue;
      if (!routed && budget_ == 0) continue;
      if (!routed) --budget_;
      PAWL_ASSIGN(const bool opened, OpenOn(scratch, session, open, routed));
      if (!opened) continue;
      again = true;
      for (const RouteTag& tag : scratch.tag_changes().entering) tags.insert(tag);
    }
  }
  ForgetDecided();
  return OkStatus();
}

absl::Status Peeking::OpenFromSessions(Try what) {
  for (SessionId at; !open_.empty();) {
    PAWL_ASSIGN(const auto row, snapshot_.tables().sessions.Next(at));
    if (!row) return OkStatus();
    at = row->id;
    std::vector<store::SkippedRow> skipped;
    if (what == Try::kEverything || holding_.contains(at)) {
      PAWL_ASSIGN(skipped, snapshot_.tables().skipped.LoadOf(at));
    }
    PAWL_ASSIGN(Session session, DecodeSession(*row, skipped));
    const auto tags = session.RouteTags();
    const absl::flat_hash_set<RouteTag> announced(tags.begin(), tags.end());
    const bool routes = std::any_of(open_.begin(), open_.end(),
                                    [&](const Open& open) { return announced.contains(open.tag); });
    if (what == Try::kRouted && !routes) continue;
    if (what == Try::kRouted && skipped.empty()) {
      // Now that it is worth it: post-quantum keys of earlier chains lie among them.
      PAWL_ASSIGN(skipped, snapshot_.tables().skipped.LoadOf(at));
      PAWL_ASSIGN(session, DecodeSession(*row, skipped));
    }
    PAWL_TRY(OpenFrom(session, what));
  }
  return OkStatus();
}

absl::Status Peeking::TakeFirst(size_t index, PeekedFirst first) {
  if (first.opened) return Take(index, *first.from, *std::move(first.opened));
  if (first.code == Code::kUnknownSession) return OkStatus();
  if (first.code == Code::kBlocked) {
    Decide(index, PeekKind::kNothing, Code::kOk);
    return OkStatus();
  }
  if (first.code == Code::kDeviceNotListed) {
    results_[index].unlisted = first.from->account;
    results_[index].input = std::move(inputs_[index]);
  }
  Decide(index, PeekKind::kUnreadable, first.code);
  return OkStatus();
}

absl::Status Peeking::OpenFirsts() {
  PAWL_ASSIGN(const auto keys, LoadBundleKeys(snapshot_.tables().prekeys));
  const size_t cost = kDecapsulation * keys.size();
  for (const Open& open : open_) {
    const Bytes& bytes = inputs_[open.index].bytes;
    if (bytes.size() <= session::MessageOffset(session::WithHandshake::kYes)) continue;
    if (budget_ < cost) break;
    PAWL_ASSIGN(PeekedFirst first, PeekFirst(snapshot_, people_, keys, bytes, now_));
    // What turns out to be mail costs nothing.
    if (!first.opened) budget_ -= cost;
    PAWL_TRY(TakeFirst(open.index, std::move(first)));
  }
  ForgetDecided();
  return OkStatus();
}

absl::StatusOr<std::vector<Peeked>> Peeking::Run(std::vector<PeekInput> inputs) {
  inputs_ = std::move(inputs);
  results_.resize(inputs_.size());
  decided_.resize(inputs_.size());
  PAWL_TRY(SetAside());
  PAWL_TRY(FindSkipped());
  PAWL_TRY(OpenFromSessions(Try::kRouted));
  PAWL_TRY(OpenFirsts());
  // The last resort: further ahead than the announced tags.
  PAWL_TRY(OpenFromSessions(Try::kEverything));
  for (const Open& open : open_) {
    Decide(open.index, PeekKind::kUnreadable, Code::kUnknownSession);
  }
  return std::move(results_);
}

}  // namespace

void ShowOnce(std::vector<Peeked>& items) {
  absl::flat_hash_set<std::pair<MessageId, std::string>> shown;
  for (Peeked& item : items) {
    const bool shows = item.kind == PeekKind::kMessage || item.kind == PeekKind::kRequest;
    if (!shows || item.message == MessageId()) continue;
    if (shown.emplace(item.message, item.peer->ToString()).second) continue;
    item.kind = PeekKind::kKnown;
    item.content = {};
  }
}

absl::StatusOr<Self> PeekSelf(store::Snapshot& snapshot) {
  PAWL_ASSIGN(const auto account, snapshot.tables().account.Load());
  if (!account || !account->registered) return Fail(Code::kWrongState, "no account in this store");
  return DecodeSelf(*account);
}

absl::StatusOr<std::vector<Peeked>> Peek(store::Snapshot& snapshot, std::vector<PeekInput> inputs,
                                         const std::vector<identity::DeviceList>& lists,
                                         Timestamp now) {
  PAWL_ASSIGN(const Self self, PeekSelf(snapshot));
  return Peeking(snapshot, self, lists, now).Run(std::move(inputs));
}

}  // namespace pawl::client
