#include "client/engine/account_backup.h"

#include <utility>

#include "client/engine/backup_codec.h"
#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::client {
namespace {

constexpr std::string_view kMagic = "PWAB";
constexpr uint8_t kBackupVersion = 1;
constexpr crypto::Suite kBackupSuite = crypto::Suite::kXChaCha20Poly1305;
constexpr size_t kHeaderSize = 4 + 1 + 16 + 4 + 1;
constexpr size_t kOverhead =
    kHeaderSize + crypto::NonceSize(kBackupSuite) + crypto::TagSize(kBackupSuite);

Bytes Header(const BackupKey& key) {
  codec::Writer out(kOverhead);
  out.Raw(AsBytes(kMagic)).U8(kBackupVersion).Raw(key.salt).U32(key.params.memory_mib);
  out.U8(static_cast<uint8_t>(key.params.passes));
  return ToBytes(out.view());
}

// opaque address<1..2^16-1>; account seed[32]; opaque device_list<0..2^16-1>; delivery_key[32];
// contacts
crypto::SecretBytes Encode(const AccountBackup& account) {
  const std::string address = account.address.ToString();
  crypto::SecretBytes plain(2 + address.size() + 32 + 2 + account.device_list.size() + 32 +
                            ContactsSize(account.contacts));
  codec::FixedWriter out(plain.Writable());
  out.Vector16(AsBytes(address)).Raw(account.account_key.Expose()).Vector16(account.device_list);
  out.Raw(account.delivery_key);
  WriteContacts(out, account.contacts);
  return plain;
}

absl::StatusOr<AccountBackup> Decode(ByteView plain) {
  codec::Reader in(plain);
  PAWL_ASSIGN(auto address, identity::Address::Parse(AsText(in.Vector16())));
  const ByteView seed = in.Fixed(crypto::Ed25519Seed::kSize);
  const ByteView list = in.Vector16();
  const DeliveryKey delivery_key = in.Array<32>();
  PAWL_ASSIGN(auto contacts, ReadContacts(in));
  PAWL_TRY(in.Finish());
  return AccountBackup{.address = std::move(address),
                       .account_key = crypto::Ed25519Seed::From(
                           std::span<const uint8_t, crypto::Ed25519Seed::kSize>(seed)),
                       .device_list = ToBytes(list),
                       .delivery_key = delivery_key,
                       .contacts = std::move(contacts)};
}

}  // namespace

absl::StatusOr<BackupKey> DeriveBackupKey(std::string_view passphrase,
                                          const crypto::Argon2Params& params, Rng& rng) {
  const auto salt = rng.Array<16>();
  PAWL_ASSIGN(auto key, crypto::Argon2id(passphrase, salt, params));
  return BackupKey{std::move(key), salt, params};
}

Bytes SealBackup(const AccountBackup& account, const BackupKey& key, Rng& rng) {
  crypto::SecretBytes plain = Encode(account);
  const Bytes header = Header(key);
  const auto nonce = rng.Array<crypto::NonceSize(kBackupSuite)>();
  ByteArray<crypto::TagSize(kBackupSuite)> tag{};
  crypto::SealInPlace(kBackupSuite, key.key, nonce, header, plain.Writable(), tag);
  codec::Writer out(kOverhead + plain.size());
  out.Raw(header).Raw(nonce).Raw(plain.Expose()).Raw(tag);
  return ToBytes(out.view());
}

absl::StatusOr<AccountBackup> OpenBackup(ByteView blob, std::string_view passphrase) {
  codec::Reader in(blob);
  const ByteView magic = in.Fixed(kMagic.size());
  const uint8_t version = in.U8();
  BackupKey key{crypto::AeadKey::Zero(), in.Array<16>(), {}};
  key.params.memory_mib = in.U32();
  key.params.passes = in.U8();
  const ByteView nonce = in.Fixed(crypto::NonceSize(kBackupSuite));
  if (!in.ok() || !SameBytes(magic, AsBytes(kMagic)) ||
      in.remaining() < crypto::TagSize(kBackupSuite)) {
    return Fail(Code::kMalformed, "not an account backup");
  }
  if (version != kBackupVersion)
    return Fail(Code::kUnsupportedVersion, "backup of a later release");
  const ByteView sealed = in.Fixed(in.remaining() - crypto::TagSize(kBackupSuite));
  const ByteView tag = in.Rest();
  auto derived = crypto::Argon2id(passphrase, key.salt, key.params);
  if (CodeOf(derived.status()) == Code::kInvalidArgument) {
    return Fail(Code::kMalformed, "backup asks for Argon2id outside its bounds");
  }
  PAWL_ASSIGN(key.key, std::move(derived));
  crypto::SecretBytes plain(sealed.size());
  if (!crypto::Open(kBackupSuite, key.key, nonce, blob.first(kHeaderSize), sealed, tag,
                    plain.Writable())
           .ok()) {
    return Fail(Code::kWrongKey, "other passphrase, or damaged");
  }
  return Decode(plain.Expose());
}

}  // namespace pawl::client
