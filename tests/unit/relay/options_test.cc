#include "relay/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace pawl::relay {
namespace {

using ::testing::HasSubstr;
using Arguments = std::vector<std::string>;

class RelayOptions : public ::testing::Test {
 protected:
  std::variant<Options, HelpWanted, UsageError> Parse(const Arguments& arguments) const {
    return ParseOptions(arguments, [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    });
  }
  // What is understood, of arguments that are right, beside those that are always needed.
  Options Understood(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--data", "/var/pawl", "--dev-cert"});
    auto parsed = Parse(arguments);
    if (const auto* error = std::get_if<UsageError>(&parsed)) ADD_FAILURE() << error->text;
    if (!std::holds_alternative<Options>(parsed)) return {};
    return std::get<Options>(std::move(parsed));
  }
  // What is said of arguments that are wrong.
  std::string Complaint(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--data", "/var/pawl", "--dev-cert"});
    return ComplaintOf(Parse(arguments));
  }
  static std::string ComplaintOf(const std::variant<Options, HelpWanted, UsageError>& parsed) {
    const auto* error = std::get_if<UsageError>(&parsed);
    EXPECT_NE(error, nullptr);
    return error ? error->text : "";
  }
  std::map<std::string, std::string> environment_;
};

TEST_F(RelayOptions, WithoutFlagsTheDefaultsHold) {
  const Options options = Understood({});
  EXPECT_EQ(options.verb, Options::Verb::kServe);
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.port, 8443);
  EXPECT_EQ(options.domain, "localhost");
  EXPECT_FALSE(options.invitation_required);
  EXPECT_FALSE(options.plain);
  EXPECT_EQ(options.quotas.mailbox_messages, engine::Quotas().mailbox_messages);
  EXPECT_EQ(options.rate_scale, 1);
}

TEST_F(RelayOptions, EveryFlagIsTakenInEitherSpelling) {
  const Options options = Understood(
      {"--listen", "0.0.0.0:443", "--domain=example.org", "--tls-cert", "c.pem", "--tls-key=k.pem",
       "--db-key-file", "key", "--registration=invite", "--mailbox-messages", "10",
       "--mailbox-bytes=64k", "--blob-bytes", "3g", "--log-level=debug", "--rate-scale", "2.5"});
  EXPECT_EQ(options.host, "0.0.0.0");
  EXPECT_EQ(options.port, 443);
  EXPECT_EQ(options.domain, "example.org");
  EXPECT_EQ(options.data, "/var/pawl");
  EXPECT_EQ(options.tls_cert, "c.pem");
  EXPECT_EQ(options.tls_key, "k.pem");
  EXPECT_EQ(options.db_key_file, "key");
  EXPECT_TRUE(options.invitation_required);
  EXPECT_EQ(options.quotas.mailbox_messages, 10u);
  EXPECT_EQ(options.quotas.mailbox_bytes, 64u << 10);
  EXPECT_EQ(options.quotas.blob_bytes, 3ull << 30);
  EXPECT_EQ(options.log_level, "debug");
  EXPECT_EQ(options.rate_scale, 2.5);
}

TEST_F(RelayOptions, AFlagOutweighsTheEnvironmentAndThatTheDefault) {
  environment_ = {{"PAWL_RELAY_DOMAIN", "env.example.org"},
                  {"PAWL_RELAY_DB_KEY_FILE", "from-env"},
                  {"PAWL_RELAY_PLAIN", "0"}};
  const Options options = Understood({"--domain", "flag.example.org"});
  EXPECT_EQ(options.domain, "flag.example.org");
  EXPECT_EQ(options.db_key_file, "from-env");
  EXPECT_FALSE(options.plain) << "0 is no";
  environment_["PAWL_RELAY_PLAIN"] = "1";
  EXPECT_TRUE(Understood({}).plain);
  environment_["PAWL_RELAY_DOMAIN"] = "No Domain";
  EXPECT_THAT(Complaint({}), HasSubstr("PAWL_RELAY_DOMAIN"));
}

TEST_F(RelayOptions, AddressesToListenOn) {
  EXPECT_EQ(Understood({"--listen", "[::1]:0"}).host, "::1");
  EXPECT_EQ(Understood({"--listen", "[::1]:0"}).port, 0);
  EXPECT_EQ(Understood({"--listen", ":65535"}).host, "::");
  EXPECT_EQ(Understood({"--listen", ":65535"}).port, 65535);
  for (const char* wrong : {"localhost", "localhost:", "localhost:x", "localhost:65536",
                            "localhost:-1", "localhost:80 ", ""}) {
    EXPECT_THAT(Complaint({"--listen", wrong}), HasSubstr("--listen")) << wrong;
  }
}

TEST_F(RelayOptions, SizesHaveUnitsAndBounds) {
  const auto bytes = [&](const char* text) {
    return Understood({"--mailbox-bytes", text}).quotas.mailbox_bytes;
  };
  EXPECT_EQ(bytes("1000"), 1000u);
  EXPECT_EQ(bytes("0"), 0u);
  EXPECT_EQ(bytes("2m"), 2u << 20);
  EXPECT_EQ(bytes("8388607g"), 8388607ull << 30);
  for (const char* wrong :
       {"", "k", "1t", "-1", "1.5k", "8589934592g", "99999999999999999999", "1 k", "0x10"}) {
    EXPECT_THAT(Complaint({"--mailbox-bytes", wrong}), HasSubstr("--mailbox-bytes")) << wrong;
  }
}

