#include "transport/ws/system_roots.h"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "support/temp_dir.h"
#include "unit/transport/ws/test_certificate.h"

namespace pawl::transport::ws {
namespace {

using test::TestCertificate;

class SystemRoots : public testing::Test {
 protected:
  SystemRoots() { std::filesystem::create_directory(folder_); }

  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
  }
  size_t Roots() const {
    const auto* objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context_.get()));
    return static_cast<size_t>(sk_X509_OBJECT_num(objects));
  }
  bool AddFirst(std::span<const char* const> files, std::span<const char* const> folders) {
    return AddFirstRoots(context_.get(), {files, folders});
  }

  pawl::test::TempDir directory_;
  const std::string file_ = directory_.File("bundle.pem");
  const std::string other_file_ = directory_.File("other.pem");
  const std::string folder_ = directory_.File("cacerts");
  const std::string nowhere_ = directory_.File("nowhere");
  TestCertificate one_;
  TestCertificate two_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                             &SSL_CTX_free};
};

TEST_F(SystemRoots, TheFirstFileThatHasCertificatesCounts) {
  Write(other_file_, "no certificate");
  Write(file_, one_.Pem() + two_.Pem());
  const std::array files = {nowhere_.c_str(), other_file_.c_str(), file_.c_str()};
  EXPECT_TRUE(AddFirst(files, {}));
  EXPECT_EQ(Roots(), 2u);
}

TEST_F(SystemRoots, FilesAfterTheFirstAreNotRead) {
  Write(file_, one_.Pem());
  Write(other_file_, two_.Pem());
  Write(folder_ + "/a.0", two_.Pem());
  const std::array files = {file_.c_str(), other_file_.c_str()};
  const std::array folders = {folder_.c_str()};
  EXPECT_TRUE(AddFirst(files, folders));
  EXPECT_EQ(Roots(), 1u);
}

TEST_F(SystemRoots, EveryCertificateOfAFolderCountsWhateverItsName) {
  Write(folder_ + "/00673b5b.0", one_.Pem() + "Certificate:\n    as Android adds it\n");
  Write(folder_ + "/another", two_.Pem());
  Write(folder_ + "/README", "no certificate");
  const std::array files = {nowhere_.c_str()};
  const std::array folders = {nowhere_.c_str(), folder_.c_str()};
  EXPECT_TRUE(AddFirst(files, folders));
  EXPECT_EQ(Roots(), 2u);
}

TEST_F(SystemRoots, NothingAnywhereIsNothing) {
  const std::array places = {nowhere_.c_str(), folder_.c_str()};
  EXPECT_FALSE(AddFirst(places, places));
  EXPECT_EQ(Roots(), 0u);
}

TEST_F(SystemRoots, OpenSslFindsWhatItHasOrWhatIsNamedByAHash) {
  EXPECT_FALSE(HasRoots(context_.get(), nowhere_.c_str()));
  Write(folder_ + "/ca-certificates.crt", one_.Pem());
  Write(folder_ + "/0a1b2c3.0", one_.Pem());
  EXPECT_FALSE(HasRoots(context_.get(), folder_.c_str()));
  Write(folder_ + "/0a1b2c3d.0", one_.Pem());
  EXPECT_TRUE(HasRoots(context_.get(), folder_.c_str()));
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), one_.x509());
  EXPECT_TRUE(HasRoots(context_.get(), nowhere_.c_str()));
}

TEST_F(SystemRoots, WhoSetsTheVariablesDecides) {
  Write(file_, one_.Pem());
  setenv("SSL_CERT_FILE", file_.c_str(), 1);
  setenv("SSL_CERT_DIR", nowhere_.c_str(), 1);
  AddSystemRoots(context_.get());
  EXPECT_EQ(Roots(), 1u);
  context_.reset(SSL_CTX_new(TLS_client_method()));
  setenv("SSL_CERT_FILE", nowhere_.c_str(), 1);
  AddSystemRoots(context_.get());
  EXPECT_EQ(Roots(), 0u);
  unsetenv("SSL_CERT_FILE");
  unsetenv("SSL_CERT_DIR");
}

}  // namespace
}  // namespace pawl::transport::ws
