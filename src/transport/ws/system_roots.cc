#include "transport/ws/system_roots.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace pawl::transport::ws {
namespace {

constexpr std::array kFiles = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Arch, NixOS
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // the same, newer
    "/var/lib/ca-certificates/ca-bundle.pem",             // openSUSE
    "/etc/ssl/ca-bundle.pem",                             // the same, older
    "/etc/ssl/cert.pem",                                  // Alpine, the BSDs
};
constexpr std::array kFolders = {
    "/apex/com.android.conscrypt/cacerts",  // Android 14 and later
    "/system/etc/security/cacerts",         // Android
};

bool IsSet(const char* variable) { return ::getenv(variable) != nullptr; }

// "0a1b2c3d.0": what OpenSSL calls a certificate in a folder, by a hash of its subject.
bool IsHashedName(std::string_view name) {
  constexpr size_t kDigits = 8;
  return name.size() > kDigits + 1 && name[kDigits] == '.' &&
         name.find_first_not_of("0123456789abcdef") == kDigits;
}

template <typename Visit>
void ForEachFile(const char* folder, Visit visit) {
  std::error_code error;
  const std::filesystem::directory_iterator end;
  for (std::filesystem::directory_iterator it(folder, error); !error && it != end;
       it.increment(error)) {
    if (!visit(it->path())) return;
  }
}

bool HasHashedNames(const char* folder) {
  bool found = false;
  ForEachFile(folder, [&found](const std::filesystem::path& path) {
    found = IsHashedName(path.filename().string());
    return !found;
  });
  return found;
}

// Android's files go by the hashes of an older OpenSSL: this one would not find them by name.
bool AddFolder(SSL_CTX* context, const char* folder) {
  bool has_any = false;
  ForEachFile(folder, [&](const std::filesystem::path& path) {
    has_any |= SSL_CTX_load_verify_file(context, path.c_str()) == 1;
    return true;
  });
  return has_any;
}

}  // namespace

void AddSystemRoots(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  // Who sets a variable decides: a place without certificates means that none is trusted.
  if (!IsSet(X509_get_default_cert_file_env()) && !IsSet(X509_get_default_cert_dir_env()) &&
      !HasRoots(context, X509_get_default_cert_dir())) {
    AddFirstRoots(context, {kFiles, kFolders});
  }
  ERR_clear_error();
}

bool HasRoots(SSL_CTX* context, const char* folder) {
  const auto* objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(context));
  return (objects != nullptr && sk_X509_OBJECT_num(objects) > 0) || HasHashedNames(folder);
}

bool AddFirstRoots(SSL_CTX* context, const RootPlaces& places) {
  const auto has_file = [context](const char* file) {
    return SSL_CTX_load_verify_file(context, file) == 1;
  };
  const auto has_folder = [context](const char* folder) { return AddFolder(context, folder); };
  return std::ranges::any_of(places.files, has_file) ||
         std::ranges::any_of(places.folders, has_folder);
}

}  // namespace pawl::transport::ws
