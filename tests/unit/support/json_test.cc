#include "support/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

namespace pawl::test {
namespace {

TEST(Json, ReadsEachKindOfMember) {
  const Json json = Json::Parse(R"({"t": "x", "h": "0aff", "n": -3, "b": true, "z": null,
                                    "l": [{"n": 1}, {"n": 2}]})");
  EXPECT_EQ(json.Text("t"), "x");
  EXPECT_EQ(json.Hex("h"), (Bytes{0x0a, 0xff}));
  EXPECT_EQ(json.Int("n"), -3);
  EXPECT_TRUE(json.Bool("b"));
  EXPECT_TRUE(json.Get("z").IsNull());
  ASSERT_EQ(json.List("l").size(), 2u);
  EXPECT_EQ(json.List("l")[1].Int("n"), 2);
  EXPECT_FALSE(json.Has("absent"));
}

TEST(Json, AValueOutlivesTheDocumentItCameFrom) {
  Json inner;
  {
    const Json outer = Json::Parse(R"({"a": {"b": 7}})");
    inner = outer.Get("a");
  }
  EXPECT_EQ(inner.Int("b"), 7);
}

TEST(Json, SurprisesFailTheTest) {
  EXPECT_NONFATAL_FAILURE(Json::Parse("{"), "not JSON");
  const Json json = Json::Parse(R"({"n": 1})");
  EXPECT_NONFATAL_FAILURE(json.Get("m"), "no member m");
  EXPECT_NONFATAL_FAILURE(json.Text("n"), "not a string");
  EXPECT_NONFATAL_FAILURE(json.List("n"), "not an array");
  EXPECT_NONFATAL_FAILURE(json.Bool("n"), "not a boolean");
}

}  // namespace
}  // namespace pawl::test
