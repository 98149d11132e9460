#ifndef PAWL_CAPI_OBJECTS_H_
#define PAWL_CAPI_OBJECTS_H_

#include <memory>
#include <type_traits>
#include <utility>

#include "base/status.h"
#include "capi/guard.h"
#include "capi/handle_table.h"
#include "pawl/types.h"

// Which object stands behind which handle, and the ways from one to the other.
namespace pawl::capi {

struct Buffer;
struct Identity;
struct Session;
struct Client;
struct Conversation;
struct Upload;
struct Events;
struct Messages;
struct Conversations;
struct Contacts;
struct Devices;
struct Peek;
struct Peeked;

template <typename Handle>
struct Behind;
template <>
struct Behind<pawl_buffer> {
  using Object = Buffer;
  static constexpr Kind kKind = Kind::kBuffer;
};
template <>
struct Behind<pawl_identity> {
  using Object = Identity;
  static constexpr Kind kKind = Kind::kIdentity;
};
template <>
struct Behind<pawl_session> {
  using Object = Session;
  static constexpr Kind kKind = Kind::kSession;
};
template <>
struct Behind<pawl_client> {
  using Object = Client;
  static constexpr Kind kKind = Kind::kClient;
};
template <>
struct Behind<pawl_conversation> {
  using Object = Conversation;
  static constexpr Kind kKind = Kind::kConversation;
};
template <>
struct Behind<pawl_upload> {
  using Object = Upload;
  static constexpr Kind kKind = Kind::kUpload;
};
template <>
struct Behind<pawl_events> {
  using Object = Events;
  static constexpr Kind kKind = Kind::kEvents;
};
template <>
struct Behind<pawl_messages> {
  using Object = Messages;
  static constexpr Kind kKind = Kind::kMessages;
};
template <>
struct Behind<pawl_conversations> {
  using Object = Conversations;
  static constexpr Kind kKind = Kind::kConversations;
};
template <>
struct Behind<pawl_contacts> {
  using Object = Contacts;
  static constexpr Kind kKind = Kind::kContacts;
};
template <>
struct Behind<pawl_devices> {
  using Object = Devices;
  static constexpr Kind kKind = Kind::kDevices;
};

template <>
struct Behind<pawl_peek> {
  using Object = Peek;
  static constexpr Kind kKind = Kind::kPeek;
};
template <>
struct Behind<pawl_peeked> {
  using Object = Peeked;
  static constexpr Kind kKind = Kind::kPeeked;
};

template <typename Handle>
using ObjectPtr = std::shared_ptr<typename Behind<std::remove_const_t<Handle>>::Object>;

// The object behind a handle, alive for as long as the result is kept. kBadHandle, kForked.
template <typename Handle>
absl::StatusOr<ObjectPtr<Handle>> Get(Handle* handle) {
  using Is = Behind<std::remove_const_t<Handle>>;
  PAWL_ASSIGN(std::shared_ptr<void> object,
              HandleTable::OfThisProcess().Find(Is::kKind, reinterpret_cast<uintptr_t>(handle)));
  return std::static_pointer_cast<typename Is::Object>(std::move(object));
}

// Gives an object to the host.
template <typename Handle>
absl::Status Put(ObjectPtr<Handle> object, Handle** out) {
  PAWL_ASSIGN(const uintptr_t handle,
              HandleTable::OfThisProcess().Add(Behind<Handle>::kKind, std::move(object)));
  *out = reinterpret_cast<Handle*>(handle);
  return OkStatus();
}

// Takes it back: the object goes when nothing else needs it.
template <typename Handle>
void Drop(Handle* handle) noexcept {
  GuardValue(0, [&] {
    HandleTable::OfThisProcess().Remove(Behind<Handle>::kKind, reinterpret_cast<uintptr_t>(handle));
    return 0;
  });
}

}  // namespace pawl::capi

#endif  // PAWL_CAPI_OBJECTS_H_
