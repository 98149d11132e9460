#include "message.h"

#include <gmock/gmock.h>

#include "aes_cbc.h"
#include "proto.h"
#include "spqr_message.h"
#include "support/flip.h"
#include "support/hex.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"

namespace pawl::signal {
namespace {

using test::FromHex;
using test::HasCode;
using test::IsOk;
using test::ToHex;

// NIST SP 800-38A F.2.5, less what the padding adds.
TEST(AesCbc, IsThatOfTheStandard) {
  const Bytes key = FromHex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const Bytes iv = FromHex("000102030405060708090a0b0c0d0e0f");
  const Bytes plain = FromHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes sealed, AesCbcSeal(key, iv, plain));
  EXPECT_EQ(ToHex(ByteView(sealed).first(32)),
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d");
  EXPECT_EQ(sealed.size(), 48u);
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes opened, AesCbcOpen(key, iv, sealed));
  EXPECT_EQ(opened, plain);
}

TEST(AesCbc, RefusesWrongSizesAndPaddings) {
  const Bytes key(32), iv(16);
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes empty, AesCbcSeal(key, iv, {}));
  EXPECT_EQ(empty.size(), 16u);
  EXPECT_THAT(AesCbcOpen(key, iv, empty), IsOk());
  EXPECT_THAT(AesCbcOpen(key, iv, {}), HasCode(Code::kMalformed));
  EXPECT_THAT(AesCbcOpen(key, iv, ByteView(empty).first(15)), HasCode(Code::kMalformed));
  EXPECT_THAT(AesCbcOpen(key, iv, Bytes(16)), HasCode(Code::kMalformed));
  EXPECT_THAT(AesCbcSeal(Bytes(16), iv, {}), HasCode(Code::kInvalidArgument));
  EXPECT_THAT(AesCbcSeal(key, Bytes(12), {}), HasCode(Code::kInvalidArgument));
}

class SignalMessageTest : public ::testing::Test {
 protected:
  static SignalMessage Some() {
    SignalMessage message;
    message.ratchet_key.fill(9);
    message.counter = 300;
    message.previous_counter = 7;
    message.pq_ratchet = {1, 1, 1, 0};
    message.addresses = Bytes(36, 4);
    return message;
  }

  test::SeededRng rng_{5};
  const MessageKeys keys_ =
      DeriveMessageKeys(ratchet::MessageSeed::Random(rng_), ratchet::PqKey::Random(rng_));
  const Identities identities_{Typed({1}), Typed({2})};
};

TEST_F(SignalMessageTest, WhatIsSealedParsesAndOpens) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes wire, Seal(keys_, identities_, Some(), AsBytes("hello")));
  EXPECT_EQ(wire[0], kVersionByte);
  PAWL_ASSERT_OK_AND_ASSIGN(const SignalMessage parsed, ParseSignalMessage(wire));
  EXPECT_EQ(parsed.ratchet_key, Some().ratchet_key);
  EXPECT_EQ(parsed.counter, 300u);
  EXPECT_EQ(parsed.previous_counter, 7u);
  EXPECT_EQ(parsed.pq_ratchet, Some().pq_ratchet);
  EXPECT_EQ(parsed.addresses, Some().addresses);
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes opened, Open(keys_, identities_, wire, parsed));
  EXPECT_EQ(opened, ToBytes(AsBytes("hello")));
}

TEST_F(SignalMessageTest, NothingElseIsAccepted) {
  PAWL_ASSERT_OK_AND_ASSIGN(const Bytes wire, Seal(keys_, identities_, Some(), AsBytes("hello")));
  test::ForEachDamage(wire, [&](ByteView damaged) {
    const auto parsed = ParseSignalMessage(damaged);
    if (parsed.ok()) {
      EXPECT_THAT(Open(keys_, identities_, damaged, *parsed), HasCode(Code::kAuthFailed));
    }
  });
}

