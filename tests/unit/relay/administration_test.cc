#include "relay/administration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "crypto/init.h"
#include "relay/core/accounts.h"
#include "relay/engine/sqlite/inline_engine.h"
#include "support/fake_clock.h"
#include "support/matchers.h"
#include "support/seeded_rng.h"
#include "support/temp_dir.h"

namespace pawl::relay {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;
using ::pawl::test::kNow;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// The storage of a relay, opened as the relay itself would.
class Storage : private engine::Sink {
 public:
  explicit Storage(const std::string& directory) {
    engine::sqlite::Location location;
    location.directory = directory;
    auto engine = engine::sqlite::InlineEngine::Open(location, {}, *this);
    EXPECT_THAT(engine, IsOk());
    engine_ = *std::move(engine);
  }
  Code Run(engine::Op op) {
    std::vector<engine::Request> batch;
    batch.push_back({engine::OpId{1}, std::move(op)});
    engine_->Submit(std::move(batch));
    return code_;
  }
  Code Register(const std::string& account, uint8_t key, std::string_view invitation = "",
                Timestamp now = kNow) {
    engine::RegisterAccount op;
    op.list.account = account;
    op.list.account_key = {key};
    op.list.version = 1;
    op.list.devices = {{DeviceId(1), {key}}};
    op.list.record = {1};
    op.epoch = {DeviceId(1), DeviceEpoch(1), {1}};
    op.invitation_required = !invitation.empty();
    if (!invitation.empty()) op.invitation_hash = InvitationHash(invitation);
    op.now = now;
    return Run(std::move(op));
  }

 private:
  void Complete(engine::Completions completions) override {
    for (const auto& done : completions.done) code_ = engine::CodeOf(done.result);
  }
  std::unique_ptr<engine::sqlite::InlineEngine> engine_;
  Code code_ = Code::kInternal;
};

class Administration : public ::testing::Test {
 protected:
  Administration() {
    EXPECT_THAT(crypto::Init(), IsOk());
    options_.data = folder_.File("relay");
  }
  std::string Invite() {
    auto code = MakeInvitation(options_, kNow, rng_);
    EXPECT_THAT(code, IsOk());
    return *std::move(code);
  }
  absl::Status Reset(const std::string& account) {
    options_.name = account;
    return ResetAccount(options_);
  }
  std::string UseKey(char digit) {
    options_.db_key_file = folder_.File("key");
    std::ofstream(options_.db_key_file, std::ios::trunc) << std::string(64, digit);
    return options_.db_key_file;
  }
  test::TempDir folder_;
  test::SeededRng rng_{1};
  Options options_;
};

TEST_F(Administration, AnInvitationIsGoodForOneAccountAndThirtyDays) {
  const std::string first = Invite(), second = Invite();
  EXPECT_NE(first, second);
  Storage storage(options_.data);
  EXPECT_EQ(storage.Register("a@example.org", 1, "guessed"), Code::kInvitationRequired);
  EXPECT_EQ(storage.Register("a@example.org", 1, first, kNow + Days(29)), Code::kOk);
  EXPECT_EQ(storage.Register("b@example.org", 2, first), Code::kInvitationRequired);
  EXPECT_EQ(storage.Register("b@example.org", 2, second, kNow + Days(31)),
            Code::kInvitationRequired);
  EXPECT_EQ(storage.Register("b@example.org", 2, second), Code::kOk);
}

TEST_F(Administration, ACodeCanBeReadOutAloudAndLiesNowhere) {
  const std::string code = Invite();
  EXPECT_THAT(code, MatchesRegex("[a-km-z2-9]{5}(-[a-km-z2-9]{5}){3}"));
  EXPECT_THAT(code, Not(HasSubstr("o")));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options_.data)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(bytes, Not(HasSubstr(code))) << entry.path();
  }
}

TEST_F(Administration, AResetFreesTheName) {
  EXPECT_THAT(Reset("a@example.org"), HasCode(Code::kNotFound));
  {
    Storage storage(options_.data);
    ASSERT_EQ(storage.Register("a@example.org", 1), Code::kOk);
    ASSERT_EQ(storage.Register("b@example.org", 2), Code::kOk);
  }
  EXPECT_THAT(Reset("a@example.org"), IsOk());
  EXPECT_THAT(Reset("a@example.org"), HasCode(Code::kNotFound));
  Storage storage(options_.data);
  EXPECT_EQ(storage.Register("a@example.org", 3), Code::kOk);
  EXPECT_EQ(storage.Run(engine::GetList{"b@example.org"}), Code::kOk) << "nobody else's";
}

TEST_F(Administration, ItWorksWhileTheStorageIsServed) {
  Storage serving(options_.data);
  const std::string code = Invite();
  EXPECT_EQ(serving.Register("a@example.org", 1, code), Code::kOk);
  EXPECT_THAT(Reset("a@example.org"), IsOk());
  EXPECT_EQ(serving.Run(engine::GetList{"a@example.org"}), Code::kNotFound);
}

TEST_F(Administration, TheDatabasesKeyIsNeededAndTheRightOne) {
  UseKey('a');
  Invite();
  UseKey('b');
  EXPECT_THAT(MakeInvitation(options_, kNow, rng_), HasCode(Code::kWrongKey));
  EXPECT_THAT(Reset("a@example.org"), HasCode(Code::kWrongKey));
  options_.db_key_file = folder_.File("absent");
  EXPECT_THAT(MakeInvitation(options_, kNow, rng_), HasCode(Code::kIo));
  UseKey('a');
  EXPECT_THAT(Reset("a@example.org"), HasCode(Code::kNotFound));
}

}  // namespace
}  // namespace pawl::relay
