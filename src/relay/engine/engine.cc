#include "relay/engine/engine.h"

namespace pawl::relay::engine {
namespace {

// Which result belongs to which operation.
struct FailedResult {
  Code code;

  Result operator()(const Attach&) const { return Fill(Attached()); }
  Result operator()(const Append&) const { return Fill(Appended()); }
  Result operator()(const FetchMail&) const { return Fill(FetchedMail()); }
  Result operator()(const Acknowledge&) const { return Fill(Acknowledged()); }
  Result operator()(const Expire&) const { return Fill(Expired()); }
  Result operator()(const GetList&) const { return Fill(GotList()); }
  Result operator()(const RegisterAccount&) const { return Fill(ListPut()); }
  Result operator()(const PutList&) const { return Fill(ListPut()); }
  Result operator()(const PutEpoch&) const { return Fill(EpochPut()); }
  Result operator()(const PutPrekeys&) const { return Fill(PrekeysPut()); }
  Result operator()(const TakePrekey&) const { return Fill(PrekeyTaken()); }
  Result operator()(const PutDeliveryKey&) const { return Fill(Done()); }
  Result operator()(const PutAnchor&) const { return Fill(Done()); }
  Result operator()(const PutInvitation&) const { return Fill(Done()); }
  Result operator()(const RemoveAccount&) const { return Fill(AccountRemoved()); }
  Result operator()(const TakeRemovals&) const { return Fill(Removals()); }
  Result operator()(const BeginBlob&) const { return Fill(BlobBegun()); }
  Result operator()(const AppendBlob&) const { return Fill(BlobAppended()); }
  Result operator()(const CommitBlob&) const { return Fill(BlobCommitted()); }
  Result operator()(const ReadBlob&) const { return Fill(BlobRead()); }
  Result operator()(const DeleteBlob&) const { return Fill(BlobDeleted()); }
  Result operator()(const GetTokenSeed&) const { return Fill(GotTokenSeed()); }
  Result operator()(const IssueTokens&) const { return Fill(TokensCounted()); }

 private:
  template <typename R>
  Result Fill(R result) const {
    result.code = code;
    return result;
  }
};

}  // namespace

Code CodeOf(const Result& result) {
  return std::visit([](const auto& value) { return value.code; }, result);
}

Result FailureOf(const Op& op, Code code) { return std::visit(FailedResult{code}, op); }

}  // namespace pawl::relay::engine
