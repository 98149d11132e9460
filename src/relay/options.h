#ifndef PAWL_RELAY_OPTIONS_H_
#define PAWL_RELAY_OPTIONS_H_

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/status.h"
#include "relay/engine/engine.h"
#include "relay/ws/server.h"

namespace pawl::relay {

// What pawl-relay was asked to do: by flags, else by the environment (--listen is
// PAWL_RELAY_LISTEN), else by default.
struct Options {
  enum class Verb { kServe, kInvite, kReset };
  Verb verb = Verb::kServe;
  std::string name;  // kReset: whose account

  std::string listen = "127.0.0.1:8443";
  std::string domain = "localhost";
  std::string data;
  std::string tls_cert;
  std::string tls_key;
  bool dev_cert = false;
  bool plain = false;
  std::string db_key_file;
  bool invitation_required = false;
  engine::Quotas quotas;
  std::string log_level = "info";
  double rate_scale = 1;

  std::string host;  // of `listen`
  uint16_t port = 0;
  std::string metrics_host;  // empty: no metrics
  uint16_t metrics_port = 0;
};

struct HelpWanted {};
// What is wrong, for a person, and what to do about it.
struct UsageError {
  std::string text;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

std::variant<Options, HelpWanted, UsageError> ParseOptions(std::span<const std::string> arguments,
                                                           const Environment& environment);
std::string UsageText();

}  // namespace pawl::relay

#endif  // PAWL_RELAY_OPTIONS_H_
