#include "base/log.h"

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"

namespace pawl {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";
// 24 bits: enough to follow one thing through a log, too few to be a fingerprint of it elsewhere.
constexpr int kRedactedDigits = 6;

}  // namespace

Log::Log(Sink sink, void* user, LogLevel least, uint64_t salt)
    : sink_(sink), user_(user), least_(least), salt_(salt) {}

void Log::Line(LogLevel level, Literal text) const {
  if (!Wants(level)) return;
  Emit(level, std::string(text.text()));
}

void Log::Line(LogLevel level, Literal text, int64_t number) const {
  if (!Wants(level)) return;
  Emit(level, std::string(text.text()) + ' ' + std::to_string(number));
}

void Log::Line(LogLevel level, Literal text, Redacted id) const {
  if (!Wants(level)) return;
  Emit(level, std::string(text.text()) + ' ' + Describe(id));
}

void Log::Line(LogLevel level, Literal text, Redacted id, int64_t number) const {
  if (!Wants(level)) return;
  Emit(level, std::string(text.text()) + ' ' + Describe(id) + ' ' + std::to_string(number));
}

bool Log::Wants(LogLevel level) const { return sink_ != nullptr && level >= least_; }

void Log::Emit(LogLevel level, const std::string& line) const { sink_(user_, level, line.c_str()); }

std::string Log::Describe(Redacted id) const {
  const uint64_t hash = absl::HashOf(salt_, absl::string_view(AsText(id.id).data(), id.id.size()));
  std::string text = "#";
  for (int digit = 0; digit < kRedactedDigits; ++digit) {
    text += kHexDigits[(hash >> (4 * digit)) & 15];
  }
  return text;
}

}  // namespace pawl
