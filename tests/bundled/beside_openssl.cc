#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>

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

void Throw(void* lines, int32_t, const char*) {
  ++*static_cast<std::atomic<int>*>(lines);
  throw std::runtime_error("the host's logger");
}

// The exception is of the host's C++ runtime, who stops it is the other one.
bool HasLogger() {
  std::string folder = "/tmp/pawl-beside.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return false;
  const std::string store = folder + "/store", anchor = folder + "/anchor";
  std::atomic<int> lines = 0;
  pawl_client_options options = PAWL_CLIENT_OPTIONS_INIT;
  options.flags = PAWL_CLIENT_CREATE;
  options.store_dir = store.c_str();
  options.anchor_dir = anchor.c_str();
  options.passphrase = "logged";
  options.relay_url = "ws://127.0.0.1:1";
  options.log = Throw;
  options.log_user = &lines;
  options.log_level = PAWL_LOG_DEBUG;
  pawl_client* client = nullptr;
  uint64_t request = 0;
  if (pawl_client_open(&options, &client) != PAWL_OK) return false;
  pawl_account_register(client, "bob@example.org", nullptr, &request);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(120);
  while (lines == 0 && std::chrono::steady_clock::now() < end) {
    pawl_events* events = nullptr;
    pawl_client_wait_events(client, 16, 20, &events);
    pawl_events_release(events);
  }
  pawl_client_release(client);
  std::filesystem::remove_all(folder);
  return lines > 0;
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
    if (!HasPawl() || extension_has_pawl() != 1 || !HasOpenSsl() || !HasExceptions() ||
        !HasLogger()) {
      std::fprintf(stderr, "not so: pawl %d, extension %d, OpenSSL %d, exceptions %d, logger %d\n",
                   HasPawl(), extension_has_pawl(), HasOpenSsl(), HasExceptions(), HasLogger());
      return 1;
    }
  }
  return 0;
}
