#include "transport/ws/tls_client.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "transport/ws/system_roots.h"

namespace pawl::transport::ws {
namespace {

constexpr std::string_view kExporterLabel = "EXPORTER-Channel-Binding";  // RFC 9266 §4.2

std::optional<ByteArray<32>> SpkiHash(X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
  if (size <= 0) return std::nullopt;
  ByteArray<32> hash;
  const int ok =
      EVP_Digest(der, static_cast<size_t>(size), hash.data(), nullptr, EVP_sha256(), nullptr);
  OPENSSL_free(der);
  if (ok != 1) return std::nullopt;
  return hash;
}

bool IsFor(X509* certificate, const std::string& host) {
  if (host.empty()) return false;
  // An address is never a name: a wildcard must not match the digits of one.
  constexpr int kNotAnAddress = -2;
  const int as_address = X509_check_ip_asc(certificate, host.c_str(), 0);
  if (as_address != kNotAnAddress) return as_address == 1;
  return X509_check_host(certificate, host.data(), host.size(),
                         X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT,
                         nullptr) == 1;
}

}  // namespace

TlsClient::TlsClient(TlsPolicy policy, HostOf host_of)
    : policy_(std::move(policy)), host_of_(std::move(host_of)) {}

TlsClient::~TlsClient() { SSL_CTX_free(context_); }

absl::StatusOr<std::unique_ptr<TlsClient>> TlsClient::Create(TlsPolicy policy, HostOf host_of) {
  PAWL_TRY(CheckPolicy(policy));
  std::unique_ptr<TlsClient> client(new TlsClient(std::move(policy), std::move(host_of)));
  client->context_ = SSL_CTX_new(TLS_client_method());
  if (client->context_ == nullptr) return Fail(Code::kOutOfMemory, "TLS context");
  SSL_CTX* context = client->context_;
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cert_verify_callback(context, &TlsClient::Verify, client.get());
  if (client->policy_.roots == TlsPolicy::Roots::kPemFile &&
      SSL_CTX_load_verify_file(context, client->policy_.pem_file.c_str()) != 1) {
    ERR_clear_error();
    return Fail(Code::kIo, "root certificates cannot be read");
  }
  return client;
}

void TlsClient::Prepare() {
  if (std::exchange(prepared_, true) || policy_.roots != TlsPolicy::Roots::kSystem) return;
  AddSystemRoots(context_);
}

// No exception may cross OpenSSL's frames: what there is no memory to judge is not believed.
int TlsClient::Verify(X509_STORE_CTX* chain, void* self) {
  try {
    return static_cast<TlsClient*>(self)->Judge(chain);
  } catch (const std::bad_alloc&) {
    X509_STORE_CTX_set_error(chain, X509_V_ERR_OUT_OF_MEM);
    return 0;
  }
}

// 1: believed. This is inside the handshake: a server that fails here sees an alert and not one
// byte of HTTP.
int TlsClient::Judge(X509_STORE_CTX* chain) {
  // Replaces libwebsockets' own callback, which looks its connection up through a process-wide
  // index that every new context renumbers (relay.md A9).
  X509_STORE_CTX_set_verify_cb(chain, [](int ok, X509_STORE_CTX*) { return ok; });
  X509* leaf = X509_STORE_CTX_get0_cert(chain);
  const auto refuse = [chain](int error) {
    X509_STORE_CTX_set_error(chain, error);
    return 0;
  };
  if (leaf == nullptr) return refuse(X509_V_ERR_CERT_REJECTED);
  if (policy_.roots != TlsPolicy::Roots::kNone) {
    if (X509_verify_cert(chain) != 1) return 0;  // the error is set
    const auto* ssl = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    if (!IsFor(leaf, host_of_(ssl))) return refuse(X509_V_ERR_HOSTNAME_MISMATCH);
  }
  if (!policy_.spki_pins.empty()) {
    const std::optional<ByteArray<32>> hash = SpkiHash(leaf);
    const auto& pins = policy_.spki_pins;
    if (!hash || std::find(pins.begin(), pins.end(), *hash) == pins.end()) {
      return refuse(X509_V_ERR_CERT_REJECTED);
    }
  }
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  return 1;
}

absl::StatusOr<ChannelInfo> TlsClient::Describe(SSL* ssl) {
  X509* leaf = SSL_get0_peer_certificate(ssl);
  if (SSL_version(ssl) != TLS1_3_VERSION || leaf == nullptr) {
    return Fail(Code::kTlsFailed, "not a TLS 1.3 channel with a certificate");
  }
  ChannelInfo channel;
  const std::optional<ByteArray<32>> hash = SpkiHash(leaf);
  if (!hash || SSL_export_keying_material(ssl, channel.exporter.data(), channel.exporter.size(),
                                          kExporterLabel.data(), kExporterLabel.size(), nullptr, 0,
                                          /*use_context=*/1) != 1) {
    ERR_clear_error();
    return Fail(Code::kTlsFailed, "no channel binding");
  }
  channel.server_spki = *hash;
  return channel;
}

}  // namespace pawl::transport::ws
