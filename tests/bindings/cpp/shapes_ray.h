#ifndef PAWL_RAY_H_
#define PAWL_RAY_H_

/* Rays come from lamps and lamps from nowhere, but each header of C++ needs the class of the other.
 */

#include "pawl/lamp.h"

PAWL_BEGIN_DECLS

/** A factory, which gives more than its object. */
PAWL_API pawl_status pawl_ray_cast(pawl_lamp* lamp, uint64_t* out_request_id,
                                   pawl_ray** out_ray PAWL_OWNED) PAWL_NOEXCEPT PAWL_ASYNC
    PAWL_SINCE("0.1");
PAWL_API pawl_status pawl_ray_meet(pawl_ray* ray, pawl_lamp* lamp, const pawl_id* id PAWL_NULLABLE,
                                   double* out_angle,
                                   int32_t* out_is_near PAWL_NULLABLE PAWL_BOOL) PAWL_NOEXCEPT
    PAWL_SINCE("0.1");
PAWL_API void pawl_ray_release(pawl_ray* ray) PAWL_NOEXCEPT PAWL_DTOR PAWL_SINCE("0.1");

PAWL_END_DECLS

#endif /* PAWL_RAY_H_ */
