#include "message.h"

#include <algorithm>
#include <optional>

#include "aes_cbc.h"
#include "codec/reader.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "proto.h"

namespace pawl::signal {
namespace {

enum Field : uint64_t {
  kRatchetKey = 1,
  kCounter = 2,
  kPreviousCounter = 3,
  kCiphertext = 4,
  kPqRatchet = 5,
  kAddresses = 6,
};
constexpr uint64_t kInnerMessage = 4;  // of a PreKeySignalMessage

crypto::Hash32 MacOf(const MessageKeys& keys, const Identities& identities, ByteView message) {
  return crypto::HmacSha256(keys.mac.Expose(), {identities.sender, identities.recipient, message});
}

absl::Status CheckVersion(ByteView wire) {
  if (wire.empty()) return Fail(Code::kMalformed, "empty message");
  if (wire[0] != kVersionByte) return Fail(Code::kUnsupportedVersion, "message version");
  return OkStatus();
}

// The fields as they come; the last of each counts, as protobuf has it.
struct Fields {
  std::optional<ByteView> ratchet_key, ciphertext;
  std::optional<uint64_t> counter;
  uint64_t previous_counter = 0;
  ByteView pq_ratchet, addresses;

  // False when a known field has another type.
  bool Take(const ProtoField& field) {
    switch (field.number) {
      case kRatchetKey:
        ratchet_key = field.bytes;
        return field.has_bytes;
      case kCounter:
        counter = field.value;
        return !field.has_bytes;
      case kPreviousCounter:
        previous_counter = field.value;
        return !field.has_bytes;
      case kCiphertext:
        ciphertext = field.bytes;
        return field.has_bytes;
      case kPqRatchet:
        pq_ratchet = field.bytes;
        return field.has_bytes;
      case kAddresses:
        addresses = field.bytes;
        return field.has_bytes;
      default:
        return true;
    }
  }
};

}  // namespace

TypedKey Typed(const crypto::X25519Public& key) {
  TypedKey typed = {kKeyType};
  std::copy(key.begin(), key.end(), typed.begin() + 1);
  return typed;
}

absl::StatusOr<crypto::X25519Public> Untyped(ByteView key) {
  codec::Reader in(key);
  const uint8_t type = in.U8();
  const auto raw = in.Array<32>();
  PAWL_TRY(in.Finish());
  if (type != kKeyType) return Fail(Code::kMalformed, "public key of another type");
  return raw;
}

MessageKeys DeriveMessageKeys(const ratchet::MessageSeed& seed, const ratchet::PqKey& pq) {
  crypto::Secret<struct SignalOkmTag, 80> okm = crypto::Secret<struct SignalOkmTag, 80>::Zero();
  // 80 bytes are below HKDF's bound, its only failure.
  (void)crypto::HkdfSha256(pq.Expose(), seed.Expose(), AsBytes("WhisperMessageKeys"),
                           okm.Writable());
  const auto bytes = okm.Expose();
  MessageKeys keys{decltype(keys.cipher)::From(bytes.subspan<0, 32>()),
                   decltype(keys.mac)::From(bytes.subspan<32, 32>()),
                   {}};
  std::copy(bytes.begin() + 64, bytes.end(), keys.iv.begin());
  return keys;
}

absl::StatusOr<Bytes> Seal(const MessageKeys& keys, const Identities& identities,
                           SignalMessage message, ByteView plaintext) {
  PAWL_ASSIGN(message.ciphertext, AesCbcSeal(keys.cipher.Expose(), keys.iv, plaintext));
  Bytes out = {kVersionByte};
  AddBytes(out, kRatchetKey, Typed(message.ratchet_key));
  AddNumber(out, kCounter, message.counter);
  AddNumber(out, kPreviousCounter, message.previous_counter);
  AddBytes(out, kCiphertext, message.ciphertext);
  AddBytes(out, kPqRatchet, message.pq_ratchet);
  if (!message.addresses.empty()) AddBytes(out, kAddresses, message.addresses);
  const crypto::Hash32 mac = MacOf(keys, identities, out);
  out.insert(out.end(), mac.begin(), mac.begin() + kMacSize);
  return out;
}

absl::StatusOr<SignalMessage> ParseSignalMessage(ByteView wire) {
  PAWL_TRY(CheckVersion(wire));
  if (wire.size() < 1 + kMacSize) return Fail(Code::kMalformed, "message cut short");
  ByteView rest = wire.subspan(1, wire.size() - 1 - kMacSize);
  Fields fields;
  while (!rest.empty()) {
    const std::optional<ProtoField> field = TakeField(rest);
    if (!field || !fields.Take(*field)) return Fail(Code::kMalformed, "message is no protobuf");
  }
  if (!fields.ratchet_key || !fields.counter || !fields.ciphertext ||
      *fields.counter > UINT32_MAX || fields.previous_counter > UINT32_MAX) {
    return Fail(Code::kMalformed, "message lacks a field");
  }
  SignalMessage message;
  PAWL_ASSIGN(message.ratchet_key, Untyped(*fields.ratchet_key));
  message.counter = static_cast<uint32_t>(*fields.counter);
  message.previous_counter = static_cast<uint32_t>(fields.previous_counter);
  message.ciphertext = ToBytes(*fields.ciphertext);
  message.pq_ratchet = ToBytes(fields.pq_ratchet);
  message.addresses = ToBytes(fields.addresses);
  return message;
}

absl::StatusOr<Bytes> Open(const MessageKeys& keys, const Identities& identities, ByteView wire,
                           const SignalMessage& message) {
  const ByteView authenticated = wire.first(wire.size() - kMacSize);
  const crypto::Hash32 mac = MacOf(keys, identities, authenticated);
  if (!crypto::ConstantTimeEqual(ByteView(mac).first(kMacSize), wire.last(kMacSize))) {
    return Fail(Code::kAuthFailed, "MAC does not match");
  }
  return AesCbcOpen(keys.cipher.Expose(), keys.iv, message.ciphertext);
}

absl::StatusOr<Bytes> UnwrapPreKeyMessage(ByteView wire) {
  PAWL_TRY(CheckVersion(wire));
  std::optional<ByteView> inner;
  for (ByteView rest = wire.subspan(1); !rest.empty();) {
    const std::optional<ProtoField> field = TakeField(rest);
    if (!field) return Fail(Code::kMalformed, "message is no protobuf");
    if (field->number == kInnerMessage && field->has_bytes) inner = field->bytes;
  }
  if (!inner) return Fail(Code::kMalformed, "message lacks a field");
  return ToBytes(*inner);
}

}  // namespace pawl::signal
