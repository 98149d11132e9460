#ifndef PAWL_TESTS_UNIT_CAPI_OFFLINE_CLIENT_H_
#define PAWL_TESTS_UNIT_CAPI_OFFLINE_CLIENT_H_

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "pawl/pawl.h"
#include "support/temp_dir.h"

namespace pawl::capi {

// A client that is not online, through the C ABI.
class OfflineClient {
 public:
  OfflineClient() {
    options_.flags = PAWL_CLIENT_CREATE | PAWL_CLIENT_OFFLINE;
    options_.store_dir = store_.c_str();
    options_.anchor_dir = anchor_.c_str();
    options_.host_key = key_.data();
    options_.host_key_len = key_.size();
    options_.relay_url = "ws://127.0.0.1:9";
    EXPECT_EQ(pawl_client_open(&options_, &client_), PAWL_OK);
  }
  ~OfflineClient() { pawl_client_release(client_); }
  OfflineClient(const OfflineClient&) = delete;
  OfflineClient& operator=(const OfflineClient&) = delete;

  pawl_client* get() const { return client_; }
  std::string File(const char* name) const { return dir_.File(name); }

  // With keys, not yet at the relay.
  void BeSomebody(const char* address) {
    uint64_t request = 0;
    ASSERT_EQ(pawl_account_register(client_, address, nullptr, &request), PAWL_OK);
    std::array<char, PAWL_ADDRESS_SIZE> own{};
    size_t length = 0;
    for (int i = 0; i < 600 && length == 0; ++i) {
      pawl_events* events = nullptr;
      pawl_client_wait_events(client_, 16, 100, &events);
      pawl_events_release(events);
      pawl_account_address(client_, own.data(), own.size(), &length);
    }
    ASSERT_STREQ(own.data(), address);
  }
  // The status with which a request ended.
  pawl_status Wait(uint64_t request) {
    for (int i = 0; i < 300; ++i) {
      pawl_events* events = nullptr;
      if (pawl_client_wait_events(client_, 1, 200, &events) != PAWL_OK) continue;
      const pawl_event event = *pawl_events_at(events, 0);
      pawl_events_release(events);
      if (event.type == PAWL_EVENT_COMPLETED && event.request_id == request) return event.status;
    }
    ADD_FAILURE() << "it never ended";
    return PAWL_E_TIMEOUT;
  }

 private:
  test::TempDir dir_;
  std::string store_ = dir_.File("store");
  std::string anchor_ = dir_.File("anchor");
  std::array<uint8_t, PAWL_KEY_SIZE> key_{};
  pawl_client_options options_ = PAWL_CLIENT_OPTIONS_INIT;
  pawl_client* client_ = nullptr;
};

}  // namespace pawl::capi

#endif  // PAWL_TESTS_UNIT_CAPI_OFFLINE_CLIENT_H_
