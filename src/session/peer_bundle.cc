#include "session/peer_bundle.h"

#include <utility>

#include "codec/reader.h"
#include "codec/writer.h"
#include "identity/record.h"

namespace pawl::session {
namespace {

constexpr uint8_t kRecordsVersion = 1;

// One device and one epoch in all parts.
absl::Status CheckConsistent(const identity::DeviceAddress& address,
                             const identity::EpochRecord& epoch, const identity::Bundle& bundle,
                             const std::optional<identity::OneTimePair>& one_time) {
  const bool one_device = epoch.device == address && bundle.device == address &&
                          (!one_time || one_time->device == address);
  const bool one_epoch = bundle.epoch == epoch.epoch && bundle.identity_key == epoch.identity_key;
  if (one_device && one_epoch) return OkStatus();
  return Fail(Code::kWrongRecipient, "records of different devices or epochs");
}

}  // namespace

absl::StatusOr<Bytes> PeerBundle::Encode(const Records& records) {
  codec::Writer out(8192);
  out.U8(kRecordsVersion).Vector16(records.device_list).Vector16(records.epoch_record);
  out.Vector16(records.bundle).Vector16(records.one_time);
  return std::move(out).Finish();
}

absl::StatusOr<PeerBundle> PeerBundle::Parse(ByteView blob) {
  codec::Reader in(blob);
  if (in.U8() != kRecordsVersion && in.ok()) {
    return Fail(Code::kUnsupportedVersion, "bundle blob of another version");
  }
  const ByteView list_record = in.Vector16(identity::kMaxRecordSize);
  const ByteView epoch_record = in.Vector16(identity::kMaxRecordSize);
  const ByteView bundle_record = in.Vector16(identity::kMaxRecordSize);
  const ByteView one_time_record = in.Vector16(identity::kMaxRecordSize);
  PAWL_TRY(in.Finish());

  PAWL_ASSIGN(identity::DeviceList list, identity::DeviceList::Parse(list_record));
  PAWL_ASSIGN(const identity::EpochRecord claim, identity::EpochRecord::Peek(epoch_record));
  const identity::DeviceEntry* entry = list.Find(claim.device.device);
  if (entry == nullptr || claim.device.account != list.fields().address) {
    return Fail(Code::kDeviceNotListed, "the list does not name this device");
  }
  const crypto::Ed25519Public signing_key = entry->signing_key;
  PAWL_ASSIGN(identity::EpochRecord epoch, identity::EpochRecord::Parse(epoch_record, signing_key));
  PAWL_ASSIGN(identity::Bundle bundle, identity::Bundle::Parse(bundle_record, signing_key));
  std::optional<identity::OneTimePair> one_time;
  if (!one_time_record.empty()) {
    PAWL_ASSIGN(one_time, identity::OneTimePair::Parse(one_time_record, signing_key));
  }
  PAWL_TRY(CheckConsistent(claim.device, epoch, bundle, one_time));
  RemoteDevice device{claim.device, list.fields().account_key, signing_key};
  return PeerBundle(std::move(device), std::move(list), std::move(epoch), std::move(bundle),
                    std::move(one_time));
}

PeerBundle::PeerBundle(RemoteDevice device, identity::DeviceList list, identity::EpochRecord epoch,
                       identity::Bundle bundle, std::optional<identity::OneTimePair> one_time)
    : device_(std::move(device)),
      list_(std::move(list)),
      epoch_(std::move(epoch)),
      bundle_(std::move(bundle)),
      one_time_(std::move(one_time)) {}

}  // namespace pawl::session
