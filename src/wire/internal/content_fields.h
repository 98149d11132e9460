#ifndef PAWL_WIRE_INTERNAL_CONTENT_FIELDS_H_
#define PAWL_WIRE_INTERNAL_CONTENT_FIELDS_H_

#include "base/status.h"
#include "wire/content_generated.h"

namespace pawl::wire::internal {

// The meaning of the fields of one content whose structure a verifier has accepted already: sizes,
// UTF-8, ranges. A body of a later release passes. kMalformed, kTooLarge.
absl::Status CheckFields(const fb::Content& content);

}  // namespace pawl::wire::internal

#endif  // PAWL_WIRE_INTERNAL_CONTENT_FIELDS_H_
