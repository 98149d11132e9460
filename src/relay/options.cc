#include "relay/options.h"

#include <charconv>

#include "identity/address.h"

namespace pawl::relay {
namespace {

constexpr double kMaxRateScale = 1e9;

// A flag: its value's name is empty when it takes none. Set returns what is wrong with the value,
// or nothing.
struct Flag {
  const char* name;
  const char* value;
  const char* help;
  std::optional<std::string> (*set)(Options& options, const std::string& value);
};

using Wrong = std::optional<std::string>;

template <typename Number>
Wrong ParseNumber(const std::string& text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc() && end == text.data() + text.size()) return std::nullopt;
  return "'" + text + "' is not a number in range";
}

// 1000, 64k, 32m, 4g.
Wrong ParseSize(const std::string& text, uint64_t& out) {
  const std::string_view units = "kmg";
  const size_t unit = text.empty() ? std::string_view::npos : units.find(text.back());
  uint64_t number = 0;
  const std::string digits =
      unit == std::string_view::npos ? text : text.substr(0, text.size() - 1);
  if (Wrong wrong = ParseNumber(digits, number))
    return "'" + text + "' is not a size like 64k, 32m or 4g";
  const unsigned shift =
      unit == std::string_view::npos ? 0 : 10 * (static_cast<unsigned>(unit) + 1);
  if (number > UINT64_MAX >> 1 >> shift) return "'" + text + "' is too large";
  out = number << shift;
  return std::nullopt;
}

Wrong ParseHostPort(const std::string& text, std::string& host_out, uint16_t& port) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return "'" + text + "' is not HOST:PORT";
  std::string host = text.substr(0, colon);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  if (Wrong wrong = ParseNumber(text.substr(colon + 1), port)) return "the port of " + *wrong;
  host_out = host.empty() ? "::" : host;
  return std::nullopt;
}

Wrong ParseListen(const std::string& text, Options& options) {
  Wrong wrong = ParseHostPort(text, options.host, options.port);
  if (!wrong) options.listen = text;
  return wrong;
}

bool IsLoopback(const std::string& host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

Wrong ParseMetricsListen(const std::string& text, Options& options) {
  if (Wrong wrong = ParseHostPort(text, options.metrics_host, options.metrics_port)) return wrong;
  if (IsLoopback(options.metrics_host)) return std::nullopt;
  return "'" + text + "' is not on a loopback address";
}

constexpr Flag kFlags[] = {
    {"listen", "HOST:PORT", "where to listen; port 0 takes a free one (default 127.0.0.1:8443)",
     [](Options& o, const std::string& v) { return ParseListen(v, o); }},
    {"domain", "NAME", "the part after @ of the accounts that live here (default localhost)",
     [](Options& o, const std::string& v) -> Wrong {
       o.domain = v;
       return identity::Address::Create("name", v).ok()
                  ? std::nullopt
                  : Wrong("'" + v + "' is no domain: lower case, host or host:port");
     }},
    {"data", "DIR", "folder of database and blobs; made when missing (needed)",
     [](Options& o, const std::string& v) -> Wrong {
       o.data = v;
       return std::nullopt;
     }},
    {"tls-cert", "FILE", "certificate chain, PEM",
     [](Options& o, const std::string& v) -> Wrong {
       o.tls_cert = v;
       return std::nullopt;
     }},
    {"tls-key", "FILE", "its private key, PEM",
     [](Options& o, const std::string& v) -> Wrong {
       o.tls_key = v;
       return std::nullopt;
     }},
    {"dev-cert", "", "make and use a self-signed certificate in the data folder; clients pin it",
     [](Options& o, const std::string&) -> Wrong {
       o.dev_cert = true;
       return std::nullopt;
     }},
    {"plain", "",
     "no TLS, on a loopback address alone, for tests. Not behind a proxy that ends TLS: devices "
     "log "
     "in to the TLS channel itself. A proxy that passes TLS through is fine, without this flag",
     [](Options& o, const std::string&) -> Wrong {
       o.plain = true;
       return std::nullopt;
     }},
    {"db-key-file", "FILE",
     "encrypt the database with this key (blobs are ciphertext anyway): 32 bytes, or 64 hex digits",
     [](Options& o, const std::string& v) -> Wrong {
       o.db_key_file = v;
       return std::nullopt;
     }},
    {"registration", "open|invite",
     "who may make an account (default open); see 'pawl-relay invite'",
     [](Options& o, const std::string& v) -> Wrong {
       o.invitation_required = v == "invite";
       return v == "open" || v == "invite" ? std::nullopt
                                           : Wrong("'" + v + "' is neither open nor invite");
     }},
    {"mailbox-messages", "N", "waiting messages per device (default 4096)",
     [](Options& o, const std::string& v) { return ParseNumber(v, o.quotas.mailbox_messages); }},
    {"mailbox-bytes", "SIZE", "...and their bytes (default 32m)",
     [](Options& o, const std::string& v) { return ParseSize(v, o.quotas.mailbox_bytes); }},
    {"blob-bytes", "SIZE", "uploaded files per account (default 4g)",
     [](Options& o, const std::string& v) { return ParseSize(v, o.quotas.blob_bytes); }},
    {"metrics-listen", "HOST:PORT",
     "where GET /metrics answers, in plain HTTP, on a loopback address (default: nowhere)",
     [](Options& o, const std::string& v) { return ParseMetricsListen(v, o); }},
    {"rate-scale", "FACTOR",
     "multiplies every rate limit (default 1). Limits are per network: where very many people "
     "share "
     "one address, 10 would let 100 of them register at once and 60 an hour; with '--registration "
     "invite' invitations do",
     [](Options& o, const std::string& v) {
       const Wrong wrong = ParseNumber(v, o.rate_scale);
       // Also refuses what is not a number by name.
       return wrong || (o.rate_scale > 0 && o.rate_scale <= kMaxRateScale)
                  ? wrong
                  : Wrong("'" + v + "' is not a factor above 0");
     }},
    {"log-level", "debug|info|warning|error",
     "least level that is logged, to standard error (default info)",
     [](Options& o, const std::string& v) -> Wrong {
       o.log_level = v;
       const bool known = v == "debug" || v == "info" || v == "warning" || v == "error";
       return known ? std::nullopt : Wrong("'" + v + "' is no log level");
     }},
};

const Flag* FindFlag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (name == flag.name) return &flag;
  }
  return nullptr;
}

