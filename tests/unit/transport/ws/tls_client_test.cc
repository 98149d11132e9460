#include "transport/ws/tls_client.h"

#include <openssl/ssl.h>

#include "support/matchers.h"
#include "support/temp_dir.h"
#include "unit/transport/ws/test_certificate.h"

namespace pawl::transport::ws {
namespace {

using pawl::test::HasCode;
using pawl::test::IsOk;
using test::TestCertificate;

// Client and server joined by memory: the handshake and nothing else.
class Handshake {
 public:
  Handshake(const TlsClient& client, const TestCertificate& certificate,
            int server_version = TLS1_3_VERSION)
      : context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_, certificate.x509());
    SSL_CTX_use_PrivateKey(context_, certificate.key());
    SSL_CTX_set_max_proto_version(context_, server_version);
    client_ = SSL_new(client.context());
    server_ = SSL_new(context_);
    BIO* one = nullptr;
    BIO* other = nullptr;
    BIO_new_bio_pair(&one, 0, &other, 0);
    SSL_set_bio(client_, one, one);
    SSL_set_bio(server_, other, other);
    SSL_set_verify(client_, SSL_VERIFY_PEER, nullptr);
    SSL_set_connect_state(client_);
    SSL_set_accept_state(server_);
  }
  ~Handshake() {
    SSL_free(client_);
    SSL_free(server_);
    SSL_CTX_free(context_);
  }
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  bool Run() {
    for (int round = 0; round < 10; ++round) {
      const int mine = SSL_do_handshake(client_);
      SSL_do_handshake(server_);
      if (mine == 1) return true;
      if (SSL_get_error(client_, mine) == SSL_ERROR_SSL) return false;
    }
    return false;
  }
  SSL* client() const { return client_; }
  SSL* server() const { return server_; }

 private:
  SSL_CTX* context_;
  SSL* client_ = nullptr;
  SSL* server_ = nullptr;
};

TlsPolicy Pinning(const TestCertificate& certificate) {
  TlsPolicy policy;
  policy.roots = TlsPolicy::Roots::kNone;
  policy.spki_pins = {certificate.SpkiHash()};
  return policy;
}

std::string Nobody(const ssl_st*) { return {}; }

TEST(TlsClient, DescribesTheChannelAsTheServerSeesIt) {
  TestCertificate certificate;
  PAWL_ASSERT_OK_AND_ASSIGN(auto client, TlsClient::Create(Pinning(certificate), Nobody));
  Handshake handshake(*client, certificate);
  ASSERT_TRUE(handshake.Run());
  PAWL_ASSERT_OK_AND_ASSIGN(const ChannelInfo channel, TlsClient::Describe(handshake.client()));
  EXPECT_EQ(channel.server_spki, certificate.SpkiHash());
  ByteArray<32> exporter{};
  SSL_export_keying_material(handshake.server(), exporter.data(), 32, "EXPORTER-Channel-Binding",
                             24, nullptr, 0, 1);
  EXPECT_EQ(channel.exporter, exporter);
}

TEST(TlsClient, NoPinNoHandshake) {
  TestCertificate real;
  TestCertificate expected;
  PAWL_ASSERT_OK_AND_ASSIGN(auto client, TlsClient::Create(Pinning(expected), Nobody));
  Handshake handshake(*client, real);
  EXPECT_FALSE(handshake.Run());
  EXPECT_EQ(SSL_get_verify_result(handshake.client()), X509_V_ERR_CERT_REJECTED);
}

TEST(TlsClient, TheVersionFloorIs13) {
  TestCertificate certificate;
  PAWL_ASSERT_OK_AND_ASSIGN(auto client, TlsClient::Create(Pinning(certificate), Nobody));
  Handshake handshake(*client, certificate, TLS1_2_VERSION);
  EXPECT_FALSE(handshake.Run());
}

class TlsClientWithRoots : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<TlsClient>> ClientFor(const std::string& host) {
    const std::string path = directory_.File("roots.pem");
    FILE* file = fopen(path.c_str(), "w");
    fputs(certificate_.Pem().c_str(), file);
    fclose(file);
    TlsPolicy policy;
    policy.roots = TlsPolicy::Roots::kPemFile;
    policy.pem_file = path;
    return TlsClient::Create(policy, [host](const ssl_st*) { return host; });
  }
  bool Accepts(const std::string& host) {
    auto client = ClientFor(host);
    EXPECT_THAT(client, IsOk());
    return Handshake(**client, certificate_).Run();
  }
  pawl::test::TempDir directory_;
  TestCertificate certificate_{"DNS:relay.example.org,DNS:*.wild.example,IP:192.0.2.1"};
};

TEST_F(TlsClientWithRoots, TheNameMustBeOneOfTheCertificates) {
  EXPECT_TRUE(Accepts("relay.example.org"));
  EXPECT_TRUE(Accepts("a.wild.example"));
  EXPECT_TRUE(Accepts("192.0.2.1"));
  EXPECT_FALSE(Accepts("other.example.org"));
  EXPECT_FALSE(Accepts("relay.example.org.evil.example"));
  EXPECT_FALSE(Accepts("a.b.wild.example"));
  EXPECT_FALSE(Accepts("192.0.2.2"));
  EXPECT_FALSE(Accepts("pawl test"));  // the common name
  EXPECT_FALSE(Accepts(""));
}

TEST_F(TlsClientWithRoots, AStrangersCertificateIsRefused) {
  PAWL_ASSERT_OK_AND_ASSIGN(auto client, ClientFor("relay.example.org"));
  TestCertificate stranger("DNS:relay.example.org");
  EXPECT_FALSE(Handshake(*client, stranger).Run());
}

TEST(TlsClient, UnreadableRootsAreAnError) {
  TlsPolicy policy;
  policy.roots = TlsPolicy::Roots::kPemFile;
  policy.pem_file = "/nonexistent/roots.pem";
  EXPECT_THAT(TlsClient::Create(policy, Nobody), HasCode(Code::kIo));
}

}  // namespace
}  // namespace pawl::transport::ws
