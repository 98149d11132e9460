#include "client/engine/token_request.h"

#include <algorithm>
#include <utility>

#include "base/wipe.h"
#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::client {
namespace {

constexpr size_t kItemSize = 16 + crypto::VoprfScalar::kSize + wire::kTokenElementSize;
constexpr size_t kHeadSize = 16 + 4 + 1;

bool IsKind(uint8_t kind) {
  return kind == static_cast<uint8_t>(wire::TokenKind::kSmall) ||
         kind == static_cast<uint8_t>(wire::TokenKind::kLarge);
}

}  // namespace

// u32 period; i64 until; small[32]; large[32]
Bytes Encode(const IssuingKeys& keys) {
  codec::Writer out;
  out.U32(keys.period).U64(static_cast<uint64_t>(keys.until.ms)).Raw(keys.small).Raw(keys.large);
  return ToBytes(out.view());
}

absl::StatusOr<IssuingKeys> DecodeIssuingKeys(ByteView bytes) {
  codec::Reader in(bytes);
  IssuingKeys keys;
  keys.period = in.U32();
  keys.until = Timestamp{static_cast<int64_t>(in.U64())};
  keys.small = in.Array<32>();
  keys.large = in.Array<32>();
  PAWL_TRY(in.Finish());
  return keys;
}

absl::StatusOr<TokenRequest> MakeTokenRequest(uint32_t period, wire::TokenKind kind, size_t count,
                                              Rng& rng) {
  TokenRequest request{.id = rng.Array<16>(), .period = period, .kind = kind};
  for (size_t i = 0; i < count; ++i) {
    const auto serial = rng.Array<16>();
    PAWL_ASSIGN(auto blinded, crypto::VoprfBlind(serial, rng));
    request.items.push_back({serial, std::move(blinded)});
  }
  return request;
}

// id[16]; u32 period; u8 kind; (serial[16], blind[32], element[32])…
crypto::SecretBytes Encode(const TokenRequest& request) {
  crypto::SecretBytes bytes(kHeadSize + request.items.size() * kItemSize);
  codec::FixedWriter out(bytes.Writable());
  out.Raw(request.id).U32(request.period).U8(static_cast<uint8_t>(request.kind));
  for (const TokenRequest::Item& item : request.items) {
    out.Raw(item.serial).Raw(item.blinded.blind.Expose()).Raw(item.blinded.element);
  }
  return bytes;
}

absl::StatusOr<TokenRequest> DecodeTokenRequest(ByteView bytes) {
  codec::Reader in(bytes);
  TokenRequest request;
  request.id = in.Array<16>();
  request.period = in.U32();
  const uint8_t kind = in.U8();
  request.kind = static_cast<wire::TokenKind>(kind);
  const size_t count = in.remaining() / kItemSize;
  if (!IsKind(kind) || count == 0 || count > wire::kMaxTokensPerIssue) {
    return Fail(Code::kMalformed, "not a request for tokens");
  }
  for (size_t i = 0; i < count; ++i) {
    TokenRequest::Item item{in.Array<16>(), {crypto::VoprfScalar::Zero(), {}}};
    in.Copy(item.blinded.blind.Writable());
    in.Copy(item.blinded.element);
    request.items.push_back(std::move(item));
  }
  PAWL_TRY(in.Finish());
  return request;
}

Bytes BlindedElements(const TokenRequest& request) {
  Bytes elements;
  for (const TokenRequest::Item& item : request.items) {
    elements.insert(elements.end(), item.blinded.element.begin(), item.blinded.element.end());
  }
  return elements;
}

absl::StatusOr<std::vector<store::TokenRow>> FinishTokens(const TokenRequest& request,
                                                          const IssuingKeys& keys,
                                                          const crypto::VoprfProof& proof,
                                                          ByteView evaluated) {
  if (request.period != keys.period) return Fail(Code::kAuthFailed, "keys of another period");
  std::vector<crypto::VoprfElement> asked, answered;
  for (const TokenRequest::Item& item : request.items) asked.push_back(item.blinded.element);
  codec::Reader in(evaluated);
  for (size_t i = 0; i < asked.size(); ++i) {
    answered.push_back(in.Array<wire::kTokenElementSize>());
  }
  PAWL_TRY(in.Finish());
  const bool large = request.kind == wire::TokenKind::kLarge;
  PAWL_TRY(crypto::VoprfVerify(large ? keys.large : keys.small, asked, answered, proof));
  std::vector<store::TokenRow> rows;
  for (size_t i = 0; i < asked.size(); ++i) {
    const TokenRequest::Item& item = request.items[i];
    PAWL_ASSIGN(const crypto::VoprfOutput output,
                crypto::VoprfFinalize(item.serial, item.blinded.blind, answered[i]));
    rows.push_back({.serial = item.serial,
                    .period = request.period,
                    .kind = static_cast<store::TokenKind>(request.kind),
                    .mac = store::TokenMac::From(output.Expose().first<16>())});
  }
  return rows;
}

crypto::SecretBytes EncodeTokens(const std::vector<store::TokenRow>& tokens) {
  Bytes encoded;
  encoded.reserve(tokens.size() * wire::kTokenSize);  // nothing is left behind by growing
  for (const store::TokenRow& row : tokens) {
    wire::Token token{
        .period = row.period, .kind = static_cast<wire::TokenKind>(row.kind), .serial = row.serial};
    const auto mac = row.mac.Expose();
    std::copy(mac.begin(), mac.end(), token.mac.begin());
    wire::AppendToken(token, encoded);
    Wipe(token.mac);
  }
  auto secret = crypto::SecretBytes::From(encoded);
  Wipe(encoded);
  return secret;
}

}  // namespace pawl::client
