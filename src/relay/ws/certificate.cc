#include "relay/ws/certificate.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "crypto/hash.h"

namespace pawl::relay::ws {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free>>;
using CertificatePtr = std::unique_ptr<X509, Freer<X509_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;

constexpr long kLifetime = 10L * 365 * 24 * 3600;  // seconds; a pinned key is replaced, not expired
constexpr char kNames[] = "DNS:localhost,IP:127.0.0.1,IP:::1";

bool AddExtension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetSerial(X509* certificate) {
  ByteArray<8> random{};
  if (RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) return false;
  uint64_t serial = 0;
  for (const uint8_t byte : random) serial = serial << 8 | byte;
  return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) == 1;
}

bool SetName(X509* certificate) {
  static constexpr unsigned char kCommonName[] = "pawl-relay development";
  X509_NAME* const name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kCommonName, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

CertificatePtr SelfSign(EVP_PKEY* key, Timestamp now) {
  CertificatePtr certificate(X509_new());
  const auto seconds = static_cast<time_t>(now.ms / 1000);
  X509* const x509 = certificate.get();
  const bool made =
      x509 != nullptr && X509_set_version(x509, X509_VERSION_3) == 1 && SetSerial(x509) &&
      SetName(x509) && ASN1_TIME_set(X509_getm_notBefore(x509), seconds - 24 * 3600) != nullptr &&
      ASN1_TIME_set(X509_getm_notAfter(x509), seconds + kLifetime) != nullptr &&
      X509_set_pubkey(x509, key) == 1 &&
      AddExtension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
      AddExtension(x509, NID_key_usage, "critical,digitalSignature") &&
      AddExtension(x509, NID_ext_key_usage, "serverAuth") &&
      AddExtension(x509, NID_subject_alt_name, kNames) && X509_sign(x509, key, EVP_sha256()) > 0;
  return made ? std::move(certificate) : nullptr;
}

// Written beside and renamed: a crash leaves no half certificate behind.
absl::Status WriteFile(const std::string& path, BIO* contents) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(contents, &data);
  const std::string temporary = path + ".new";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return Fail(Code::kIo, "the development certificate cannot be written");
  const bool written = ::write(fd, data, static_cast<size_t>(size)) == size && ::fsync(fd) == 0;
  ::close(fd);
  std::error_code error;
  if (written) std::filesystem::rename(temporary, path, error);
  return written && !error ? OkStatus()
                           : Fail(Code::kIo, "the development certificate cannot be written");
}

}  // namespace

absl::StatusOr<ByteArray<32>> KeyHashOf(const std::string& certificate_file) {
  const BioPtr file(BIO_new_file(certificate_file.c_str(), "r"));
  if (file == nullptr) return Fail(Code::kNotFound, "the certificate file cannot be read");
  const CertificatePtr certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) return Fail(Code::kMalformed, "no PEM certificate in the file");
  unsigned char* der = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
  if (size <= 0) return Fail(Code::kMalformed, "certificate without a public key");
  const crypto::Hash32 hash = crypto::Sha256({ByteView(der, static_cast<size_t>(size))});
  OPENSSL_free(der);
  return hash;
}

absl::Status EnsureDevelopmentCertificate(const std::string& certificate_file,
                                          const std::string& key_file, Timestamp now) {
  std::error_code error;
  // The certificate is written last, so where it is, the key is.
  if (std::filesystem::exists(certificate_file, error)) return OkStatus();
  const KeyPtr key(EVP_EC_gen("P-256"));
  const CertificatePtr certificate = key == nullptr ? nullptr : SelfSign(key.get(), now);
  const BioPtr key_pem(BIO_new(BIO_s_mem()));
  const BioPtr certificate_pem(BIO_new(BIO_s_mem()));
  const bool encoded = certificate != nullptr && key_pem != nullptr && certificate_pem != nullptr &&
                       PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0,
                                                nullptr, nullptr) == 1 &&
                       PEM_write_bio_X509(certificate_pem.get(), certificate.get()) == 1;
  if (!encoded) return Fail(Code::kInternal, "the development certificate cannot be made");
  PAWL_TRY(WriteFile(key_file, key_pem.get()));
  return WriteFile(certificate_file, certificate_pem.get());
}

void HardenContext(ssl_ctx_st* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

absl::StatusOr<ByteArray<32>> ChannelBinding(ssl_st* session) {
  static constexpr char kLabel[] = "EXPORTER-Channel-Binding";
  ByteArray<32> binding{};
  // RFC 9266 §2: a context of length zero.
  if (SSL_export_keying_material(session, binding.data(), binding.size(), kLabel, sizeof kLabel - 1,
                                 nullptr, 0, 1) != 1) {
    return Fail(Code::kTlsFailed, "no channel binding");
  }
  return binding;
}

}  // namespace pawl::relay::ws
