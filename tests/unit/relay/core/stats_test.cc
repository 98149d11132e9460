#include "relay/core/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace pawl::relay {
namespace {

using ::testing::HasSubstr;

TEST(Metrics, EveryNumberHasItsTypeAndItsName) {
  Stats stats;
  stats.device_connections = 3;
  stats.envelopes_stored = 12345;
  const std::string text = RenderMetrics(stats);
  EXPECT_THAT(text, HasSubstr("pawl_relay_connections_open{mode=\"device\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE pawl_relay_envelopes_stored_total counter\n"
                              "pawl_relay_envelopes_stored_total 12345\n"));
}

TEST(Metrics, EveryLineIsACommentOrANameAndANumber) {
  std::istringstream lines(RenderMetrics(Stats()));
  int samples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("# TYPE ", 0) == 0) continue;
    EXPECT_THAT(line, ::testing::MatchesRegex("pawl_relay_[a-z_]+(\\{mode=\"[a-z]+\"\\})? [0-9]+"));
    ++samples;
  }
  EXPECT_EQ(samples, 23);
}

}  // namespace
}  // namespace pawl::relay
