#ifndef PAWL_BASE_LOG_H_
#define PAWL_BASE_LOG_H_

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/status.h"

namespace pawl {

enum class LogLevel : int32_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

// A salted per-process hash of an identifier: lines about the same thing correlate within one run, and nothing else
// can be learned from it. The salt is drawn by whoever owns the Log.
struct Redacted {
  ByteView id;
};

// One log line: a literal and at most a few numbers and redacted ids. No user data can enter: there is no way to
// append a runtime string.
class Log {
 public:
  using Sink = void (*)(void* user, LogLevel level, const char* line);

  // A null sink is silent (the default: nothing of ours prints to its host's terminal). `salt` keys the redaction.
  Log() = default;
  Log(Sink sink, void* user, LogLevel least, uint64_t salt);

  void Line(LogLevel level, Literal text) const;
  void Line(LogLevel level, Literal text, int64_t number) const;
  void Line(LogLevel level, Literal text, Redacted id) const;
  void Line(LogLevel level, Literal text, Redacted id, int64_t number) const;

 private:
  void Emit(LogLevel level, const std::string& line) const;
  std::string Describe(Redacted id) const;

  Sink sink_ = nullptr;
  void* user_ = nullptr;
  LogLevel least_ = LogLevel::kInfo;
  uint64_t salt_ = 0;
};

}  // namespace pawl

#endif  // PAWL_BASE_LOG_H_
