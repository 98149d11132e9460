#include "transport/config.h"

#include <utility>

#include "transport/receive_window.h"
#include "wire/frame.h"

namespace pawl::transport {
namespace {

constexpr Duration kAnonymousFlushDelay = Milliseconds(20);
constexpr size_t kMaxAccountSize = 512;

bool IsPositive(Duration duration) { return duration > Milliseconds(0) && duration <= Days(1); }

absl::Status CheckIdentity(const ConnectionConfig& config) {
  const Identity& identity = config.identity;
  const bool named =
      !identity.account.empty() || *identity.device != 0 || !identity.encoded_address.empty();
  if (config.mode == Mode::kAnonymous) {
    if (named) return Fail(Code::kInvalidArgument, "anonymous connection with an identity");
    return OkStatus();
  }
  if (identity.account.empty() || identity.account.size() > kMaxAccountSize ||
      *identity.device == 0 || identity.encoded_address.empty()) {
    return Fail(Code::kInvalidArgument, "authenticated connection without an identity");
  }
  return OkStatus();
}

}  // namespace

ConnectionConfig ConnectionConfig::For(Mode mode, Endpoint endpoint, TlsPolicy tls) {
  ConnectionConfig config;
  config.endpoint = std::move(endpoint);
  config.tls = std::move(tls);
  config.mode = mode;
  if (mode == Mode::kAnonymous) config.flush_delay_max = kAnonymousFlushDelay;
  return config;
}

absl::Status Check(const ConnectionConfig& config) {
  PAWL_TRY(CheckPolicy(config.endpoint, config.tls));
  PAWL_TRY(CheckIdentity(config));
  if (config.queue_bytes < wire::kMaxMessageSize || config.drained_below >= config.queue_bytes ||
      config.socket_bytes == 0 || config.max_requests == 0 || config.receive_window == 0 ||
      config.receive_window > kMaxReceiveWindow) {
    return Fail(Code::kInvalidArgument, "connection bounds out of range");
  }
  for (Duration duration :
       {config.connect_timeout, config.authenticate_timeout, config.ping_after, config.dead_after,
        config.backoff_base, config.backoff_cap, config.stable_after}) {
    if (!IsPositive(duration)) return Fail(Code::kInvalidArgument, "connection time out of range");
  }
  if (config.dead_after <= config.ping_after || config.backoff_cap < config.backoff_base ||
      config.flush_delay_max < Milliseconds(0) || config.flush_delay_max > Minutes(1)) {
    return Fail(Code::kInvalidArgument, "connection times contradict each other");
  }
  return OkStatus();
}

}  // namespace pawl::transport
