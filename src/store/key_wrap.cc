#include "store/key_wrap.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

namespace pawl::store {
namespace {

using crypto::AeadKey;
using crypto::Argon2Params;

constexpr std::string_view kWrapMagic("PAWLKEY\0", 8);
constexpr std::string_view kWrapLabel = "pawl store key wrap v1";
constexpr uint8_t kWrapVersion = 1;
constexpr uint8_t kHostKind = 1;
constexpr uint8_t kPassphraseKind = 2;
constexpr uint32_t kMaxPasses = 16;
constexpr size_t kMaxPassphrase = 1024;
constexpr size_t kHeaderSize = 8 + 1 + 1 + 4 + 4 + 16;
constexpr size_t kWrapNonceSize = 24;
// Both slots are always there, so that a file does not tell whether it is from the middle of a
// re-encryption.
constexpr size_t kKeysSize = 1 + 2 * DatabaseKey::kSize;
constexpr size_t kWrapTagSize = 16;
constexpr size_t kSealedSize = kKeysSize + kWrapTagSize;
constexpr size_t kChecksumSize = 32;
static_assert(kHeaderSize + kWrapNonceSize + kSealedSize + kChecksumSize == kKeyWrapSize);

struct Header {
  uint8_t kind = kHostKind;
  Argon2Params params{0, 0};
  ByteArray<16> salt{};
};

struct Parts {
  Header header;
  ByteView associated_data;
  ByteView nonce;
  ByteView ciphertext;
  ByteView tag;
};

bool InBounds(const Argon2Params& params) {
  return params.memory_mib >= crypto::kArgon2FloorMib &&
         params.memory_mib <= crypto::kArgon2CapMib && params.passes >= 1 &&
         params.passes <= kMaxPasses;
}

absl::Status CheckHeader(const Header& header) {
  const bool host = header.kind == kHostKind;
  if (!host && header.kind != kPassphraseKind) {
    return Fail(Code::kCorrupt, "key file: unknown kind of key");
  }
  const bool zero = header.params.memory_mib == 0 && header.params.passes == 0;
  if (host ? !zero : !InBounds(header.params)) {
    return Fail(Code::kCorrupt, "key file: Argon2id parameters out of bounds");
  }
  return OkStatus();
}

absl::StatusOr<Parts> Parse(ByteView file) {
  // The version stands in front of everything that a later one may change, the size included.
  codec::Reader in(file);
  const ByteView magic = in.Fixed(kWrapMagic.size());
  const uint8_t version = in.U8();
  if (!in.ok() || !SameBytes(magic, AsBytes(kWrapMagic))) {
    return Fail(Code::kCorrupt, "key file: not a key file");
  }
  if (version != kWrapVersion) return Fail(Code::kUnsupportedVersion, "key file: unknown version");
  if (file.size() != kKeyWrapSize) return Fail(Code::kCorrupt, "key file: wrong size");
  const ByteView body = file.first(kKeyWrapSize - kChecksumSize);
  if (!SameBytes(crypto::Blake2b256({body}), file.last(kChecksumSize))) {
    return Fail(Code::kCorrupt, "key file: damaged");
  }
  Parts parts;
  parts.header.kind = in.U8();
  parts.header.params.memory_mib = in.U32();
  parts.header.params.passes = in.U32();
  parts.header.salt = in.Array<16>();
  parts.associated_data = file.first(kHeaderSize);
  parts.nonce = in.Fixed(kWrapNonceSize);
  parts.ciphertext = in.Fixed(kKeysSize);
  parts.tag = in.Fixed(kWrapTagSize);
  PAWL_TRY(CheckHeader(parts.header));
  return parts;
}

// Whatever the host's key is used for elsewhere, this use has a key of its own.
AeadKey Separate(ByteView secret) {
  AeadKey key = AeadKey::Zero();
  crypto::Blake2bKeyed(secret, {AsBytes(kWrapLabel)}, key.Writable());
  return key;
}

absl::StatusOr<AeadKey> DeriveKey(const WrapKey& key, const Header& header) {
  if (const HostKey* host = std::get_if<HostKey>(&key)) return Separate(host->Expose());
  const ByteView text = std::get<Passphrase>(key).text.Expose();
  if (text.empty() || text.size() > kMaxPassphrase) {
    return Fail(Code::kInvalidArgument, "a passphrase has 1 to 1024 bytes");
  }
  PAWL_ASSIGN(const AeadKey stretched, crypto::Argon2id(AsText(text), header.salt, header.params));
  return Separate(stretched.Expose());
}

Header MakeHeader(const WrapKey& key, const Argon2Params& params, Rng& rng) {
  Header header;
  if (std::holds_alternative<HostKey>(key)) return header;
  header.kind = kPassphraseKind;
  header.params = params;
  header.salt = rng.Array<16>();
  return header;
}

crypto::SecretBytes EncodeKeys(const DatabaseKeys& keys) {
  crypto::SecretBytes out(kKeysSize);
  codec::FixedWriter writer(out.Writable());
  writer.U8(keys.next ? 2 : 1).Raw(keys.current.Expose());
  if (keys.next) writer.Raw(keys.next->Expose());
  return out;
}

absl::StatusOr<DatabaseKeys> DecodeKeys(ByteView plain) {
  const uint8_t count = plain[0];
  if (count != 1 && count != 2) return Fail(Code::kCorrupt, "key file: wrong number of keys");
  DatabaseKeys keys{DatabaseKey::From(plain.subspan<1, DatabaseKey::kSize>()), std::nullopt};
  if (count == 2) keys.next = DatabaseKey::From(plain.subspan<33, DatabaseKey::kSize>());
  return keys;
}

}  // namespace

absl::StatusOr<Bytes> WrapKeys(const DatabaseKeys& keys, const WrapKey& key,
                               const Argon2Params& params, Rng& rng) {
  if (std::holds_alternative<Passphrase>(key) && !InBounds(params)) {
    return Fail(Code::kInvalidArgument, "Argon2id parameters out of bounds");
  }
  const Header header = MakeHeader(key, params, rng);
  PAWL_ASSIGN(const AeadKey aead_key, DeriveKey(key, header));

  codec::Writer out(kKeyWrapSize);
  out.Raw(AsBytes(kWrapMagic)).U8(kWrapVersion).U8(header.kind);
  out.U32(header.params.memory_mib).U32(header.params.passes).Raw(header.salt);
  const ByteArray<kWrapNonceSize> nonce = rng.Array<kWrapNonceSize>();
  crypto::SecretBytes sealed = EncodeKeys(keys);
  ByteArray<kWrapTagSize> tag{};
  crypto::SealInPlace(crypto::Suite::kXChaCha20Poly1305, aead_key, nonce, out.view(),
                      sealed.Writable(), tag);
  out.Raw(nonce).Raw(sealed.Expose()).Raw(tag);
  out.Raw(crypto::Blake2b256({out.view()}));
  return std::move(out).Finish();
}

absl::StatusOr<DatabaseKeys> UnwrapKeys(ByteView file, const WrapKey& key) {
  PAWL_ASSIGN(const Parts parts, Parse(file));
  const bool host = std::holds_alternative<HostKey>(key);
  if (host != (parts.header.kind == kHostKind)) {
    return Fail(Code::kWrongKey, "the store is wrapped by another kind of key");
  }
  PAWL_ASSIGN(const AeadKey aead_key, DeriveKey(key, parts.header));
  crypto::SecretBytes plain(kKeysSize);
  const absl::Status opened =
      crypto::Open(crypto::Suite::kXChaCha20Poly1305, aead_key, parts.nonce, parts.associated_data,
                   parts.ciphertext, parts.tag, plain.Writable());
  // The checksum held, so the file is as it was written: what fails to open it is the key.
  if (!opened.ok())
    return Fail(Code::kWrongKey, "the store's key file does not open with this key");
  return DecodeKeys(plain.Expose());
}

absl::StatusOr<std::optional<Argon2Params>> WrapParams(ByteView file) {
  PAWL_ASSIGN(const Parts parts, Parse(file));
  if (parts.header.kind == kHostKind) return std::optional<Argon2Params>();
  return std::optional<Argon2Params>(parts.header.params);
}

}  // namespace pawl::store
