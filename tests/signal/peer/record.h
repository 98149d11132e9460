#ifndef PAWL_TESTS_SIGNAL_PEER_RECORD_H_
#define PAWL_TESTS_SIGNAL_PEER_RECORD_H_

#include <nlohmann/json_fwd.hpp>

#include "peer/session.h"

namespace pawl::signal {

// What a person wants to see of a session, without its keys; and a digest over all of it, keys
// included, that tells whether anything has changed.
nlohmann::json RecordOf(const Session& session);

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PEER_RECORD_H_
