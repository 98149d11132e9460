#ifndef PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_CERTIFICATE_H_
#define PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_CERTIFICATE_H_

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

#include "base/bytes.h"

namespace pawl::transport::ws::test {

// A fresh P-256 key and a certificate for it, signed by itself.
class TestCertificate {
 public:
  // `alternative_names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  explicit TestCertificate(const char* alternative_names = "DNS:localhost,IP:127.0.0.1")
      : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), certificate_(X509_new(), &X509_free) {
    X509* x = certificate_.get();
    X509_set_version(x, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key_.get());
    X509_NAME* name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("pawl test"), -1, -1, 0);
    X509_set_issuer_name(x, name);
    Extend(NID_basic_constraints, "critical,CA:TRUE");
    Extend(NID_subject_alt_name, alternative_names);
    X509_sign(x, key_.get(), EVP_sha256());
  }

  EVP_PKEY* key() const { return key_.get(); }
  X509* x509() const { return certificate_.get(); }
  std::string Pem() const {
    BIO* bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, x509());
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    std::string pem(data, static_cast<size_t>(size));
    BIO_free(bio);
    return pem;
  }
  ByteArray<32> SpkiHash() const {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key(), &der);
    ByteArray<32> hash{};
    EVP_Digest(der, static_cast<size_t>(size), hash.data(), nullptr, EVP_sha256(), nullptr);
    OPENSSL_free(der);
    return hash;
  }

 private:
  void Extend(int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x509(), x509(), nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
    X509_add_ext(x509(), extension, -1);
    X509_EXTENSION_free(extension);
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
  std::unique_ptr<X509, decltype(&X509_free)> certificate_;
};

}  // namespace pawl::transport::ws::test

#endif  // PAWL_TESTS_UNIT_TRANSPORT_WS_TEST_CERTIFICATE_H_
