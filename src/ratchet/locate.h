#ifndef PAWL_RATCHET_LOCATE_H_
#define PAWL_RATCHET_LOCATE_H_

#include "base/status.h"
#include "ratchet/core.h"
#include "ratchet/header.h"
#include "ratchet/profile.h"
#include "ratchet/skipped_keys.h"
#include "ratchet/tag_window.h"

namespace pawl::ratchet {

// A header that opened, and which message key its body needs.
struct Located {
  enum class Source : uint8_t {
    kSkipped,  // a key kept for it
    kCurrent,  // the current receiving chain, at or after its next number
    kNext,     // the chain that this message begins
  };
  Source source = Source::kCurrent;
  RouteTag tag;  // of its chain and number, whatever tag the envelope bore
  Header header;
};

struct SealedHeader {
  RouteTag tag;
  // Messages that repeat a handshake bear random tags: then the closed chains are tried as well.
  enum class Tagged : bool { kRandomly = false, kByRoute = true };
  Tagged tagged = Tagged::kByRoute;
  const Salt& salt;
  ByteView associated_data;
  std::span<const uint8_t, kSealedHeaderSize> sealed;
};

// Finds the chain by tag, in constant time with regard to the number of skipped keys; a tag that is
// in no table costs at most two trials (six for random tags). kAuthFailed when no header key opens
// it, kReplayed when its key was used or is gone, kMalformed when the authentic header contradicts
// the tag.
absl::StatusOr<Located> Locate(const Profile& profile, const Core& core, const TagWindow& window,
                               const SkippedDelta& skipped, const SealedHeader& in);

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_LOCATE_H_
