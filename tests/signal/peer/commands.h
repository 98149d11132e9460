#ifndef PAWL_TESTS_SIGNAL_PEER_COMMANDS_H_
#define PAWL_TESTS_SIGNAL_PEER_COMMANDS_H_

#include <memory>
#include <string>
#include <string_view>

namespace pawl::signal {

// One party, spoken to in lines of JSON.
class Commands {
 public:
  Commands();
  ~Commands();
  // The reply to one line; any line has one.
  std::string Handle(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pawl::signal

#endif  // PAWL_TESTS_SIGNAL_PEER_COMMANDS_H_
