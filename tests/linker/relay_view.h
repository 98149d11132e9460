#ifndef PAWL_TESTS_LINKER_RELAY_VIEW_H_
#define PAWL_TESTS_LINKER_RELAY_VIEW_H_

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "db/connection.h"
#include "relay/core/peer.h"
#include "support/relay_world.h"

namespace pawl::linker {

using Conn = relay::ConnectionId;
using EnvelopeKey = std::string;  // 16 bytes
using Mailbox = std::string;      // name@domain/device

// One SEND: what of it the relay saw, and stored.
struct SeenEnvelope {
  Timestamp at;
  Conn connection;
  uint64_t req = 0;
  Mailbox to;
  std::string account;  // of `to`
  std::string id;
  Bytes delivery_key{};  // empty: the path for strangers
  Bytes body{};
};

// One BLOB_BEGIN.
struct SeenUpload {
  Conn connection;
  std::string id;              // 32 bytes
  std::vector<Bytes> shown{};  // owner, serials and macs of the tokens
};

// One connection.
struct SeenConnection {
  Timestamp from, until;
  Mailbox authenticated{};   // which device it is; empty: anonymous
  std::string registered{};  // the account that was made on it
  uint64_t first_req = 0, last_req = 0;
  // Keys, nonces, signatures and records that the client said on it, other than envelopes and what
  // uploads show.
  std::vector<Bytes> said{};
  // What the relay gave it for tokens.
  std::vector<Bytes> issued{};
};

// A row of the table of waiting mail.
struct StoredEnvelope {
  int64_t mailbox = 0;
  std::string id;
  Bytes body;
};

// Everything a relay can know: each frame on each connection as it is behind TLS, and each row that
// ever stood in its database. Network addresses are left out, as if everybody came through one
// proxy.
struct RelayView {
  std::map<Conn, SeenConnection> connections{};
  std::vector<SeenEnvelope> envelopes{};
  std::vector<SeenUpload> uploads{};
  std::vector<StoredEnvelope> stored{};
  std::set<std::string> columns{};  // of the tables that a message passes: "table.column"
};

// Looks over a relay's shoulder.
class Recorder {
 public:
  explicit Recorder(test::RelayWorld& relay);

  const RelayView& view() const { return view_; }
  // Blobs that the relay's database lays to an account.
  size_t blobs_of_accounts();
  // A substitution: on which connection a SEND or BLOB_BEGIN that came on this one is taken to have
  // come.
  std::function<Conn(Conn)> carried_by = [](Conn connection) { return connection; };

 private:
  void OnWire(Conn connection, bool from_client, ByteView message);
  void OnFrame(Conn connection, const wire::FrameView& frame);
  void OnSend(Conn connection, const wire::FrameView& frame);
  void OnBegin(Conn connection, const wire::FrameView& frame);
  void OnSecret(Conn connection, const wire::fb::Frame& header);
  void OnAnswer(Conn connection, const wire::FrameView& frame);
  void OnStored();
  void ReadColumns();

  test::RelayWorld& relay_;
  std::unique_ptr<db::Connection> rows_;
  int64_t last_row_ = 0;
  RelayView view_;
};

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_RELAY_VIEW_H_
