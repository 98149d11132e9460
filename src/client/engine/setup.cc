#include "client/engine/setup.h"

#include <utility>

#include "client/engine/backoff.h"
#include "client/engine/codes.h"
#include "client/engine/directory.h"
#include "client/engine/inbox.h"
#include "client/engine/own_prekeys.h"
#include "client/engine/purse.h"
#include "client/engine/reducers.h"

namespace pawl::client {
namespace {

constexpr Literal kSetup("setup");
constexpr Literal kInvitation("setup.invitation");
constexpr Literal kPendingList("list.pending");
constexpr Literal kEpochDue("due.epoch");
constexpr Literal kDeliveryKeyDue("due.delivery_key");

// Codes that will not be other ones by asking again.
bool IsFinal(Code code) {
  return IsOneOf(
      code, {Code::kNameTaken, Code::kInvitationRequired, Code::kRelayRefused,
             Code::kInvalidArgument, Code::kMalformed, Code::kUnsupported,
             Code::kUnsupportedVersion, Code::kAuthFailed, Code::kTooLarge, Code::kIdentityChanged,
             Code::kDeviceListForked, Code::kDeviceListRolledBack});
}

bool IsOtherList(Code code) {
  return IsOneOf(code, {Code::kDeviceListForked, Code::kDeviceListRolledBack});
}

void Retry(DutyState& state, Batch& batch, Duration retry_after) {
  state.call = 0;
  state.not_before = batch.now + Backoff(state.attempts++, retry_after, batch.rng);
}

absl::Status FinishIfAllPut(Batch& batch) {
  if (batch.setup != Setup::kListed) return OkStatus();
  for (size_t i = 0; i < kPutDuties; ++i) {
    if (batch.duties.all[i].due) return OkStatus();
  }
  PAWL_TRY(SetSetup(batch, Setup::kReady));
  Self self = batch.self->Clone();
  self.registered = true;
  batch.Replace(std::move(self));
  PAWL_TRY(SaveSelf(batch));
  Event event;
  event.kind = EventKind::kRegistered;
  event.peer = batch.own_address();
  event.device = batch.self->device.address.device;
  PAWL_TRY(Record(batch, event));
  batch.Complete(std::exchange(batch.requests.setup, RequestId()), Code::kOk);
  FillPurseFirst(batch);
  return OkStatus();
}

absl::Status OnListPut(Batch& batch) {
  PAWL_ASSIGN(auto list, PendingOwnList(batch.tx));
  PAWL_TRY(batch.tx.values().Erase(kPendingList));
  if (list) PAWL_TRY(TakeOwnList(batch, *std::move(list)));
  batch.Complete(std::exchange(batch.requests.list, RequestId()), Code::kOk,
                 std::exchange(batch.requests.list_result, {}));
  return OkStatus();
}

absl::Status OnPrekeysPut(Batch& batch, const DoesDuty& duty) {
  for (const auto& [kind, id] : duty.uploads) {
    PAWL_ASSIGN(const auto row, batch.tx.prekeys().Find(kind, id));
    if (!row) continue;  // erased meanwhile
    PAWL_TRY(batch.tx.prekeys().MarkUploaded(kind, id));
    if (kind == store::PrekeyKind::kOneTime) ++batch.one_time_left;
  }
  PAWL_ASSIGN(const auto rest, batch.tx.prekeys().LoadNotUploaded(1));
  batch.duties[Duty::kPutPrekeys].due = !rest.empty();
  return OkStatus();
}

absl::Status RefuseSetup(Batch& batch, const Refused& refused) {
  PAWL_TRY(SetSetup(batch, Setup::kNone));
  batch.Complete(std::exchange(batch.requests.setup, RequestId()), refused.code, {},
                 refused.retry_after);
  return OkStatus();
}

absl::Status RefuseList(Batch& batch, const Refused& refused) {
  PAWL_TRY(batch.tx.values().Erase(kPendingList));
  batch.Complete(std::exchange(batch.requests.list, RequestId()), refused.code, {},
                 refused.retry_after);
  batch.requests.list_result.clear();
  batch.WantList(batch.own_address());
  return OkStatus();
}

}  // namespace

absl::Status SaveSelf(Batch& batch) { return batch.tx.account().Save(EncodeSelf(*batch.self)); }

absl::Status SetSetup(Batch& batch, Setup setup) {
  batch.setup = setup;
  return batch.tx.values().PutInt(kSetup, static_cast<int64_t>(setup));
}

absl::StatusOr<Setup> LoadSetup(store::Transaction& tx) {
  PAWL_ASSIGN(const auto value, tx.values().GetInt(kSetup));
  const int64_t setup = value.value_or(0);
  if (setup < 0 || setup > static_cast<int64_t>(Setup::kImporting)) {
    return Fail(Code::kCorrupt, "setup");
  }
  return static_cast<Setup>(setup);
}

absl::StatusOr<Duties> LoadDuties(store::Transaction& tx, Setup setup) {
  Duties duties;
  duties[Duty::kRegister].due = setup == Setup::kRegistering;
  PAWL_ASSIGN(const auto epoch, tx.values().GetInt(kEpochDue));
  duties[Duty::kPutEpoch].due = epoch.has_value();
  PAWL_ASSIGN(const auto list, tx.values().Get(kPendingList));
  duties[Duty::kPutList].due = list.has_value();
  PAWL_ASSIGN(const auto prekeys, tx.prekeys().LoadNotUploaded(1));
  duties[Duty::kPutPrekeys].due = !prekeys.empty();
  PAWL_ASSIGN(const auto key, tx.values().GetInt(kDeliveryKeyDue));
  duties[Duty::kPutDeliveryKey].due = key.has_value();
  // At once, not when a file is to be paid with what it brings.
  PAWL_ASSIGN(const auto tokens, PendingTokenRequest(tx));
  duties[Duty::kIssueTokens].due = tokens.has_value();
  return duties;
}

absl::Status BeginUploads(Batch& batch) {
  PAWL_TRY(RotateBundle(batch));
  return MakeOneTimePairs(batch, session::kOneTimePoolTarget);
}

absl::Status StartImport(Batch& batch) {
  batch.WantList(batch.own_address());
  return SetSetup(batch, Setup::kImporting);
}

absl::Status PutDeliveryKeyAgain(Batch& batch) {
  batch.duties[Duty::kPutDeliveryKey].due = true;
  return batch.tx.values().PutInt(kDeliveryKeyDue, 1);
}

absl::Status PutEpochAgain(Batch& batch) {
  batch.duties[Duty::kPutEpoch].due = true;
  return batch.tx.values().PutInt(kEpochDue, 1);
}

absl::Status PutOwnList(Batch& batch, const identity::DeviceList& list) {
  batch.duties[Duty::kPutList].due = true;
  return batch.tx.values().Put(kPendingList, list.record());
}

absl::StatusOr<std::optional<identity::DeviceList>> PendingOwnList(store::Transaction& tx) {
  PAWL_ASSIGN(const auto record, tx.values().Get(kPendingList));
  if (!record) return std::optional<identity::DeviceList>();
  PAWL_ASSIGN(auto list, identity::DeviceList::Parse(record->Expose()));
  return std::optional<identity::DeviceList>(std::move(list));
}

absl::StatusOr<std::string> LoadInvitation(store::Transaction& tx) {
  PAWL_ASSIGN(const auto text, tx.values().Get(kInvitation));
  return text ? std::string(AsText(text->Expose())) : std::string();
}

absl::Status Reduce(Batch& batch, RequestId request, const Register& command) {
  const bool same = batch.self && batch.own_address() == command.address;
  if (batch.setup == Setup::kReady && same) {
    batch.Complete(request, Code::kOk);
    return OkStatus();
  }
  const bool going_on =
      same && (batch.setup == Setup::kRegistering || batch.setup == Setup::kListed);
  if (batch.setup != Setup::kNone && !going_on) {
    return Fail(Code::kWrongState, "this store has an account");
  }
  PAWL_TRY(batch.tx.values().Put(kInvitation, AsBytes(command.invitation)));
  batch.Complete(std::exchange(batch.requests.setup, request), Code::kCancelled);
  if (going_on) return OkStatus();
  // A refused try with the same name keeps its keys: the relay may have taken them after all.
  if (!same) {
    PAWL_ASSIGN(Self self, MakeFirstDevice(command.address, batch.now, batch.rng));
    self.relay_url = batch.state.config.relay_url;
    batch.Replace(std::move(self));
    PAWL_TRY(SaveSelf(batch));
  }
  batch.duties[Duty::kRegister] = {.due = true};
  return SetSetup(batch, Setup::kRegistering);
}

absl::Status OnDutyDone(Batch& batch, const DoesDuty& duty) {
  batch.duties[duty.duty] = {};
  switch (duty.duty) {
    case Duty::kRegister:
      // Every envelope on it would have a known sender.
      batch.LeaveAnonymousConnection();
      PAWL_TRY(SetSetup(batch, Setup::kListed));
      PAWL_TRY(batch.tx.values().Erase(kInvitation));
      PAWL_TRY(EndImport(batch));
      PAWL_TRY(PutDeliveryKeyAgain(batch));
      return BeginUploads(batch);
    case Duty::kPutEpoch:
      PAWL_TRY(batch.tx.values().Erase(kEpochDue));
      break;
    case Duty::kPutList:
      PAWL_TRY(OnListPut(batch));
      break;
    case Duty::kPutPrekeys:
      PAWL_TRY(OnPrekeysPut(batch, duty));
      break;
    case Duty::kPutDeliveryKey:
      PAWL_TRY(batch.tx.values().Erase(kDeliveryKeyDue));
      break;
    case Duty::kPutNote:
    case Duty::kGetTokenKeys:
    case Duty::kIssueTokens:
      break;
  }
  return FinishIfAllPut(batch);
}

absl::Status OnDutyRefused(Batch& batch, const DoesDuty& duty, const Refused& refused) {
  DutyState& state = batch.duties[duty.duty];
  if (duty.duty == Duty::kRegister && IsFinal(refused.code)) {
    state = {};
    const bool imported = batch.self->list.ref().version > 1;
    // The list was extended elsewhere in between: once more from the newest.
    return imported && IsOtherList(refused.code) ? StartImport(batch) : RefuseSetup(batch, refused);
  }
  if (duty.duty == Duty::kPutList && IsFinal(refused.code)) {
    state = {};
    return RefuseList(batch, refused);
  }
  // Another copy of this store may have raised the epoch: the next login shows its record.
  if (duty.duty == Duty::kPutEpoch && refused.code == Code::kWrongState) {
    batch.effects.login_again = true;
  }
  Retry(state, batch, refused.retry_after);
  return OkStatus();
}

}  // namespace pawl::client
