#include "store/schema.h"

namespace pawl::store {
namespace {

// Times are milliseconds since the Unix epoch, NULL for never. Columns stand in the order in which
// they are needed: SQLite walks the overflow pages of a large blob only for what comes after it, so
// frames and contents are last.
constexpr db::Migration kMigrations[] = {{1, R"sql(
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  store_id BLOB NOT NULL,
  anchor_key BLOB NOT NULL,
  generation INTEGER NOT NULL,
  opened_state INTEGER NOT NULL,
  next_prekey_id INTEGER NOT NULL
);
CREATE TABLE value (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE account (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  account_seed BLOB NOT NULL,
  device_seed BLOB NOT NULL,
  identity_key BLOB NOT NULL,
  device_list BLOB NOT NULL,
  epoch_record BLOB NOT NULL,
  delivery_key BLOB NOT NULL,
  previous_delivery_key BLOB NOT NULL,
  previous_delivery_key_until INTEGER,
  relay_url TEXT NOT NULL,
  registered INTEGER NOT NULL
);

CREATE TABLE peer (
  address TEXT PRIMARY KEY,
  account_key BLOB NOT NULL,
  list_version INTEGER NOT NULL,
  list_hash BLOB NOT NULL,
  list_checked_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  delivery_key BLOB NOT NULL,
  display_name TEXT NOT NULL,
  verified INTEGER NOT NULL,
  pending_key BLOB,
  created_at INTEGER NOT NULL,
  device_list BLOB NOT NULL,
  pending_list BLOB NOT NULL
);
CREATE TABLE peer_device (
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  signing_key BLOB NOT NULL,
  epoch INTEGER NOT NULL,
  bundle_fetched_at INTEGER NOT NULL,
  suites BLOB NOT NULL,
  epoch_record BLOB NOT NULL,
  bundle BLOB NOT NULL,
  PRIMARY KEY (address, device)
);

CREATE TABLE session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  transcript_hash BLOB NOT NULL,
  initiator INTEGER NOT NULL,
  confirmed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  retired_until INTEGER,
  progress BLOB NOT NULL,
  facts BLOB NOT NULL
);
CREATE INDEX session_device ON session (address, device);
CREATE INDEX session_retired ON session (retired_until) WHERE retired_until IS NOT NULL;
CREATE TABLE skipped (
  session INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
  tag BLOB NOT NULL,
  expires_at INTEGER,
  key BLOB NOT NULL,
  PRIMARY KEY (session, tag)
) WITHOUT ROWID;
CREATE INDEX skipped_expiry ON skipped (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE prekey (
  kind INTEGER NOT NULL,
  id INTEGER NOT NULL,
  last_resort_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  uploaded INTEGER NOT NULL,
  private_part BLOB NOT NULL,
  public_record BLOB NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX prekey_expiry ON prekey (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE replay (
  handshake BLOB PRIMARY KEY,
  last_resort_id INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX replay_key ON replay (last_resort_id);

CREATE TABLE conversation (
  id BLOB PRIMARY KEY,
  peer TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_activity_at INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  expires_in_s INTEGER NOT NULL
);
CREATE INDEX conversation_activity ON conversation (last_activity_at, id);
CREATE TABLE message (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation BLOB NOT NULL,
  id BLOB NOT NULL,
  sender TEXT NOT NULL,
  sender_device INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  sent_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  state INTEGER NOT NULL,
  failure INTEGER NOT NULL,
  expires_at INTEGER,
  content BLOB NOT NULL,
  UNIQUE (id, conversation, sender)
);
CREATE INDEX message_history ON message (conversation, row);
CREATE INDEX message_expiry ON message (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message BLOB NOT NULL,
  conversation BLOB NOT NULL,
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  session INTEGER NOT NULL,
  envelope BLOB NOT NULL UNIQUE,
  class INTEGER NOT NULL,
  state INTEGER NOT NULL,
  request INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  not_before INTEGER,
  expires_at INTEGER,
  frame BLOB NOT NULL
);
CREATE INDEX outbox_queued ON outbox (id) WHERE state = 1;
CREATE INDEX outbox_due ON outbox (not_before) WHERE state = 1;
CREATE INDEX outbox_message ON outbox (message);
CREATE INDEX outbox_device ON outbox (address, device);
CREATE INDEX outbox_expiry ON outbox (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE pending (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message BLOB NOT NULL,
  conversation BLOB NOT NULL,
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  class INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  not_before INTEGER,
  expires_at INTEGER,
  content BLOB NOT NULL
);
CREATE INDEX pending_due ON pending (not_before) WHERE not_before IS NOT NULL;
CREATE INDEX pending_message ON pending (message);
CREATE INDEX pending_device ON pending (address, device);
CREATE INDEX pending_expiry ON pending (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  conversation BLOB NOT NULL,
  message BLOB NOT NULL,
  peer TEXT NOT NULL,
  device INTEGER NOT NULL,
  code INTEGER NOT NULL,
  at INTEGER NOT NULL,
  extra BLOB NOT NULL
);
CREATE TABLE dedupe (
  envelope BLOB PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  received_at INTEGER NOT NULL
);
CREATE INDEX dedupe_age ON dedupe (received_at);

CREATE TABLE transfer (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,
  state INTEGER NOT NULL,
  failure INTEGER NOT NULL,
  conversation BLOB NOT NULL,
  message BLOB NOT NULL,
  sender TEXT NOT NULL,
  blob BLOB NOT NULL,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  padded_size INTEGER NOT NULL,
  done INTEGER NOT NULL,
  key BLOB NOT NULL,
  root BLOB NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER,
  created_at INTEGER NOT NULL,
  content BLOB NOT NULL,
  checkpoint BLOB NOT NULL
);
CREATE INDEX transfer_message ON transfer (message);
CREATE INDEX transfer_state ON transfer (state);
)sql"},
                                         {2, R"sql(
CREATE TABLE lineage (
  instance BLOB PRIMARY KEY,
  began INTEGER NOT NULL,
  absorbed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE repair (
  address TEXT NOT NULL,
  device INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  not_before INTEGER,
  PRIMARY KEY (address, device)
) WITHOUT ROWID;
)sql"},
                                         {3, R"sql(
ALTER TABLE peer ADD COLUMN state_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transfer ADD COLUMN secret BLOB NOT NULL DEFAULT x'';
ALTER TABLE transfer ADD COLUMN begun INTEGER NOT NULL DEFAULT 0;
CREATE TABLE token (
  serial BLOB PRIMARY KEY,
  period INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  upload INTEGER REFERENCES transfer (id) ON DELETE CASCADE,
  mac BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX token_free ON token (kind, period, serial) WHERE upload IS NULL;
CREATE INDEX token_upload ON token (upload) WHERE upload IS NOT NULL;
)sql"}};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

}  // namespace pawl::store
