#ifndef PAWL_RESULT_HPP_
#define PAWL_RESULT_HPP_

// What a call gives: a value or an error. Included by pawl.hpp.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "pawl/status.h"

namespace pawl {
inline namespace v0 {

// A failed call or request: its pawl_status_code and what the library had to say.
class Error {
 public:
  // `retry_after`: where an event says when to try again.
  explicit Error(pawl_status status, std::string message = {},
                 std::optional<std::chrono::milliseconds> retry_after = {})
      : status_(status),
        retryable_(pawl_status_is_retryable(status) != 0 || retry_after.has_value()),
        retry_after_(retry_after),
        message_(std::move(message)) {}
  // What the last call of this thread that gave `status` left behind.
  static Error Last(pawl_status status) {
    pawl_error_info info = PAWL_ERROR_INFO_INIT;
    if (pawl_last_error(&info) != PAWL_OK || info.status != status) return Error(status);
    Error error(status, info.message);
    error.retryable_ = info.retryable != 0;
    if (info.retry_after_ms > 0) error.retry_after_.emplace(info.retry_after_ms);
    return error;
  }
  pawl_status status() const { return status_; }
  std::string_view name() const { return pawl_status_name(status_); }
  // English, for logs.
  const std::string& message() const { return message_; }
  // Whether the same may succeed later without any change; and after how long, where that is known.
  bool retryable() const { return retryable_; }
  std::optional<std::chrono::milliseconds> retry_after() const { return retry_after_; }

 private:
  pawl_status status_;
  bool retryable_;
  std::optional<std::chrono::milliseconds> retry_after_;
  std::string message_;
};

// A value or an error; look at the one that is there. Nothing here throws.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return *std::get_if<0>(&state_); }
  const T& value() const& { return *std::get_if<0>(&state_); }
  // By value: for (const auto& contact : *client.contacts()) keeps the page while it loops.
  T value() && { return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return *std::get_if<1>(&state_); }
  pawl_status status() const { return ok() ? pawl_status{PAWL_OK} : error().status(); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  void value() const {}
  void operator*() const {}
  const Error& error() const { return *error_; }
  pawl_status status() const { return ok() ? pawl_status{PAWL_OK} : error().status(); }

 private:
  std::optional<Error> error_;
};

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_RESULT_HPP_
