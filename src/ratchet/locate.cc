#include "ratchet/locate.h"

#include <optional>

namespace pawl::ratchet {
namespace {

using Source = Located::Source;

absl::StatusOr<Header> OpenWith(const HeaderKeys& keys, const SealedHeader& in) {
  return OpenHeader(keys.header, in.salt, in.associated_data, in.sealed);
}

// The tables name chain and number, so the header must say the same number.
absl::StatusOr<Located> OpenAs(Source source, const HeaderKeys& keys, uint32_t n,
                               const SealedHeader& in) {
  PAWL_ASSIGN(const Header header, OpenWith(keys, in));
  if (header.n != n) return Fail(Code::kMalformed, "header contradicts its route tag");
  return Located{source, in.tag, header};
}

// Tries one chain. No value when its key does not open the header; `first_open` is the number from
// which on messages are not skipped ones.
std::optional<absl::StatusOr<Located>> TryChain(const Profile& profile, const HeaderKeys& keys,
                                                Source source, uint64_t first_open,
                                                const SkippedDelta& skipped,
                                                const SealedHeader& in) {
  const absl::StatusOr<Header> header = OpenWith(keys, in);
  if (CodeOf(header) == Code::kAuthFailed) return std::nullopt;
  if (!header.ok()) return header.status();
  Located located{source, profile.tag(keys.tag, header->n), *header};
  if (in.tagged == SealedHeader::Tagged::kByRoute && located.tag != in.tag) {
    return Fail(Code::kMalformed, "header contradicts its route tag");
  }
  if (header->n < first_open) {
    if (skipped.Find(located.tag) == nullptr) return Fail(Code::kReplayed, "message opened before");
    located.source = Source::kSkipped;
  }
  return located;
}

absl::StatusOr<Located> TryAll(const Profile& profile, const Core& core,
                               const SkippedDelta& skipped, const SealedHeader& in) {
  if (core.receiving) {
    auto found = TryChain(profile, core.receiving->headers, Source::kCurrent, core.receiving->n,
                          skipped, in);
    if (found) return *std::move(found);
  }
  if (auto found = TryChain(profile, core.next_receive, Source::kNext, 0, skipped, in)) {
    return *std::move(found);
  }
  if (in.tagged == SealedHeader::Tagged::kRandomly) {
    for (const ClosedChain& chain : core.closed) {
      constexpr uint64_t kEnded = UINT64_MAX;
      auto found = TryChain(profile, chain.headers, Source::kSkipped, kEnded, skipped, in);
      if (found) return *std::move(found);
    }
  }
  return Fail(Code::kAuthFailed, "no header key of this session opens it");
}

}  // namespace

absl::StatusOr<Located> Locate(const Profile& profile, const Core& core, const TagWindow& window,
                               const SkippedDelta& skipped, const SealedHeader& in) {
  if (in.tagged == SealedHeader::Tagged::kRandomly) return TryAll(profile, core, skipped, in);
  if (const SkippedKey* key = skipped.Find(in.tag)) {
    const HeaderKeys* headers = core.HeadersOf(key->serial);
    if (headers == nullptr) return Fail(Code::kReplayed, "its chain is forgotten");
    return OpenAs(Source::kSkipped, *headers, key->n, in);
  }
  if (const auto place = window.Find(in.tag)) {
    const bool is_next = place->chain == TagWindow::Chain::kNext;
    const HeaderKeys& headers = is_next ? core.next_receive : core.receiving->headers;
    return OpenAs(is_next ? Source::kNext : Source::kCurrent, headers, place->n, in);
  }
  return TryAll(profile, core, skipped, in);
}

}  // namespace pawl::ratchet
