#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <cstdio>
#include <stdexcept>

#include "extension.h"
#include "pawl/pawl.h"

// A host with OpenSSL and a C++ runtime of its own, Pawl linked in as an archive, and a second Pawl
// in an extension.

namespace {

bool HasPawl() {
  pawl_identity* identity = nullptr;
  const pawl_status status = pawl_identity_create("bob@example.org", &identity);
  pawl_identity_release(identity);
  return status == PAWL_OK;
}

bool HasOpenSsl() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  // BLAKE2 is not among what the bundled OpenSSL can do.
  return EVP_Digest("", 0, digest, &size, EVP_blake2s256(), nullptr) == 1 && size == 32 &&
         OpenSSL_version_num() == OPENSSL_VERSION_NUMBER;
}

bool HasExceptions() {
  try {
    throw std::runtime_error("the host's");
  } catch (const std::exception&) {
    return true;
  }
}

}  // namespace

int main() {
  for (int round = 0; round < 2; ++round) {
    if (!HasPawl() || extension_has_pawl() != 1 || !HasOpenSsl() || !HasExceptions()) {
      std::fprintf(stderr, "not so: pawl %d, extension %d, OpenSSL %d, exceptions %d\n", HasPawl(),
                   extension_has_pawl(), HasOpenSsl(), HasExceptions());
      return 1;
    }
  }
  return 0;
}
