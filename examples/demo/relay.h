#ifndef PAWL_DEMO_RELAY_H_
#define PAWL_DEMO_RELAY_H_

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "person.h"
#include "process.h"

namespace pawl_demo {

// A pawl-relay of our own on a free loopback port, with TLS and an encrypted database.
class Relay {
 public:
  // `rate_scale`: by how much its limits are wider than what people need.
  Relay(std::string program, std::filesystem::path home, int rate_scale = 1);
  bool Start();
  void Stop();  // SIGTERM, and waits

  const RelayPlace& place() const { return place_; }
  pid_t pid() const { return process_ ? process_->pid() : -1; }
  std::filesystem::path data() const { return home_ / "data"; }
  std::filesystem::path log() const { return home_ / "relay.log"; }

  // Everything in its database, opened with its key: each table's rows as bytes.
  struct Table {
    std::string name;
    std::string bytes;
    size_t rows = 0;
  };
  std::vector<Table> OpenedDatabase() const;

 private:
  std::string program_;
  std::filesystem::path home_;
  int rate_scale_;
  RelayPlace place_;
  std::optional<Process> process_;
};

}  // namespace pawl_demo

#endif  // PAWL_DEMO_RELAY_H_
