#include "person.h"

#include <signal.h>

#include <chrono>
#include <utility>

#include "actor.h"

namespace pawl_demo {
namespace {

bool Begins(const std::vector<std::string>& line, const std::vector<std::string>& start) {
  if (line.size() < start.size()) return false;
  for (size_t i = 0; i < start.size(); ++i) {
    if (start[i] != "*" && line[i] != start[i]) return false;
  }
  return true;
}

}  // namespace

Person::Person(std::string program, std::filesystem::path home, std::string address)
    : program_(std::move(program)), home_(std::move(home)), address_(std::move(address)) {
  std::filesystem::create_directories(anchors());
}

bool Person::ComeOnline(const RelayPlace& relay) {
  process_ = Process::Start({program_, "--actor", store().string(), anchors().string(), relay.url,
                             relay.pin_hex, journal()},
                            log().string());
  const size_t since = lines();
  return process_.has_value() && Await({"ready"}, 60'000, since).has_value();
}

void Person::GoOffline() {
  if (!process_) return;
  Tell("quit");
  if (!process_->Wait(10'000)) process_->Signal(SIGKILL);
  process_.reset();
}

void Person::Kill() {
  if (!process_) return;
  process_->Signal(SIGKILL);
  process_->Wait(10'000);
  process_.reset();
}

bool Person::Tell(const std::string& command) { return process_ && process_->WriteLine(command); }

std::optional<std::vector<std::string>> Person::Await(const std::vector<std::string>& start,
                                                      int timeout_ms, size_t since) {
  using SteadyClock = std::chrono::steady_clock;
  const auto deadline = SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
  for (size_t i = since;; ++i) {
    while (i >= said_.size()) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now())
              .count();
      if (left <= 0 || !process_) return std::nullopt;
      std::optional<std::string> line = process_->ReadLine(static_cast<int>(left));
      if (!line) return std::nullopt;
      said_.push_back(SplitTabs(*line));
    }
    if (Begins(said_[i], start)) return said_[i];
  }
}

}  // namespace pawl_demo
