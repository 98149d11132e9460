#include "relay/engine/sqlite/reads.h"

#include "relay/engine/sqlite/writes.h"
#include "test_store.h"

namespace pawl::relay::engine::sqlite {
namespace {

using Reads = TestStore;

TEST_F(Reads, AWriteIsNotARead) {
  const Result result = Read(*db_, Mail("bob@x", 1));
  EXPECT_TRUE(std::holds_alternative<Appended>(result));
  EXPECT_EQ(CodeOf(result), Code::kInternal);
  EXPECT_EQ(CodeOf(DoBlobIo(*db_, *files_, GetList{"bob@x"})), Code::kInternal);
}

TEST_F(Reads, EveryOperationHasExactlyOnePlace) {
  EXPECT_TRUE(IsWrite(Append()));
  EXPECT_TRUE(IsWrite(TakePrekey()));
  EXPECT_TRUE(IsWrite(BeginBlob()));
  EXPECT_TRUE(IsWrite(DeleteBlob()));
  EXPECT_TRUE(IsBlobIo(AppendBlob()));
  EXPECT_TRUE(IsBlobIo(ReadBlob()));
  EXPECT_TRUE(IsBlobIo(CommitBlob()));
  for (const Op& op : {Op(AppendBlob()), Op(ReadBlob()), Op(CommitBlob()), Op(Attach()),
                       Op(FetchMail()), Op(GetList())}) {
    EXPECT_FALSE(IsWrite(op));
  }
}

}  // namespace
}  // namespace pawl::relay::engine::sqlite
