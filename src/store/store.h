#ifndef PAWL_STORE_STORE_H_
#define PAWL_STORE_STORE_H_

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "store/anchor.h"
#include "store/ids.h"
#include "store/key_wrap.h"
#include "store/lineage.h"
#include "store/reader.h"
#include "store/transaction.h"

namespace pawl::store {

struct OpenOptions {
  std::string dir;  // made (0700) when the store is created
  WrapKey key;
  bool create_if_missing = false;
  crypto::Argon2Params argon2{};  // of a store being created under a passphrase
  AnchorOptions anchor{};
  std::string vfs{};  // SQLite VFS to open the database through; empty: the default one
};

// The store of one device: DIR/pawl.db (SQLCipher), DIR/key.wrap, DIR/lock. One writer at a time,
// held by an OS lock that ends with the process. All changes go through one Transaction at a time.
// Thread-compatible; Readers may live on other threads. src/store/FORMAT.md describes the files.
class Store {
 public:
  // `now` paces the anchor. Blocks for Argon2id (about a second) under a passphrase. kNotFound: no
  // store and create_if_missing is off. kStoreLocked: another writer has it. kWrongKey,
  // kNotEncrypted (a plain SQLite file stands in its place), kStoreTooNew (made by a later
  // release), kCorrupt (also when a part of it is missing), kDiskFull, kIo, kInvalidArgument. A
  // store that could not be opened is as it was; a creation that was interrupted starts over.
  static absl::StatusOr<std::unique_ptr<Store>> Open(OpenOptions options, Timestamp now, Rng& rng);
  // True where Open would find something to open.
  static bool Exists(const std::string& dir);

  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  // Releases the lock. A transaction or change that was not committed is gone. Does not raise the
  // anchor: Close does.
  ~Store();

  // Starts the one transaction; kWrongState while another is open. The Store must outlive it.
  absl::StatusOr<Transaction> Begin();

  // A read-only view on a connection of its own, for the caller's thread. Thread-safe against the
  // Store's thread except during Reencrypt and Open.
  absl::StatusOr<std::unique_ptr<Reader>> OpenReader() const;

  const StoreId& id() const;
  // As of the last commit.
  Generation generation() const;
  // What the anchor said at open, or at an earlier open and was never marked healed, or what was
  // marked since (Transaction::Mark).
  OpenedState opened_state() const;

  // The note that the relay is to keep for this generation; nullopt while this opening has not
  // committed anything. What it shows after a login is judged by the other.
  std::optional<Bytes> MakeNote(Rng& rng) const;
  NoteVerdict JudgeNote(ByteView sealed) const;

  // Under a new host key or passphrase; the database is untouched. Killed at any point, the file
  // opens with either the old or the new one.
  absl::Status Rewrap(const WrapKey& key, const crypto::Argon2Params& params, Rng& rng);
  // Full re-encryption under a new random database key; `key` is the wrap key in force (kWrongKey
  // when it is not). Killed at any point, the store opens, wholly under the old or wholly under the
  // new key, and forgets the other. Takes as long as writing the database twice. kWrongState while
  // a transaction or a Reader is open; after any other error the store goes on under either key.
  absl::Status Reencrypt(const WrapKey& key, Rng& rng);

  // Copies the write-ahead log into the database and truncates it, so that what was deleted (pages
  // are overwritten, secure_delete) is in no file any more. Call after erasing secrets, between
  // transactions (kWrongState inside one). kStoreLocked when a Reader is in the middle of a query.
  absl::Status EraseTraces();

  // File anchor: commits raise it by themselves; call AnchorTick at AnchorDeadline() so that a
  // quiet store is anchored too. A failure to write it (kIo, kDiskFull) never undoes a commit; it
  // is tried again. Host anchor: AnchorToKeep says which generation the host should keep now;
  // AnchorKept confirms.
  Timestamp AnchorDeadline() const;
  absl::Status AnchorTick(Timestamp now);
  std::optional<Generation> AnchorToKeep(Timestamp now) const;
  void AnchorKept(Generation generation, Timestamp now);

  // Lets go of the store without closing it: the anchor is raised as far as it can be, every file
  // is closed and no lock is held, so that another process may write, and a system may suspend this
  // one. Until Resume nothing but Close works (kWrongState). kWrongState while a transaction or a
  // Reader is open.
  absl::Status Suspend(Timestamp now);
  // Takes the lock again, with the key at hand. True when the store is not as it was left: another
  // process has written, and whatever was read before is out of date. Fails as Open does, and with
  // kWrongKey when it was encrypted anew, kDiverged never (opened_state says so); then it
  // stays suspended.
  absl::StatusOr<bool> Resume(Timestamp now, Rng& rng);

  // Anchors the last generation, truncates the log, closes, releases the lock. The object is of no
  // use afterwards (kClosed).
  absl::Status Close(Timestamp now);

  struct Impl;

 private:
  friend class Transaction;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_STORE_H_
