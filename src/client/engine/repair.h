#ifndef PAWL_CLIENT_ENGINE_REPAIR_H_
#define PAWL_CLIENT_ENGINE_REPAIR_H_

#include "client/engine/batch.h"
#include "wire/content.h"

namespace pawl::client {

// Mail that cannot be read, and mail that a lost state took with it, is had back from who sent it:
//
//   we, who miss something          the device that may have sent it
//   Resume{last} ────────────────>  sends again what it sent us and we never confirmed,
//                                   says what it has of ours (confirmed, delivered, read),
//        <─ messages, Resume{answer} and which is our newest message that it has
//   sends again what that device
//   never confirmed
//
// Nobody needs to know which envelope was lost, nor from whom an unreadable one is. A Resume
// travels inside a session, to own devices and accepted contacts alone; an answer is not answered,
// and neither question nor answer comes more often than the intervals below, whatever a device
// sends: two broken ones cannot keep each other busy, and a bad one cannot keep us busy.

// How long a device that was asked gets before it is asked again, on a fresh session; each further
// time twice as long, up to the most.
constexpr Duration kRepairInterval = Minutes(10);
constexpr Duration kRepairMost = Days(1);
// Then nobody can help any more: the relay and the sender have dropped what it was.
constexpr Duration kRepairLifetime = Days(30);
// Less than what the other side waits, so that its second question is answered however fast it
// came.
constexpr Duration kAnswerInterval = Minutes(5);

// What may be wrong with a message that a session of ours recognised, and what helps.
enum class Ailment {
  kNone,     // nothing that sending again would mend
  kMessage,  // this one message is damaged or lost
  kSession,  // the two sides of the session have come apart: no message of it will be better
};
Ailment AilmentOf(Code why);

// Mail on that session cannot be read. The app is told once, and the device asked, now or when the
// interval since it was last asked is over, unless both is done already. Nothing for those who
// would not be answered.
absl::Status BeginRepair(Batch& batch, SessionId session, Code reason);
// The same for all we may talk to, without a word to the app for each: our own state is lost.
absl::Status RepairAll(Batch& batch, Code reason);
// The same for one account, of which a device of ours says now that we may talk to it: when that
// one was asked because our own state is lost, and the account with it.
absl::Status RepairWhatWasLost(Batch& batch, DeviceId asked, const identity::Address& account);
// It is gone.
absl::Status AbandonRepair(Batch& batch, const identity::DeviceAddress& device);

absl::Status OnResume(Batch& batch, const identity::DeviceAddress& from,
                      const wire::fb::Resume& body);
// The device began anew and knows nothing of its confirmed session with us: what it has not
// confirmed it cannot read. It may not know that it has us to ask.
absl::Status OnReset(Batch& batch, const identity::DeviceAddress& device);
// To those who asked in this Step; after the confirmations.
absl::Status AnswerResumes(Batch& batch);

// Asks again where it is time, and ends what took too long.
absl::Status ReviewRepairs(Batch& batch);
Timestamp NextRepair(const State& state);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_REPAIR_H_
