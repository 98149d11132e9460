#include "transport/endpoint.h"

#include <gtest/gtest.h>

#include "support/matchers.h"

namespace pawl::transport {
namespace {

using pawl::test::HasCode;
using pawl::test::IsOk;

Endpoint Make(bool tls, std::string host, uint16_t port, std::string path) {
  return {.tls = tls, .host = std::move(host), .port = port, .path = std::move(path)};
}

TEST(Endpoint, ParsesWhatARelayUrlMayBe) {
  const std::pair<std::string_view, Endpoint> cases[] = {
      {"wss://relay.example.org", Make(true, "relay.example.org", 443, "/")},
      {"wss://Relay.Example.ORG:8443/", Make(true, "relay.example.org", 8443, "/")},
      {"wss://relay.example.org/a/b.c~d", Make(true, "relay.example.org", 443, "/a/b.c~d")},
      {"ws://127.0.0.1:9000", Make(false, "127.0.0.1", 9000, "/")},
      {"ws://localhost", Make(false, "localhost", 80, "/")},
      {"wss://[::1]:4443/x", Make(true, "::1", 4443, "/x")},
      {"wss://[2001:db8::7]", Make(true, "2001:db8::7", 443, "/")},
  };
  for (const auto& [url, expected] : cases) {
    PAWL_ASSERT_OK_AND_ASSIGN(const Endpoint endpoint, Endpoint::Parse(url));
    EXPECT_EQ(endpoint, expected) << url;
  }
}

TEST(Endpoint, RefusesEverythingElse) {
  using namespace std::string_view_literals;
  const std::string_view cases[] = {
      "",
      "relay.example.org",
      "https://relay.example.org",
      "WSS://relay.example.org",
      "wss://",
      "wss:///path",
      "wss://user@relay.example.org",
      "wss://user:password@relay.example.org",
      "wss://relay.example.org?query",
      "wss://relay.example.org/?query",
      "wss://relay.example.org/#fragment",
      "wss://relay.example.org:",
      "wss://relay.example.org:0",
      "wss://relay.example.org:65536",
      "wss://relay.example.org:+1",
      "wss://relay.example.org:80x",
      "wss://relay example.org",
      "wss://relay.example.org/a b",
      "wss://relay.example.org/a\r\nHost: evil",
      "wss://relay.example.org\0.evil"sv,
      "wss://-relay.example.org",
      "wss://[::1",
      "wss://[relay]",
      "wss://[::1]x",
      "wss://::1",
      "wss://r\xc3\xa9lay.example.org",
  };
  for (std::string_view url : cases) {
    EXPECT_THAT(Endpoint::Parse(url), HasCode(Code::kInvalidArgument)) << url;
  }
  EXPECT_THAT(Endpoint::Parse("wss://a/" + std::string(1024, 'x')),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(Endpoint::Parse("wss://" + std::string(254, 'x')), HasCode(Code::kInvalidArgument));
}

TEST(Endpoint, ToStringParsesBack) {
  for (std::string_view url : {"wss://relay.example.org", "ws://[::1]:8080/p", "ws://127.0.0.1"}) {
    PAWL_ASSERT_OK_AND_ASSIGN(const Endpoint endpoint, Endpoint::Parse(url));
    PAWL_ASSERT_OK_AND_ASSIGN(const Endpoint again, Endpoint::Parse(endpoint.ToString()));
    EXPECT_EQ(endpoint, again);
  }
}

TEST(IsLoopback, OnlyThisMachine) {
  for (std::string_view host : {"localhost", "127.0.0.1", "127.255.0.9", "::1"}) {
    EXPECT_TRUE(IsLoopback(host)) << host;
  }
  for (std::string_view host :
       {"", "128.0.0.1", "127.0.0.1.evil.example", "127.evil.example", "127.1", "127.0.0.256",
        "127.0.0.", "127..0.1", "localhost.evil.example", "::2", "0.0.0.0"}) {
    EXPECT_FALSE(IsLoopback(host)) << host;
  }
}

TEST(CheckPolicy, PlainTextStaysOnThisMachineUnlessAllowed) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Endpoint local, Endpoint::Parse("ws://127.0.0.1"));
  PAWL_ASSERT_OK_AND_ASSIGN(const Endpoint remote, Endpoint::Parse("ws://192.0.2.1"));
  TlsPolicy policy;
  EXPECT_THAT(CheckPolicy(local, policy), IsOk());
  EXPECT_THAT(CheckPolicy(remote, policy), HasCode(Code::kInvalidArgument));
  policy.plain_text = PlainText::kAllowed;
  EXPECT_THAT(CheckPolicy(remote, policy), IsOk());
}

TEST(CheckPolicy, SomebodyMustVouchForTheServer) {
  TlsPolicy policy;
  policy.roots = TlsPolicy::Roots::kNone;
  EXPECT_THAT(CheckPolicy(policy), HasCode(Code::kInvalidArgument));
  policy.spki_pins = {ByteArray<32>{1}};
  EXPECT_THAT(CheckPolicy(policy), IsOk());
  policy.roots = TlsPolicy::Roots::kPemFile;
  EXPECT_THAT(CheckPolicy(policy), HasCode(Code::kInvalidArgument));
  policy.pem_file = "roots.pem";
  EXPECT_THAT(CheckPolicy(policy), IsOk());
}

}  // namespace
}  // namespace pawl::transport
