#ifndef PAWL_TESTS_KILL_FILES_H_
#define PAWL_TESTS_KILL_FILES_H_

#include <cstdint>
#include <string>

namespace pawl_kill {

// The files that one person sends and gets, by number: <stem>.out/<n> and <stem>.in/<n>. What is in
// an outgoing one follows from its number, so that it is the same after any restart.
class Files {
 public:
  explicit Files(std::string stem);

  // The path of the outgoing file `number`, which is made when it is not there.
  std::string Make(uint64_t number) const;
  std::string Incoming(uint64_t number) const;
  bool HasIncoming(uint64_t number) const;

 private:
  std::string stem_;
};

// "file 7" is 7; 0 for any other caption.
uint64_t NumberOf(const char* caption);

}  // namespace pawl_kill

#endif  // PAWL_TESTS_KILL_FILES_H_
