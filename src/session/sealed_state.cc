#include "session/sealed_state.h"

#include <algorithm>

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::session {
namespace {

constexpr auto kStateSuite = crypto::Suite::kXChaCha20Poly1305;
constexpr size_t kNonceSize = crypto::NonceSize(kStateSuite);
constexpr size_t kSealTagSize = crypto::TagSize(kStateSuite);
constexpr size_t kHeadSize = 2;
constexpr size_t kOverhead = kHeadSize + kNonceSize + kSealTagSize;
constexpr size_t kMaxFactsSize = 8 * 1024;
constexpr size_t kRowSize = kTagSize + ratchet::kSkippedKeySize;

absl::StatusOr<std::vector<SkippedRow>> ReadRows(codec::Reader& in) {
  const uint16_t count = in.U16();
  if (count > ratchet::kMaxSkippedKeys + ratchet::braid::kMaxSkippedPqKeys ||
      in.remaining() != count * kRowSize) {
    return Fail(Code::kMalformed, "skipped keys cut short");
  }
  std::vector<SkippedRow> rows;
  rows.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    rows.push_back({RouteTag(in.Array<kTagSize>()), SkippedRowValue::Zero()});
    in.Copy(rows.back().value.Writable());
  }
  return rows;
}

}  // namespace

Bytes SealState(SealedKind kind, const crypto::AeadKey& key, ByteView state, Rng& rng) {
  Bytes out(kOverhead + state.size());
  const MutableByteView view(out);
  out[0] = kSealedStateVersion;
  out[1] = static_cast<uint8_t>(kind);
  const MutableByteView nonce = view.subspan(kHeadSize, kNonceSize);
  rng.Fill(nonce);
  const MutableByteView text = view.subspan(kHeadSize + kNonceSize, state.size());
  std::copy(state.begin(), state.end(), text.begin());
  crypto::SealInPlace(kStateSuite, key, nonce, view.first(kHeadSize), text,
                      view.last(kSealTagSize));
  return out;
}

absl::StatusOr<crypto::SecretBytes> OpenState(SealedKind kind, const crypto::AeadKey& key,
                                              ByteView sealed) {
  if (sealed.size() < kOverhead) return Fail(Code::kMalformed, "sealed state too short");
  if (sealed[0] != kSealedStateVersion) {
    return Fail(Code::kUnsupportedVersion, "sealed state of another version");
  }
  if (sealed[1] != static_cast<uint8_t>(kind)) {
    return Fail(Code::kAuthFailed, "sealed state of another kind");
  }
  const ByteView text = sealed.subspan(kHeadSize + kNonceSize, sealed.size() - kOverhead);
  crypto::SecretBytes state(text.size());
  PAWL_TRY(crypto::Open(kStateSuite, key, sealed.subspan(kHeadSize, kNonceSize),
                        sealed.first(kHeadSize), text, sealed.last(kSealTagSize),
                        state.Writable()));
  return state;
}

Bytes SaveSession(const Session& session, const crypto::AeadKey& key, Rng& rng) {
  const crypto::SecretBytes facts = session.EncodeFacts();
  const crypto::SecretBytes progress = session.EncodeProgress();
  const std::vector<SkippedRow> rows = session.EncodeSkipped();
  crypto::SecretBytes state(2 + facts.size() + 2 + progress.size() + 2 + rows.size() * kRowSize);
  codec::FixedWriter out(state.Writable());
  out.Vector16(facts.Expose()).Vector16(progress.Expose());
  out.U16(static_cast<uint16_t>(rows.size()));
  for (const SkippedRow& row : rows) out.Raw(row.tag.value()).Raw(row.value.Expose());
  return SealState(SealedKind::kSession, key, state.Expose(), rng);
}

absl::StatusOr<Session> RestoreSession(ByteView sealed, const crypto::AeadKey& key) {
  PAWL_ASSIGN(const crypto::SecretBytes state, OpenState(SealedKind::kSession, key, sealed));
  codec::Reader in(state.Expose());
  const ByteView facts = in.Vector16(kMaxFactsSize);
  const ByteView progress = in.Vector16(kMaxProgressSize);
  PAWL_ASSIGN(const std::vector<SkippedRow> rows, ReadRows(in));
  PAWL_TRY(in.Finish());
  return Session::Decode(facts, progress, rows);
}

}  // namespace pawl::session
