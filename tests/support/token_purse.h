#ifndef PAWL_TESTS_SUPPORT_TOKEN_PURSE_H_
#define PAWL_TESTS_SUPPORT_TOKEN_PURSE_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "crypto/hash.h"
#include "crypto/voprf.h"
#include "support/matchers.h"
#include "support/relay_world.h"
#include "wire/tokens.h"

namespace pawl::test {

// What a client does to get quota tokens, by hand.
class TokenPurse {
 public:
  explicit TokenPurse(RelayWorld& world) : world_(world) {}

  // The keys, as anybody hears them.
  void LearnKeys() {
    const relay::ConnectionId anonymous = world_.ConnectAnonymously();
    world_.Say(anonymous, wire::TokenKeysGet{1});
    const auto* keys = world_.Expect<wire::fb::TokenKeys>(anonymous);
    ASSERT_NE(keys, nullptr);
    period = keys->period();
    small_key = wire::ToArray(*keys->small());
    large_key = wire::ToArray(*keys->large());
    world_.Disconnect(anonymous);
  }
  struct Request {
    ByteArray<16> id{};
    wire::TokenKind kind = wire::TokenKind::kSmall;
    std::vector<ByteArray<16>> serials{};
    std::vector<crypto::VoprfBlinded> blinded{};
    Bytes payload{};
  };
  Request Blind(size_t count, wire::TokenKind kind = wire::TokenKind::kSmall) {
    Request request{.id = world_.rng().Array<16>(), .kind = kind};
    for (size_t i = 0; i < count; ++i) {
      request.serials.push_back(world_.rng().Array<16>());
      auto made = crypto::VoprfBlind(request.serials.back(), world_.rng());
      EXPECT_THAT(made, IsOk());
      request.payload.insert(request.payload.end(), made->element.begin(), made->element.end());
      request.blinded.push_back(*std::move(made));
    }
    return request;
  }
  wire::TokenIssue Frame(const Request& request) const {
    return {.req = 7,
            .id = request.id,
            .period = period,
            .large = request.kind == wire::TokenKind::kLarge,
            .blinded = request.payload};
  }
  // The answer's tokens; none when the proof is wrong.
  std::vector<wire::Token> Unblind(const Request& request, const wire::fb::TokensIssued& issued,
                                   ByteView payload) const {
    std::vector<crypto::VoprfElement> blinded, evaluated;
    for (const auto& item : request.blinded) blinded.push_back(item.element);
    for (size_t at = 0; at + 32 <= payload.size(); at += 32) {
      std::copy_n(payload.begin() + static_cast<ptrdiff_t>(at), 32,
                  evaluated.emplace_back().begin());
    }
    const bool large = request.kind == wire::TokenKind::kLarge;
    if (!crypto::VoprfVerify(large ? large_key : small_key, blinded, evaluated,
                             wire::ToArray(*issued.proof()))
             .ok()) {
      return {};
    }
    std::vector<wire::Token> tokens;
    for (size_t i = 0; i < evaluated.size(); ++i) {
      auto output =
          crypto::VoprfFinalize(request.serials[i], request.blinded[i].blind, evaluated[i]);
      EXPECT_THAT(output, IsOk());
      wire::Token token{.period = period, .kind = request.kind, .serial = request.serials[i]};
      std::copy_n(output->Expose().begin(), token.mac.size(), token.mac.begin());
      tokens.push_back(token);
    }
    return tokens;
  }
  std::vector<wire::Token> Draw(relay::ConnectionId device, size_t count,
                                wire::TokenKind kind = wire::TokenKind::kSmall) {
    if (period == 0) LearnKeys();
    const Request request = Blind(count, kind);
    world_.Say(device, Frame(request));
    const auto* issued = world_.Expect<wire::fb::TokensIssued>(device);
    if (issued == nullptr) return {};
    return Unblind(request, *issued, world_.last_payload());
  }

  uint32_t period = 0;
  ByteArray<32> small_key{}, large_key{};

 private:
  RelayWorld& world_;
};

inline Bytes Encode(const std::vector<wire::Token>& tokens) {
  Bytes encoded;
  for (const wire::Token& token : tokens) wire::AppendToken(token, encoded);
  return encoded;
}
inline ByteArray<32> OwnerOf(const ByteArray<32>& secret) {
  return crypto::Blake2b256({AsBytes(wire::kBlobOwnerLabel), secret});
}

}  // namespace pawl::test

#endif  // PAWL_TESTS_SUPPORT_TOKEN_PURSE_H_
