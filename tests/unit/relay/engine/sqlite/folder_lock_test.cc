#include "relay/engine/sqlite/folder_lock.h"

#include <gtest/gtest.h>

#include <optional>

#include "relay/engine/sqlite/sqlite_engine.h"
#include "support/engine_conformance.h"
#include "support/matchers.h"
#include "support/temp_dir.h"

namespace pawl::relay::engine::sqlite {
namespace {

using ::pawl::test::HasCode;
using ::pawl::test::IsOk;

TEST(FolderLock, IsHeldByOneUntilItEnds) {
  test::TempDir folder;
  auto first = FolderLock::Take(folder.path().string());
  ASSERT_THAT(first, IsOk());
  std::optional<FolderLock> held(*std::move(first));
  EXPECT_THAT(FolderLock::Take(folder.path().string()), HasCode(Code::kStoreLocked));
  held.reset();
  EXPECT_THAT(FolderLock::Take(folder.path().string()), IsOk());
}

TEST(FolderLock, WhereThereIsNoFolderIsSaidSo) {
  test::TempDir folder;
  EXPECT_THAT(FolderLock::Take(folder.File("none")), HasCode(Code::kIo));
}

TEST(FolderLock, ASecondRelayIsTurnedAwayAndTheAdministratorIsNot) {
  test::TempDir folder;
  Location location;
  location.directory = folder.path().string();
  WaitingSink sink;
  PAWL_ASSERT_OK_AND_ASSIGN(auto engine, SqliteEngine::Open(location, Quotas(), sink));
  EXPECT_THAT(SqliteEngine::Open(location, Quotas(), sink), HasCode(Code::kStoreLocked));
  EXPECT_THAT(OpenToWrite(location), IsOk());
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
