#include "session/handshake.h"
#include "session/sealed_block.h"

namespace pawl::session {

absl::StatusOr<PeekedHandshake> PeekHandshake(ByteView envelope,
                                              const identity::DeviceAddress& mailbox,
                                              std::span<const BundleKeys> keys) {
  PAWL_TRY(PeekTag(envelope).status());
  if (envelope.size() < MessageOffset(WithHandshake::kYes) + ratchet::kBodyOffset) {
    return Fail(Code::kMalformed, "no room for a handshake");
  }
  for (const BundleKeys& set : keys) {
    absl::StatusOr<HandshakeBlock> block = OpenBlock(set.seal_key.secret, mailbox, envelope);
    const Code code = CodeOf(block);
    // A ciphertext that is no point of the curve is not for any key of ours either.
    if (code == Code::kAuthFailed || code == Code::kInvalidKey) continue;
    PAWL_TRY(block.status());
    PAWL_ASSIGN(identity::EpochRecord sender, identity::EpochRecord::Peek(block->epoch_record));
    return PeekedHandshake{*std::move(block), set.seal_key_id, std::move(sender)};
  }
  return Fail(Code::kAuthFailed, "sealed to no key of ours");
}

}  // namespace pawl::session
