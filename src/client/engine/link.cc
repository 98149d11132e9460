#include <algorithm>
#include <utility>

#include "client/engine/backup_codec.h"
#include "client/engine/link_codec.h"
#include "client/engine/own_account.h"
#include "client/engine/reducers.h"
#include "client/engine/setup.h"

namespace pawl::client {
namespace {

using identity::DeviceEntry;
using identity::DeviceList;

// signing seed[32] || X-Wing seed[32] || the request as it was shown
constexpr Literal kLink("link");
constexpr size_t kSeeds = 64;

struct OpenLink {
  crypto::Ed25519KeyPair signing;
  crypto::XWingSeed seal_key;
  LinkRequest request;
};

absl::StatusOr<OpenLink> LoadLink(Batch& batch) {
  PAWL_ASSIGN(const auto stored, batch.tx.values().Get(kLink));
  if (batch.setup != Setup::kLinking || !stored)
    return Fail(Code::kWrongState, "no link was begun");
  const ByteView bytes = stored->Expose();
  if (bytes.size() < kSeeds) return Fail(Code::kCorrupt, "link row");
  PAWL_ASSIGN(auto request, ParseLinkRequest(bytes.subspan(kSeeds)));
  return OpenLink{crypto::Ed25519KeyPair::FromSeed(crypto::Ed25519Seed::From(bytes.first<32>())),
                  crypto::XWingSeed::From(bytes.subspan<32, 32>()), std::move(request)};
}

// The entry that this response is about; kAuthFailed when the list does not name our key.
absl::StatusOr<DeviceList> CheckList(const LinkResponse& response, const OpenLink& link) {
  PAWL_ASSIGN(auto list, DeviceList::Parse(response.device_list));
  const DeviceEntry* entry = list.Find(response.device);
  if (list.fields().address != link.request.address || !entry ||
      entry->signing_key != link.signing.pub()) {
    return Fail(Code::kAuthFailed, "a list without this device");
  }
  return list;
}

const DeviceEntry* FindByKey(const DeviceList& list, const crypto::Ed25519Public& key) {
  for (const DeviceEntry& entry : list.fields().devices) {
    if (entry.signing_key == key) return &entry;
  }
  return nullptr;
}

absl::StatusOr<Bytes> Respond(Batch& batch, const LinkRequest& request, const DeviceList& list,
                              DeviceId device) {
  return SealLinkResponse({.device_list = list.record(),
                           .device = device,
                           .delivery_key = batch.self->delivery_key,
                           .contacts = ContactsOf(batch.state.peers)},
                          request, batch.rng);
}

}  // namespace

absl::Status Reduce(Batch& batch, RequestId request, const BeginLink& command) {
  if ((batch.setup != Setup::kNone && batch.setup != Setup::kLinking) || batch.self) {
    return Fail(Code::kWrongState, "this store has an account");
  }
  const auto signing = crypto::Ed25519KeyPair::Generate(batch.rng);
  const auto seal = crypto::XWingKeyPair::Generate(batch.rng);
  const Bytes shown = EncodeLinkRequest({command.address, signing.pub(), seal.pub});
  crypto::SecretBytes row(kSeeds + shown.size());
  const MutableByteView bytes = row.Writable();
  std::copy_n(signing.seed().Expose().begin(), 32, bytes.begin());
  std::copy_n(seal.secret.Expose().begin(), 32, bytes.begin() + 32);
  std::copy(shown.begin(), shown.end(), bytes.begin() + kSeeds);
  PAWL_TRY(batch.tx.values().Put(kLink, row.Expose()));
  PAWL_TRY(SetSetup(batch, Setup::kLinking));
  batch.Complete(request, Code::kOk, shown);
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const ApproveLink& command) {
  if (!batch.self || batch.setup != Setup::kReady) return Fail(Code::kWrongState, "no account yet");
  PAWL_ASSIGN(const LinkRequest shown, ParseLinkRequest(command.request));
  if (shown.address != batch.own_address()) {
    return Fail(Code::kWrongRecipient, "a request for another account");
  }
  // Approved before, and the answer was lost on its way to the app: the same device, a new answer.
  if (const DeviceEntry* listed = FindByKey(batch.self->list, shown.signing_key)) {
    PAWL_ASSIGN(Bytes response, Respond(batch, shown, batch.self->list, listed->id));
    batch.Complete(request, Code::kOk, std::move(response));
    return OkStatus();
  }
  PAWL_ASSIGN(const DeviceId id, NextDeviceId(batch, batch.self->list));
  std::vector<DeviceEntry> devices = batch.self->list.fields().devices;
  if (devices.size() >= identity::kMaxDevices) return Fail(Code::kTooLarge, "too many devices");
  devices.push_back({id, shown.signing_key, batch.now});
  PAWL_TRY(ChangeDevices(batch, request, std::move(devices), {}));
  PAWL_ASSIGN(const auto list, PendingOwnList(batch.tx));
  PAWL_ASSIGN(batch.requests.list_result, Respond(batch, shown, *list, id));
  return OkStatus();
}

absl::Status Reduce(Batch& batch, RequestId request, const CompleteLink& command) {
  PAWL_ASSIGN(OpenLink link, LoadLink(batch));
  PAWL_ASSIGN(const LinkResponse response,
              OpenLinkResponse(command.response, link.request, link.seal_key));
  PAWL_ASSIGN(auto list, CheckList(response, link));
  PAWL_ASSIGN(auto device,
              MakeLocalDevice({link.request.address, response.device}, DeviceEpoch(1),
                              crypto::X25519KeyPair::Generate(batch.rng), link.signing, list));
  batch.Replace(Self{.device = std::move(device),
                     .signing = std::move(link.signing),
                     .list = std::move(list),
                     .delivery_key = response.delivery_key,
                     .relay_url = batch.state.config.relay_url});
  PAWL_TRY(SaveSelf(batch));
  PAWL_TRY(batch.tx.values().Erase(kLink));
  for (const BackedUpContact& contact : response.contacts) {
    batch.peers.Edit(contact.address, batch.now) = PeerOf(contact, batch.now);
  }
  batch.requests.setup = request;
  PAWL_TRY(SetSetup(batch, Setup::kListed));
  PAWL_TRY(PutEpochAgain(batch));
  return BeginUploads(batch);
}

}  // namespace pawl::client