TEST_F(RelayOptions, ValuesThatMeanNothingAreSaidByName) {
  EXPECT_THAT(Complaint({"--domain", "Example.org"}), HasSubstr("--domain"));
  EXPECT_THAT(Complaint({"--domain", ""}), HasSubstr("--domain"));
  EXPECT_THAT(Complaint({"--registration", "closed"}), HasSubstr("'closed'"));
  EXPECT_THAT(Complaint({"--log-level", "loud"}), HasSubstr("'loud'"));
  EXPECT_THAT(Complaint({"--mailbox-messages", "4294967296"}), HasSubstr("--mailbox-messages"));
  for (const char* wrong : {"0", "-1", "nan", "inf", "2e9", "fast", ""}) {
    EXPECT_THAT(Complaint({"--rate-scale", wrong}), HasSubstr("--rate-scale")) << wrong;
  }
}

TEST_F(RelayOptions, WhatIsNoFlagIsNotGuessedAt) {
  for (const char* wrong : {"serve", "--", "---data", "-d", "--listens", "--list", "=", "--=x"}) {
    EXPECT_THAT(Complaint({wrong}), HasSubstr("unknown argument")) << wrong;
  }
  EXPECT_THAT(Complaint({"--plain=1"}), HasSubstr("takes no value"));
  EXPECT_THAT(ComplaintOf(Parse({"--dev-cert", "--data"})), HasSubstr("needs a value"));
}

TEST_F(RelayOptions, HelpIsHeardAmongOtherThings) {
  EXPECT_TRUE(std::holds_alternative<HelpWanted>(Parse({"--help"})));
  EXPECT_TRUE(std::holds_alternative<HelpWanted>(Parse({"invite", "-h"})));
  for (const char* part : {"--listen", "--db-key-file", "--rate-scale", "invite", "reset"}) {
    EXPECT_THAT(UsageText(), HasSubstr(part));
  }
}

TEST_F(RelayOptions, WithoutAFolderThereIsNoRelay) {
  EXPECT_THAT(ComplaintOf(Parse({"--dev-cert"})), HasSubstr("--data"));
  EXPECT_THAT(ComplaintOf(Parse({"invite"})), HasSubstr("--data"));
}

TEST_F(RelayOptions, WithoutTlsItServesOnALoopbackAddressAlone) {
  const auto plain = [&](const char* listen) {
    return Parse({"--data", "d", "--plain", "--listen", listen});
  };
  for (const char* listen : {"127.0.0.1:0", "127.8.9.1:0", "[::1]:0", "localhost:0"}) {
    EXPECT_TRUE(std::holds_alternative<Options>(plain(listen))) << listen;
  }
  for (const char* listen : {"0.0.0.0:0", ":0", "[::]:0", "192.168.1.1:0", "example.org:0"}) {
    EXPECT_THAT(ComplaintOf(plain(listen)), HasSubstr("loopback")) << listen;
  }
  EXPECT_THAT(ComplaintOf(Parse({"--data", "d"})), HasSubstr("no certificate"));
  EXPECT_THAT(ComplaintOf(Parse({"--data", "d", "--tls-cert", "c"})), HasSubstr("no certificate"));
  EXPECT_TRUE(
      std::holds_alternative<Options>(Parse({"--data", "d", "--tls-cert", "c", "--tls-key", "k"})));
}

TEST_F(RelayOptions, MetricsAreServedOnALoopbackAddressAloneAndNotUnasked) {
  EXPECT_EQ(Understood({}).metrics_host, "");
  const Options options = Understood({"--metrics-listen", "[::1]:9100"});
  EXPECT_EQ(options.metrics_host, "::1");
  EXPECT_EQ(options.metrics_port, 9100);
  EXPECT_EQ(options.host, "127.0.0.1") << "which has nothing to do with it";
  EXPECT_THAT(Complaint({"--metrics-listen", "0.0.0.0:9100"}), HasSubstr("loopback"));
  EXPECT_THAT(Complaint({"--metrics-listen", "9100"}), HasSubstr("HOST:PORT"));
}

TEST_F(RelayOptions, HelpDoesNotPromiseAProxyThatEndsTls) {
  EXPECT_THAT(UsageText(), HasSubstr("Not behind a proxy that ends TLS"));
}

TEST_F(RelayOptions, AnOperatorsVerbsNeedNoCertificate) {
  auto parsed = Parse({"invite", "--data", "d"});
  ASSERT_TRUE(std::holds_alternative<Options>(parsed));
  EXPECT_EQ(std::get<Options>(parsed).verb, Options::Verb::kInvite);
  parsed = Parse({"reset", "bob@example.org", "--data", "d"});
  ASSERT_TRUE(std::holds_alternative<Options>(parsed));
  EXPECT_EQ(std::get<Options>(parsed).verb, Options::Verb::kReset);
  EXPECT_EQ(std::get<Options>(parsed).name, "bob@example.org");
  EXPECT_THAT(ComplaintOf(Parse({"reset"})), HasSubstr("--data"));
  environment_["PAWL_RELAY_DATA"] = "d";
  EXPECT_THAT(ComplaintOf(Parse({"reset"})), HasSubstr("address"));
  EXPECT_THAT(ComplaintOf(Parse({"reset", "--plain"})), HasSubstr("address"));
}

}  // namespace
}  // namespace pawl::relay
