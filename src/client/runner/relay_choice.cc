#include "client/runner/relay_choice.h"

#include <utility>

#include "codec/reader.h"
#include "codec/writer.h"

namespace pawl::runner {
namespace {

using transport::TlsPolicy;

constexpr uint8_t kVersion = 1;

// u8 version || opaque url<0..2^16-1> || u8 roots || opaque pem_file<0..2^16-1> || pin[32]…
absl::StatusOr<Bytes> Encode(std::string_view url, const TlsPolicy& tls) {
  codec::Writer out;
  out.U8(kVersion).Vector16(AsBytes(url)).U8(static_cast<uint8_t>(tls.roots));
  out.Vector16(AsBytes(tls.pem_file));
  for (const ByteArray<32>& pin : tls.spki_pins) out.Raw(pin);
  return std::move(out).Finish();
}

absl::StatusOr<std::pair<std::string, TlsPolicy>> Decode(ByteView bytes) {
  codec::Reader in(bytes);
  const uint8_t version = in.U8();
  std::string url(AsText(in.Vector16()));
  const uint8_t roots = in.U8();
  TlsPolicy tls;
  tls.pem_file = AsText(in.Vector16());
  while (in.ok() && in.remaining() > 0) tls.spki_pins.push_back(in.Array<32>());
  PAWL_TRY(in.Finish());
  if (version != kVersion || roots > static_cast<uint8_t>(TlsPolicy::Roots::kNone)) {
    return Fail(Code::kCorrupt, "the remembered relay is not what was written");
  }
  tls.roots = static_cast<TlsPolicy::Roots>(roots);
  return std::pair(std::move(url), std::move(tls));
}

absl::Status Remember(store::Store& store, ByteView choice, Timestamp now) {
  PAWL_ASSIGN(store::Transaction transaction, store.Begin());
  PAWL_ASSIGN(const auto known, transaction.values().Get("runner.relay"));
  if (known && SameBytes(known->Expose(), choice)) return OkStatus();
  PAWL_TRY(transaction.values().Put("runner.relay", choice));
  return transaction.Commit(now);
}

absl::StatusOr<std::pair<std::string, TlsPolicy>> Recall(store::Values& values) {
  PAWL_ASSIGN(const auto known, values.Get("runner.relay"));
  if (!known) return Fail(Code::kInvalidArgument, "no relay was ever named");
  return Decode(known->Expose());
}

}  // namespace

absl::StatusOr<RelayChoice> ChooseRelay(store::Store& store, std::string_view url,
                                        const TlsPolicy& tls, Timestamp now) {
  RelayChoice choice{.url = std::string(url), .endpoint = {}, .tls = tls};
  if (url.empty()) {
    PAWL_ASSIGN(store::Transaction transaction, store.Begin());
    PAWL_ASSIGN(auto known, Recall(transaction.values()));
    choice.url = std::move(known.first);
    choice.tls = std::move(known.second);
  }
  PAWL_ASSIGN(choice.endpoint, transport::Endpoint::Parse(choice.url));
  PAWL_TRY(transport::CheckPolicy(choice.endpoint, choice.tls));
  if (!url.empty()) {
    PAWL_ASSIGN(const Bytes encoded, Encode(choice.url, choice.tls));
    PAWL_TRY(Remember(store, encoded, now));
  }
  return choice;
}

absl::StatusOr<RelayChoice> RecallRelay(store::Values& values) {
  PAWL_ASSIGN(auto known, Recall(values));
  PAWL_ASSIGN(transport::Endpoint endpoint, transport::Endpoint::Parse(known.first));
  PAWL_TRY(transport::CheckPolicy(endpoint, known.second));
  return RelayChoice{std::move(known.first), std::move(endpoint), std::move(known.second)};
}

}  // namespace pawl::runner
