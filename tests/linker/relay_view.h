#ifndef PAWL_TESTS_LINKER_RELAY_VIEW_H_
#define PAWL_TESTS_LINKER_RELAY_VIEW_H_

#include <compare>
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
  Timestamp at;
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
  std::set<std::string> blobs{};      // that it uploaded, fetched or removed, or tried to
  std::set<std::string> looked_up{};  // accounts whose list or prekeys it asked for
  // What the relay gave it for tokens.
  std::vector<Bytes> issued{};
};

// A row of the table of waiting mail.
struct StoredEnvelope {
  int64_t mailbox = 0;
  std::string id;
  Bytes body;
};

// A row of any other table.
struct StoredRow {
  std::string table;
  Mailbox owner{};              // the account or the device that the row is of; empty: of nobody
  std::vector<Bytes> values{};  // of its columns that hold keys, ids and records
  friend auto operator<=>(const StoredRow&, const StoredRow&) = default;
};

// What a relay can know: each frame on each connection as it is behind TLS; each row that ever
// stood among the waiting mail; of the other tables what stood there when they were read, which is
// every few commits and at the end. The relay's core writes no log. Network addresses are left out,
// as if everybody came through one proxy.
struct RelayView {
  std::map<Conn, SeenConnection> connections{};
  std::vector<SeenEnvelope> envelopes{};
  std::vector<SeenUpload> uploads{};
  std::vector<StoredEnvelope> stored{};
  std::set<StoredRow> rows{};
  std::set<std::string> columns{};  // of all tables: "table.column"
};

// Looks over a relay's shoulder.
class Recorder {
 public:
  explicit Recorder(test::RelayWorld& relay);

  const RelayView& view() const { return view_; }
  // All tables but that of waiting mail as they are now.
  void ReadRows();

 private:
  void OnWire(Conn connection, bool from_client, ByteView message);
  void OnFrame(Conn connection, const wire::FrameView& frame);
  void OnSend(Conn connection, const wire::FrameView& frame);
  void OnBegin(Conn connection, const wire::FrameView& frame);
  void OnRequest(Conn connection, const wire::fb::Frame& header);
  void OnSecret(Conn connection, const wire::fb::Frame& header);
  void OnAnswer(Conn connection, const wire::FrameView& frame);
  void OnStored();
  void ReadColumns();

  test::RelayWorld& relay_;
  std::unique_ptr<db::Connection> rows_;
  int64_t last_row_ = 0;
  uint64_t commits_ = 0;
  RelayView view_;
};

}  // namespace pawl::linker

#endif  // PAWL_TESTS_LINKER_RELAY_VIEW_H_
