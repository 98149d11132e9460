#include "session/prekeys.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/init.h"
#include "identity/device_list.h"
#include "identity/record.h"

namespace pawl::session {
namespace {

constexpr uint8_t kPreKeysVersion = 1;
constexpr size_t kMaxBundleKeys = 1 + 3 * 4 + 32 + 32 + 64 + 1 + 2 * identity::kMaxSuites + 8 + 9;
constexpr size_t kOneTimeKeysSize = 1 + 4 + 32 + 64 + 8;

absl::Status CheckVersion(codec::Reader& in) {
  const uint8_t version = in.U8();
  if (in.ok() && version != kPreKeysVersion) {
    return Fail(Code::kUnsupportedVersion, "prekeys of another version");
  }
  return OkStatus();
}

void WriteTime(codec::FixedWriter& out, Timestamp time) { out.U64(static_cast<uint64_t>(time.ms)); }

std::vector<crypto::Suite> ReadPreKeySuites(codec::Reader& in) {
  std::vector<crypto::Suite> suites;
  const uint8_t count = in.U8();
  if (count > identity::kMaxSuites) in.SetFailed();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    const uint16_t suite = in.U16();
    if (!crypto::IsKnownSuite(suite)) in.SetFailed();
    suites.push_back(static_cast<crypto::Suite>(suite));
  }
  return suites;
}

}  // namespace

BundleKeys BundleKeys::Generate(PrekeyId first_id, std::vector<crypto::Suite> suites, Timestamp now,
                                Rng& rng) {
  const uint32_t id = first_id.value();
  return {PrekeyId(id),      crypto::XWingKeyPair::Generate(rng),
          PrekeyId(id + 1),  crypto::X25519KeyPair::Generate(rng),
          PrekeyId(id + 2),  crypto::MlKemSeed::Random(rng),
          std::move(suites), identity::ClampTime(now),
          std::nullopt};
}

identity::Bundle BundleKeys::MakeBundle(const LocalDevice& device, Timestamp now) const {
  const Timestamp issued_at = identity::ClampTime(now);
  return {device.address,
          device.epoch,
          device.identity_key.pub,
          seal_key_id,
          seal_key.pub,
          signed_prekey_id,
          signed_prekey.pub,
          last_resort_id,
          crypto::MlKemKeyPair::FromSeed(last_resort).pub,
          suites,
          issued_at,
          issued_at + identity::kBundleLifetime};
}

BundleKeys BundleKeys::Clone() const {
  return {seal_key_id,      {seal_key.secret.Clone(), seal_key.pub},
          signed_prekey_id, signed_prekey.Clone(),
          last_resort_id,   last_resort.Clone(),
          suites,           created_at,
          replaced_at};
}

crypto::SecretBytes BundleKeys::Encode() const {
  crypto::SecretBytes bytes(kMaxBundleKeys);
  codec::FixedWriter out(bytes.Writable());
  out.U8(kPreKeysVersion);
  out.U32(seal_key_id.value()).Raw(seal_key.secret.Expose());
  out.U32(signed_prekey_id.value()).Raw(signed_prekey.secret.Expose());
  out.U32(last_resort_id.value()).Raw(last_resort.Expose());
  out.U8(static_cast<uint8_t>(suites.size()));
  for (crypto::Suite suite : suites) out.U16(static_cast<uint16_t>(suite));
  WriteTime(out, created_at);
  out.U8(replaced_at ? 1 : 0);
  if (replaced_at) WriteTime(out, *replaced_at);
  bytes.Shrink(out.written());
  return bytes;
}

absl::StatusOr<BundleKeys> BundleKeys::Decode(ByteView bytes) {
  codec::Reader in(bytes);
  PAWL_TRY(CheckVersion(in));
  const PrekeyId seal_key_id(in.U32());
  auto seal_seed = crypto::XWingSeed::Zero();
  in.Copy(seal_seed.Writable());
  const PrekeyId signed_prekey_id(in.U32());
  auto signed_prekey = crypto::X25519Private::Zero();
  in.Copy(signed_prekey.Writable());
  const PrekeyId last_resort_id(in.U32());
  auto last_resort = crypto::MlKemSeed::Zero();
  in.Copy(last_resort.Writable());
  std::vector<crypto::Suite> suites = ReadPreKeySuites(in);
  const Timestamp created_at = identity::ReadTime(in);
  const uint8_t was_replaced = in.U8();
  if (was_replaced > 1) in.SetFailed();
  std::optional<Timestamp> replaced_at;
  if (was_replaced == 1) replaced_at = identity::ReadTime(in);
  PAWL_TRY(in.Finish());
  return BundleKeys{seal_key_id,       crypto::XWingKeyPair::FromSeed(std::move(seal_seed)),
                    signed_prekey_id,  crypto::X25519KeyPair::FromPrivate(std::move(signed_prekey)),
                    last_resort_id,    std::move(last_resort),
                    std::move(suites), created_at,
                    replaced_at};
}

OneTimeKeys OneTimeKeys::Generate(PrekeyId id, Timestamp now, Rng& rng) {
  return {id, crypto::X25519KeyPair::Generate(rng), crypto::MlKemSeed::Random(rng),
          identity::ClampTime(now) + kOneTimeLifetime};
}

identity::OneTimePair OneTimeKeys::MakePair(const identity::DeviceAddress& device) const {
  return {device, id, x25519.pub, crypto::MlKemKeyPair::FromSeed(mlkem).pub, expires_at};
}

crypto::SecretBytes OneTimeKeys::Encode() const {
  crypto::SecretBytes bytes(kOneTimeKeysSize);
  codec::FixedWriter out(bytes.Writable());
  out.U8(kPreKeysVersion).U32(id.value()).Raw(x25519.secret.Expose()).Raw(mlkem.Expose());
  WriteTime(out, expires_at);
  return bytes;
}

absl::StatusOr<OneTimeKeys> OneTimeKeys::Decode(ByteView bytes) {
  codec::Reader in(bytes);
  PAWL_TRY(CheckVersion(in));
  const PrekeyId id(in.U32());
  auto x25519 = crypto::X25519Private::Zero();
  in.Copy(x25519.Writable());
  auto mlkem = crypto::MlKemSeed::Zero();
  in.Copy(mlkem.Writable());
  const Timestamp expires_at = identity::ReadTime(in);
  PAWL_TRY(in.Finish());
  return OneTimeKeys{id, crypto::X25519KeyPair::FromPrivate(std::move(x25519)), std::move(mlkem),
                     expires_at};
}

std::vector<crypto::Suite> AnnouncedSuites() {
  if (!crypto::HasHardwareAes()) return {crypto::Suite::kXChaCha20Poly1305};
  return {crypto::Suite::kAegis256, crypto::Suite::kXChaCha20Poly1305};
}

bool DueForRotation(const BundleKeys& newest, Timestamp now) {
  // Also when the clock went back behind its making: nobody knows how old it is then.
  return now >= newest.created_at + kPrekeyRotation || now < newest.created_at - kPrekeyRotation;
}

bool DueForErasure(const BundleKeys& keys, Timestamp now) {
  return keys.replaced_at && now >= *keys.replaced_at + kPrekeyRetention;
}

bool DueForErasure(const OneTimeKeys& keys, Timestamp now) {
  return now > keys.expires_at + identity::kClockTolerance;
}

const BundleKeys* FindBySignedPrekey(std::span<const BundleKeys> keys, PrekeyId signed_prekey_id) {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const BundleKeys& set) {
    return set.signed_prekey_id == signed_prekey_id;
  });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace pawl::session
