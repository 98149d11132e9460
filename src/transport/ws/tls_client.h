#ifndef PAWL_TRANSPORT_WS_TLS_CLIENT_H_
#define PAWL_TRANSPORT_WS_TLS_CLIENT_H_

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "base/bytes.h"
#include "base/status.h"
#include "transport/channel.h"
#include "transport/endpoint.h"

struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace pawl::transport::ws {

// The TLS side of all sockets of a loop: one SSL_CTX with TLS 1.3 as the floor, no session cache,
// no tickets (a resumed session would link an anonymous connection to an earlier one), and our own
// verdict about the server's certificate in place of libwebsockets'. Thread-compatible.
class TlsClient {
 public:
  // The host name that a handshake under way is meant for; empty if unknown.
  using HostOf = absl::AnyInvocable<std::string(const ssl_st* ssl)>;

  // kInvalidArgument: CheckPolicy; kIo: the PEM file cannot be read; kOutOfMemory.
  static absl::StatusOr<std::unique_ptr<TlsClient>> Create(TlsPolicy policy, HostOf host_of);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  ssl_ctx_st* context() const { return context_; }
  // Before the first handshake. The system's roots are read here and not in Create: they are a
  // hundred milliseconds that a client of a plain or pinned relay need not spend.
  void Prepare();
  // Of a finished handshake. kTlsFailed if it is not TLS 1.3 with a certificate.
  static absl::StatusOr<ChannelInfo> Describe(ssl_st* ssl);

 private:
  TlsClient(TlsPolicy policy, HostOf host_of);
  static int Verify(x509_store_ctx_st* chain, void* self);
  int Judge(x509_store_ctx_st* chain);

  TlsPolicy policy_;
  HostOf host_of_;
  ssl_ctx_st* context_ = nullptr;
  bool prepared_ = false;
};

}  // namespace pawl::transport::ws

#endif  // PAWL_TRANSPORT_WS_TLS_CLIENT_H_
