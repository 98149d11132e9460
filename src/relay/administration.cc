#include "relay/administration.h"

#include <utility>
#include <vector>

#include "relay/core/accounts.h"
#include "relay/database_key.h"
#include "relay/engine/sqlite/inline_engine.h"

namespace pawl::relay {
namespace {

constexpr Duration kInvitationLife = Days(30);
constexpr size_t kCodeLength = 20;  // of 32 letters each: 100 bits
// No letter or digit that looks like another.
constexpr std::string_view kLetters = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(kLetters.size() == 32);

// Keeps the one result of the one operation.
class Answer final : public engine::Sink {
 public:
  void Complete(engine::Completions completions) override {
    for (engine::Completion& done : completions.done) code_ = engine::CodeOf(done.result);
  }
  Code code() const { return code_; }

 private:
  Code code_ = Code::kInternal;
};

absl::StatusOr<Code> RunAlone(const Options& options, engine::Op op) {
  engine::sqlite::Location location;
  location.directory = options.data;
  PAWL_ASSIGN(location.key, ReadDatabaseKey(options.db_key_file));
  Answer answer;
  PAWL_ASSIGN(auto storage,
              engine::sqlite::InlineEngine::OpenBeside(location, options.quotas, answer));
  std::vector<engine::Request> batch;
  batch.push_back({engine::OpId{1}, std::move(op)});
  storage->Submit(std::move(batch));
  return answer.code();
}

}  // namespace

absl::StatusOr<std::string> MakeInvitation(const Options& options, Timestamp now, Rng& rng) {
  std::string code;
  for (size_t i = 0; i < kCodeLength; ++i) {
    if (i > 0 && i % 5 == 0) code += '-';
    code += kLetters[rng.Below(kLetters.size())];
  }
  PAWL_ASSIGN(const Code done, RunAlone(options, engine::PutInvitation{InvitationHash(code),
                                                                       now + kInvitationLife}));
  if (done != Code::kOk) return Fail(done, "the invitation cannot be stored");
  return code;
}

absl::Status ResetAccount(const Options& options) {
  PAWL_ASSIGN(const Code done, RunAlone(options, engine::RemoveAccount{options.name}));
  if (done == Code::kNotFound) return Fail(Code::kNotFound, "there is no such account here");
  if (done != Code::kOk) return Fail(done, "the account cannot be removed");
  return OkStatus();
}

}  // namespace pawl::relay
