#include "client/engine/link_codec.h"

#include <utility>

#include "client/engine/backup_codec.h"
#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"

namespace pawl::client {
namespace {

constexpr std::string_view kRequestMagic = "PWLQ";
constexpr std::string_view kResponseMagic = "PWLR";
constexpr uint8_t kLinkVersion = 1;
constexpr crypto::Suite kLinkSuite = crypto::Suite::kXChaCha20Poly1305;
constexpr size_t kPrefix = 4 + 1 + crypto::kXWingCiphertextSize;

absl::Status CheckHead(codec::Reader& in, std::string_view magic) {
  const ByteView found = in.Fixed(magic.size());
  const uint8_t version = in.U8();
  if (!in.ok() || !SameBytes(found, AsBytes(magic))) return Fail(Code::kMalformed, "not a link");
  if (version != kLinkVersion) return Fail(Code::kUnsupportedVersion, "link of a later release");
  return OkStatus();
}

absl::StatusOr<crypto::AeadKey> KeyFor(const crypto::SharedSecret& shared,
                                       const LinkRequest& request) {
  const crypto::Hash32 hash = crypto::Blake2b256({EncodeLinkRequest(request)});
  crypto::AeadKey key = crypto::AeadKey::Zero();
  PAWL_TRY(
      crypto::HkdfSha512(hash, shared.Expose(), AsBytes("pawl device link v1"), key.Writable()));
  return key;
}

// opaque device_list<0..2^16-1>; u32 device; delivery_key[32]; contacts
crypto::SecretBytes Encode(const LinkResponse& response) {
  crypto::SecretBytes plain(2 + response.device_list.size() + 4 + 32 +
                            ContactsSize(response.contacts));
  codec::FixedWriter out(plain.Writable());
  out.Vector16(response.device_list).U32(*response.device).Raw(response.delivery_key);
  WriteContacts(out, response.contacts);
  return plain;
}

absl::StatusOr<LinkResponse> Decode(ByteView plain) {
  codec::Reader in(plain);
  LinkResponse response;
  response.device_list = ToBytes(in.Vector16());
  response.device = DeviceId(in.U32());
  response.delivery_key = in.Array<32>();
  PAWL_ASSIGN(response.contacts, ReadContacts(in));
  PAWL_TRY(in.Finish());
  return response;
}

constexpr ByteArray<crypto::NonceSize(kLinkSuite)> kNonce{};

}  // namespace

Bytes EncodeLinkRequest(const LinkRequest& request) {
  codec::Writer out;
  out.Raw(AsBytes(kRequestMagic)).U8(kLinkVersion);
  out.Vector16(AsBytes(request.address.ToString()));
  out.Raw(request.signing_key).Raw(request.seal_key);
  return ToBytes(out.view());
}

absl::StatusOr<LinkRequest> ParseLinkRequest(ByteView bytes) {
  codec::Reader in(bytes);
  PAWL_TRY(CheckHead(in, kRequestMagic));
  auto address = identity::Address::Parse(AsText(in.Vector16()));
  if (!address.ok()) return Fail(Code::kMalformed, "link request without an address");
  LinkRequest request{.address = *std::move(address)};
  request.signing_key = in.Array<32>();
  request.seal_key = in.Array<crypto::kXWingPublicSize>();
  PAWL_TRY(in.Finish());
  return request;
}

absl::StatusOr<Bytes> SealLinkResponse(const LinkResponse& response, const LinkRequest& request,
                                       Rng& rng) {
  PAWL_ASSIGN(const auto sealed_to, crypto::XWingEncapsulate(request.seal_key, rng));
  PAWL_ASSIGN(const auto key, KeyFor(sealed_to.shared, request));
  codec::Writer out;
  out.Raw(AsBytes(kResponseMagic)).U8(kLinkVersion).Raw(sealed_to.ciphertext);
  crypto::SecretBytes plain = Encode(response);
  ByteArray<crypto::TagSize(kLinkSuite)> tag{};
  crypto::SealInPlace(kLinkSuite, key, kNonce, out.view(), plain.Writable(), tag);
  out.Raw(plain.Expose()).Raw(tag);
  return std::move(out).Finish();
}

absl::StatusOr<LinkResponse> OpenLinkResponse(ByteView bytes, const LinkRequest& request,
                                              const crypto::XWingSeed& seal_key) {
  codec::Reader in(bytes);
  PAWL_TRY(CheckHead(in, kResponseMagic));
  const auto ciphertext = in.Array<crypto::kXWingCiphertextSize>();
  if (!in.ok() || in.remaining() < crypto::TagSize(kLinkSuite)) {
    return Fail(Code::kMalformed, "link response cut short");
  }
  const ByteView sealed = in.Fixed(in.remaining() - crypto::TagSize(kLinkSuite));
  const ByteView tag = in.Rest();
  PAWL_ASSIGN(const auto shared, crypto::XWingDecapsulate(seal_key, ciphertext));
  PAWL_ASSIGN(const auto key, KeyFor(shared, request));
  crypto::SecretBytes plain(sealed.size());
  PAWL_TRY(
      crypto::Open(kLinkSuite, key, kNonce, bytes.first(kPrefix), sealed, tag, plain.Writable()));
  return Decode(plain.Expose());
}

}  // namespace pawl::client
