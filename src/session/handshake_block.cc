#include "session/handshake_block.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/hash.h"

namespace pawl::session {
namespace {

constexpr std::string_view kIdLabel = "Pawl handshake id v1";
constexpr size_t kMaxCore = 2 + 2 + (1 + 2 * identity::kMaxSuites) +
                            (2 + identity::kMaxEpochRecordSize) + identity::kListRefSize + 4 + 32 +
                            4 + 4 + (1 + 4) + (1 + 32) + crypto::kMlKemCiphertextSize;
constexpr size_t kMacSize = 32;
static_assert(kMaxCore + kMacSize <= kHandshakeBlockSize);

bool IsValid(const HandshakeBlock& block) {
  return !block.suites.empty() && block.suites.size() <= identity::kMaxSuites &&
         !block.epoch_record.empty() &&
         block.epoch_record.size() <= identity::kMaxEpochRecordSize &&
         crypto::IsKnownSuite(static_cast<uint16_t>(block.suite)) &&
         block.recipient_epoch.value() != 0 && crypto::IsCanonicalX25519(block.ephemeral) &&
         (!block.one_time_id || block.one_time_id->value() != 0);
}

std::vector<crypto::Suite> ReadSuites(ByteView encoded) {
  codec::Reader in(encoded);
  std::vector<crypto::Suite> suites;
  while (in.remaining() >= 2) suites.push_back(static_cast<crypto::Suite>(in.U16()));
  return suites;
}

// A flag and a value that is zero without it: one encoding each.
template <typename Value, typename Read>
std::optional<Value> ReadOptional(codec::Reader& in, const Value& none, const Read& read) {
  const uint8_t present = in.U8();
  const Value value = read(in);
  if (present > 1 || (present == 0 && value != none)) in.SetFailed();
  return present == 1 ? std::optional<Value>(value) : std::nullopt;
}

}  // namespace

Bytes HandshakeBlock::Core() const {
  codec::Writer out(kMaxCore);
  out.U16(kHandshakeVersion).U16(static_cast<uint16_t>(suite));
  codec::Writer encoded_suites(2 * identity::kMaxSuites);
  for (crypto::Suite announced : suites) encoded_suites.U16(static_cast<uint16_t>(announced));
  out.Vector8(encoded_suites.view()).Vector16(epoch_record);
  identity::Write(out, list);
  out.U32(recipient_epoch.value()).Raw(ephemeral);
  out.U32(signed_prekey_id.value()).U32(last_resort_id.value());
  out.U8(one_time_id ? 1 : 0).U32(one_time_id ? one_time_id->value() : 0);
  out.U8(resumption ? 1 : 0);
  out.Raw(resumption ? resumption->previous.value() : crypto::Hash32{});
  out.Raw(ciphertext);
  return ToBytes(out.view());
}

HandshakeId HandshakeBlock::Id() const {
  return HandshakeId(crypto::Blake2b256({AsBytes(kIdLabel), Core()}));
}

absl::Status EncodeBlock(const HandshakeBlock& block, std::span<uint8_t, kHandshakeBlockSize> out) {
  if (!IsValid(block)) {
    return Fail(Code::kInvalidArgument, "handshake block with impossible fields");
  }
  codec::FixedWriter writer(out);
  writer.Raw(block.Core());
  writer.Raw(block.resumption ? block.resumption->mac : ByteArray<kMacSize>{});
  std::fill(out.begin() + writer.written(), out.end(), uint8_t{0});
  return OkStatus();
}

absl::StatusOr<HandshakeBlock> ParseBlock(std::span<const uint8_t, kHandshakeBlockSize> bytes) {
  codec::Reader in(bytes);
  if (in.U16() != kHandshakeVersion) {
    return Fail(Code::kUnsupportedVersion, "handshake of another version");
  }
  HandshakeBlock block;
  block.suite = static_cast<crypto::Suite>(in.U16());
  const ByteView encoded_suites = in.Vector8(2 * identity::kMaxSuites);
  if (encoded_suites.size() % 2 != 0) in.SetFailed();
  block.suites = ReadSuites(encoded_suites);
  block.epoch_record = ToBytes(in.Vector16(identity::kMaxEpochRecordSize));
  block.list = identity::ReadListRef(in);
  block.recipient_epoch = DeviceEpoch(in.U32());
  block.ephemeral = in.Array<32>();
  block.signed_prekey_id = PrekeyId(in.U32());
  block.last_resort_id = PrekeyId(in.U32());
  block.one_time_id =
      ReadOptional(in, PrekeyId(0), [](codec::Reader& reader) { return PrekeyId(reader.U32()); });
  const auto previous =
      ReadOptional(in, crypto::Hash32{}, [](codec::Reader& reader) { return reader.Array<32>(); });
  block.ciphertext = in.Array<crypto::kMlKemCiphertextSize>();
  const auto mac = in.Array<kMacSize>();
  if (previous) block.resumption = ResumptionProof{TranscriptHash(*previous), mac};
  if (!previous && mac != ByteArray<kMacSize>{}) in.SetFailed();
  const ByteView padding = in.Rest();
  if (std::any_of(padding.begin(), padding.end(), [](uint8_t byte) { return byte != 0; })) {
    in.SetFailed();
  }
  PAWL_TRY(in.Finish());
  if (!IsValid(block)) return Fail(Code::kMalformed, "handshake block with impossible fields");
  return block;
}

}  // namespace pawl::session
