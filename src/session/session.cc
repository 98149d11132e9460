#include "session/session.h"

#include <iterator>
#include <utility>

#include "crypto/hash.h"
#include "ratchet/profile.h"
#include "session/session_state.h"
#include "session/skipped_rows.h"
#include "session/stage.h"

namespace pawl::session {
namespace {

constexpr std::string_view kChannelLabel = "Pawl channel v1";

ByteArray<32> Channel(const Facts& facts, const identity::DeviceAddress& recipient) {
  codec::Writer out(512);
  out.Vector8(AsBytes(kChannelLabel)).U16(static_cast<uint16_t>(facts.suite));
  identity::Write(out, recipient);
  out.Raw(facts.transcript_hash.value());
  return crypto::Blake2b256({out.view()});
}

}  // namespace

bool NeedsFreshSession(const Facts& facts, const Progress& progress, Timestamp now) {
  return facts.receive_only || !progress.spqr || progress.spqr->broken ||
         progress.core.unanswered() >= ratchet::kMaxUnanswered ||
         (!progress.confirmed && now > facts.created_at + kMaxPendingAge);
}

Session::State::State(Facts the_facts, Progress the_progress)
    : facts(std::move(the_facts)),
      progress(std::move(the_progress)),
      window(ratchet::ProductionProfile(), progress.core),
      send_channel(Channel(facts, facts.remote)),
      receive_channel(Channel(facts, facts.local)) {}

Session::Session(Facts facts, Progress progress)
    : state_(std::make_unique<State>(std::move(facts), std::move(progress))) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

const Facts& Session::facts() const { return state_->facts; }
bool Session::confirmed() const { return state_->progress.confirmed; }
bool Session::resumed() const { return state_->progress.resumed; }
uint32_t Session::unanswered() const { return state_->progress.core.unanswered(); }

bool Session::NeedsFreshSession(Timestamp now) const {
  return session::NeedsFreshSession(state_->facts, state_->progress, now);
}

std::optional<Timestamp> Session::last_received_at() const {
  return state_->progress.last_received_at;
}

std::vector<RouteTag> Session::RouteTags() const {
  std::vector<RouteTag> tags;
  state_->window.AppendTo(tags);
  for (const auto& [tag, key] : state_->skipped.all()) tags.push_back(tag);
  return tags;
}

void Session::Retire() { state_->facts.receive_only = true; }

std::vector<RouteTag> Session::ExpireSkippedKeys(Timestamp now) {
  std::vector<RouteTag> expired;
  for (const auto& [tag, key] : state_->skipped.all()) {
    if (key.expires_at <= now) expired.push_back(tag);
  }
  for (const RouteTag& tag : expired) state_->skipped.Erase(tag);
  for (auto at = state_->skipped_pq.begin(); at != state_->skipped_pq.end();) {
    const bool is_over = at->second.expires_at <= now;
    if (is_over) expired.push_back(RowName(at->first));
    at = is_over ? state_->skipped_pq.erase(at) : std::next(at);
  }
  return expired;
}

crypto::SecretBytes Session::EncodeFacts() const {
  return session::EncodeFacts(state_->facts, state_->facts.pending.get());
}

crypto::SecretBytes Session::EncodeProgress() const {
  return session::EncodeProgress(state_->progress);
}

std::vector<SkippedRow> Session::EncodeSkipped() const {
  std::vector<SkippedRow> rows;
  rows.reserve(state_->skipped.size() + state_->skipped_pq.size());
  AppendRows(state_->skipped.all(), rows);
  AppendRows(state_->skipped_pq, rows);
  return rows;
}

absl::StatusOr<Session> Session::Decode(ByteView facts, ByteView progress,
                                        std::span<const SkippedRow> skipped) {
  PAWL_ASSIGN(Facts decoded_facts, DecodeFacts(facts));
  PAWL_ASSIGN(Progress decoded_progress, DecodeProgress(progress));
  // An initiator repeats its handshake exactly as long as nobody has answered it.
  if (decoded_progress.confirmed != (decoded_facts.pending == nullptr)) {
    return Fail(Code::kMalformed, "session whose parts do not fit together");
  }
  Session session(std::move(decoded_facts), std::move(decoded_progress));
  State& state = *session.state_;
  for (const SkippedRow& row : skipped) {
    PAWL_TRY(InsertRow(row, state.progress.core, state.skipped, state.skipped_pq));
  }
  return session;
}

void Session::Commit(Stage&& stage) {
  if (stage.session_ != state_.get()) return;
  state_->progress = std::move(stage.progress_);
  state_->window = stage.window_;
  std::move(stage.skipped_).CommitTo(state_->skipped);
  std::move(stage.skipped_pq_).CommitTo(state_->skipped_pq);
  if (stage.facts_changed_) state_->facts.pending.reset();
}

}  // namespace pawl::session
