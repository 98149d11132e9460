#ifndef PAWL_DEMO_JOURNAL_H_
#define PAWL_DEMO_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

namespace pawl_demo {

// What an app does with its events, in the smallest honest form: each effect is one line with the
// event's number, made durable before the event is acknowledged. A line cut short by a crash is
// dropped on opening, and its event comes again; an event whose number is there already is known
// and left out. So each takes effect exactly once.
class Journal {
 public:
  explicit Journal(std::string path);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  bool Knows(uint64_t seq) const { return seq <= last_; }
  // False when it could not be made durable: then the event must not be acknowledged.
  bool Append(uint64_t seq, const std::string& line);

  // The lines (without numbers) of the journal at `path`.
  static std::vector<std::string> Read(const std::string& path);

 private:
  int fd_ = -1;
  uint64_t last_ = 0;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_JOURNAL_H_
