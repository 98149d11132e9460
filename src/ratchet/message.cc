#include "ratchet/message.h"

#include <algorithm>

#include "base/sim_hooks.h"

namespace pawl::ratchet {

void SealMessage(const Profile& profile, crypto::Suite suite, const Binding& binding,
                 const SendStep& step, const PqKey& pq, const ByteArray<kContextSize>& context,
                 ByteView content, Rng& rng, MutableByteView out) {
  Salt salt;
  rng.Fill(salt);
  if (PAWL_MUTANT("ratchet.no_salt")) salt.fill(0);
  std::copy(salt.begin(), salt.end(), out.begin());
  const auto sealed_header = out.subspan(kSaltSize).first<kSealedHeaderSize>();
  Header header = step.header;
  header.context = context;
  SealHeader(step.header_key, salt, AssociatedData(binding, sealed_header).for_header(), header,
             sealed_header);
  const BodyKeys keys = profile.body(step.seed, pq, salt);
  SealBody(suite, keys, AssociatedData(binding, sealed_header).for_body(), content,
           out.subspan(kBodyOffset));
}

absl::StatusOr<MessageParts> MessageParts::Split(ByteView message) {
  if (message.size() < kMinMessageSize) return Fail(Code::kMalformed, "message too short");
  MessageParts parts{
      {}, message.subspan(kSaltSize).first<kSealedHeaderSize>(), message.subspan(kBodyOffset)};
  std::copy_n(message.begin(), kSaltSize, parts.salt.begin());
  return parts;
}

AssociatedData::AssociatedData(const Binding& binding,
                               std::span<const uint8_t, kSealedHeaderSize> sealed_header) {
  auto at = bytes_.begin();
  *at++ = binding.version;
  at = std::copy(binding.tag.value().begin(), binding.tag.value().end(), at);
  at = std::copy(binding.channel.begin(), binding.channel.end(), at);
  std::copy(sealed_header.begin(), sealed_header.end(), at);
}

}  // namespace pawl::ratchet
