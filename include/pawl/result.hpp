#ifndef PAWL_RESULT_HPP_
#define PAWL_RESULT_HPP_

// What a call gives: a value or an error. Included by pawl.hpp.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "pawl/status.h"

namespace pawl {
inline namespace v0 {

// A failed call: its pawl_status_code and what the library had to say.
class Error {
 public:
  explicit Error(pawl_status status, std::string message = {})
      : status_(status), message_(std::move(message)) {}
  // What the last call of this thread that gave `status` left behind.
  static Error Last(pawl_status status) {
    pawl_error_info info = PAWL_ERROR_INFO_INIT;
    const bool known = pawl_last_error(&info) == PAWL_OK && info.status == status;
    return Error(status, known ? info.message : "");
  }
  pawl_status status() const { return status_; }
  std::string_view name() const { return pawl_status_name(status_); }
  const std::string& message() const { return message_; }

 private:
  pawl_status status_;
  std::string message_;
};

// A value or an error. Looking at the one that is not there is a defect of the caller and throws
// std::bad_variant_access.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  const Error& error() const { return std::get<1>(state_); }
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
  const Error& error() const { return error_.value(); }
  pawl_status status() const { return ok() ? pawl_status{PAWL_OK} : error().status(); }

 private:
  std::optional<Error> error_;
};

namespace internal {

inline Result<void> Check(pawl_status status) {
  if (status == PAWL_OK) return {};
  return Error::Last(status);
}

template <typename T>
Result<T> Give(pawl_status status, T&& value) {
  if (status == PAWL_OK) return Result<T>(std::forward<T>(value));
  return Error::Last(status);
}

}  // namespace internal

}  // namespace v0
}  // namespace pawl

#endif  // PAWL_RESULT_HPP_
