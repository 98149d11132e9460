#ifndef PAWL_CLIENT_ENGINE_TOKEN_REQUEST_H_
#define PAWL_CLIENT_ENGINE_TOKEN_REQUEST_H_

#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "crypto/secret.h"
#include "crypto/voprf.h"
#include "store/tokens.h"
#include "wire/tokens.h"

namespace pawl::client {

// How tokens are got: the relay's keys of a period, and a request under way, each with its encoding
// for the store. What comes from the relay here is proven or refused.

// As an anonymous connection said them: there the relay cannot give each his own.
struct IssuingKeys {
  uint32_t period = 0;
  Timestamp until{};
  crypto::VoprfPublic small{};
  crypto::VoprfPublic large{};
  friend bool operator==(const IssuingKeys&, const IssuingKeys&) = default;
};
Bytes Encode(const IssuingKeys& keys);
absl::StatusOr<IssuingKeys> DecodeIssuingKeys(ByteView bytes);  // kMalformed

// Durable before it leaves and until its answer is: the relay counts the same id once, so a crash
// in between costs no token.
struct TokenRequest {
  struct Item {
    ByteArray<16> serial{};
    crypto::VoprfBlinded blinded;
  };
  ByteArray<16> id{};
  uint32_t period = 0;
  wire::TokenKind kind = wire::TokenKind::kSmall;
  std::vector<Item> items{};
};
// `count` is 1 … wire::kMaxTokensPerIssue.
absl::StatusOr<TokenRequest> MakeTokenRequest(uint32_t period, wire::TokenKind kind, size_t count,
                                              Rng& rng);
crypto::SecretBytes Encode(const TokenRequest& request);
absl::StatusOr<TokenRequest> DecodeTokenRequest(ByteView bytes);  // kMalformed
// What the relay is shown of it.
Bytes BlindedElements(const TokenRequest& request);

// The tokens. kMalformed, kAuthFailed: the answer was not made with the key that everybody knows,
// and none of it is of any use.
absl::StatusOr<std::vector<store::TokenRow>> FinishTokens(const TokenRequest& request,
                                                          const IssuingKeys& keys,
                                                          const crypto::VoprfProof& proof,
                                                          ByteView evaluated);

// As BLOB_BEGIN carries them.
crypto::SecretBytes EncodeTokens(const std::vector<store::TokenRow>& tokens);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_TOKEN_REQUEST_H_
