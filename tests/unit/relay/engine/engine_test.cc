#include "relay/engine/engine.h"

#include <gtest/gtest.h>

namespace pawl::relay::engine {
namespace {

template <typename O, typename R>
void ExpectFailureType() {
  const Result result = FailureOf(O(), Code::kDiskFull);
  EXPECT_TRUE(std::holds_alternative<R>(result));
  EXPECT_EQ(CodeOf(result), Code::kDiskFull);
}

TEST(Engine, AFailureHasTheTypeOfItsOperation) {
  ExpectFailureType<Attach, Attached>();
  ExpectFailureType<Append, Appended>();
  ExpectFailureType<FetchMail, FetchedMail>();
  ExpectFailureType<Acknowledge, Acknowledged>();
  ExpectFailureType<Expire, Expired>();
  ExpectFailureType<GetList, GotList>();
  ExpectFailureType<RegisterAccount, ListPut>();
  ExpectFailureType<PutList, ListPut>();
  ExpectFailureType<PutEpoch, EpochPut>();
  ExpectFailureType<PutPrekeys, PrekeysPut>();
  ExpectFailureType<TakePrekey, PrekeyTaken>();
  ExpectFailureType<PutDeliveryKey, Done>();
  ExpectFailureType<PutAnchor, Done>();
  ExpectFailureType<PutInvitation, Done>();
  ExpectFailureType<RemoveAccount, AccountRemoved>();
  ExpectFailureType<BeginBlob, BlobBegun>();
  ExpectFailureType<AppendBlob, BlobAppended>();
  ExpectFailureType<CommitBlob, BlobCommitted>();
  ExpectFailureType<ReadBlob, BlobRead>();
  ExpectFailureType<DeleteBlob, BlobDeleted>();
  ExpectFailureType<GetTokenSeed, GotTokenSeed>();
  ExpectFailureType<IssueTokens, TokensCounted>();
}

TEST(Engine, AResultIsOkUnlessItSaysOtherwise) { EXPECT_EQ(CodeOf(Appended()), Code::kOk); }

}  // namespace
}  // namespace pawl::relay::engine
