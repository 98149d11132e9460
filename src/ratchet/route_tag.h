#ifndef PAWL_RATCHET_ROUTE_TAG_H_
#define PAWL_RATCHET_ROUTE_TAG_H_

#include "base/bytes.h"
#include "base/strong_alias.h"

namespace pawl::ratchet {

// The 16 bytes by which a recipient finds the session of an envelope: the n-th output of the
// chain's tag key, used once, unlinkable for everybody else.
using RouteTag = StrongAlias<struct RouteTagTag, ByteArray<16>>;

}  // namespace pawl::ratchet

#endif  // PAWL_RATCHET_ROUTE_TAG_H_
