#ifndef PAWL_STORE_PARAMETERS_H_
#define PAWL_STORE_PARAMETERS_H_

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/strong_alias.h"
#include "crypto/secret.h"
#include "db/statement.h"

namespace pawl::store {

// Values into a statement's parameters.

// kNever is NULL, so that `expires_at <= now` and min() pass over it.
inline void BindValue(db::Statement& statement, int parameter, Timestamp time) {
  if (time == kNever) {
    statement.Bind(parameter, std::nullopt);
  } else {
    statement.Bind(parameter, time.ms);
  }
}
inline void BindValue(db::Statement& statement, int parameter, std::string_view text) {
  statement.Bind(parameter, text);
}
inline void BindValue(db::Statement& statement, int parameter, const std::string& text) {
  statement.Bind(parameter, std::string_view(text));
}
// Bytes are read where they lie: nothing of an envelope or a secret is copied on its way in.
inline void BindValue(db::Statement& statement, int parameter, ByteView bytes) {
  statement.BindInPlace(parameter, bytes);
}
inline void BindValue(db::Statement& statement, int parameter, const Bytes& bytes) {
  statement.BindInPlace(parameter, ByteView(bytes));
}
inline void BindValue(db::Statement& statement, int parameter, const crypto::SecretBytes& bytes) {
  statement.BindInPlace(parameter, bytes.Expose());
}
template <size_t N>
void BindValue(db::Statement& statement, int parameter, const ByteArray<N>& bytes) {
  statement.BindInPlace(parameter, ByteView(bytes));
}
template <typename T, typename = std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>>>
void BindValue(db::Statement& statement, int parameter, T value) {
  statement.Bind(parameter, static_cast<int64_t>(value));
}
template <typename Tag, typename T>
void BindValue(db::Statement& statement, int parameter, const StrongAlias<Tag, T>& id) {
  BindValue(statement, parameter, id.value());
}
template <typename T>
void BindValue(db::Statement& statement, int parameter, const std::optional<T>& value) {
  if (value) {
    BindValue(statement, parameter, *value);
  } else {
    statement.Bind(parameter, std::nullopt);
  }
}

// Whether a parameter type holds the bytes that it binds.
template <typename T>
struct HoldsBytes : std::false_type {};
template <>
struct HoldsBytes<Bytes> : std::true_type {};
template <>
struct HoldsBytes<crypto::SecretBytes> : std::true_type {};
template <size_t N>
struct HoldsBytes<ByteArray<N>> : std::true_type {};
template <typename Tag, typename T>
struct HoldsBytes<StrongAlias<Tag, T>> : HoldsBytes<T> {};
template <typename T>
struct HoldsBytes<std::optional<T>> : HoldsBytes<T> {};

// Parameters 1, 2, …; whatever holds bytes must stay until the statement has run.
template <typename... T>
void BindValues(db::Statement& statement, T&&... values) {
  static_assert(((std::is_lvalue_reference_v<T&&> || !HoldsBytes<std::decay_t<T>>::value) && ...),
                "a temporary would be gone when the statement runs");
  int parameter = 0;
  (BindValue(statement, ++parameter, values), ...);
}

}  // namespace pawl::store

#endif  // PAWL_STORE_PARAMETERS_H_
