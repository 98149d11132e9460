#ifndef PAWL_CLIENT_ENGINE_APP_CONTENT_H_
#define PAWL_CLIENT_ENGINE_APP_CONTENT_H_

#include <algorithm>
#include <array>

#include "wire/content.h"

namespace pawl::client {

// What an app sees: everything that is not one of our own automatic messages, kinds of later
// releases included.
inline bool IsForTheApp(const wire::fb::Content& content) {
  using Body = wire::fb::Body;
  constexpr std::array kAutomatic = {Body::NONE,          Body::Receipt,     Body::Typing,
                                     Body::Confirmed,     Body::DeliveryKey, Body::ContactRequest,
                                     Body::ContactAnswer, Body::SyncSent,    Body::SyncRead,
                                     Body::SyncContact,   Body::Resume};
  return std::find(kAutomatic.begin(), kAutomatic.end(), content.body_type()) == kAutomatic.end();
}

}  // namespace pawl::client

#endif  // PAWL_CLIENT_ENGINE_APP_CONTENT_H_
