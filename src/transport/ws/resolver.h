#ifndef PAWL_TRANSPORT_WS_RESOLVER_H_
#define PAWL_TRANSPORT_WS_RESOLVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"

namespace pawl::transport::ws {

// Numeric addresses, in the order in which to try them.
using Addresses = std::vector<std::string>;

// What needs no asking: an IPv4 or IPv6 address is itself, "localhost" is this machine whatever DNS
// says (RFC 6761 §6.3). Empty for everything else.
Addresses KnownAddresses(const std::string& host);

// Asks the system for a host's addresses on a thread of its own: getaddrinfo blocks, for minutes if
// it likes, and libwebsockets would call it on the loop's thread. One question at a time. Any
// thread; the destructor does not wait for an answer that is still out.
class Resolver {
 public:
  using Lookup = Addresses (*)(const std::string& host);
  // On the helper thread; never after ~Resolver has begun. Empty: no address.
  using Done = absl::AnyInvocable<void(Addresses)>;

  // getaddrinfo, at most kMaxAddresses.
  static Addresses System(const std::string& host);
  static constexpr size_t kMaxAddresses = 8;

  explicit Resolver(Lookup lookup = &System);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // False when no thread can be had; then `done` is not called.
  bool Resolve(std::string host, Done done);

 private:
  struct Shared;  // outlives the Resolver in the hands of the helper thread
  static void Work(const std::shared_ptr<Shared>& shared);

  std::shared_ptr<Shared> shared_;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_RESOLVER_H_
