#include "wire/token_frames.h"

#include "wire/internal/pack.h"

namespace pawl::wire {

using fb::FrameBody;
using internal::Pack;

bool Append(FrameWriter& out, const TokenKeysGet& frame) {
  return out.Commit(FrameBody::TokenKeysGet,
                    fb::CreateTokenKeysGet(out.Builder(), frame.req).Union(), {});
}

bool Append(FrameWriter& out, const TokenIssue& frame) {
  const auto id = Pack(frame.id);
  const auto body = fb::CreateTokenIssue(out.Builder(), frame.req, &id, frame.period, frame.large);
  return out.Commit(FrameBody::TokenIssue, body.Union(), {frame.blinded});
}

bool Append(FrameWriter& out, const TokenKeys& frame) {
  const auto small = Pack(frame.small);
  const auto large = Pack(frame.large);
  const auto body =
      fb::CreateTokenKeys(out.Builder(), frame.req, frame.period, frame.until.ms, &small, &large);
  return out.Commit(FrameBody::TokenKeys, body.Union(), {});
}

bool Append(FrameWriter& out, const TokensIssued& frame) {
  const auto proof = Pack(frame.proof);
  const auto body = fb::CreateTokensIssued(out.Builder(), frame.req, &proof);
  return out.Commit(FrameBody::TokensIssued, body.Union(), {frame.evaluated});
}

}  // namespace pawl::wire
