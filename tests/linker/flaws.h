#ifndef PAWL_TESTS_LINKER_FLAWS_H_
#define PAWL_TESTS_LINKER_FLAWS_H_

#include "linker/conversation.h"

namespace pawl::linker {

// What the relay would have seen of the conversation, had the clients been worse: the library has
// no such switch, so it is its view that is changed.

// The 16 bytes at the tag's place are one and the same for all that two devices write to each
// other. Of so many envelopes, the first ones.
RelayView WithConstantTags(const Conversation& conversation, size_t envelopes);
// What goes over a client's anonymous connection comes on its device connection.
RelayView WithSendsOnDeviceConnections(const Conversation& conversation);

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_FLAWS_H_
