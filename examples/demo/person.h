#ifndef PAWL_DEMO_PERSON_H_
#define PAWL_DEMO_PERSON_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process.h"

namespace pawl_demo {

struct RelayPlace {
  std::string url;
  std::string pin_hex;
};

// Somebody with a device: the actor process, what it was told and what it said. Their folder
// outlives the process.
class Person {
 public:
  Person(std::string program, std::filesystem::path home, std::string address);

  bool ComeOnline(const RelayPlace& relay);
  void GoOffline();  // ends the app in good order
  void Kill();       // SIGKILL
  bool online() const { return process_.has_value(); }

  bool Tell(const std::string& command);
  // The fields of the first line from `since` on that begins with `start` (field by field; "*" is
  // any), waiting for it.
  std::optional<std::vector<std::string>> Await(const std::vector<std::string>& start,
                                                int timeout_ms, size_t since = 0);
  size_t lines() const { return said_.size(); }
  pid_t pid() const { return process_ ? process_->pid() : -1; }

  const std::string& address() const { return address_; }
  std::filesystem::path store() const { return home_ / "store"; }
  std::filesystem::path anchors() const { return home_ / "anchors"; }
  std::filesystem::path log() const { return home_ / "app.log"; }
  std::string journal() const { return (home_ / "journal").string(); }

 private:
  std::string program_;
  std::filesystem::path home_;
  std::string address_;
  std::optional<Process> process_;
  std::vector<std::vector<std::string>> said_;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_PERSON_H_
