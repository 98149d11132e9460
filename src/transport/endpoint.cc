#include "transport/endpoint.h"

#include <charconv>
#include <optional>

namespace pawl::transport {
namespace {

constexpr size_t kMaxUrl = 1024;
constexpr size_t kMaxHost = 253;  // RFC 1035 §2.3.4, in text form

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <typename Accepts>
bool All(std::string_view text, Accepts accepts) {
  for (char c : text) {
    if (!accepts(c)) return false;
  }
  return true;
}

bool IsHostName(std::string_view host) {
  return !host.empty() && host.size() <= kMaxHost && IsAlnum(host.front()) &&
         All(host, [](char c) { return IsAlnum(c) || c == '.' || c == '-' || c == '_'; });
}

// Good enough to keep anything but an address out: the resolver has the last word.
bool LooksLikeIpv6(std::string_view host) {
  return host.size() >= 2 && host.size() <= 45 && host.find(':') != std::string_view::npos &&
         All(host, [](char c) { return IsHex(c) || c == ':' || c == '.'; });
}

// RFC 3986 §3.3 pchar and '/': what may follow the authority without being a query or a fragment.
bool IsPath(std::string_view path) {
  return path.starts_with('/') && All(path, [](char c) {
           return IsAlnum(c) ||
                  std::string_view("/-._~!$&'()*+,;=:@%").find(c) != std::string_view::npos;
         });
}

std::optional<uint16_t> ParsePort(std::string_view text) {
  uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stopped != end || port == 0) return std::nullopt;
  return port;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool TakePrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Splits "host", "host:port" or "[v6]:port". False for what is neither.
bool SplitAuthority(std::string_view authority, std::string_view* host, std::string_view* port) {
  *port = {};
  if (TakePrefix(authority, "[")) {
    const size_t close = authority.find(']');
    if (close == std::string_view::npos) return false;
    *host = authority.substr(0, close);
    authority.remove_prefix(close + 1);
    if (!LooksLikeIpv6(*host)) return false;
  } else {
    const size_t colon = authority.find(':');
    *host = authority.substr(0, colon);
    authority.remove_prefix(host->size());
    if (!IsHostName(*host)) return false;
  }
  if (authority.empty()) return true;
  if (!TakePrefix(authority, ":") || authority.empty()) return false;
  *port = authority;
  return true;
}

}  // namespace

absl::StatusOr<Endpoint> Endpoint::Parse(std::string_view url) {
  if (url.size() > kMaxUrl) return Fail(Code::kInvalidArgument, "relay URL too long");
  Endpoint endpoint;
  if (TakePrefix(url, "wss://")) {
    endpoint.tls = true;
  } else if (TakePrefix(url, "ws://")) {
    endpoint.tls = false;
  } else {
    return Fail(Code::kInvalidArgument, "relay URL is neither wss:// nor ws://");
  }
  endpoint.port = endpoint.tls ? 443 : 80;
  if (const size_t slash = url.find('/'); slash != std::string_view::npos) {
    endpoint.path = std::string(url.substr(slash));
    url = url.substr(0, slash);
    if (!IsPath(endpoint.path)) return Fail(Code::kInvalidArgument, "relay URL: path");
  }
  std::string_view host, port;
  if (!SplitAuthority(url, &host, &port)) return Fail(Code::kInvalidArgument, "relay URL: host");
  endpoint.host = Lower(host);
  if (!port.empty()) {
    const std::optional<uint16_t> number = ParsePort(port);
    if (!number) return Fail(Code::kInvalidArgument, "relay URL: port");
    endpoint.port = *number;
  }
  return endpoint;
}

std::string Endpoint::ToString() const {
  const bool bracketed = host.find(':') != std::string::npos;
  return (tls ? "wss://" : "ws://") + (bracketed ? "[" + host + "]" : host) + ":" +
         std::to_string(port) + path;
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "::1") return true;
  // 127.0.0.0/8 in full dotted form: "127.1" or "127.evil.example" is something else.
  if (!TakePrefix(host, "127.")) return false;
  for (int part = 0; part < 3; ++part) {
    const std::string_view digits = host.substr(0, host.find('.'));
    uint8_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), end, value);
    if (error != std::errc() || stopped != end) return false;
    host.remove_prefix(digits.size());
    if (part < 2 && !TakePrefix(host, ".")) return false;
  }
  return host.empty();
}

absl::Status CheckPolicy(const TlsPolicy& policy) {
  if (policy.roots == TlsPolicy::Roots::kNone && policy.spki_pins.empty()) {
    return Fail(Code::kInvalidArgument, "TLS policy would believe anybody");
  }
  if (policy.roots == TlsPolicy::Roots::kPemFile && policy.pem_file.empty()) {
    return Fail(Code::kInvalidArgument, "TLS policy names no certificate file");
  }
  return OkStatus();
}

absl::Status CheckPolicy(const Endpoint& endpoint, const TlsPolicy& policy) {
  PAWL_TRY(CheckPolicy(policy));
  if (!endpoint.tls && policy.plain_text == PlainText::kLoopbackOnly &&
      !IsLoopback(endpoint.host)) {
    return Fail(Code::kInvalidArgument, "plain text to another machine is not allowed");
  }
  return OkStatus();
}

}  // namespace pawl::transport
