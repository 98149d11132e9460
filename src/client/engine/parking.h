#ifndef PAWL_CLIENT_ENGINE_PARKING_H_
#define PAWL_CLIENT_ENGINE_PARKING_H_

#include <utility>
#include <vector>

#include "client/engine/batch.h"

namespace pawl::client {

// The envelopes that hold a place of the relay's window because they cannot be read yet
// (waiting.h), as one Step sees them: those parked before, less those it took up again (which may
// be parked anew), and those it parked.

bool IsParked(const Batch& batch, const EnvelopeId& id);
// Parked before, and taken up in this Step.
bool WasUnparked(const Batch& batch, const EnvelopeId& id);
void Forget(Batch& batch, EnvelopeId id);

// False when it is more than the relay's window. A relay that keeps to it never sends so much: what
// it sends beyond is forgotten without an acknowledgement, and comes again.
bool HasRoomToPark(const Batch& batch, size_t size);

// In the order they came; good until something is parked or forgotten.
using Held = std::vector<std::pair<EnvelopeId, const ParkedEnvelope*>>;
// Those whose time is over, and of each kind the oldest that are too many or too large together.
// Never one that is untried, nor one whose list may still come in a moment.
Held OverOrTooMany(const Batch& batch);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_PARKING_H_
