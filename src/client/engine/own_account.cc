#include "client/engine/own_account.h"

#include <algorithm>
#include <utility>

#include "client/engine/backup_codec.h"
#include "client/engine/codes.h"
#include "client/engine/contacts.h"
#include "client/engine/reducers.h"
#include "client/engine/setup.h"

namespace pawl::client {
namespace {

using identity::DeviceEntry;
using identity::DeviceList;

constexpr Literal kHighestDevice("device.highest");
constexpr Literal kImportBase("import.base");

absl::Status RequireHolder(const Batch& batch) {
  if (!batch.self || batch.setup != Setup::kReady) return Fail(Code::kWrongState, "no account yet");
  if (!batch.self->account_key) {
    return Fail(Code::kUnsupported, "the account key lives on another device");
  }
  return OkStatus();
}

// The list that an imported account continues with: whatever stood there, and this device.
absl::StatusOr<DeviceList> Extend(const Self& self, DeviceList::Fields fields, DeviceId id,
                                  Timestamp now) {
  fields.devices.push_back({id, self.signing.pub(), now});
  fields.issued_at = std::max(now, fields.issued_at + Milliseconds(1));
  return DeviceList::Sign(std::move(fields), *self.account_key);
}

// The newest list of the account that an import has seen: the backup's, or what the relay showed. A
// list of our own that the relay did not take is none of them.
absl::StatusOr<DeviceList> LastAccepted(Batch& batch) {
  PAWL_ASSIGN(const auto base, batch.tx.values().Get(kImportBase));
  if (!base) return batch.self->list;
  return FromStore(DeviceList::Parse(base->Expose()));
}

// A signature under what a relay made up, or brought back, would let it shut devices out and others
// in. That nobody renewed the list is why there is an import.
Code WhyNotExtend(identity::ListVerdict verdict) {
  using identity::ListVerdict;
  switch (verdict) {
    case ListVerdict::kFirst:
    case ListVerdict::kSame:
    case ListVerdict::kNewer:
    case ListVerdict::kStale:
      return Code::kOk;
    case ListVerdict::kRolledBack:
      return Code::kDeviceListRolledBack;
    case ListVerdict::kForked:
      return Code::kDeviceListForked;
    case ListVerdict::kIdentityChanged:
      break;
  }
  // Registered by somebody else since, or reset by an administrator: not ours any more.
  return Code::kNameTaken;
}

absl::Status TakeOver(Batch& batch, DeviceList list, DeviceId id) {
  Self self = batch.self->Clone();
  PAWL_ASSIGN(self.device,
              MakeLocalDevice({self.address(), id}, DeviceEpoch(1),
                              crypto::X25519KeyPair::Generate(batch.rng), self.signing, list));
  self.SetList(std::move(list));
  batch.Replace(std::move(self));
  PAWL_TRY(SaveSelf(batch));
  batch.duties[Duty::kRegister] = {.due = true};
  PAWL_TRY(SetSetup(batch, Setup::kRegistering));
  return AnnounceDeliveryKey(batch);
}

}  // namespace

absl::StatusOr<DeviceId> NextDeviceId(Batch& batch, const DeviceList& list) {
  PAWL_ASSIGN(const auto highest, batch.tx.values().GetInt(kHighestDevice));
  auto last = static_cast<uint32_t>(highest.value_or(0));
  for (const DeviceEntry& entry : list.fields().devices) last = std::max(last, *entry.id);
  PAWL_TRY(batch.tx.values().PutInt(kHighestDevice, last + 1));
  return DeviceId(last + 1);
}

absl::Status ChangeDevices(Batch& batch, RequestId request, std::vector<DeviceEntry> devices,
                           Bytes result) {
  PAWL_TRY(RequireHolder(batch));
  if (batch.duties[Duty::kPutList].due) {
    return Fail(Code::kWouldBlock, "another change of the list is under way");
  }
  PAWL_ASSIGN(const DeviceList list, SignNextList(*batch.self, std::move(devices), batch.now));
  PAWL_TRY(PutOwnList(batch, list));
  batch.requests.list = request;
  batch.requests.list_result = std::move(result);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const RemoveDevice& command) {
  PAWL_TRY(RequireHolder(batch));
  if (command.device == batch.self->device.address.device) {
    return Fail(Code::kInvalidArgument, "a device does not remove itself");
  }
  std::vector<DeviceEntry> devices = batch.self->list.fields().devices;
  if (std::erase_if(devices, [&](const auto& e) { return e.id == command.device; }) == 0) {
    return Fail(Code::kNotFound, "no such device");
  }
  return ChangeDevices(batch, request, std::move(devices), {});
}

absl::Status Reduce(Batch& batch, RequestId request, const ExportAccount& command) {
  PAWL_TRY(RequireHolder(batch));
  const AccountBackup account{.address = batch.own_address(),
                              .account_key = batch.self->account_key->seed().Clone(),
                              .device_list = batch.self->list.record(),
                              .delivery_key = batch.self->delivery_key,
                              .contacts = ContactsOf(batch.state.peers)};
  batch.Complete(request, Code::kOk, SealBackup(account, command.key, batch.rng));
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const ImportAccount& command) {
  if (batch.setup != Setup::kNone || batch.self) {
    return Fail(Code::kWrongState, "this store has an account");
  }
  auto account_key = crypto::Ed25519KeyPair::FromSeed(command.account.account_key.Clone());
  PAWL_ASSIGN(auto list, DeviceList::Parse(command.account.device_list));
  if (list.fields().address != command.account.address ||
      list.fields().account_key != account_key.pub()) {
    return Fail(Code::kMalformed, "backup of another account than its list's");
  }
  auto signing = crypto::Ed25519KeyPair::Generate(batch.rng);
  // The device id that counts follows when the newest list is known; until then nobody can be
  // talked to.
  DeviceId after(1);
  for (const DeviceEntry& entry : list.fields().devices) {
    after = std::max(after, DeviceId(*entry.id + 1));
  }
  PAWL_ASSIGN(auto device,
              MakeLocalDevice({command.account.address, after}, DeviceEpoch(1),
                              crypto::X25519KeyPair::Generate(batch.rng), signing, list));
  batch.Replace(Self{.device = std::move(device),
                     .signing = std::move(signing),
                     .account_key = std::move(account_key),
                     .list = std::move(list),
                     .delivery_key = command.account.delivery_key,
                     .relay_url = batch.state.config.relay_url});
  PAWL_TRY(SaveSelf(batch));
  for (const BackedUpContact& contact : command.account.contacts) {
    batch.peers.Edit(contact.address, batch.now) = PeerOf(contact, batch.now);
  }
  batch.requests.setup = request;
  return StartImport(batch);
}

absl::Status OnImportedList(Batch& batch, DeviceList list) {
  PAWL_ASSIGN(const DeviceList known, LastAccepted(batch));
  if (const Code why = WhyNotExtend(identity::Judge(&known, list, batch.now)); why != Code::kOk) {
    PAWL_TRY(SetSetup(batch, Setup::kNone));
    batch.Complete(std::exchange(batch.requests.setup, RequestId()), why);
    return OkStatus();
  }
  PAWL_TRY(batch.tx.values().Put(kImportBase, list.record()));
  DeviceList::Fields fields = list.fields();
  PAWL_ASSIGN(const DeviceId id, NextDeviceId(batch, list));
  fields.version += 1;
  fields.previous = list.hash();
  PAWL_ASSIGN(auto next, Extend(*batch.self, std::move(fields), id, batch.now));
  return TakeOver(batch, std::move(next), id);
}

absl::Status EndImport(Batch& batch) { return batch.tx.values().Erase(kImportBase); }

absl::Status OnImportedListMissing(Batch& batch) {
  DeviceList::Fields fields = batch.self->list.fields();
  fields.version = 1;
  fields.previous = {};
  fields.devices.clear();
  PAWL_ASSIGN(const DeviceId id, NextDeviceId(batch, batch.self->list));
  PAWL_ASSIGN(auto first, Extend(*batch.self, std::move(fields), id, batch.now));
  return TakeOver(batch, std::move(first), id);
}

}  // namespace pawl::client
