#include "relay/engine/sqlite/inline_engine.h"

#include <gtest/gtest.h>

#include "support/engine_conformance.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {
namespace {

// The suite is in sqlite_engine_conformance_test.cc; this is what the simulator counts on.
TEST(InlineEngine, HasDoneEverythingWhenSubmitReturns) {
  struct CountingSink final : Sink {
    void Complete(Completions completions) override {
      ++calls;
      done += completions.done.size();
    }
    int calls = 0;
    size_t done = 0;
  } sink;
  test::TempDir folder;
  Location location;
  location.directory = folder.path().string();
  PAWL_ASSERT_OK_AND_ASSIGN(const auto engine, InlineEngine::Open(location, Quotas(), sink));
  std::vector<Request> batch;
  batch.push_back({OpId(1), GetList{"bob@x"}});
  batch.push_back({OpId(2), PutInvitation{{1}, Timestamp{1}}});
  batch.push_back({OpId(3), CommitBlob{MailboxRef(1), BlobId()}});
  batch.push_back({OpId(4), Expire{Timestamp{2}, 10}});
  engine->Submit(std::move(batch));
  EXPECT_EQ(sink.calls, 1);
  EXPECT_EQ(sink.done, 4u);
}

TEST(InlineEngine, BesideARelayItLeavesBlobFilesAlone) {
  struct Silent final : Sink {
    void Complete(Completions) override {}
  } sink;
  test::TempDir folder;
  Location location;
  location.directory = folder.path().string();
  ASSERT_THAT(MakeDirectory(location), test::IsOk());
  PAWL_ASSERT_OK_AND_ASSIGN(const BlobFiles files, BlobFiles::Open(BlobDirectory(location)));
  const BlobId id({1});
  ASSERT_THAT(files.Append(id, 0, Bytes(10, 1)), test::IsOk());
  ASSERT_THAT(InlineEngine::OpenBeside(location, Quotas(), sink), test::IsOk());
  EXPECT_EQ(files.SizeOf(id), 10u);
  ASSERT_THAT(InlineEngine::Open(location, Quotas(), sink), test::IsOk());
  EXPECT_EQ(files.SizeOf(id), 0u) << "who serves the folder sweeps it";
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
