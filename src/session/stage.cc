#include "session/stage.h"

#include <utility>

#include "base/sim_hooks.h"
#include "crypto/hash.h"
#include "identity/record.h"
#include "ratchet/locate.h"
#include "ratchet/profile.h"
#include "session/sealed_block.h"
#include "session/session_state.h"
#include "session/skipped_rows.h"

namespace pawl::session {
namespace {

constexpr std::string_view kRepeatedLabel = "Pawl handshake channel v1";

namespace braid = ratchet::braid;

const ratchet::Profile& Profile() { return ratchet::ProductionProfile(); }
const braid::Scheme& Braid() { return *Profile().braid; }

// A message beside a handshake is bound to it, so that not a bit of the whole envelope can change.
ratchet::Binding Bind(ByteView frame, WithHandshake handshake, const RouteTag& tag,
                      const ByteArray<32>& channel) {
  if (handshake == WithHandshake::kNo) return {kEnvelopeVersion, tag, channel};
  const ByteView part = frame.subspan(kPrefixSize, kHandshakePartSize);
  return {kEnvelopeVersion, tag, crypto::Blake2b256({AsBytes(kRepeatedLabel), channel, part})};
}

}  // namespace

Stage::Stage(const Session& session)
    : session_(session.state_.get()),
      progress_(session_->progress.Clone()),
      skipped_(session_->skipped),
      skipped_pq_(session_->skipped_pq),
      window_(session_->window) {}

bool Stage::NeedsFreshSession(Timestamp now) const {
  return session::NeedsFreshSession(session_->facts, progress_, now);
}

absl::StatusOr<Bytes> Stage::Seal(ByteView content, const ListRefs& refs, Timestamp now, Rng& rng) {
  const Facts& facts = session_->facts;
  const auto handshake = progress_.confirmed ? WithHandshake::kNo : WithHandshake::kYes;
  if (NeedsFreshSession(now)) return Fail(Code::kWrongState, "a fresh session is needed");
  if (content.size() > MaxContentSize(facts.suite, handshake)) {
    return Fail(Code::kTooLarge, "content does not fit an envelope");
  }
  PAWL_ASSIGN(ratchet::SendStep step, ratchet::PrepareSend(Profile(), progress_.core, rng));
  PAWL_ASSIGN(braid::SpqrSend pq, braid::PrepareSend(Braid(), *progress_.spqr, rng));
  step.header.stamp = pq.stamp;

  const size_t offset = MessageOffset(handshake);
  Bytes frame(ratchet::PaddedSize(offset + ratchet::MessageSize(facts.suite, content.size())));
  RouteTag tag = step.tag;
  if (handshake == WithHandshake::kYes) tag = RouteTag(rng.Array<kTagSize>());
  WritePrefix(tag, frame);
  if (handshake == WithHandshake::kYes) {
    const PendingHandshake& pending = *facts.pending;
    PAWL_TRY(SealBlock(pending.seal_key, facts.remote, pending.block, rng, frame));
  }
  ratchet::SealMessage(Profile(), facts.suite, Bind(frame, handshake, tag, session_->send_channel),
                       step, pq.key, EncodeRefs(refs), content, rng,
                       MutableByteView(frame).subspan(offset));
  ratchet::ApplySend(std::move(step), progress_.core);
  braid::ApplySend(Braid(), std::move(pq), *progress_.spqr, skipped_pq_);
  return frame;
}

absl::StatusOr<Opened> Stage::Open(ByteView envelope, Timestamp now) {
  absl::StatusOr<Opened> opened = OpenAt(envelope, WithHandshake::kNo, now);
  const bool may_repeat = session_->facts.role == Role::kResponder &&
                          envelope.size() >= MessageOffset(WithHandshake::kYes);
  if (CodeOf(opened) != Code::kAuthFailed || !may_repeat) return opened;
  return OpenAt(envelope, WithHandshake::kYes, now);
}

absl::StatusOr<Opened> Stage::OpenRepeated(ByteView envelope, Timestamp now) {
  return OpenAt(envelope, WithHandshake::kYes, now);
}

absl::StatusOr<Opened> Stage::OpenAt(ByteView envelope, WithHandshake handshake,
                                     Timestamp host_now) {
  const Timestamp now = identity::ClampTime(host_now);
  const Facts& facts = session_->facts;
  if (!progress_.spqr) return Fail(Code::kAuthFailed, "a session of an earlier release");
  const size_t offset = MessageOffset(handshake);
  PAWL_ASSIGN(const RouteTag tag, PeekTag(envelope));
  if (envelope.size() < offset) return Fail(Code::kMalformed, "envelope too short");
  PAWL_ASSIGN(const ratchet::MessageParts parts,
              ratchet::MessageParts::Split(envelope.subspan(offset)));
  const ratchet::AssociatedData associated_data(
      Bind(envelope, handshake, tag, session_->receive_channel), parts.header);
  using Tagged = ratchet::SealedHeader::Tagged;
  const ratchet::SealedHeader sealed_header{
      tag, handshake == WithHandshake::kYes ? Tagged::kRandomly : Tagged::kByRoute, parts.salt,
      associated_data.for_header(), parts.header};

  PAWL_ASSIGN(const ratchet::Located located,
              ratchet::Locate(Profile(), progress_.core, window_, skipped_, sealed_header));
  PAWL_ASSIGN(ratchet::ReceiveStep step,
              ratchet::PrepareReceive(Profile(), progress_.core, skipped_, located, now));
  const braid::Stamp& stamp = located.header.stamp;
  PAWL_ASSIGN(braid::ReceivingKey pq,
              braid::PrepareReceiveKey(Braid(), *progress_.spqr, skipped_pq_, stamp, now,
                                       now + ratchet::kSkippedKeyLifetime));
  const ratchet::BodyKeys keys = Profile().body(step.seed, pq.key, parts.salt);
  auto body = ratchet::OpenBody(facts.suite, keys, associated_data.for_body(), parts.body);
  if (!body.ok() && !PAWL_MUTANT("session.commit_unverified")) return body.status();
  Apply(std::move(step), std::move(pq), stamp.message, now);
  PAWL_ASSIGN(crypto::SecretBytes content, std::move(body));
  return Opened{std::move(content), DecodeRefs(located.header.context)};
}

void Stage::Apply(ratchet::ReceiveStep&& step, braid::ReceivingKey&& key,
                  const braid::Message& message, Timestamp now) {
  progress_.last_received_at = now;
  if (!progress_.confirmed) {
    // The first message that an initiator can open begins the responder's first chain: only who
    // holds the handshake's keys could seal it.
    progress_.confirmed = true;
    PAWL_PASSED("session.confirmed");
    progress_.resumed = step.turn && step.turn->resumed;
    facts_changed_ = true;
  }
  ratchet::ApplyReceive(Profile(), std::move(step), progress_.core, skipped_, window_,
                        tag_changes_);
  braid::ApplyReceive(Braid(), std::move(key), message, *progress_.spqr, skipped_pq_);
}

crypto::SecretBytes Stage::EncodeFacts() const {
  // Once confirmed, facts differ from the session's in nothing but the handshake that is dropped.
  const Facts& facts = session_->facts;
  return session::EncodeFacts(facts, facts_changed_ ? nullptr : facts.pending.get());
}

crypto::SecretBytes Stage::EncodeProgress() const { return session::EncodeProgress(progress_); }

std::vector<SkippedRow> Stage::AddedRows() const {
  std::vector<SkippedRow> rows;
  rows.reserve(skipped_.added().size() + skipped_pq_.added().size());
  AppendRows(skipped_.added(), rows);
  AppendRows(skipped_pq_.added(), rows);
  return rows;
}

std::vector<RouteTag> Stage::RemovedRows() const {
  std::vector<RouteTag> names(skipped_.removed().begin(), skipped_.removed().end());
  for (const braid::PqKeyId& id : skipped_pq_.removed()) names.push_back(RowName(id));
  return names;
}

}  // namespace pawl::session
