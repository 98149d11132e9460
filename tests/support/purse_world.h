#ifndef PAWL_TESTS_SUPPORT_PURSE_WORLD_H_
#define PAWL_TESTS_SUPPORT_PURSE_WORLD_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "client/engine/pump.h"
#include "client/engine/purse.h"
#include "client/engine/reducers.h"
#include "support/fake_clock.h"
#include "support/step_world.h"

namespace pawl::client {

// A ready account, Steps taken by hand, and the relay's part played with real keys.
class PurseTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kMiB = wire::kSmallToken;
  static constexpr uint32_t kPeriod = wire::PeriodAt(test::kNow);

  PurseTest() {
    world_.MakeAccount();
    world_.Know(carol_);
  }
  MessageId SendFile(uint8_t n) {
    const MessageId id({n});
    Do([&](Batch& batch) {
      return Reduce(batch, RequestId(n),
                    client::SendFile{.id = id, .to = carol_.local.address.account, .path = "/x"});
    });
    return id;
  }
  void NeedsPay(const MessageId& id, uint64_t size, Code refused = Code::kOk) {
    Do([&](Batch& batch) {
      return Reduce(batch,
                    UploadUnpaid{.message = id, .size = size, .total = size, .refused = refused});
    });
  }
  template <typename What>
  void Do(const What& what) {
    EXPECT_THAT(world_.Step(what), test::IsOk());
    for (TransferJob& job : world_.effects.transfers) {
      if (auto* pay = std::get_if<PayUpload>(&job)) {
        paid_[pay->message] = test::Must(wire::ParseTokens(pay->tokens.Expose()));
      }
    }
  }
  bool IsDue(Duty duty) { return world_.state().duties[duty].due; }

  static TokenKeysRecord KeysOf(uint32_t period) {
    return {.period = period,
            .until = wire::EndOf(period),
            .small = KeyOf(period, false).public_key(),
            .large = KeyOf(period, true).public_key()};
  }
  void Say(const TokenKeysRecord& keys) {
    Do([&](Batch& batch) { return OnTokenKeys(batch, keys); });
  }
  void SayKeys(uint32_t period = kPeriod) { Say(KeysOf(period)); }
  // Time passes until the purse is looked at again after a refusal.
  void WaitForReview() {
    ASSERT_GT(world_.state().purse.not_before, world_.clock.Now());
    world_.clock.Set(NextPump(world_.state()));
    Do([](Batch& batch) { return ReviewPurse(batch); });
  }
  void LetAnHourPass() {
    world_.clock.Advance(Hours(1));
    Do([](Batch& batch) { return RefillPurse(batch); });
  }
  // Hours, and what the relay answers in them, until that.
  template <typename Until>
  void LetHoursPass(const Until& until) {
    for (int hour = 0; hour < 200 && !until(); ++hour) LetAnHourPass();
    ASSERT_TRUE(until());
  }
  static crypto::VoprfKey KeyOf(uint32_t period, bool large) {
    const ByteArray<2> info{static_cast<uint8_t>(period), static_cast<uint8_t>(large)};
    return test::Must(crypto::VoprfKey::Derive(ByteArray<32>{7}, info));
  }
  std::optional<TokenRequest> Request() {
    return world_.Read([](auto& tx) { return test::Must(PendingTokenRequest(tx)); });
  }
  // Answers the request under way; how many it asked for.
  size_t Issue() {
    const auto request = Request();
    EXPECT_TRUE(request.has_value());
    if (!request) return 0;
    const auto key = KeyOf(request->period, request->kind == wire::TokenKind::kLarge);
    Answer(key);
    return request->items.size();
  }
  void Answer(const crypto::VoprfKey& key) {
    const auto request = Request();
    std::vector<crypto::VoprfElement> blinded;
    for (const auto& item : request->items) blinded.push_back(item.blinded.element);
    const auto evaluation = test::Must(key.Evaluate(blinded, world_.rng));
    Bytes evaluated;
    for (const auto& element : evaluation.elements) {
      evaluated.insert(evaluated.end(), element.begin(), element.end());
    }
    Do([&](Batch& batch) {
      return OnTokensIssued(batch, {.proof = evaluation.proof, .evaluated = evaluated});
    });
  }
  void Refuse(Duty duty, Code code) {
    Do([&](Batch& batch) {
      return OnTokensRefused(batch, DoesDuty{.duty = duty}, {.code = code, .retry_after = {}});
    });
  }
  uint32_t Free(store::TokenKind kind = store::TokenKind::kSmall) {
    return world_.Read([&](auto& tx) { return test::Must(tx.tokens().CountFree(kind)); });
  }
  // The code with which the file of this message ended; nothing: it has not.
  std::optional<Code> Ended(const MessageId& id) {
    std::optional<Code> code;
    for (const Event& event : world_.Events()) {
      if (event.kind == EventKind::kAttachment && event.message == id) code = event.code;
    }
    return code;
  }

  test::StepWorld world_;
  test::TestDevice carol_{"carol@example.org/1", 7};
  std::map<MessageId, std::vector<wire::Token>> paid_;
};

}  // namespace pawl::client

#endif  // PAWL_TESTS_SUPPORT_PURSE_WORLD_H_
