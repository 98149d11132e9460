#ifndef PAWL_STORE_LAYOUT_H_
#define PAWL_STORE_LAYOUT_H_

#include <string>

#include "base/status.h"

namespace pawl::store {

// What stands in a store's folder.
enum class Presence {
  kNothing,
  kHalfMade,  // a creation was interrupted: nothing was ever kept in it
  kStore,
};

// The files of a store: pawl.db (with -wal and -shm), key.wrap, lock, and `creating` while the
// others are being made.
class Layout {
 public:
  explicit Layout(std::string dir) : dir_(std::move(dir)) {}

  const std::string& dir() const { return dir_; }
  std::string Database() const { return dir_ + "/pawl.db"; }
  std::string KeyWrap() const { return dir_ + "/key.wrap"; }
  std::string Lock() const { return dir_ + "/lock"; }
  std::string Creating() const { return dir_ + "/creating"; }

  // kNotEncrypted: a plain SQLite file and no key file. kCorrupt: some of it is missing or empty.
  absl::StatusOr<Presence> Look() const;
  // True where there is a store, whole or not: what Look would not call kNothing or kHalfMade.
  // Opens no file: to close the database's would end every lock that this process has on it.
  bool HoldsSomething() const;
  // Marks the creation of a new store, or of one instead of a half-made one, which is removed. The
  // writer's lock is held.
  absl::Status BeginCreation() const;
  // From now on the store is there.
  absl::Status EndCreation() const;

 private:
  std::string dir_;
};

}  // namespace pawl::store

#endif  // PAWL_STORE_LAYOUT_H_
