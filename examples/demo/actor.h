#ifndef PAWL_DEMO_ACTOR_H_
#define PAWL_DEMO_ACTOR_H_

#include <string>
#include <string_view>
#include <vector>

namespace pawl_demo {

// One person's app, in a process of its own so that it can be killed: reads commands from standard
// input, writes what happens to standard output, both as lines of tab-separated fields.
//   register ADDRESS | text ADDRESS TEXT | file ADDRESS PATH | accept ADDRESS | read ADDRESS
//   MESSAGE | download MESSAGE PATH | safety ADDRESS | quit | freeze COUNT (stop in the middle of
//   what comes, after so many messages: what is killed then has not seen the end)
// It says: ready, message SEQ FROM ID text TEXT, message SEQ FROM ID file NAME SIZE, request FROM,
// answer FROM STATE, state ID STATE, receipt FROM ID STATE, done REQUEST CODE, started REQUEST
// MESSAGE, freezing COUNT, safety NUMBER, connection STATE, progress ID DONE TOTAL, registered
// ADDRESS, error TEXT.
struct ActorOptions {
  std::string store;
  std::string anchors;
  std::string relay_url;
  std::string pin_hex;
  std::string journal;
};

int RunActor(const ActorOptions& options);

std::vector<std::string> SplitTabs(std::string_view line);

}  // namespace pawl_demo

#endif  // PAWL_DEMO_ACTOR_H_
