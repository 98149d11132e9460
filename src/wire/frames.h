#ifndef PAWL_WIRE_FRAMES_H_
#define PAWL_WIRE_FRAMES_H_

// All of the relay protocol's frames: writing (one struct and one Append each) and reading.
#include "wire/client_frames.h"  // IWYU pragma: export
#include "wire/frame_parts.h"    // IWYU pragma: export
#include "wire/relay_frames.h"   // IWYU pragma: export
#include "wire/token_frames.h"   // IWYU pragma: export

#endif  // PAWL_WIRE_FRAMES_H_
