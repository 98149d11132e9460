// pawl-relay: serves, and what an operator does besides.

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/system_clock.h"
#include "crypto/init.h"
#include "relay/administration.h"
#include "relay/options.h"
#include "relay/service.h"
#include "relay/ws/certificate.h"

namespace {

using pawl::relay::Options;

int Complain(const absl::Status& status) {
  const std::string_view text = pawl::MessageOf(status);
  const std::string_view name = pawl::CodeName(pawl::CodeOf(status));
  std::fprintf(stderr, "pawl-relay: %.*s (%.*s)\n", static_cast<int>(text.size()), text.data(),
               static_cast<int>(name.size()), name.data());
  return 1;
}

void WriteLog(void*, pawl::LogLevel level, const char* line) {
  static constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
  const int64_t ms = pawl::SystemClock().Now().ms;
  std::fprintf(stderr, "time=%lld.%03lld level=%s msg=\"%s\"\n", static_cast<long long>(ms / 1000),
               static_cast<long long>(ms % 1000), kNames[static_cast<int>(level)], line);
}

pawl::LogLevel LevelOf(const Options& options) {
  if (options.log_level == "debug") return pawl::LogLevel::kDebug;
  if (options.log_level == "warning") return pawl::LogLevel::kWarning;
  if (options.log_level == "error") return pawl::LogLevel::kError;
  return pawl::LogLevel::kInfo;
}

void Announce(const Options& options, const pawl::relay::Service& service) {
  const bool bare_v6 = options.host.find(':') != std::string::npos;
  std::printf("url\t%s://%s%s%s:%u\n", options.plain ? "ws" : "wss", bare_v6 ? "[" : "",
              options.host.c_str(), bare_v6 ? "]" : "", service.port());
  if (!options.plain) {
    std::printf("pin\t");
    for (const uint8_t byte : service.key_hash()) std::printf("%02x", byte);
    std::printf("\n");
  }
  std::fflush(stdout);
}

int Serve(Options options) {
  pawl::SystemClock clock;
  pawl::crypto::SystemRng rng;
  const pawl::Log log(&WriteLog, nullptr, LevelOf(options), rng.U64());
  if (options.dev_cert) {
    options.tls_cert = options.data + "/dev-cert.pem";
    options.tls_key = options.data + "/dev-key.pem";
    const absl::Status made = pawl::relay::ws::EnsureDevelopmentCertificate(
        options.tls_cert, options.tls_key, clock.Now());
    if (!made.ok()) return Complain(made);
  }
  auto service = pawl::relay::Service::Create(options, clock, log);
  if (!service.ok()) return Complain(service.status());
  Announce(options, **service);
  (*service)->Run();
  return 0;
}

int Invite(const Options& options) {
  pawl::crypto::SystemRng rng;
  const auto code = pawl::relay::MakeInvitation(options, pawl::SystemClock().Now(), rng);
  if (!code.ok()) return Complain(code.status());
  std::printf("%s\n", code->c_str());
  return 0;
}

int Reset(const Options& options) {
  const absl::Status done = pawl::relay::ResetAccount(options);
  if (!done.ok()) return Complain(done);
  std::printf("%s is gone; the name is free\n", options.name.c_str());
  return 0;
}

std::optional<std::string> FromEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  auto parsed = pawl::relay::ParseOptions(arguments, &FromEnvironment);
  if (std::holds_alternative<pawl::relay::HelpWanted>(parsed)) {
    std::fputs(pawl::relay::UsageText().c_str(), stdout);
    return 0;
  }
  if (const auto* error = std::get_if<pawl::relay::UsageError>(&parsed)) {
    std::fprintf(stderr, "pawl-relay: %s\n'pawl-relay --help' lists the flags.\n",
                 error->text.c_str());
    return 2;
  }
  const auto& options = std::get<Options>(parsed);
  if (const absl::Status ready = pawl::crypto::Init(); !ready.ok()) return Complain(ready);
  mkdir(options.data.c_str(), 0700);  // what is wrong with it shows when it is opened
  switch (options.verb) {
    case Options::Verb::kInvite:
      return Invite(options);
    case Options::Verb::kReset:
      return Reset(options);
    case Options::Verb::kServe:
      return Serve(options);
  }
  return 2;
}
