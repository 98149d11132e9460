#include "crypto/init.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <string>

#include "support/matchers.h"

namespace pawl::crypto {
namespace {

TEST(Init, SucceedsAsOftenAsAsked) {
  EXPECT_THAT(Init(), test::IsOk());
  EXPECT_THAT(Init(), test::IsOk());
}

TEST(Init, HardwareAesIsWhatTheProcessorSays) {
#if defined(__x86_64__)
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  while (std::getline(info, line) && line.rfind("flags", 0) != 0) {
  }
  if (line.empty()) GTEST_SKIP() << "no /proc/cpuinfo";
  line += ' ';
  const bool expected =
      line.find(" aes ") != std::string::npos && line.find(" avx ") != std::string::npos;
  ASSERT_THAT(Init(), test::IsOk());
  EXPECT_EQ(HasHardwareAes(), expected);
#else
  GTEST_SKIP() << "knows only the flags of x86-64";
#endif
}

TEST(SystemRng, NoTwoDrawsAreTheSame) {
  SystemRng rng;
  std::set<ByteArray<16>> seen;
  for (int draw = 0; draw < 1000; ++draw) EXPECT_TRUE(seen.insert(rng.Array<16>()).second);
  rng.Fill({});
}

TEST(SystemRng, FillsEveryByte) {
  SystemRng rng;
  Bytes seen(257, 0);
  for (int draw = 0; draw < 20; ++draw) {
    Bytes bytes(257);
    rng.Fill(bytes);
    for (size_t i = 0; i < bytes.size(); ++i) seen[i] |= bytes[i];
  }
  EXPECT_THAT(seen, ::testing::Each(::testing::Ne(0)));
}

}  // namespace
}  // namespace pawl::crypto
