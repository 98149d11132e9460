#include "base/log.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace pawl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

void Collect(void* user, LogLevel, const char* line) {
  static_cast<std::vector<std::string>*>(user)->push_back(line);
}

std::string LineAbout(std::string_view id, uint64_t salt) {
  std::vector<std::string> lines;
  Log(Collect, &lines, LogLevel::kDebug, salt).Line(LogLevel::kInfo, "seen", {AsBytes(id)});
  return lines.at(0);
}

TEST(Log, WithoutASinkItIsSilent) { Log().Line(LogLevel::kError, "nobody hears"); }

TEST(Log, WritesLiteralNumberAndRedactedId) {
  std::vector<std::string> lines;
  const Log log(Collect, &lines, LogLevel::kDebug, 1);
  log.Line(LogLevel::kInfo, "opened");
  log.Line(LogLevel::kInfo, "rows", -42);
  log.Line(LogLevel::kInfo, "peer", Redacted{AsBytes("alice@example.org")});
  log.Line(LogLevel::kInfo, "peer", Redacted{AsBytes("alice@example.org")}, 3);
  EXPECT_THAT(lines, ElementsAre("opened", "rows -42", MatchesRegex("peer #[0-9a-f]{6}"),
                                 MatchesRegex("peer #[0-9a-f]{6} 3")));
}

TEST(Log, DropsLinesBelowItsLevel) {
  std::vector<std::string> lines;
  const Log log(Collect, &lines, LogLevel::kWarning, 1);
  log.Line(LogLevel::kInfo, "dropped");
  log.Line(LogLevel::kWarning, "kept");
  EXPECT_THAT(lines, ElementsAre("kept"));
}

TEST(Log, OneIdReadsTheSameWithinARunAndOtherwiseNot) {
  EXPECT_EQ(LineAbout("alice", 1), LineAbout("alice", 1));
  EXPECT_NE(LineAbout("alice", 1), LineAbout("bob", 1));
  EXPECT_NE(LineAbout("alice", 1), LineAbout("alice", 2));
  EXPECT_THAT(LineAbout("alice", 1), Not(HasSubstr("alice")));
}

}  // namespace
}  // namespace pawl
