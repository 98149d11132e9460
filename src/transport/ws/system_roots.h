#ifndef PAWL_TRANSPORT_WS_SYSTEM_ROOTS_H_
#define PAWL_TRANSPORT_WS_SYSTEM_ROOTS_H_

#include <span>

struct ssl_ctx_st;

namespace pawl::transport::ws {

// Where systems keep the root certificates that they trust: files with all of them, and folders
// with a file for each.
struct RootPlaces {
  std::span<const char* const> files;
  std::span<const char* const> folders;
};

// The roots that OpenSSL finds where it was built to look, or where SSL_CERT_FILE and SSL_CERT_DIR
// say. If neither is set and it finds none, for it was built for another system or is inside of us,
// those of the first place that we know of. Without any, no chain verifies.
void AddSystemRoots(ssl_ctx_st* context);

// Whether the context has a root, or will find one by its name in OpenSSL's `folder`.
bool HasRoots(ssl_ctx_st* context, const char* folder);
// The roots of the first of the files, or else the folders, that has any; false if none has.
bool AddFirstRoots(ssl_ctx_st* context, const RootPlaces& places);

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_SYSTEM_ROOTS_H_