std::string VariableOf(const Flag& flag) {
  std::string name = "PAWL_RELAY_";
  for (const char* c = flag.name; *c != '\0'; ++c) {
    name += *c == '-' ? '_' : static_cast<char>(*c - 'a' + 'A');
  }
  return name;
}

Wrong ReadEnvironment(const Environment& environment, Options& options) {
  for (const Flag& flag : kFlags) {
    const std::optional<std::string> value = environment(VariableOf(flag));
    if (!value || (*flag.value == '\0' && *value == "0")) continue;
    if (Wrong wrong = flag.set(options, *value)) return VariableOf(flag) + ": " + *wrong;
  }
  return std::nullopt;
}

// One argument, which may take the next one as its value; the new position.
std::variant<size_t, UsageError> ReadFlag(std::span<const std::string> arguments, size_t at,
                                          Options& options) {
  const std::string& argument = arguments[at];
  if (!argument.starts_with("--")) return UsageError{"unknown argument '" + argument + "'"};
  const size_t equals = argument.find('=');
  const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
  const Flag* flag = FindFlag(name);
  if (flag == nullptr) return UsageError{"unknown argument '" + argument + "'"};
  std::string value;
  const bool takes_value = *flag->value != '\0';
  if (takes_value && equals != std::string::npos) {
    value = argument.substr(equals + 1);
  } else if (takes_value) {
    if (++at == arguments.size()) return UsageError{"--" + name + " needs a value: " + flag->value};
    value = arguments[at];
  } else if (equals != std::string::npos) {
    return UsageError{"--" + name + " takes no value"};
  }
  if (Wrong wrong = flag->set(options, value)) return UsageError{"--" + name + ": " + *wrong};
  return at + 1;
}

Wrong CheckServe(const Options& options) {
  if (options.plain) {
    if (IsLoopback(options.host)) return std::nullopt;
    return "--plain is for loopback addresses; give --tls-cert and --tls-key, or listen on "
           "127.0.0.1";
  }
  if (options.dev_cert) return std::nullopt;
  if (options.tls_cert.empty() || options.tls_key.empty()) {
    return "no certificate: give --tls-cert and --tls-key, or --dev-cert to try it out";
  }
  return std::nullopt;
}

size_t ReadVerb(std::span<const std::string> arguments, Options& options) {
  if (arguments.empty()) return 0;
  if (arguments[0] == "invite") options.verb = Options::Verb::kInvite;
  if (arguments[0] == "reset") options.verb = Options::Verb::kReset;
  if (options.verb == Options::Verb::kServe) return 0;
  if (options.verb == Options::Verb::kInvite || arguments.size() < 2) return 1;
  options.name = arguments[1];
  return 2;
}

}  // namespace

std::variant<Options, HelpWanted, UsageError> ParseOptions(std::span<const std::string> arguments,
                                                           const Environment& environment) {
  Options options;
  ParseListen(options.listen, options);
  if (Wrong wrong = ReadEnvironment(environment, options)) return UsageError{*wrong};
  size_t at = ReadVerb(arguments, options);
  while (at < arguments.size()) {
    if (arguments[at] == "--help" || arguments[at] == "-h") return HelpWanted{};
    auto next = ReadFlag(arguments, at, options);
    if (auto* error = std::get_if<UsageError>(&next)) return *error;
    at = std::get<size_t>(next);
  }
  if (options.data.empty()) return UsageError{"no data folder: give --data DIR"};
  if (options.verb == Options::Verb::kReset &&
      (options.name.empty() || options.name.starts_with("-"))) {
    return UsageError{"reset needs the account's address: pawl-relay reset name@domain --data DIR"};
  }
  if (options.verb == Options::Verb::kServe) {
    if (Wrong wrong = CheckServe(options)) return UsageError{*wrong};
  }
  return options;
}

std::string UsageText() {
  std::string text =
      "usage: pawl-relay --data DIR [FLAG...]          serve\n"
      "       pawl-relay invite --data DIR [FLAG...]   print an invitation code, good for one "
      "account and 30 days\n"
      "       pawl-relay reset ADDRESS --data DIR      remove an account; its name is free again\n"
      "\n"
      "A Pawl relay: mailboxes, device lists, prekeys and blobs of its accounts. It cannot "
      "decrypt.\n"
      "Prints 'url' and 'pin' lines on standard output once it serves; logs to standard error.\n"
      "SIGTERM or SIGINT end it in good order. GET /health answers on the same port.\n"
      "\n"
      "Each flag can be given by the environment: --db-key-file is PAWL_RELAY_DB_KEY_FILE.\n\n";
  for (const Flag& flag : kFlags) {
    std::string left =
        std::string("  --") + flag.name + (*flag.value == '\0' ? "" : " ") + flag.value;
    if (left.size() < 30) left.resize(30, ' ');
    text += left + " " + flag.help + "\n";
  }
  return text;
}

}  // namespace pawl::relay
