#include "sim/campaign.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <sstream>

#include "sim/world.h"

namespace pawl::sim {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

// --- A worker: every jobs-th seed. It says, one a line:
//   W <seed> <trace> <messages> <faults> [failure]      T <times> <name>
void Say(int fd, const std::string& line) {
  for (size_t at = 0; at < line.size();) {
    const ssize_t n = ::write(fd, line.data() + at, line.size() - at);
    if (n <= 0) _exit(3);
    at += static_cast<size_t>(n);
  }
}

[[noreturn]] void Work(const Campaign& campaign, int worker, const std::string& folder, int fd) {
  Tally tally;
  for (auto i = static_cast<uint64_t>(worker); i < campaign.seeds;
       i += static_cast<uint64_t>(campaign.jobs)) {
    const uint64_t seed = campaign.from + i;
    const Outcome outcome =
        World::RunScript(Script::Draw(seed), {.folder = folder, .mutant = campaign.mutant});
    tally.Add(outcome.tally);
    std::ostringstream line;
    line << "W " << seed << ' ' << outcome.hash << ' ' << outcome.messages << ' ' << outcome.faults;
    if (!outcome.failures.empty()) line << ' ' << outcome.failures.front();
    Say(fd, line.str() + "\n");
    if (campaign.stop_at_first && !outcome.failures.empty()) break;
  }
  for (const auto& [name, times] : tally.all()) {
    Say(fd, "T " + std::to_string(times) + " " + name + "\n");
  }
  Say(fd, "E\n");
  _exit(0);
}

struct Worker {
  pid_t pid = 0;
  int fd = -1;
  uint64_t seed = 0;  // the one that it is at
  std::unique_ptr<ScratchFolder> folder{};
  std::string text{};
  bool ended = false;  // said so
  bool stopped = false;
};

class Foreman {
 public:
  explicit Foreman(const Campaign& campaign) : campaign_(campaign), begin_(Clock::now()) {}

  CampaignResult Run() {
    std::fflush(nullptr);
    for (int i = 0; i < campaign_.jobs; ++i) Hire(i);
    while (Listen()) {
      if (campaign_.progress && SecondsSince(last_said_) > 10) Progress();
    }
    for (Worker& worker : workers_) {
      ::waitpid(worker.pid, nullptr, 0);
      result_.crashed |= !worker.ended && !worker.stopped;
    }
    result_.seconds = SecondsSince(begin_);
    return std::move(result_);
  }

 private:
  void Hire(int number) {
    int ends[2];
    if (::pipe(ends) != 0) ::abort();
    auto folder = std::make_unique<ScratchFolder>();
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::close(ends[0]);
      Work(campaign_, number, folder->path(), ends[1]);
    }
    ::close(ends[1]);
    const uint64_t first = campaign_.from + static_cast<uint64_t>(number);
    workers_.push_back({.pid = pid, .fd = ends[0], .seed = first, .folder = std::move(folder)});
  }

  // False when all have ended.
  bool Listen() {
    std::vector<pollfd> ready;
    std::vector<Worker*> of;
    for (Worker& worker : workers_) {
      if (worker.fd < 0) continue;
      ready.push_back({worker.fd, POLLIN, 0});
      of.push_back(&worker);
    }
    if (ready.empty()) return false;
    ::poll(ready.data(), ready.size(), 1000);
    for (size_t i = 0; i < ready.size(); ++i) {
      if (ready[i].revents != 0) Read(*of[i]);
    }
    return true;
  }

  void Read(Worker& worker) {
    char buffer[4096];
    const ssize_t n = ::read(worker.fd, buffer, sizeof buffer);
    if (n <= 0) {
      ::close(worker.fd);
      worker.fd = -1;
      return;
    }
    worker.text.append(buffer, static_cast<size_t>(n));
    for (size_t end; (end = worker.text.find('\n')) != std::string::npos;) {
      Take(worker, worker.text.substr(0, end));
      worker.text.erase(0, end + 1);
    }
  }

  void Take(Worker& worker, const std::string& line) {
    std::istringstream in(line.substr(1));
    if (line[0] == 'E') worker.ended = true;
    if (line[0] == 'T') {
      uint64_t times = 0;
      std::string name;
      in >> times >> name;
      result_.tally.Count(name, times);
    }
    if (line[0] != 'W') return;
    uint64_t seed = 0, trace = 0, messages = 0, faults = 0;
    in >> seed >> trace >> messages >> faults;
    worker.seed = seed + static_cast<uint64_t>(campaign_.jobs);
    ++result_.worlds;
    result_.traces ^= trace;
    result_.messages += messages;
    result_.faults += faults;
    std::string failure;
    if (in.get() == ' ' && std::getline(in, failure)) result_.failures[seed] = failure;
    if (campaign_.stop_at_first && !result_.failures.empty()) StopBeyond();
  }

  // The first seed that fails is the same however many processes look for it: the lower ones are
  // waited for.
  void StopBeyond() {
    const uint64_t first = result_.failures.begin()->first;
    result_.failures.erase(std::next(result_.failures.begin()), result_.failures.end());
    for (Worker& worker : workers_) {
      if (worker.stopped || worker.ended || worker.seed <= first) continue;
      worker.stopped = true;
      ::kill(worker.pid, SIGTERM);
    }
  }

  void Progress() {
    last_said_ = Clock::now();
    std::fprintf(stderr, "%llu of %llu worlds, %zu failed, %.1f a second\n",
                 static_cast<unsigned long long>(result_.worlds),
                 static_cast<unsigned long long>(campaign_.seeds), result_.failures.size(),
                 static_cast<double>(result_.worlds) / SecondsSince(begin_));
  }

  const Campaign& campaign_;
  const Clock::time_point begin_;
  Clock::time_point last_said_ = begin_;
  std::vector<Worker> workers_;
  CampaignResult result_;
};

}  // namespace

CampaignResult RunCampaign(const Campaign& campaign) { return Foreman(campaign).Run(); }

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "pawl-sim-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) ::abort();
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace pawl::sim
