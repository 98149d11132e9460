#include "relay/ws/certificate.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "crypto/hash.h"
#include "crypto/init.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/temp_dir.h"
#include "test_server.h"

namespace pawl::relay::ws {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

class Certificates : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(crypto::Init(), IsOk());
    ASSERT_THAT(Ensure(), IsOk());
  }
  absl::Status Ensure() {
    return EnsureDevelopmentCertificate(certificate_, key_, test::FakeClock::kStart);
  }
  static std::string Contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  test::TempDir folder_;
  const std::string certificate_ = folder_.File("cert.pem");
  const std::string key_ = folder_.File("key.pem");
};

// A TLS client without any policy of its own.
class TlsPeer {
 public:
  TlsPeer(uint16_t port, int highest_version, const char* alpn = nullptr)
      : socket_(port), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_, highest_version);
    session_ = SSL_new(context_);
    if (alpn != nullptr) {
      SSL_set_alpn_protos(session_, reinterpret_cast<const unsigned char*>(alpn),
                          static_cast<unsigned>(std::char_traits<char>::length(alpn)));
    }
    SSL_set_fd(session_, socket_.fd());
    connected_ = SSL_connect(session_) == 1;
  }
  ~TlsPeer() {
    SSL_free(session_);
    SSL_CTX_free(context_);
  }
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  bool connected() const { return connected_; }
  SSL* session() { return session_; }

 private:
  test::RawSocket socket_;
  SSL_CTX* context_;
  SSL* session_ = nullptr;
  bool connected_ = false;
};

ServerOptions TlsOptions(const std::string& certificate, const std::string& key) {
  ServerOptions options;
  options.certificate_file = certificate;
  options.key_file = key;
  return options;
}

TEST_F(Certificates, AreKeptSoThatThePinStays) {
  const std::string first = Contents(certificate_);
  EXPECT_THAT(Ensure(), IsOk());
  EXPECT_EQ(Contents(certificate_), first);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto pin, KeyHashOf(certificate_));
  std::filesystem::remove(certificate_);
  EXPECT_THAT(Ensure(), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const auto other, KeyHashOf(certificate_));
  EXPECT_NE(pin, other) << "another key, another pin";
}

TEST_F(Certificates, TheKeyIsItsOwnersAlone) {
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(key_).permissions() & (fs::perms::group_all | fs::perms::others_all),
            fs::perms::none);
}

TEST_F(Certificates, WhatIsNoCertificateIsATypedError) {
  EXPECT_THAT(KeyHashOf(folder_.File("none")), HasCode(Code::kNotFound));
  std::ofstream(folder_.File("garbage")) << "no PEM";
  EXPECT_THAT(KeyHashOf(folder_.File("garbage")), HasCode(Code::kMalformed));
  EXPECT_THAT(EnsureDevelopmentCertificate(folder_.File("no/cert"), folder_.File("no/key"),
                                           test::FakeClock::kStart),
              HasCode(Code::kIo));
}

TEST_F(Certificates, ThePinIsTheHashOfTheKeyThatTheServerProves) {
  TestServer server(TlsOptions(certificate_, key_));
  TlsPeer peer(server.port(), TLS1_3_VERSION);
  ASSERT_TRUE(peer.connected());
  std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(peer.session()),
                                                    &X509_free);
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(shown.get()), &der);
  const auto hash = crypto::Sha256({ByteView(der, static_cast<size_t>(size))});
  OPENSSL_free(der);
  EXPECT_EQ(hash, server.server().key_hash());
  EXPECT_EQ(X509_check_host(shown.get(), "localhost", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(shown.get(), "127.0.0.1", 0), 1);
}

TEST_F(Certificates, OnlyTls13IsSpokenAndNothingIsResumed) {
  TestServer server(TlsOptions(certificate_, key_));
  EXPECT_FALSE(TlsPeer(server.port(), TLS1_2_VERSION).connected());
  TlsPeer peer(server.port(), TLS1_3_VERSION);
  ASSERT_TRUE(peer.connected());
  // A ticket would come right behind the handshake, before the first answer.
  const std::string request = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
  SSL_write(peer.session(), request.data(), static_cast<int>(request.size()));
  char answer[64];
  EXPECT_GT(SSL_read(peer.session(), answer, sizeof answer), 0);
  EXPECT_EQ(SSL_SESSION_is_resumable(SSL_get0_session(peer.session())), 0);
}

TEST_F(Certificates, Http2IsNotNegotiated) {
  TestServer server(TlsOptions(certificate_, key_));
  TlsPeer peer(server.port(), TLS1_3_VERSION, "\x02h2\x08http/1.1");
  ASSERT_TRUE(peer.connected());
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(peer.session(), &chosen, &size);
  EXPECT_NE(std::string(reinterpret_cast<const char*>(chosen), size), "h2");
}

TEST_F(Certificates, BothEndsOfAConnectionHaveTheSameBindingAndAnotherHasAnother) {
  TestServer server(TlsOptions(certificate_, key_));
  TlsPeer first(server.port(), TLS1_3_VERSION);
  TlsPeer second(server.port(), TLS1_3_VERSION);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto a, ChannelBinding(first.session()));
  PAWL_ASSERT_OK_AND_ASSIGN(const auto b, ChannelBinding(second.session()));
  EXPECT_NE(a, b);
}

TEST_F(Certificates, AKeyOfAnotherCertificateIsNotServed) {
  const std::string other_certificate = folder_.File("other.pem");
  ASSERT_THAT(EnsureDevelopmentCertificate(other_certificate, folder_.File("other-key.pem"),
                                           test::FakeClock::kStart),
              IsOk());
  Nobody nobody;
  EXPECT_THAT(Server::Create(TlsOptions(other_certificate, key_), &nobody),
              HasCode(Code::kInvalidArgument));
}

}  // namespace
}  // namespace pawl::relay::ws
