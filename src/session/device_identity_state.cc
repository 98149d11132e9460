#include <utility>

#include "codec/reader.h"
#include "codec/writer.h"
#include "identity/epoch_record.h"
#include "identity/record.h"
#include "session/device_identity.h"
#include "session/sealed_state.h"

namespace pawl::session {
namespace {

constexpr uint8_t kIdentityVersion = 1;
constexpr size_t kReplaySize = 32 + 4;

template <typename Keys>
std::vector<crypto::SecretBytes> EncodeAll(const std::vector<Keys>& all) {
  std::vector<crypto::SecretBytes> encoded;
  for (const Keys& keys : all) encoded.push_back(keys.Encode());
  return encoded;
}

size_t SizeOf(const std::vector<crypto::SecretBytes>& all) {
  size_t size = 2;
  for (const crypto::SecretBytes& bytes : all) size += 2 + bytes.size();
  return size;
}

void WriteAll(codec::FixedWriter& out, const std::vector<crypto::SecretBytes>& all) {
  out.U16(static_cast<uint16_t>(all.size()));
  for (const crypto::SecretBytes& bytes : all) out.Vector16(bytes.Expose());
}

template <typename Keys>
absl::StatusOr<std::vector<Keys>> ReadAll(codec::Reader& in, size_t most) {
  std::vector<Keys> all;
  const uint16_t count = in.U16();
  if (count > most) return Fail(Code::kMalformed, "more prekeys than a device keeps");
  for (size_t i = 0; i < count; ++i) {
    PAWL_ASSIGN(Keys keys, Keys::Decode(in.Vector16()));
    all.push_back(std::move(keys));
  }
  return all;
}

absl::Status ReadReplays(codec::Reader& in, ReplayCache& replays) {
  const uint32_t count = in.U32();
  if (in.remaining() != uint64_t{count} * kReplaySize) {
    return Fail(Code::kMalformed, "replay cache cut short");
  }
  for (size_t i = 0; i < count; ++i) {
    const HandshakeId id(in.Array<32>());
    replays.Insert(id, PrekeyId(in.U32()));
  }
  return OkStatus();
}

// The device as its own records, signed by its own keys, describe it.
absl::StatusOr<LocalDevice> RebuildDevice(const crypto::Ed25519KeyPair& account,
                                          const crypto::Ed25519KeyPair& signing,
                                          crypto::X25519KeyPair identity_key,
                                          const identity::DeviceList& list, ByteView epoch_record) {
  PAWL_ASSIGN(identity::EpochRecord epoch,
              identity::EpochRecord::Parse(epoch_record, signing.pub()));
  const identity::DeviceEntry* entry = list.Find(epoch.device.device);
  if (list.fields().account_key != account.pub() || entry == nullptr ||
      entry->signing_key != signing.pub() || list.fields().address != epoch.device.account ||
      epoch.identity_key != identity_key.pub) {
    return Fail(Code::kMalformed, "device whose records and keys do not fit together");
  }
  return LocalDevice{std::move(epoch.device), account.pub(),         signing.pub(), epoch.epoch,
                     std::move(identity_key), ToBytes(epoch_record), list.ref()};
}

}  // namespace

crypto::SecretBytes DeviceIdentity::Encode() const {
  const std::vector<crypto::SecretBytes> sets = EncodeAll(bundle_keys_);
  const std::vector<crypto::SecretBytes> pairs = EncodeAll(one_time_);
  const size_t replays_size = 4 + replays_.all().size() * kReplaySize;
  crypto::SecretBytes state(1 + 3 * 32 + 2 + list_.record().size() + 2 +
                            device_.epoch_record.size() + 4 + SizeOf(sets) + SizeOf(pairs) +
                            replays_size);
  codec::FixedWriter out(state.Writable());
  out.U8(kIdentityVersion).Raw(account_.seed().Expose()).Raw(signing_.seed().Expose());
  out.Raw(device_.identity_key.secret.Expose());
  out.Vector16(list_.record()).Vector16(device_.epoch_record).U32(next_prekey_id_);
  WriteAll(out, sets);
  WriteAll(out, pairs);
  out.U32(static_cast<uint32_t>(replays_.all().size()));
  for (const auto& [id, last_resort] : replays_.all()) {
    out.Raw(id.value()).U32(last_resort.value());
  }
  return state;
}

absl::StatusOr<DeviceIdentity> DeviceIdentity::Decode(ByteView state) {
  codec::Reader in(state);
  if (in.U8() != kIdentityVersion && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "device state of another version");
  }
  auto account_seed = crypto::Ed25519Seed::Zero(), signing_seed = crypto::Ed25519Seed::Zero();
  auto identity_secret = crypto::X25519Private::Zero();
  in.Copy(account_seed.Writable());
  in.Copy(signing_seed.Writable());
  in.Copy(identity_secret.Writable());
  auto account = crypto::Ed25519KeyPair::FromSeed(std::move(account_seed));
  auto signing = crypto::Ed25519KeyPair::FromSeed(std::move(signing_seed));
  auto identity_key = crypto::X25519KeyPair::FromPrivate(std::move(identity_secret));
  const ByteView list_record = in.Vector16(identity::kMaxRecordSize);
  const ByteView epoch_record = in.Vector16(identity::kMaxRecordSize);
  const uint32_t next_prekey_id = in.U32();
  PAWL_ASSIGN(identity::DeviceList list, identity::DeviceList::Parse(list_record));
  PAWL_ASSIGN(LocalDevice device,
              RebuildDevice(account, signing, std::move(identity_key), list, epoch_record));
  DeviceIdentity made(std::move(account), std::move(signing), std::move(device), std::move(list));
  made.next_prekey_id_ = next_prekey_id;
  PAWL_ASSIGN(made.bundle_keys_, ReadAll<BundleKeys>(in, kMaxBundleKeySets));
  PAWL_ASSIGN(made.one_time_, ReadAll<OneTimeKeys>(in, kOneTimePoolTarget));
  PAWL_TRY(ReadReplays(in, made.replays_));
  PAWL_TRY(in.Finish());
  return made;
}

Bytes DeviceIdentity::Save(const crypto::AeadKey& key, Rng& rng) const {
  return SealState(SealedKind::kDeviceIdentity, key, Encode().Expose(), rng);
}

absl::StatusOr<DeviceIdentity> DeviceIdentity::Restore(ByteView sealed,
                                                       const crypto::AeadKey& key) {
  PAWL_ASSIGN(const crypto::SecretBytes state, OpenState(SealedKind::kDeviceIdentity, key, sealed));
  return Decode(state.Expose());
}

}  // namespace pawl::session
