#ifndef PAWL_BASE_LOG_H_
#define PAWL_BASE_LOG_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl {

enum class LogLevel : int32_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

// An identifier that is logged as "#" and 24 bits of a hash keyed by the Log's salt: lines about
// the same thing correlate within one run and with no other run. The hash is Abseil's, not a PRF:
// who learns the salt (it never leaves the process) can test a guessed identifier against a line.
struct Redacted {
  ByteView id;
};

// One log line: a literal and at most a number and a redacted id. No user data can enter: there is
// no way to append a runtime string. Thread-safe when its sink is.
class Log {
 public:
  // `line` is valid during the call.
  using Sink = void (*)(void* user, LogLevel level, const char* line);

  // A null sink is silent (the default: nothing of ours prints to its host's terminal).
  Log() = default;
  // Lines below `least` are dropped. `salt`: 64 random bits, drawn once by whoever owns the Log.
  Log(Sink sink, void* user, LogLevel least, uint64_t salt);

  void Line(LogLevel level, Literal text) const;
  void Line(LogLevel level, Literal text, int64_t number) const;
  void Line(LogLevel level, Literal text, Redacted id) const;
  void Line(LogLevel level, Literal text, Redacted id, int64_t number) const;

 private:
  bool Wants(LogLevel level) const;
  void Emit(LogLevel level, const std::string& line) const;
  std::string Describe(Redacted id) const;

  Sink sink_ = nullptr;
  void* user_ = nullptr;
  LogLevel least_ = LogLevel::kInfo;
  uint64_t salt_ = 0;
};

}  // namespace pawl

#endif  // PAWL_BASE_LOG_H_
