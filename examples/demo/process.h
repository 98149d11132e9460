#ifndef PAWL_DEMO_PROCESS_H_
#define PAWL_DEMO_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace pawl_demo {

// A child process with its standard input and output as lines. Killed and reaped on destruction.
class Process {
 public:
  // `log` receives the child's standard error. The child dies with its parent.
  static std::optional<Process> Start(const std::vector<std::string>& argv, const std::string& log);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  bool WriteLine(const std::string& line);
  // The next line without its end, or nothing after `timeout_ms` or at the end of the output.
  std::optional<std::string> ReadLine(int timeout_ms);
  void Signal(int signal);
  // Waits for the end; the exit code, or 128 + signal. Nothing after `timeout_ms`.
  std::optional<int> Wait(int timeout_ms);
  pid_t pid() const { return pid_; }

 private:
  Process(pid_t pid, int in, int out) : pid_(pid), in_(in), out_(out) {}
  void Close();

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_PROCESS_H_
