#include "wire/auth.h"

#include <gtest/gtest.h>

#include <set>

namespace pawl::wire {
namespace {

ByteArray<32> Filled(uint8_t value) {
  ByteArray<32> out;
  out.fill(value);
  return out;
}

TEST(AuthMessage, HoldsItsPartsInTheDocumentedOrder) {
  const Bytes address = {9, 8, 7};
  const AuthInput input{Filled(1), Filled(2), Filled(3), Filled(4), fb::Mode::Peek, address};
  const Bytes message = AuthMessage(input);
  ASSERT_EQ(message.size(), 4 * 32 + 1 + address.size());
  EXPECT_EQ(message[0], 1);                                      // relay key hash
  EXPECT_EQ(message[32], 3);                                     // relay nonce
  EXPECT_EQ(message[64], 4);                                     // client nonce
  EXPECT_EQ(message[96], static_cast<uint8_t>(fb::Mode::Peek));  // mode
  EXPECT_TRUE(SameBytes(ByteView(message).subspan(97, 3), address));
  EXPECT_EQ(message.back(), 2);  // channel binding
}

TEST(AuthMessage, EveryPartMatters) {
  const Bytes address = {9, 8, 7};
  const Bytes other_address = {9, 8, 6};
  const AuthInput base{Filled(1), Filled(2), Filled(3), Filled(4), fb::Mode::Device, address};
  std::set<Bytes> messages = {AuthMessage(base)};
  AuthInput changed = base;
  changed.relay_key_hash = Filled(5);
  messages.insert(AuthMessage(changed));
  changed = base;
  changed.channel_binding = Filled(5);
  messages.insert(AuthMessage(changed));
  changed = base;
  changed.relay_nonce = Filled(5);
  messages.insert(AuthMessage(changed));
  changed = base;
  changed.client_nonce = Filled(5);
  messages.insert(AuthMessage(changed));
  changed = base;
  changed.mode = fb::Mode::Peek;
  messages.insert(AuthMessage(changed));
  changed = base;
  changed.device_address = other_address;
  messages.insert(AuthMessage(changed));
  EXPECT_EQ(messages.size(), 7u);
}

}  // namespace
}  // namespace pawl::wire
