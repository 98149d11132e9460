#include "peer/session.h"

#include <algorithm>
#include <utility>

#include "profile.h"
#include "spqr_message.h"

namespace pawl::signal {

using ratchet::Core;
using ratchet::Located;
using ratchet::SkippedDelta;
using ratchet::braid::Role;
using ratchet::braid::SkippedPqDelta;
using ratchet::braid::Stamp;

namespace {

// Skipped keys do not age here: nothing of the profile is about time.
constexpr Timestamp kNow{};

const ratchet::braid::Scheme& Scheme() { return *SignalProfile().braid; }

// Tells the first chain of a session from the one that follows; later chains get theirs from HKDF.
ratchet::HeaderKeys FreshHeaders(Rng& rng) {
  return {ratchet::HeaderKey::Zero(), ratchet::TagKey::Random(rng)};
}

Bytes Joined(ByteView a, ByteView b) {
  Bytes out = ToBytes(a);
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

// libsignal writes the number of the previous chain's last message, so that 0 is one message or
// none. A key too many is kept for none; none too few for one.
uint32_t PreviousLength(const Core& core, uint32_t previous_counter) {
  if (!core.receiving) return 0;
  if (previous_counter == UINT32_MAX) return UINT32_MAX;
  return std::max(core.receiving->n, previous_counter + 1);
}

}  // namespace

Session::Session(Participants who, Core core, Role role, const ratchet::braid::AuthKey& auth)
    : who_(std::move(who)),
      core_(std::move(core)),
      spqr_(ratchet::braid::Spqr::Start(Scheme(), role, auth)) {}

absl::StatusOr<Session> Session::Initiate(Participants who, InitiatorKeys keys, Rng& rng) {
  PAWL_ASSIGN(const crypto::SharedSecret dh, crypto::X25519(keys.own.secret, keys.peer));
  ratchet::RootOutput first = SignalProfile().root(keys.root, dh, nullptr);
  const bool is_before = first.chain.Equals(keys.sending);
  Core core;
  core.root = std::move(is_before ? first.root : keys.root);
  core.peer = keys.peer;
  core.own = std::move(keys.own);
  core.sending.emplace(ratchet::SendingChain{std::move(keys.sending), {}, 0, false});
  core.receiving.emplace(
      ratchet::ReceivingChain{0, std::move(keys.receiving), FreshHeaders(rng), 0});
  core.next_serial = 1;
  core.next_receive = FreshHeaders(rng);
  return Session(std::move(who), std::move(core), Role::kInitiator, keys.auth);
}

Session Session::Respond(Participants who, ResponderKeys keys, Rng& rng) {
  Core core;
  core.root = std::move(keys.root);
  core.own = std::move(keys.own);
  core.sending.emplace(ratchet::SendingChain{std::move(keys.sending), {}, 0, false});
  core.next_receive = FreshHeaders(rng);
  return Session(std::move(who), std::move(core), Role::kResponder, keys.auth);
}

absl::StatusOr<Bytes> Session::Encrypt(ByteView plaintext, Rng& rng) {
  PAWL_ASSIGN(ratchet::SendStep step, ratchet::PrepareSend(SignalProfile(), core_, rng));
  PAWL_ASSIGN(ratchet::braid::SpqrSend pq, ratchet::braid::PrepareSend(Scheme(), spqr_, rng));
  SignalMessage message;
  message.ratchet_key = step.header.ratchet_key;
  message.counter = step.header.n;
  message.previous_counter = std::max(step.header.pn, 1U) - 1;
  message.pq_ratchet = EncodePq(Scheme(), pq.stamp);
  if (!who_.local_address.empty() && !who_.remote_address.empty()) {
    message.addresses = Joined(who_.local_address, who_.remote_address);
  }
  PAWL_ASSIGN(Bytes wire, Seal(DeriveMessageKeys(step.seed, pq.key), {who_.local, who_.remote},
                               std::move(message), plaintext));
  SkippedPqDelta delta(skipped_pq_);
  ratchet::braid::ApplySend(Scheme(), std::move(pq), spqr_, delta);
  std::move(delta).CommitTo(skipped_pq_);
  ratchet::ApplySend(std::move(step), core_);
  return wire;
}

absl::StatusOr<Bytes> Session::Decrypt(ByteView wire) {
  PAWL_ASSIGN(const SignalMessage message, ParseSignalMessage(wire));
  PAWL_ASSIGN(const Stamp stamp, ParsePq(message.pq_ratchet));
  PAWL_ASSIGN(const Located located, Locate(message));
  PAWL_ASSIGN(
      ratchet::ReceiveStep step,
      ratchet::PrepareReceive(SignalProfile(), core_, SkippedDelta(skipped_), located, kNow));
  SkippedPqDelta delta(skipped_pq_);
  PAWL_ASSIGN(ratchet::braid::ReceivingKey pq,
              ratchet::braid::PrepareReceiveKey(Scheme(), spqr_, delta, stamp, kNow, kNever));
  PAWL_ASSIGN(Bytes plaintext,
              Open(DeriveMessageKeys(step.seed, pq.key), {who_.remote, who_.local}, wire, message));
  PAWL_TRY(CheckAddresses(message.addresses));
  Apply(std::move(step));
  ratchet::braid::ApplyReceive(Scheme(), std::move(pq), stamp.message, spqr_, delta);
  std::move(delta).CommitTo(skipped_pq_);
  return plaintext;
}

absl::StatusOr<Located> Session::Locate(const SignalMessage& message) const {
  using Source = Located::Source;
  ratchet::Header header;
  header.ratchet_key = message.ratchet_key;
  header.n = message.counter;
  const auto located = [&](Source source, const ratchet::HeaderKeys& headers) {
    return Located{source, SignalProfile().tag(headers.tag, header.n), header};
  };
  if (core_.receiving && core_.peer == message.ratchet_key) {
    const bool was_passed = header.n < core_.receiving->n;
    return located(was_passed ? Source::kSkipped : Source::kCurrent, core_.receiving->headers);
  }
  const auto past = std::find_if(past_.begin(), past_.end(), [&](const PastChain& chain) {
    return chain.key == message.ratchet_key;
  });
  if (past != past_.end()) return located(Source::kSkipped, *core_.HeadersOf(past->serial));
  header.pn = PreviousLength(core_, message.previous_counter);
  return located(Source::kNext, core_.next_receive);
}

void Session::Apply(ratchet::ReceiveStep step) {
  if (step.turn && core_.receiving) past_.push_back({*core_.peer, core_.receiving->serial});
  SkippedDelta delta(skipped_);
  ratchet::TagWindow window(SignalProfile(), core_);
  ratchet::TagChanges changes;
  ratchet::ApplyReceive(SignalProfile(), std::move(step), core_, delta, window, changes);
  std::move(delta).CommitTo(skipped_);
  std::erase_if(past_, [&](const PastChain& chain) {
    return core_.HeadersOf(chain.serial) == nullptr;  // more turns ago than messages may be late
  });
}

// A message that names other people is not for this session, even under its keys; one that names
// nobody is of a libsignal that did not yet.
absl::Status Session::CheckAddresses(ByteView addresses) const {
  if (addresses.empty() || who_.local_address.empty() || who_.remote_address.empty() ||
      SameBytes(addresses, Joined(who_.remote_address, who_.local_address))) {
    return OkStatus();
  }
  return Fail(Code::kWrongRecipient, "message of other addresses");
}

}  // namespace pawl::signal
