#include "session/device_identity.h"

#include <algorithm>
#include <utility>

#include "identity/epoch_record.h"
#include "identity/record.h"

namespace pawl::session {
namespace {

constexpr DeviceId kOnlyDevice{1};
constexpr DeviceEpoch kFirstEpoch{1};
// Well before kDeviceListMaxAge, so that a copy that travels slowly is still fresh.
constexpr Duration kListRenewal = Days(7);

absl::StatusOr<identity::DeviceList> SignFirstList(const identity::Address& address,
                                                   const crypto::Ed25519KeyPair& account,
                                                   const crypto::Ed25519Public& signing,
                                                   Timestamp now) {
  return identity::DeviceList::Sign(
      {address, account.pub(), 1, {}, now, {{kOnlyDevice, signing, now}}}, account);
}

}  // namespace

DeviceIdentity::DeviceIdentity(crypto::Ed25519KeyPair account, crypto::Ed25519KeyPair signing,
                               LocalDevice device, identity::DeviceList list)
    : account_(std::move(account)),
      signing_(std::move(signing)),
      device_(std::move(device)),
      list_(std::move(list)) {}

absl::StatusOr<DeviceIdentity> DeviceIdentity::Create(const identity::Address& address,
                                                      Timestamp host_now, Rng& rng) {
  const Timestamp now = identity::ClampTime(host_now);
  auto account = crypto::Ed25519KeyPair::Generate(rng);
  auto signing = crypto::Ed25519KeyPair::Generate(rng);
  auto identity_key = crypto::X25519KeyPair::Generate(rng);
  PAWL_ASSIGN(identity::DeviceList list, SignFirstList(address, account, signing.pub(), now));
  const identity::DeviceAddress device_address{address, kOnlyDevice};
  const identity::EpochRecord epoch{device_address, kFirstEpoch, identity_key.pub};
  PAWL_ASSIGN(Bytes epoch_record, epoch.Sign(signing));
  LocalDevice device{device_address,          account.pub(), signing.pub(), kFirstEpoch,
                     std::move(identity_key), epoch_record,  list.ref()};
  DeviceIdentity made(std::move(account), std::move(signing), std::move(device), std::move(list));
  PAWL_TRY(made.Renew(now, rng));
  return made;
}

absl::StatusOr<Bytes> DeviceIdentity::PublicBundle(Timestamp host_now, Rng& rng) {
  const Timestamp now = identity::ClampTime(host_now);
  PAWL_TRY(Renew(now, rng));
  OneTimeKeys one_time = OneTimeKeys::Generate(TakeIds(1), now, rng);
  PAWL_ASSIGN(const Bytes pair, one_time.MakePair(device_.address).Sign(signing_));
  PAWL_ASSIGN(const Bytes bundle, bundle_keys_.front().MakeBundle(device_, now).Sign(signing_));
  PAWL_ASSIGN(Bytes blob, PeerBundle::Encode({list_.record(), device_.epoch_record, bundle, pair}));
  if (one_time_.size() >= kOneTimePoolTarget) one_time_.erase(one_time_.begin());
  one_time_.push_back(std::move(one_time));
  return blob;
}

absl::StatusOr<Session> DeviceIdentity::StartSession(const PeerBundle& peer, Timestamp now,
                                                     Rng& rng, const Session* displaces) const {
  return Initiate({.local = device_,
                   .remote = peer.device(),
                   .bundle = peer.bundle(),
                   .one_time = peer.one_time(),
                   .suites = AnnouncedSuites(),
                   .displaces = displaces},
                  now, rng);
}

absl::StatusOr<identity::DeviceAddress> DeviceIdentity::PeekSender(ByteView envelope) const {
  PAWL_ASSIGN(const PeekedHandshake peeked, PeekHandshake(envelope, device_.address, bundle_keys_));
  return peeked.sender.device;
}

absl::StatusOr<DeviceIdentity::Received> DeviceIdentity::AcceptSession(
    ByteView envelope, const PeerBundle& peer, Timestamp now,
    std::span<const Session* const> sessions) {
  PAWL_ASSIGN(const PeekedHandshake peeked, PeekHandshake(envelope, device_.address, bundle_keys_));
  if (replays_.Contains(peeked.block.Id())) {
    return Fail(Code::kReplayed, "handshake was accepted before");
  }
  const BundleKeys* keys = FindBySignedPrekey(bundle_keys_, peeked.block.signed_prekey_id);
  if (keys == nullptr) return Fail(Code::kNotFound, "handshake with prekeys that are gone");
  PAWL_ASSIGN(Accepted accepted, Accept({.local = device_,
                                         .remote = peer.device(),
                                         .handshake = peeked,
                                         .envelope = envelope,
                                         .bundle_keys = *keys,
                                         .one_time = FindOneTime(peeked.block.one_time_id),
                                         .sessions = sessions,
                                         .least_epoch = peer.epoch().epoch},
                                        now));
  Consume(accepted);
  return Received{std::move(accepted.session), std::move(accepted.opened), accepted.displacement};
}

bool DeviceIdentity::IsFor(ByteView envelope, const Session& session) const {
  const auto peeked = PeekHandshake(envelope, device_.address, bundle_keys_);
  return peeked.ok() && peeked->block.Id() == session.facts().handshake_id;
}

absl::Status DeviceIdentity::Renew(Timestamp now, Rng& rng) {
  EraseDue(now);
  PAWL_TRY(RenewList(now));
  if (!bundle_keys_.empty() && !DueForRotation(bundle_keys_.front(), now)) return OkStatus();
  if (!bundle_keys_.empty()) bundle_keys_.front().replaced_at = now;
  if (bundle_keys_.size() == kMaxBundleKeySets) {
    replays_.Forget(bundle_keys_.back().last_resort_id);
    bundle_keys_.pop_back();
  }
  bundle_keys_.insert(bundle_keys_.begin(),
                      BundleKeys::Generate(TakeIds(BundleKeys::kIds), AnnouncedSuites(), now, rng));
  return OkStatus();
}

absl::Status DeviceIdentity::RenewList(Timestamp now) {
  identity::DeviceList::Fields fields = list_.fields();
  if (now < fields.issued_at + kListRenewal) return OkStatus();
  ++fields.version;
  fields.previous = list_.hash();
  fields.issued_at = now;
  PAWL_ASSIGN(list_, identity::DeviceList::Sign(std::move(fields), account_));
  device_.list = list_.ref();
  return OkStatus();
}

void DeviceIdentity::EraseDue(Timestamp now) {
  std::erase_if(one_time_, [&](const OneTimeKeys& keys) { return DueForErasure(keys, now); });
  for (auto keys = bundle_keys_.begin(); keys != bundle_keys_.end();) {
    if (!DueForErasure(*keys, now)) {
      ++keys;
      continue;
    }
    replays_.Forget(keys->last_resort_id);
    keys = bundle_keys_.erase(keys);
  }
}

PrekeyId DeviceIdentity::TakeIds(uint32_t count) {
  const PrekeyId first(next_prekey_id_);
  next_prekey_id_ += count;
  return first;
}

const OneTimeKeys* DeviceIdentity::FindOneTime(const std::optional<PrekeyId>& id) const {
  const auto found = std::find_if(one_time_.begin(), one_time_.end(),
                                  [&](const OneTimeKeys& keys) { return keys.id == id; });
  return found == one_time_.end() ? nullptr : &*found;
}

void DeviceIdentity::Consume(const Accepted& accepted) {
  if (accepted.consumed_one_time) {
    std::erase_if(one_time_,
                  [&](const OneTimeKeys& keys) { return keys.id == *accepted.consumed_one_time; });
  }
  if (!accepted.replayable_with) return;
  const PrekeyId last_resort = *accepted.replayable_with;
  replays_.Insert(accepted.session.facts().handshake_id, last_resort);
  if (replays_.CountOf(last_resort) < kMaxReplayCacheEntries) return;
  std::erase_if(bundle_keys_,
                [&](const BundleKeys& keys) { return keys.last_resort_id == last_resort; });
  replays_.Forget(last_resort);
}

}  // namespace pawl::session
