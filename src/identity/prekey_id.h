#ifndef PAWL_IDENTITY_PREKEY_ID_H_
#define PAWL_IDENTITY_PREKEY_ID_H_

#include <cstdint>

#include "base/strong_alias.h"

namespace pawl::identity {

// Names one prekey of one device. Ids come from a counter of the device's own and are never reused.
using PrekeyId = StrongAlias<struct PrekeyIdTag, uint32_t>;

}  // namespace pawl::identity

#endif  // PAWL_IDENTITY_PREKEY_ID_H_
