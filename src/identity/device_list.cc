#include "identity/device_list.h"

#include <algorithm>

#include "identity/record.h"

namespace pawl::identity {
namespace {

bool HasDistinctKeys(const std::vector<DeviceEntry>& devices) {
  for (size_t i = 0; i < devices.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (devices[i].signing_key == devices[j].signing_key) return false;
    }
  }
  return true;
}

bool IsValid(const DeviceList::Fields& fields) {
  const auto& devices = fields.devices;
  if (devices.empty() || devices.size() > kMaxDevices) return false;
  uint32_t before = 0;
  for (const DeviceEntry& device : devices) {
    if (device.id.value() <= before) return false;
    if (device.added_at.ms < 0 || device.added_at > kLatestTime) return false;
    before = device.id.value();
  }
  const bool is_first = fields.version == 1;
  return HasDistinctKeys(devices) && fields.version != 0 &&
         is_first == (fields.previous == crypto::Hash32{}) && fields.issued_at.ms >= 0 &&
         fields.issued_at <= kLatestTime;
}

absl::StatusOr<DeviceList::Fields> ParseBody(ByteView body) {
  codec::Reader in(body);
  PAWL_ASSIGN(Address address, ReadAddress(in));
  DeviceList::Fields fields{std::move(address), {}, 0, {}, {}, {}};
  fields.account_key = in.Array<32>();
  fields.version = in.U32();
  fields.previous = in.Array<32>();
  fields.issued_at = ReadTime(in);
  const uint8_t count = in.U8();
  for (size_t i = 0; i < count && in.ok(); ++i) {
    DeviceEntry device;
    device.id = DeviceId(in.U32());
    device.signing_key = in.Array<32>();
    device.added_at = ReadTime(in);
    fields.devices.push_back(device);
  }
  PAWL_TRY(in.Finish());
  if (!IsValid(fields)) return Fail(Code::kMalformed, "device list with impossible fields");
  return fields;
}

}  // namespace

void Write(codec::Writer& out, const ListRef& ref) { out.U32(ref.version).Raw(ref.hash); }

ListRef ReadListRef(codec::Reader& in) {
  ListRef ref;
  ref.version = in.U32();
  ref.hash = in.Array<16>();
  return ref;
}

DeviceList::DeviceList(Fields fields, Bytes record)
    : fields_(std::move(fields)),
      record_(std::move(record)),
      hash_(crypto::Blake2b256({record_})) {}

absl::StatusOr<DeviceList> DeviceList::Sign(Fields fields,
                                            const crypto::Ed25519KeyPair& account_key) {
  std::sort(fields.devices.begin(), fields.devices.end(),
            [](const DeviceEntry& a, const DeviceEntry& b) { return a.id < b.id; });
  if (!IsValid(fields) || fields.account_key != account_key.pub()) {
    return Fail(Code::kInvalidArgument, "device list with impossible fields");
  }
  codec::Writer out(2048);
  Write(out, fields.address);
  out.Raw(fields.account_key).U32(fields.version).Raw(fields.previous);
  WriteTime(out, fields.issued_at);
  out.U8(static_cast<uint8_t>(fields.devices.size()));
  for (const DeviceEntry& device : fields.devices) {
    out.U32(device.id.value()).Raw(device.signing_key);
    WriteTime(out, device.added_at);
  }
  PAWL_ASSIGN(const Bytes body, std::move(out).Finish());
  PAWL_ASSIGN(Bytes record, SignRecord(RecordType::kDeviceList, body, account_key));
  return DeviceList(std::move(fields), std::move(record));
}

absl::StatusOr<DeviceList> DeviceList::Parse(ByteView record) {
  PAWL_ASSIGN(const ByteView body, PeekRecord(RecordType::kDeviceList, record));
  PAWL_ASSIGN(Fields fields, ParseBody(body));
  PAWL_TRY(VerifyRecord(RecordType::kDeviceList, record, fields.account_key).status());
  return DeviceList(std::move(fields), ToBytes(record));
}

ListRef DeviceList::ref() const {
  ListRef ref;
  ref.version = fields_.version;
  std::copy_n(hash_.begin(), ref.hash.size(), ref.hash.begin());
  return ref;
}

const DeviceEntry* DeviceList::Find(DeviceId id) const {
  for (const DeviceEntry& device : fields_.devices) {
    if (device.id == id) return &device;
  }
  return nullptr;
}

ListVerdict Judge(const DeviceList* known, const DeviceList& received, Timestamp now) {
  const DeviceList::Fields& next = received.fields();
  ListVerdict verdict = ListVerdict::kFirst;
  if (known != nullptr) {
    const DeviceList::Fields& last = known->fields();
    if (next.account_key != last.account_key || next.address != last.address) {
      return ListVerdict::kIdentityChanged;
    }
    if (next.version < last.version) return ListVerdict::kRolledBack;
    const bool is_same = received.hash() == known->hash();
    if (next.version == last.version && !is_same) return ListVerdict::kForked;
    if (next.version - last.version == 1 && next.previous != known->hash()) {
      return ListVerdict::kForked;
    }
    verdict = is_same ? ListVerdict::kSame : ListVerdict::kNewer;
  }
  const Duration age = now - next.issued_at;
  const bool is_stale = age.ms > kDeviceListMaxAge.ms + kClockTolerance.ms;
  return is_stale ? ListVerdict::kStale : verdict;
}

}  // namespace pawl::identity
