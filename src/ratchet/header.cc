#include "ratchet/header.h"

#include "codec/reader.h"
#include "codec/writer.h"
#include "crypto/aead.h"

namespace pawl::ratchet {
namespace {

constexpr uint8_t kKnownFlags = kFlagResumed;
constexpr auto kHeaderSuite = crypto::Suite::kXChaCha20Poly1305;
static_assert(crypto::NonceSize(kHeaderSuite) == kSaltSize);
static_assert(crypto::TagSize(kHeaderSuite) == kHeaderTagSize);

using Plain = crypto::Secret<struct PlainHeaderTag, kHeaderSize>;

}  // namespace

void Header::Encode(std::span<uint8_t, kHeaderSize> out) const {
  codec::FixedWriter writer(out);
  writer.Raw(ratchet_key).U32(n).U32(pn).U8(flags).Raw(context);
  braid::EncodeStamp(braid::ProductionScheme(), stamp, out.last<kBraidSize>());
}

absl::StatusOr<Header> Header::Parse(std::span<const uint8_t, kHeaderSize> bytes) {
  codec::Reader in(bytes);
  Header header;
  header.ratchet_key = in.Array<32>();
  header.n = in.U32();
  header.pn = in.U32();
  header.flags = in.U8();
  header.context = in.Array<kContextSize>();
  PAWL_ASSIGN(header.stamp, braid::ParseStamp(braid::ProductionScheme(), in.Fixed(kBraidSize)));
  PAWL_TRY(in.Finish());
  if ((header.flags & ~kKnownFlags) != 0) return Fail(Code::kMalformed, "unknown header flag");
  if (!crypto::IsCanonicalX25519(header.ratchet_key)) {
    return Fail(Code::kMalformed, "ratchet key not canonical");
  }
  return header;
}

void SealHeader(const HeaderKey& key, const Salt& salt, ByteView associated_data,
                const Header& header, std::span<uint8_t, kSealedHeaderSize> out) {
  header.Encode(out.first<kHeaderSize>());
  crypto::SealInPlace(kHeaderSuite, key, salt, associated_data, out.first<kHeaderSize>(),
                      out.last<kHeaderTagSize>());
}

absl::StatusOr<Header> OpenHeader(const HeaderKey& key, const Salt& salt, ByteView associated_data,
                                  std::span<const uint8_t, kSealedHeaderSize> sealed) {
  Plain plain = Plain::Zero();
  PAWL_TRY(crypto::Open(kHeaderSuite, key, salt, associated_data, sealed.first<kHeaderSize>(),
                        sealed.last<kHeaderTagSize>(), plain.Writable()));
  return Header::Parse(plain.Expose());
}

}  // namespace pawl::ratchet
