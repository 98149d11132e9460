#include "transport/ws/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <csignal>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace pawl::transport::ws {

struct Resolver::Shared {
  struct Question {
    std::string host;
    Done done;
  };
  std::mutex mutex;
  std::deque<Question> questions;
  bool working = false;
  bool abandoned = false;
  Lookup lookup = nullptr;
};

namespace {

// A helper thread must not run the host's signal handlers.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old_);
  }
  ~AllSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &old_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t old_;
};

bool IsNumeric(int family, const std::string& host) {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), address) == 1;
}

}  // namespace

Addresses KnownAddresses(const std::string& host) {
  if (host == "localhost") return {"127.0.0.1", "::1"};
  if (IsNumeric(AF_INET, host) || IsNumeric(AF_INET6, host)) return {host};
  return {};
}

Addresses Resolver::System(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
  Addresses addresses;
  for (const addrinfo* at = found; at != nullptr && addresses.size() < kMaxAddresses;
       at = at->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) ==
        0) {
      addresses.emplace_back(text);
    }
  }
  freeaddrinfo(found);
  return addresses;
}

Resolver::Resolver(Lookup lookup) : shared_(std::make_shared<Shared>()) {
  shared_->lookup = lookup;
}

// A question that is out cannot be called back; its thread finds nobody interested and ends.
Resolver::~Resolver() {
  const std::lock_guard lock(shared_->mutex);
  shared_->abandoned = true;
  shared_->questions.clear();
}

bool Resolver::Resolve(std::string host, Done done) {
  const std::lock_guard lock(shared_->mutex);
  shared_->questions.push_back({std::move(host), std::move(done)});
  if (shared_->working) return true;
  try {
    const AllSignalsBlocked inherited;
    std::thread(&Resolver::Work, shared_).detach();
  } catch (const std::system_error&) {
    shared_->questions.pop_back();
    return false;
  }
  shared_->working = true;
  return true;
}

void Resolver::Work(const std::shared_ptr<Shared>& shared) {
  std::unique_lock lock(shared->mutex);
  while (!shared->questions.empty()) {
    Shared::Question question = std::move(shared->questions.front());
    shared->questions.pop_front();
    lock.unlock();
    Addresses addresses = shared->lookup(question.host);
    lock.lock();
    // Under the lock, so that ~Resolver returns either before or after.
    if (!shared->abandoned) question.done(std::move(addresses));
  }
  shared->working = false;
}

}  // namespace pawl::transport::ws
