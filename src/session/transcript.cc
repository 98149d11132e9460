#include "session/transcript.h"

#include "codec/writer.h"
#include "crypto/hash.h"

namespace pawl::session {
namespace {

constexpr std::string_view kTranscriptLabel = "Pawl transcript v1";

void WriteDevice(codec::Writer& out, const RemoteDevice& device) {
  identity::Write(out, device.address);
  out.Raw(device.account_key).Raw(device.signing_key);
}

}  // namespace

TranscriptHash HashTranscript(const TranscriptInput& input) {
  const ResponderKeys& keys = input.keys;
  codec::Writer out(8192);
  out.Vector8(AsBytes(kTranscriptLabel))
      .Vector8(AsBytes(input.profile))
      .Vector16(input.block.Core());
  WriteDevice(out, input.initiator);
  WriteDevice(out, input.responder);
  out.U32(keys.epoch.value()).Raw(keys.identity).Raw(keys.signed_prekey).Raw(keys.kem);
  out.Vector8(keys.one_time ? ByteView(*keys.one_time) : ByteView());
  out.U32(keys.seal_key_id.value()).Raw(keys.seal);
  return TranscriptHash(crypto::Blake2b256({out.view()}));
}

}  // namespace pawl::session
