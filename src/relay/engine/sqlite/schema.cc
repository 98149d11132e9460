#include "relay/engine/sqlite/schema.h"

namespace pawl::relay::engine::sqlite {
namespace {

// Mail is an append log with narrow indexes: a table clustered by mailbox is three times slower to
// append to. AUTOINCREMENT, because a cursor or a mailbox number must never come back after its row
// is deleted. Wide columns stand in tables of their own (device_keys) or last, so that what changes
// with every message is narrow. Mail has no index by expiry (expiry.h); what else expires is few,
// or is written once per message that was read, and is found by its time.
constexpr db::Migration kMigrations[] = {
    {1, R"sql(
CREATE TABLE account(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  delivery_key BLOB,
  old_delivery_key BLOB,
  old_delivery_key_until INTEGER NOT NULL DEFAULT 0,
  blob_bytes INTEGER NOT NULL DEFAULT 0,
  account_key BLOB NOT NULL,
  list_version INTEGER NOT NULL,
  list_hash BLOB NOT NULL,
  list BLOB NOT NULL);
CREATE INDEX account_by_old_key ON account(old_delivery_key_until)
  WHERE old_delivery_key IS NOT NULL;

CREATE TABLE removed_account(
  hash BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE removed_mailbox(
  mbox INTEGER PRIMARY KEY);

CREATE TABLE mailbox(
  mbox INTEGER PRIMARY KEY AUTOINCREMENT,
  account INTEGER NOT NULL,
  device INTEGER NOT NULL,
  signing_key BLOB NOT NULL,
  n_messages INTEGER NOT NULL DEFAULT 0,
  n_bytes INTEGER NOT NULL DEFAULT 0,
  n_requests INTEGER NOT NULL DEFAULT 0,
  UNIQUE(account, device));

CREATE TABLE device_keys(
  mbox INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL DEFAULT 0,
  epoch_record BLOB,
  bundle BLOB,
  anchor BLOB);

CREATE TABLE one_time(
  id INTEGER PRIMARY KEY,
  mbox INTEGER NOT NULL,
  prekey INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  record BLOB NOT NULL);
CREATE UNIQUE INDEX one_time_by_prekey ON one_time(mbox, prekey);
CREATE INDEX one_time_by_expiry ON one_time(expires);

CREATE TABLE envelope(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  mbox INTEGER NOT NULL,
  mid BLOB NOT NULL,
  received INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  body BLOB NOT NULL);
CREATE INDEX envelope_by_mailbox ON envelope(mbox, id);
CREATE UNIQUE INDEX envelope_by_mid ON envelope(mbox, mid);

CREATE TABLE seen(
  id INTEGER PRIMARY KEY,
  mbox INTEGER NOT NULL,
  mid BLOB NOT NULL,
  at INTEGER NOT NULL);
CREATE UNIQUE INDEX seen_by_mid ON seen(mbox, mid);
CREATE INDEX seen_by_time ON seen(at);

CREATE TABLE invitation(
  hash BLOB PRIMARY KEY,
  expires INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE blob(
  id BLOB PRIMARY KEY,
  account INTEGER NOT NULL,
  size INTEGER NOT NULL,
  committed INTEGER NOT NULL DEFAULT 0,
  expires INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX blob_by_expiry ON blob(expires);
CREATE INDEX blob_by_account ON blob(account, committed);
)sql"},
    {2, R"sql(
ALTER TABLE account ADD COLUMN token_period INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN token_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN token_request BLOB;
ALTER TABLE blob ADD COLUMN owner BLOB;

CREATE TABLE token_seed(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  seed BLOB NOT NULL,
  forgotten INTEGER NOT NULL DEFAULT 0);

CREATE TABLE spent_token(
  period INTEGER NOT NULL,
  serial BLOB NOT NULL,
  PRIMARY KEY(period, serial)) WITHOUT ROWID;
)sql"},
    {3, R"sql(
ALTER TABLE account DROP COLUMN token_request;
ALTER TABLE device_keys ADD COLUMN token_request BLOB;
ALTER TABLE blob ADD COLUMN latest INTEGER NOT NULL DEFAULT 0;
)sql"},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

}  // namespace pawl::relay::engine::sqlite