TEST_F(SignalMessageTest, AFieldThatIsMissingOrOfAnotherTypeIsMalformed) {
  const auto wire_of = [](const std::vector<Bytes>& fields) {
    Bytes wire = {kVersionByte};
    for (const Bytes& field : fields) wire.insert(wire.end(), field.begin(), field.end());
    wire.resize(wire.size() + kMacSize);
    return wire;
  };
  Bytes key, counter, ciphertext, text_counter, number_key, other_key;
  AddBytes(key, 1, Typed({3}));
  AddNumber(counter, 2, 1);
  AddBytes(ciphertext, 4, Bytes(16));
  AddBytes(text_counter, 2, {});
  AddNumber(number_key, 1, 1);
  AddBytes(other_key, 1, Bytes(33, 6));
  EXPECT_THAT(ParseSignalMessage(wire_of({key, counter, ciphertext})), IsOk());
  EXPECT_THAT(ParseSignalMessage(wire_of({counter, ciphertext})), HasCode(Code::kMalformed));
  EXPECT_THAT(ParseSignalMessage(wire_of({key, ciphertext})), HasCode(Code::kMalformed));
  EXPECT_THAT(ParseSignalMessage(wire_of({key, counter})), HasCode(Code::kMalformed));
  for (const Bytes& wrong : {text_counter, number_key, other_key, Bytes{0x0b}, Bytes{0x12, 200}}) {
    EXPECT_THAT(ParseSignalMessage(wire_of({key, counter, ciphertext, wrong})),
                HasCode(Code::kMalformed));
  }
}

TEST_F(SignalMessageTest, OtherVersionsAreRefused) {
  PAWL_ASSERT_OK_AND_ASSIGN(Bytes wire, Seal(keys_, identities_, Some(), {}));
  for (const uint8_t version : Bytes{0x33, 0x34, 0x43, 0x55}) {
    wire[0] = version;
    EXPECT_THAT(ParseSignalMessage(wire), HasCode(Code::kUnsupportedVersion));
    EXPECT_THAT(UnwrapPreKeyMessage(wire), HasCode(Code::kUnsupportedVersion));
  }
}

TEST(SpqrMessage, IsReadAsItIsWritten) {
  PAWL_ASSERT_OK_AND_ASSIGN(const auto plain, ParsePq(FromHex("01"
                                                              "8001"
                                                              "05"
                                                              "04")));
  EXPECT_EQ(*plain.message.epoch, 128u);
  EXPECT_EQ(plain.key_index, 5u);
  EXPECT_EQ(plain.message.kind, ratchet::braid::Kind::kCt1Ack);
  PAWL_ASSERT_OK_AND_ASSIGN(const auto chunk, ParsePq(FromHex("01"
                                                              "01"
                                                              "01"
                                                              "02"
                                                              "ffff03" +
                                                              std::string(64, 'a'))));
  EXPECT_EQ(chunk.message.index, 65535u);
  EXPECT_EQ(chunk.message.chunk_bytes[31], 0xaa);
}

TEST(SpqrMessage, RefusesWhatNoPeerWrites) {
  EXPECT_THAT(ParsePq({}), HasCode(Code::kMalformed));
  EXPECT_THAT(ParsePq(FromHex("02010100")), HasCode(Code::kUnsupportedVersion));
  for (const char* hex : {"01", "0101", "010101", "01000100", "01010000", "01010107", "0101010100",
                          "01018080808010"
                          "00",
                          "01ffffffffffffffffffff01"
                          "0100"}) {
    EXPECT_THAT(ParsePq(FromHex(hex)), HasCode(Code::kMalformed)) << hex;
  }
  EXPECT_THAT(ParsePq(FromHex("01010102"
                              "808004" +
                              std::string(64, 'a'))),
              HasCode(Code::kMalformed));
  EXPECT_THAT(ParsePq(FromHex("01010102"
                              "00" +
                              std::string(62, 'a'))),
              HasCode(Code::kMalformed));
}

}  // namespace
}  // namespace pawl::signal
