#ifndef PAWL_CLIENT_ENGINE_STANDING_H_
#define PAWL_CLIENT_ENGINE_STANDING_H_

#include "client/engine/batch.h"
#include "client/engine/input.h"

namespace pawl::client {

// Whether this store is its device's one and newest state. An older copy that was put back, or one
// of two that go on at the same time, is noticed by the anchor at open (store/anchor.h) or by the
// note at the relay after a login (store/lineage.h):
//
//   diverged    nothing is sent. After the login the device raises its epoch, with a new identity
//               key and new prekeys; its old sessions only receive; everybody is asked for what
//               they sent meanwhile (repair.h). All of that is one transaction.
//   superseded  another copy has raised the epoch, by a record that this device's own key signed:
//               what waits here fails, and nothing but reading is left.
//
// Keys would not repeat without all this: the salt of each message sees to that (ratchet/body.h).

// After a login: what the relay showed, judged.
absl::Status ReviewStanding(Batch& batch, const ChannelUp& input);
// After the inputs: a divergence of a store without a device at the relay heals by itself, and a
// note that is out of date is made anew.
absl::Status KeepStanding(Batch& batch);
Timestamp NextNote(const State& state);

// The relay's copy is behind by no more than this, while the connection lasts.
constexpr Duration kNoteInterval = Seconds(30);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_STANDING_H_
