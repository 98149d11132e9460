#ifndef PAWL_CLIENT_ENGINE_FIRST_ANSWERS_H_
#define PAWL_CLIENT_ENGINE_FIRST_ANSWERS_H_

#include "client/engine/batch.h"

namespace pawl::client {

// Until the first answer every message carries the handshake (DESIGN §5), which costs its recipient
// a decapsulation and both of them three kilobytes. A device that has nothing else to say answers
// with an empty confirmation: our other devices, who send us copies that nobody confirms, and
// contacts whose devices have sent us nothing but control messages. Strangers hear nothing.
//
// Before the commit, after the confirmations. Once: not again while that answer is unanswered.
absl::Status AnswerHandshakes(Batch& batch);

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_FIRST_ANSWERS_H_
