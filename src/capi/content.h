#ifndef PAWL_CAPI_CONTENT_H_
#define PAWL_CAPI_CONTENT_H_

#include <deque>
#include <string>
#include <string_view>

#include "base/status.h"
#include "client/engine/content_view.h"
#include "crypto/secret.h"
#include "pawl/message.h"

namespace pawl::capi {

// What an app asks to send; the views are the caller's. kInvalidArgument: a kind that is not sent
// like this, or a field that must not be null.
absl::StatusOr<client::ContentView> ContentIn(const pawl_content* content);

// What the fields of a pawl_content point to: lives as long as it.
struct ContentHolder {
  pawl_content content{};
  pawl_id ref{};
  crypto::SecretBytes texts;  // each with its NUL, one behind the other
};
// `bytes`, which must outlive the holder, as a pawl_content.
absl::Status ContentOut(ByteView bytes, ContentHolder& out);

pawl_id IdOut(const ByteArray<16>& bytes);

}  // namespace pawl::capi

#endif  // PAWL_CAPI_CONTENT_H_
