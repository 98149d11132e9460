#include "session/facts.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "identity/record.h"

namespace pawl::session {
namespace {

constexpr uint8_t kWithAuthKey = 1;  // the version that kept the handshake's authenticator key
constexpr size_t kMaxAddress = 1 + 64 + 1 + 253 + 4;
constexpr size_t kMaxFacts = 1 + 2 * kMaxAddress + 4 + 4 + 1 + 2 + 32 + 32 + 8 + (1 + 32) + 32 + 1 +
                             1 + kHandshakeBlockSize + crypto::kXWingPublicSize;

void WriteAddress(codec::FixedWriter& out, const identity::DeviceAddress& address) {
  codec::Writer encoded(kMaxAddress);
  identity::Write(encoded, address);
  out.Raw(encoded.view());
}

void WritePending(codec::FixedWriter& out, const PendingHandshake* pending) {
  out.U8(pending != nullptr ? 1 : 0);
  if (pending == nullptr) return;
  crypto::SecretBytes block(kHandshakeBlockSize);
  // What a session holds was encoded before it was first sealed.
  (void)EncodeBlock(pending->block, block.Writable().first<kHandshakeBlockSize>());
  out.Raw(block.Expose()).Raw(pending->seal_key);
}

bool ReadFlag(codec::Reader& in) {
  const uint8_t flag = in.U8();
  if (flag > 1) in.SetFailed();
  return flag == 1;
}

absl::StatusOr<std::unique_ptr<PendingHandshake>> ReadPending(codec::Reader& in) {
  std::unique_ptr<PendingHandshake> pending;
  if (!ReadFlag(in)) return pending;
  const ByteView block = in.Fixed(kHandshakeBlockSize);
  pending = std::make_unique<PendingHandshake>();
  pending->seal_key = in.Array<crypto::kXWingPublicSize>();
  if (!in.ok()) return Fail(Code::kMalformed, "session facts cut short");
  PAWL_ASSIGN(pending->block, ParseBlock(block.first<kHandshakeBlockSize>()));
  return pending;
}

bool IsValid(const Facts& facts) {
  const bool is_responder = facts.role == Role::kResponder;
  return (is_responder || facts.role == Role::kInitiator) &&
         crypto::IsKnownSuite(static_cast<uint16_t>(facts.suite)) &&
         facts.local_epoch.value() != 0 && facts.remote_epoch.value() != 0 &&
         !(is_responder && facts.pending != nullptr);
}

}  // namespace

crypto::SecretBytes EncodeFacts(const Facts& facts, const PendingHandshake* pending) {
  crypto::SecretBytes bytes(kMaxFacts);
  codec::FixedWriter out(bytes.Writable());
  out.U8(kFactsVersion);
  WriteAddress(out, facts.local);
  WriteAddress(out, facts.remote);
  out.U32(facts.local_epoch.value()).U32(facts.remote_epoch.value());
  out.U8(static_cast<uint8_t>(facts.role)).U16(static_cast<uint16_t>(facts.suite));
  out.Raw(facts.transcript_hash.value()).Raw(facts.handshake_id.value());
  out.U64(static_cast<uint64_t>(facts.created_at.ms));
  out.U8(facts.displaces ? 1 : 0);
  out.Raw(facts.displaces ? facts.displaces->value() : crypto::Hash32{});
  out.Raw(facts.resumption.Expose());
  out.U8(facts.receive_only ? 1 : 0);
  WritePending(out, pending);
  bytes.Shrink(out.written());
  return bytes;
}

absl::StatusOr<Facts> DecodeFacts(ByteView bytes) {
  codec::Reader in(bytes);
  const uint8_t version = in.U8();
  if (version != kFactsVersion && version != kWithAuthKey && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "session facts of another version");
  }
  PAWL_ASSIGN(identity::DeviceAddress local, identity::ReadDeviceAddress(in));
  PAWL_ASSIGN(identity::DeviceAddress remote, identity::ReadDeviceAddress(in));
  Facts facts{.local = std::move(local), .remote = std::move(remote)};
  facts.local_epoch = DeviceEpoch(in.U32());
  facts.remote_epoch = DeviceEpoch(in.U32());
  facts.role = static_cast<Role>(in.U8());
  facts.suite = static_cast<crypto::Suite>(in.U16());
  facts.transcript_hash = TranscriptHash(in.Array<32>());
  facts.handshake_id = HandshakeId(in.Array<32>());
  facts.created_at = identity::ReadTime(in);
  const bool displaces = ReadFlag(in);
  const TranscriptHash displaced(in.Array<32>());
  if (displaces) facts.displaces = displaced;
  if (!displaces && displaced != TranscriptHash()) in.SetFailed();
  in.Copy(facts.resumption.Writable());
  if (version == kWithAuthKey) in.Fixed(ratchet::braid::AuthKey::kSize);
  facts.receive_only = ReadFlag(in);
  PAWL_ASSIGN(facts.pending, ReadPending(in));
  PAWL_TRY(in.Finish());
  if (!IsValid(facts)) return Fail(Code::kMalformed, "session facts that cannot be");
  return facts;
}

}  // namespace pawl::session
