#ifndef PAWL_CLIENT_RUNNER_ACCOUNT_BOARD_H_
#define PAWL_CLIENT_RUNNER_ACCOUNT_BOARD_H_

#include <mutex>
#include <optional>
#include <utility>

#include "base/ids.h"
#include "identity/device_list.h"

namespace pawl::runner {

// What callers may know of this device's account without asking the client's thread.
struct AccountView {
  std::optional<identity::Address> address;
  DeviceId device;  // 0: not given yet
  bool registered = false;
  bool has_account_key = false;
  std::optional<identity::DeviceList> list;
};

// The latest AccountView. Thread-safe.
class AccountBoard {
 public:
  AccountView Get() {
    std::lock_guard lock(mutex_);
    return view_;
  }
  void Set(AccountView view) {
    std::lock_guard lock(mutex_);
    view_ = std::move(view);
  }

 private:
  std::mutex mutex_;
  AccountView view_;
};

}  // namespace pawl::runner

#endif  // PAWL_CLIENT_RUNNER_ACCOUNT_BOARD_H_
