#include "client/runner/relay_choice.h"

#include <gtest/gtest.h>

#include "support/matchers.h"
#include "test_store.h"

namespace pawl::runner {
namespace {

using test::HasCode;
using test::IsOk;
using transport::TlsPolicy;

class RelayChoiceTest : public WithStore {
 protected:
  static TlsPolicy Pinned() {
    TlsPolicy tls;
    tls.roots = TlsPolicy::Roots::kNone;
    tls.spki_pins = {ByteArray<32>{1}, ByteArray<32>{2}};
    return tls;
  }
};

TEST_F(RelayChoiceTest, WhatWasChosenIsRememberedWithItsPins) {
  ASSERT_THAT(ChooseRelay(*store_, "wss://relay.example.org/x", Pinned(), kNow), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const RelayChoice again, ChooseRelay(*store_, "", {}, kNow));
  EXPECT_EQ(again.endpoint.host, "relay.example.org");
  EXPECT_EQ(again.endpoint.path, "/x");
  EXPECT_EQ(again.tls.roots, TlsPolicy::Roots::kNone);
  EXPECT_EQ(again.tls.spki_pins, Pinned().spki_pins);
}

TEST_F(RelayChoiceTest, ANewChoiceTakesTheOldOnesPlaceWhole) {
  ASSERT_THAT(ChooseRelay(*store_, "wss://one.example.org", Pinned(), kNow), IsOk());
  ASSERT_THAT(ChooseRelay(*store_, "wss://two.example.org", TlsPolicy{}, kNow), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const RelayChoice again, ChooseRelay(*store_, "", {}, kNow));
  EXPECT_EQ(again.endpoint.host, "two.example.org");
  EXPECT_EQ(again.tls.roots, TlsPolicy::Roots::kSystem);
  EXPECT_TRUE(again.tls.spki_pins.empty()) << "a pin of another relay must not stay";
}

TEST_F(RelayChoiceTest, TheSameChoiceAgainWritesNothing) {
  ASSERT_THAT(ChooseRelay(*store_, "wss://one.example.org", Pinned(), kNow), IsOk());
  const store::Generation before = store_->generation();
  ASSERT_THAT(ChooseRelay(*store_, "wss://one.example.org", Pinned(), kNow), IsOk());
  EXPECT_EQ(store_->generation(), before);
}

TEST_F(RelayChoiceTest, WithoutAnyChoiceThereIsNoRelay) {
  EXPECT_THAT(ChooseRelay(*store_, "", {}, kNow), HasCode(Code::kInvalidArgument));
}

TEST_F(RelayChoiceTest, ABadChoiceIsNotRemembered) {
  ASSERT_THAT(ChooseRelay(*store_, "wss://one.example.org", Pinned(), kNow), IsOk());
  TlsPolicy anybody;
  anybody.roots = TlsPolicy::Roots::kNone;
  EXPECT_THAT(ChooseRelay(*store_, "wss://two.example.org", anybody, kNow),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(ChooseRelay(*store_, "ws://two.example.org", TlsPolicy{}, kNow),
              HasCode(Code::kInvalidArgument));
  EXPECT_THAT(ChooseRelay(*store_, "nonsense", TlsPolicy{}, kNow), HasCode(Code::kInvalidArgument));
  PAWL_ASSERT_OK_AND_ASSIGN(const RelayChoice again, ChooseRelay(*store_, "", {}, kNow));
  EXPECT_EQ(again.endpoint.host, "one.example.org");
}

TEST_F(RelayChoiceTest, WhoOnlyLooksOnRecallsTheSame) {
  {
    PAWL_ASSERT_OK_AND_ASSIGN(store::Transaction tx, store_->Begin());
    EXPECT_THAT(RecallRelay(tx.values()), HasCode(Code::kInvalidArgument));
  }
  ASSERT_THAT(ChooseRelay(*store_, "wss://relay.example.org/x", Pinned(), kNow), IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(store::Transaction tx, store_->Begin());
  PAWL_ASSERT_OK_AND_ASSIGN(const RelayChoice recalled, RecallRelay(tx.values()));
  EXPECT_EQ(recalled.endpoint.host, "relay.example.org");
  EXPECT_EQ(recalled.tls.spki_pins, Pinned().spki_pins);
}

}  // namespace
}  // namespace pawl::runner
