#include "ratchet/body.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"
#include "ratchet/all_zero.h"

namespace pawl::ratchet {
namespace {

ByteView NonceOf(crypto::Suite suite, const BodyKeys& keys) {
  return ByteView(keys.nonce).first(crypto::NonceSize(suite));
}

}  // namespace

void SealBody(crypto::Suite suite, const BodyKeys& keys, ByteView associated_data, ByteView content,
              MutableByteView frame_body) {
  const size_t text_size = frame_body.size() - crypto::TagSize(suite);
  const MutableByteView text = frame_body.first(text_size);
  std::copy(content.begin(), content.end(), text.begin());
  codec::FixedWriter(text.last(kLengthSize)).U32(static_cast<uint32_t>(content.size()));
  crypto::SealInPlace(suite, keys.key, NonceOf(suite, keys), associated_data, text,
                      frame_body.subspan(text_size));
}

absl::StatusOr<crypto::SecretBytes> OpenBody(crypto::Suite suite, const BodyKeys& keys,
                                             ByteView associated_data, ByteView frame_body) {
  const size_t tag_size = crypto::TagSize(suite);
  if (frame_body.size() < kLengthSize + tag_size) {
    return Fail(Code::kMalformed, "message body too short");
  }
  const size_t text_size = frame_body.size() - tag_size;
  crypto::SecretBytes content(text_size);
  PAWL_TRY(crypto::Open(suite, keys.key, NonceOf(suite, keys), associated_data,
                        frame_body.first(text_size), frame_body.subspan(text_size),
                        content.Writable()));
  const ByteView padded = content.Expose().first(text_size - kLengthSize);
  const uint32_t size = codec::Reader(content.Expose().last(kLengthSize)).U32();
  if (size > padded.size() || !AllZero(padded.subspan(size))) {
    return Fail(Code::kMalformed, "message padding is not ours");
  }
  content.Shrink(size);
  return content;
}

}  // namespace pawl::ratchet
