#include "client/engine/self.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "client/engine/codes.h"
#include "identity/bundle.h"

namespace pawl::client {
namespace {

template <typename SecretType>
absl::StatusOr<SecretType> DecodeSecret(ByteView bytes) {
  if (bytes.size() != SecretType::kSize) return Fail(Code::kCorrupt, "account key of wrong size");
  return SecretType::From(std::span<const uint8_t, SecretType::kSize>(bytes));
}

absl::StatusOr<crypto::Ed25519KeyPair> DecodeKeyPair(ByteView seed) {
  PAWL_ASSIGN(auto secret, DecodeSecret<crypto::Ed25519Seed>(seed));
  return crypto::Ed25519KeyPair::FromSeed(std::move(secret));
}

}  // namespace

Self Self::Clone() const {
  return {
      .device = {.address = device.address,
                 .account_key = device.account_key,
                 .signing_key = device.signing_key,
                 .epoch = device.epoch,
                 .identity_key = device.identity_key.Clone(),
                 .epoch_record = device.epoch_record,
                 .list = device.list},
      .signing = signing.Clone(),
      .account_key = account_key ? std::optional(account_key->Clone()) : std::nullopt,
      .list = list,
      .delivery_key = delivery_key,
      .relay_url = relay_url,
      .registered = registered,
  };
}

void Self::SetList(identity::DeviceList next) {
  list = std::move(next);
  device.list = list.ref();
}

absl::StatusOr<session::LocalDevice> MakeLocalDevice(const identity::DeviceAddress& address,
                                                     DeviceEpoch epoch,
                                                     crypto::X25519KeyPair identity_key,
                                                     const crypto::Ed25519KeyPair& signing,
                                                     const identity::DeviceList& list) {
  const identity::EpochRecord record{
      .device = address, .epoch = epoch, .identity_key = identity_key.pub};
  PAWL_ASSIGN(auto signed_record, record.Sign(signing));
  return session::LocalDevice{.address = address,
                              .account_key = list.fields().account_key,
                              .signing_key = signing.pub(),
                              .epoch = epoch,
                              .identity_key = std::move(identity_key),
                              .epoch_record = std::move(signed_record),
                              .list = list.ref()};
}

absl::StatusOr<Self> MakeFirstDevice(const identity::Address& address, Timestamp now, Rng& rng) {
  auto account = crypto::Ed25519KeyPair::Generate(rng);
  auto signing = crypto::Ed25519KeyPair::Generate(rng);
  const identity::DeviceAddress device{address, DeviceId(1)};
  PAWL_ASSIGN(auto list,
              identity::DeviceList::Sign({.address = address,
                                          .account_key = account.pub(),
                                          .version = 1,
                                          .issued_at = now,
                                          .devices = {{device.device, signing.pub(), now}}},
                                         account));
  PAWL_ASSIGN(auto local, MakeLocalDevice(device, DeviceEpoch(1),
                                          crypto::X25519KeyPair::Generate(rng), signing, list));
  return Self{.device = std::move(local),
              .signing = std::move(signing),
              .account_key = std::move(account),
              .list = std::move(list),
              .delivery_key = rng.Array<32>()};
}

absl::StatusOr<identity::DeviceList> SignNextList(const Self& self,
                                                  std::vector<identity::DeviceEntry> devices,
                                                  Timestamp now) {
  if (!self.account_key) return Fail(Code::kUnsupported, "the account key lives on another device");
  identity::DeviceList::Fields fields = self.list.fields();
  fields.version += 1;
  fields.previous = self.list.hash();
  // Issue times must rise for whoever judges the chain, also when our clock was set back.
  fields.issued_at = std::max(now, fields.issued_at + Milliseconds(1));
  fields.devices = std::move(devices);
  return identity::DeviceList::Sign(std::move(fields), *self.account_key);
}

store::AccountRow EncodeSelf(const Self& self) {
  store::AccountRow row;
  row.address = self.address().ToString();
  row.device = self.device.address.device;
  row.epoch = self.device.epoch;
  if (self.account_key) {
    row.account_seed = crypto::SecretBytes::From(self.account_key->seed().Expose());
  }
  row.device_seed = crypto::SecretBytes::From(self.signing.seed().Expose());
  row.identity_key = crypto::SecretBytes::From(self.device.identity_key.secret.Expose());
  row.device_list = self.list.record();
  row.epoch_record = self.device.epoch_record;
  row.delivery_key = crypto::SecretBytes::From(self.delivery_key);
  row.relay_url = self.relay_url;
  row.registered = self.registered;
  return row;
}

absl::StatusOr<Self> DecodeSelf(const store::AccountRow& row) {
  PAWL_ASSIGN(auto address, FromStore(identity::Address::Parse(row.address)));
  PAWL_ASSIGN(auto list, FromStore(identity::DeviceList::Parse(row.device_list)));
  PAWL_ASSIGN(auto signing, DecodeKeyPair(row.device_seed.Expose()));
  PAWL_ASSIGN(auto identity_key, DecodeSecret<crypto::X25519Private>(row.identity_key.Expose()));
  PAWL_ASSIGN(auto delivery,
              (DecodeSecret<crypto::Secret<struct DeliveryKeyTag, 32>>(row.delivery_key.Expose())));
  std::optional<crypto::Ed25519KeyPair> account_key;
  if (!row.account_seed.empty()) {
    PAWL_ASSIGN(account_key, DecodeKeyPair(row.account_seed.Expose()));
  }
  Self self{.device = {.address = {address, row.device},
                       .account_key = list.fields().account_key,
                       .signing_key = signing.pub(),
                       .epoch = row.epoch,
                       .identity_key = crypto::X25519KeyPair::FromPrivate(std::move(identity_key)),
                       .epoch_record = row.epoch_record,
                       .list = list.ref()},
            .signing = std::move(signing),
            .account_key = std::move(account_key),
            .list = std::move(list),
            .relay_url = row.relay_url,
            .registered = row.registered};
  std::copy(delivery.Expose().begin(), delivery.Expose().end(), self.delivery_key.begin());
  return self;
}

}  // namespace pawl::client
