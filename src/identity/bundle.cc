#include "identity/bundle.h"

#include <algorithm>

#include "identity/device_list.h"
#include "identity/record.h"

namespace pawl::identity {
namespace {

bool Has(const std::vector<crypto::Suite>& suites, crypto::Suite suite) {
  return std::find(suites.begin(), suites.end(), suite) != suites.end();
}

// An X-Wing key is ML-KEM-768's followed by X25519's.
crypto::X25519Public X25519Part(const crypto::XWingPublic& key) {
  crypto::X25519Public part;
  std::copy(key.end() - part.size(), key.end(), part.begin());
  return part;
}

bool IsValid(const Bundle& bundle) {
  return bundle.device.device.value() != 0 && bundle.epoch.value() != 0 &&
         bundle.seal_key_id.value() != 0 && bundle.signed_prekey_id.value() != 0 &&
         bundle.last_resort_id.value() != 0 && crypto::IsCanonicalX25519(bundle.identity_key) &&
         crypto::IsCanonicalX25519(bundle.signed_prekey) &&
         crypto::IsCanonicalX25519(X25519Part(bundle.seal_key)) && bundle.issued_at.ms >= 0 &&
         bundle.expires_at <= kLatestTime && bundle.issued_at < bundle.expires_at &&
         bundle.expires_at - bundle.issued_at <= kBundleLifetime;
}

// Suites on the wire are distinct, known or not.
absl::StatusOr<std::vector<crypto::Suite>> ReadSuites(ByteView encoded) {
  codec::Reader in(encoded);
  std::vector<uint16_t> values;
  while (in.remaining() > 0) {
    const uint16_t value = in.U16();
    if (std::find(values.begin(), values.end(), value) != values.end()) in.SetFailed();
    values.push_back(value);
  }
  if (!in.ok() || values.empty() || values.size() > kMaxSuites) {
    return Fail(Code::kMalformed, "bundle with an impossible list of suites");
  }
  std::vector<crypto::Suite> suites;
  for (uint16_t value : values) {
    if (crypto::IsKnownSuite(value)) suites.push_back(static_cast<crypto::Suite>(value));
  }
  return suites;
}

Bytes EncodeSuites(const std::vector<crypto::Suite>& suites) {
  Bytes out;
  for (crypto::Suite suite : suites) {
    out.push_back(static_cast<uint8_t>(static_cast<uint16_t>(suite) >> 8));
    out.push_back(static_cast<uint8_t>(suite));
  }
  return out;
}

}  // namespace

absl::StatusOr<Bytes> Bundle::Sign(const crypto::Ed25519KeyPair& device_key) const {
  const Bytes encoded_suites = EncodeSuites(suites);
  if (!IsValid(*this) || !ReadSuites(encoded_suites).ok()) {
    return Fail(Code::kInvalidArgument, "bundle with impossible fields");
  }
  codec::Writer out(4096);
  Write(out, device);
  out.U32(epoch.value()).Raw(identity_key);
  out.U32(seal_key_id.value()).Raw(seal_key);
  out.U32(signed_prekey_id.value()).Raw(signed_prekey);
  out.U32(last_resort_id.value()).Raw(last_resort);
  out.Vector8(encoded_suites);
  WriteTime(out, issued_at);
  WriteTime(out, expires_at);
  PAWL_ASSIGN(const Bytes body, std::move(out).Finish());
  return SignRecord(RecordType::kBundle, body, device_key);
}

absl::StatusOr<Bundle> Bundle::Parse(ByteView record, const crypto::Ed25519Public& device_key) {
  PAWL_ASSIGN(const ByteView body, VerifyRecord(RecordType::kBundle, record, device_key));
  codec::Reader in(body);
  PAWL_ASSIGN(DeviceAddress device, ReadDeviceAddress(in));
  Bundle bundle{std::move(device), {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}};
  bundle.epoch = DeviceEpoch(in.U32());
  bundle.identity_key = in.Array<32>();
  bundle.seal_key_id = PrekeyId(in.U32());
  bundle.seal_key = in.Array<crypto::kXWingPublicSize>();
  bundle.signed_prekey_id = PrekeyId(in.U32());
  bundle.signed_prekey = in.Array<32>();
  bundle.last_resort_id = PrekeyId(in.U32());
  bundle.last_resort = in.Array<crypto::kMlKemPublicSize>();
  const ByteView encoded_suites = in.Vector8(2 * kMaxSuites);
  bundle.issued_at = ReadTime(in);
  bundle.expires_at = ReadTime(in);
  PAWL_TRY(in.Finish());
  PAWL_ASSIGN(bundle.suites, ReadSuites(encoded_suites));
  if (!IsValid(bundle)) return Fail(Code::kMalformed, "bundle with impossible fields");
  return bundle;
}

absl::Status Bundle::CheckTime(Timestamp now) const {
  if (now > expires_at + kClockTolerance) return Fail(Code::kExpired, "bundle has expired");
  if (now < issued_at - kClockTolerance) {
    return Fail(Code::kNotYetValid, "bundle is from the future");
  }
  return OkStatus();
}

absl::StatusOr<crypto::Suite> ChooseSuite(const std::vector<crypto::Suite>& initiator,
                                          const std::vector<crypto::Suite>& responder) {
  if (Has(initiator, crypto::Suite::kAegis256) && Has(responder, crypto::Suite::kAegis256)) {
    return crypto::Suite::kAegis256;
  }
  for (crypto::Suite suite : initiator) {
    if (crypto::IsKnownSuite(static_cast<uint16_t>(suite)) && Has(responder, suite)) return suite;
  }
  return Fail(Code::kNoCommonSuite, "no suite that both devices have");
}

}  // namespace pawl::identity
